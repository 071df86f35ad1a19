"""What stands on invented certificates: people, organisers, courses, numbers, dates in words."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

from portal.vocabulary import MONTHS

_FIRST = [
    "Ahmad",
    "Siti",
    "Rahmat",
    "Nurul",
    "Muhammad",
    "Dewi",
    "Agus",
    "Rina",
    "Yusuf",
    "Fitri",
    "Hendra",
    "Wahyu",
    "Lestari",
    "Bambang",
    "Eka",
    "Noor",
    "Syaiful",
    "Maria",
    "Yohanes",
    "Ni",
    "Made",
    "I",
    "Gede",
    "Andi",
    "Tri",
    "Dwi",
    "Abdul",
    "Sri",
    "Ratna",
    "Ketut",
    "Josephine",
    "Fajar",
    "Zainal",
    "Mulyani",
    "Herlina",
    "Imam",
    "Taufik",
    "Kurniawan",
    "Aisyah",
    "Ridwan",
    "Oktaviani",
    "Slamet",
    "Basuki",
    "Anisa",
]
_LAST = [
    "Hidayat",
    "Rahmawati",
    "Fauzi",
    "Handayani",
    "Simanjuntak",
    "Nasution",
    "Saputra",
    "Wulandari",
    "Prasetyo",
    "Maulana",
    "Siregar",
    "Ramadhani",
    "Widodo",
    "Kusuma",
    "Hutapea",
    "Suryani",
    "Gunawan",
    "Iskandar",
    "Pratiwi",
    "Lubis",
    "Mahendra",
    "Yulianti",
    "Effendi",
    "Sitorus",
    "Permana",
    "Anggraini",
    "Bachtiar",
    "Utami",
    "Setiawan",
    "Wijaya",
    "Pohan",
    "Ningsih",
]
_FRONT = ("", "", "", "", "", "Dr. ", "Drs. ", "Hj. ", "dr. ", "Ir. ")
_BACK = (
    "",
    "",
    "",
    ", S.Pd.",
    ", S.Pd., M.Pd.",
    ", S.Kom.",
    ", S.H., M.H.",
    ", A.Md.Keb.",
    ", S.T.",
    ", M.Si.",
    ", S.Sos., M.AP.",
    ", S.Kep., Ners",
    ", S.E., M.M.",
    ", SKM",
)
_ORGANISERS = (
    "Badan Kepegawaian dan Pengembangan Sumber Daya Manusia Kabupaten Banua Lestari",
    "BPSDM Provinsi Kalimantan Selatan",
    "Balai Penjaminan Mutu Pendidikan Kalimantan Selatan",
    "Pusat Pelatihan dan Pengembangan ASN Lembaga Administrasi Negara",
    "Dinas Pendidikan dan Kebudayaan Kabupaten Hulu Sungai",
    "Dinas Kesehatan Kota Rimbun",
    "Balai Besar Guru Penggerak Provinsi Jawa Tengah",
    "Pusdiklat Kementerian Keuangan",
    "Universitas Lambung Mangkurat",
    "Inspektorat Daerah Kabupaten Tanah Makmur",
    "Persatuan Perawat Nasional Indonesia Cabang Rimbun",
    "Kantor Regional VIII Badan Kepegawaian Negara",
    "Lembaga Kebijakan Pengadaan Barang/Jasa Pemerintah",
    "Balai Diklat Industri Yogyakarta",
    "Sekretariat Daerah Provinsi Sulawesi Tenggara",
    "Ikatan Arsiparis Indonesia Wilayah Kalimantan",
)
_KINDS = (
    "Pelatihan",
    "Bimbingan Teknis",
    "Workshop",
    "Seminar Nasional",
    "Diklat",
    "Webinar",
    "Sosialisasi",
    "Lokakarya",
)
_TOPICS = (
    "Pengelolaan Keuangan Daerah",
    "Penyusunan Sasaran Kinerja Pegawai",
    "Literasi dan Numerasi Sekolah Dasar",
    "Pencegahan Korupsi bagi Aparatur Sipil Negara",
    "Manajemen Risiko Sektor Publik",
    "Keamanan Siber untuk Layanan Pemerintah",
    "Implementasi Kurikulum Merdeka",
    "Penanganan Stunting Terpadu",
    "Pengadaan Barang dan Jasa Pemerintah Tingkat Dasar",
    "Pelayanan Publik Prima",
    "Kearsipan Dinamis Berbasis Elektronik",
    "Analisis Jabatan dan Analisis Beban Kerja",
    "Kegawatdaruratan Dasar Perawat",
    "Penyusunan Peraturan Daerah",
    "Asesmen Pembelajaran Abad 21",
    "Statistik Sektoral Daerah",
    "Transformasi Digital Birokrasi",
    "Pengarusutamaan Gender dalam Perencanaan Pembangunan",
)
_UNITS = ("BKPSDM", "BPSDM", "BPMP-KS", "DISDIK", "LAN", "PPNI", "UN8", "BBGP", "SETDA", "DINKES")
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
CITIES = ("Banjarbaru", "Rimbun", "Jakarta", "Yogyakarta", "Kendari", "Martapura", "Semarang")
_UNDER_20 = [
    "nol",
    "satu",
    "dua",
    "tiga",
    "empat",
    "lima",
    "enam",
    "tujuh",
    "delapan",
    "sembilan",
    "sepuluh",
    "sebelas",
    "dua~belas",
    "tiga~belas",
    "empat~belas",
    "lima~belas",
    "enam~belas",
    "tujuh~belas",
    "delapan~belas",
    "sembilan~belas",
]
_DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")


@dataclass(frozen=True)
class Facts:
    """Everything that a certificate may state; a layout prints a part of it."""

    nama_orang: str
    nip: str
    nama: str
    penyelenggara: str
    nomor: str
    mulai: dt.date
    selesai: dt.date
    terbit: dt.date
    jp: int
    kota: str


def invent(rng: random.Random) -> Facts:
    """Facts that fit each other; nobody and nothing in them exists."""
    mulai = dt.date(2024, 1, 1) + dt.timedelta(days=rng.randrange(1040))
    selesai = mulai + dt.timedelta(days=rng.choice((0, 0, 1, 2, 2, 3, 4, 11, 25)))
    born = dt.date(1968, 1, 1) + dt.timedelta(days=rng.randrange(11_000))
    nip = f"{born:%Y%m%d}{rng.randint(1995, 2022)}{rng.randint(1, 12):02}"
    name = " ".join([*rng.sample(_FIRST, rng.choice((1, 2, 2))), rng.choice(_LAST)])
    return Facts(
        nama_orang=rng.choice(_FRONT) + name + rng.choice(_BACK),
        nip=f"{nip}{rng.randint(1, 2)}{rng.randint(1, 30):03}",
        nama=f"{rng.choice(_KINDS)} {rng.choice(_TOPICS)}",
        penyelenggara=rng.choice(_ORGANISERS),
        nomor=_number(rng, selesai),
        mulai=mulai,
        selesai=selesai,
        terbit=selesai + dt.timedelta(days=rng.choice((0, 0, 1, 2, 5, 9))),
        jp=rng.choice((2, 4, 6, 8, 10, 12, 16, 20, 24, 30, 32, 36, 40, 64, 120)),
        kota=rng.choice(CITIES),
    )


def _number(rng: random.Random, day: dt.date) -> str:
    unit, month, running = rng.choice(_UNITS), _ROMAN[day.month - 1], rng.randint(1, 9999)
    forms = (
        f"421.3/{running:04}/{unit}/{month}/{day.year}",
        f"{running:04}/{unit}/{month}/{day.year}",
        f"800.1.4.1/{running}/{unit}/{day.year}",
        f"B-{running:04}/{unit}/TU.01/{day.year}",
        f"{running:08}/DIKLAT TEKNIS/{rng.randint(1, 30):03}/3201/{unit}/{day.year}",
        f"{running}/B{rng.randint(1, 9)}/GT.03.{rng.randint(10, 30)}/{day.year}",
        f"{running:03}/SERT-WEB/{unit}/{month}/{day.year}",
        f"SERT-{day.year}-{running:06}",
        f"{unit}/PUSDIKLAT/{day.year}/{day.month:02}/{running}",
        f"{rng.randint(10, 99)}.{day.month:02}.{day.year}.{running:05}",
    )
    return rng.choice(forms)


def long_date(day: dt.date) -> str:
    """12 Maret 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def period(rng: random.Random, start: dt.date, end: dt.date) -> str:
    """The days of an event, as organisers write them."""
    if start == end:
        weekday = _DAYS[start.weekday()]
        return rng.choice((long_date(start), f"{weekday}, {long_date(start)}"))
    join = rng.choice((" s.d. ", " s/d ", " sampai dengan ", " – ", " - ", "–", " hingga "))
    if rng.random() < 0.2:
        return f"{long_date(start)}{join}{long_date(end)}"
    if (start.year, start.month) == (end.year, end.month):
        if end.day - start.day == 1:
            join = rng.choice((join, " dan ", " & "))
        return f"{start.day}{join}{long_date(end)}"
    if start.year == end.year:
        return f"{start.day} {MONTHS[start.month - 1]}{join}{long_date(end)}"
    return f"{long_date(start)}{join}{long_date(end)}"


def spelled(number: int) -> str:
    """A number below 200 in Indonesian words."""
    if number >= 100:
        rest = f" {spelled(number - 100)}" if number > 100 else ""
        return f"seratus{rest}"
    if number < 20:
        return _UNDER_20[number].replace("~", " ")
    tens, ones = divmod(number, 10)
    return f"{_UNDER_20[tens]} puluh" + (f" {_UNDER_20[ones]}" if ones else "")


def hours(rng: random.Random, jp: int) -> str:
    """JP, as organisers write them."""
    return rng.choice(
        (
            f"{jp} JP",
            f"setara {jp} JP",
            f"setara dengan {jp} Jam Pelajaran",
            f"selama {jp} ({spelled(jp)}) jam pelajaran",
            f"sebanyak {jp} JPL",
            f"pola {jp} JP",
            f"dengan total {jp} jam pelajaran (JPL)",
            f"berbobot {jp} ({spelled(jp)}) JP",
        )
    )
