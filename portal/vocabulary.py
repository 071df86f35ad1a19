"""Words of the domain: closed lists with their Indonesian labels.

Stored codes are the enum values. Labels are what people read. Sources: PermenPANRB 38/2018,
Peraturan BKN 8/2019, PP 94/2021, and the code lists of SIASN.
"""

from __future__ import annotations

from enum import StrEnum


class LabelledEnum(StrEnum):
    """A StrEnum whose members carry the words that people read."""

    label: str
    # Equal to its text, so it hashes as its text; the one of Enum takes ten times as long, and a
    # score looks up dozens.
    __hash__ = str.__hash__

    def __new__(cls, value: str, label: str = "") -> LabelledEnum:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


class JenisPegawai(LabelledEnum):
    PNS = "PNS", "PNS"
    PPPK = "PPPK", "PPPK"
    CPNS = "CPNS", "CPNS"


class JenisKelamin(LabelledEnum):
    LAKI_LAKI = "M", "Laki-laki"
    PEREMPUAN = "F", "Perempuan"


class KelompokJabatan(LabelledEnum):
    """Group of posts; it decides which indicators of kompetensi apply (Peraturan BKN 8/2019)."""

    JPT_UTAMA = "jpt_utama", "JPT Utama"
    JPT_MADYA = "jpt_madya", "JPT Madya"
    JPT_PRATAMA = "jpt_pratama", "JPT Pratama"
    ADMINISTRATOR = "administrator", "Administrator"
    PENGAWAS = "pengawas", "Pengawas"
    FUNGSIONAL = "fungsional", "Fungsional"
    PELAKSANA = "pelaksana", "Pelaksana"


class Tingkat(LabelledEnum):
    """Level of education, lowest first."""

    SD = "SD", "SD"
    SLTP = "SLTP", "SLTP"
    SLTA = "SLTA", "SLTA"
    D1 = "D-I", "D-I"
    D2 = "D-II", "D-II"
    D3 = "D-III", "D-III"
    D4 = "D-IV", "D-IV"
    S1 = "S-1", "S-1"
    PROFESI = "Profesi", "Profesi"
    S2 = "S-2", "S-2"
    SPESIALIS = "Spesialis", "Spesialis"
    S3 = "S-3", "S-3"
    SUBSPESIALIS = "Subspesialis", "Subspesialis"


TINGKAT_SIASN: dict[str, Tingkat] = {
    "05": Tingkat.SD,
    "10": Tingkat.SLTP,
    "12": Tingkat.SLTP,
    "15": Tingkat.SLTA,
    "17": Tingkat.SLTA,
    "18": Tingkat.SLTA,
    "20": Tingkat.D1,
    "25": Tingkat.D2,
    "30": Tingkat.D3,
    "35": Tingkat.D4,
    "40": Tingkat.S1,
    "42": Tingkat.PROFESI,
    "45": Tingkat.S2,
    "47": Tingkat.SPESIALIS,
    "49": Tingkat.SUBSPESIALIS,
    "50": Tingkat.S3,
}
"""SIASN code of tingkat_pendidikan → level; 42, 47 and 49 are inferred names."""

KKNI: dict[Tingkat, int] = {
    Tingkat.SD: 0,
    Tingkat.SLTP: 1,
    Tingkat.SLTA: 2,
    Tingkat.D1: 3,
    Tingkat.D2: 4,
    Tingkat.D3: 5,
    Tingkat.D4: 6,
    Tingkat.S1: 6,
    Tingkat.PROFESI: 7,
    Tingkat.S2: 8,
    Tingkat.SPESIALIS: 8,
    Tingkat.S3: 9,
    Tingkat.SUBSPESIALIS: 9,
}
"""Rank for comparing two levels (KKNI)."""


class Dimensi(LabelledEnum):
    KUALIFIKASI = "kualifikasi", "Kualifikasi"
    KOMPETENSI = "kompetensi", "Kompetensi"
    KINERJA = "kinerja", "Kinerja"
    DISIPLIN = "disiplin", "Disiplin"


class Indikator(LabelledEnum):
    """What earns points; those of kompetensi depend on the group of posts."""

    PENDIDIKAN = "pendidikan", "Pendidikan"
    KEPEMIMPINAN = "kepemimpinan", "Diklat kepemimpinan"
    FUNGSIONAL = "fungsional", "Diklat fungsional"
    TEKNIS = "teknis", "Diklat teknis 20 JP"
    SEMINAR = "seminar", "Seminar dan sejenisnya"
    KINERJA = "kinerja", "Predikat kinerja"
    DISIPLIN = "disiplin", "Hukuman disiplin"


class Kategori(LabelledEnum):
    """Category of the index (PermenPANRB 38/2018), highest first."""

    SANGAT_TINGGI = "Sangat Tinggi", "Sangat Tinggi"
    TINGGI = "Tinggi", "Tinggi"
    SEDANG = "Sedang", "Sedang"
    RENDAH = "Rendah", "Rendah"
    SANGAT_RENDAH = "Sangat Rendah", "Sangat Rendah"


class Predikat(LabelledEnum):
    """Performance predicate (PermenPANRB 6/2022)."""

    SANGAT_BAIK = "Sangat Baik", "Sangat Baik"
    BAIK = "Baik", "Baik"
    BUTUH_PERBAIKAN = "Butuh Perbaikan", "Butuh Perbaikan"
    KURANG = "Kurang", "Kurang"
    SANGAT_KURANG = "Sangat Kurang", "Sangat Kurang"
    TIDAK_MEMBUAT = "Tidak membuat SKP", "Tidak membuat SKP"


class TingkatHukuman(LabelledEnum):
    """Gravity of a disciplinary punishment (PP 94/2021)."""

    RINGAN = "ringan", "Ringan"
    SEDANG = "sedang", "Sedang"
    BERAT = "berat", "Berat"


class DocumentKind(LabelledEnum):
    """What is handed in. Each but ijazah names the indicator that it feeds."""

    IJAZAH = "ijazah", "Ijazah"
    KEPEMIMPINAN = "kepemimpinan", "Diklat kepemimpinan"
    FUNGSIONAL = "fungsional", "Diklat fungsional"
    TEKNIS = "teknis", "Diklat teknis"
    SEMINAR = "seminar", "Seminar dan sejenisnya"


class JenisDiklat(LabelledEnum):
    """The 25 kinds of development in SIASN (`jenisDiklatId`)."""

    STRUKTURAL = "1", "Diklat struktural (kepemimpinan)"
    FUNGSIONAL = "2", "Diklat fungsional"
    TEKNIS = "3", "Diklat teknis"
    WORKSHOP = "4", "Workshop"
    MANAJERIAL = "5", "Pelatihan manajerial"
    SOSIAL_KULTURAL = "6", "Pelatihan sosial kultural"
    SOSIALISASI = "7", "Sosialisasi"
    BIMTEK = "8", "Bimbingan teknis"
    SEMINAR = "9", "Seminar, webinar, konferensi"
    MAGANG = "10", "Magang"
    KURSUS = "11", "Kursus"
    PENATARAN = "12", "Penataran"
    KLASIKAL_LAIN = "13", "Pelatihan klasikal lainnya"
    COACHING = "14", "Coaching"
    MENTORING = "15", "Mentoring"
    E_LEARNING = "16", "E-learning"
    JARAK_JAUH = "17", "Pelatihan jarak jauh"
    DETASERING = "18", "Detasering"
    ALAM_TERBUKA = "19", "Pembelajaran alam terbuka"
    BENCHMARKING = "20", "Patok banding"
    PERTUKARAN = "21", "Pertukaran pegawai"
    BELAJAR_MANDIRI = "22", "Belajar mandiri"
    KOMUNITAS_BELAJAR = "23", "Komunitas belajar"
    BIMBINGAN_KERJA = "24", "Bimbingan di tempat kerja"
    NONKLASIKAL_LAIN = "25", "Pelatihan nonklasikal lainnya"


class LatihanStruktural(LabelledEnum):
    """Level of leadership training in SIASN; PKP, PKA and PKN are the present names."""

    SEPADA = "1", "SEPADA"
    PIM4 = "2", "PKP / PIM IV"
    PIM3 = "3", "PKA / PIM III"
    PIM2 = "4", "PKN II / PIM II"
    PIM1 = "5", "PKN I / PIM I"
    SESPIM = "6", "SESPIM"
    SESPATI = "7", "SESPATI"
    LAINNYA = "8", "Diklat struktural lainnya"


class DocumentState(LabelledEnum):
    """States of an item, in the words that people see."""

    DRAF = "draf", "Draf"
    DIAJUKAN = "diajukan", "Diajukan"
    DIPERIKSA = "diperiksa", "Diperiksa"
    MENUNGGU_KEDUA = "menunggu-kedua", "Menunggu pemeriksa kedua"
    PERLU_PERBAIKAN = "perlu-perbaikan", "Perlu perbaikan"
    DISETUJUI = "disetujui", "Disetujui"
    DITOLAK = "ditolak", "Ditolak"
    DIBATALKAN = "dibatalkan", "Dibatalkan"
    DICABUT = "dicabut", "Dicabut"


class BknState(LabelledEnum):
    """Where the item stands at BKN, apart from its state in the portal."""

    BELUM_DIKIRIM = "belum-dikirim", "Belum dikirim"
    TERKIRIM = "terkirim", "Terkirim"
    DOKUMEN_TERKIRIM = "dokumen-terkirim", "Dokumen terkirim"
    GAGAL = "gagal", "Gagal"
    DIAKUI = "diakui", "Diakui BKN"


class FileRole(LabelledEnum):
    """What a file of an item shows."""

    SERTIFIKAT = "sertifikat", "Sertifikat"
    IJAZAH = "ijazah", "Ijazah"
    TRANSKRIP = "transkrip", "Transkrip nilai"
    IZIN_BELAJAR = "izin-belajar", "Izin atau tugas belajar"
    PENYETARAAN = "penyetaraan", "Penyetaraan ijazah luar negeri"


class SignatureState(LabelledEnum):
    """What a digital signature in a PDF says about the bytes; whose it is, others must tell."""

    TIADA = "tiada", "Tanpa tanda tangan digital"
    UTUH = "utuh", "Utuh"
    DITAMBAH = "ditambah", "Ada yang ditambahkan sesudahnya"
    BERUBAH = "berubah", "Isi berubah sesudahnya"
    TIDAK_SAH = "tidak-sah", "Rusak atau terpotong"
    TAK_TERBACA = "tak-terbaca", "Tak terbaca"

    @property
    def kept(self) -> bool:
        """Whether the file is stored byte for byte, as any change would break its signature."""
        return self not in {SignatureState.TIADA, SignatureState.TIDAK_SAH}


class ProcessingState(LabelledEnum):
    """Where the making of a paper from uploaded files stands; apart from the state of the item."""

    DIPROSES = "diproses", "Diproses"
    SIAP = "siap", "Siap"
    GAGAL = "gagal", "Perlu diganti"
    KARANTINA = "karantina", "Karantina"


class ReadingState(LabelledEnum):
    """Where the reading of a paper by machine stands."""

    MENUNGGU = "menunggu", "Sedang dibaca"
    SELESAI = "selesai", "Terbaca otomatis"
    GAGAL = "gagal", "Tidak terbaca"


class Role(LabelledEnum):
    ASN = "asn", "ASN"
    OPERATOR_OPD = "operator_opd", "Operator OPD"
    VERIFIKATOR_OPD = "verifikator_opd", "Verifikator OPD"
    VERIFIKATOR = "verifikator", "Verifikator"
    KEPALA_ANTREAN = "kepala_antrean", "Kepala antrean"
    PIMPINAN = "pimpinan", "Pimpinan"
    PIMPINAN_PROVINSI = "pimpinan_provinsi", "Pimpinan provinsi"
    PENYELENGGARA = "penyelenggara", "Penyelenggara"
    ADMIN = "admin", "Admin"
    AUDITOR = "auditor", "Auditor"


MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
"""Indonesian month names, January first."""

ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
"""Indonesian time zones and their names."""
