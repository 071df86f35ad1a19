"""Numbers, people, courses and degrees out of lines of text."""

from __future__ import annotations

import pytest

from portal.documents.reading import courses, degrees, fields, numbers, people
from portal.documents.reading.lines import bounded, with_colons

NIP = "198704122010012015"
CLASSIC = [
    "SERTIFIKAT",
    "Nomor: 0412/BPMP-KS/X/2026",
    "diberikan kepada",
    "Hj. Sari Rahmawati, S.Pd., M.Pd.",
    f"NIP {NIP}",
    "sebagai PESERTA dalam kegiatan",
    "Bimbingan Teknis Asesmen Pembelajaran",
    "yang diselenggarakan oleh BPMP Kalimantan Selatan pada tanggal 11 s.d. 12 Oktober 2026",
    "selama 20 (dua puluh) jam pelajaran.",
    "Banjarbaru, 13 Oktober 2026",
    "Kepala,",
    "Drs. Tono Hidayat",
    "NIP 196501011990031001",
]


def test_reads_a_whole_certificate() -> None:
    assert fields.of_certificate([CLASSIC]) == {
        "nomor": "0412/BPMP-KS/X/2026",
        "nama_orang": "Hj. Sari Rahmawati, S.Pd., M.Pd.",
        "nip": NIP,
        "nama": "Bimbingan Teknis Asesmen Pembelajaran",
        "penyelenggara": "BPMP Kalimantan Selatan",
        "tanggal_mulai": "2026-10-11",
        "tanggal_selesai": "2026-10-12",
        "tanggal_sertifikat": "2026-10-13",
        "jp": "20",
    }


def test_never_takes_the_signer_for_the_holder() -> None:
    without = [line for line in CLASSIC if NIP not in line]

    assert "nip" not in fields.of_certificate([without])


def test_finds_the_hours_on_the_back() -> None:
    front = [line for line in CLASSIC if "jam pelajaran" not in line]

    found = fields.of_certificate([front, ["DAFTAR MATERI", "1 Etika 4", "Jumlah 32 5"]])

    assert found["jp"] == "32"


@pytest.mark.parametrize("pages", [[], [[]], [[""]], [["|", "~"]], [["SERTIFIKAT"]]])
def test_an_empty_paper_says_nothing(pages: list[list[str]]) -> None:
    assert fields.of_certificate(pages) == {}
    assert fields.of_degree(pages) == {}


class TestNumber:
    @pytest.mark.parametrize(
        ("line", "expected"),
        [
            ("Nomor : 421.3/0412/BPMP-KS/X/2026", "421.3/0412/BPMP-KS/X/2026"),
            ("No. 023/SK-WEB/PGRI/III/2026", "023/SK-WEB/PGRI/III/2026"),
            ("NOMOR: SERT-2026-000481", "SERT-2026-000481"),
            ("Nomor Sertifikat: 33.07.2026.00125", "33.07.2026.00125"),
            (
                "No : 00008587/DIKLAT TEKNIS/005/3201/LAN/2026 |",
                "00008587/DIKLAT TEKNIS/005/3201/LAN/2026",
            ),
            ("Nomor 0412 / BPMP / X / 2026", "0412/BPMP/X/2026"),
            ("0412/BPMP/X/2026", "0412/BPMP/X/2026"),
            ("Nomor: 12 4/LAN/V1I/2026", "124/LAN/VII/2026"),
            ("Nomor: 124/LAN/VIl/2026", "124/LAN/VII/2026"),
            ("Nomor: 124/LAN!VI/2026", "124/LAN/VI/2026"),
            ("Jalan Merdeka Nomor 12, Telepon 4772345", ""),
            ("Peraturan LAN Nomor 10 Tahun 2018", ""),
            ("NIP 198704122010012015", ""),
            ("https://contoh.go.id/a/2026", ""),
            ("Nomor:", ""),
            ("", ""),
        ],
    )
    def test_reads(self, line: str, expected: str) -> None:
        assert numbers.number([line]) == expected

    @pytest.mark.parametrize(
        ("read", "months", "expected"),
        [
            ("9/LAN/1/2026", [1], "9/LAN/I/2026"),
            ("9/LAN/11/2026", [2], "9/LAN/II/2026"),
            ("9/LAN/11/2026", [11], "9/LAN/11/2026"),
            ("9/LAN/XIII/2026", [12], "9/LAN/XII/2026"),
            ("9/LANIVI/2026", [6], "9/LAN/VI/2026"),
            ("9/LAN/VII/2026", [6], "9/LAN/VII/2026"),
        ],
    )
    def test_mends_the_month_only_where_it_was_not_read(
        self, read: str, months: list[int], expected: str
    ) -> None:
        assert numbers.number([f"Nomor: {read}00"[:-2]], months=months) == expected

    def test_a_code_with_the_same_number_was_read_without_fault(self) -> None:
        assert (
            numbers.number(["Nomor: 2441/BPSDM/VI!/2024"], ["2441/BPSDM/VII/2024 | 19830327"])
            == "2441/BPSDM/VII/2024"
        )

    def test_a_code_with_another_number_changes_nothing(self) -> None:
        assert (
            numbers.number(["Nomor: 2441/BPSDM/VII/2024"], ["99/X/2020"]) == "2441/BPSDM/VII/2024"
        )


class TestPeople:
    @pytest.mark.parametrize(
        "line",
        [
            f"NIP {NIP}",
            f"NIP. {NIP}",
            "NIP : 19870412 201001 2 015",
            "NIP 19870412.201001.2.015",
            "NIP: l98704I220I00I20I5",
            NIP,
        ],
    )
    def test_reads_a_nip(self, line: str) -> None:
        assert people.nip([line]) == NIP

    @pytest.mark.parametrize(
        "line",
        [
            "NIP 19870412201001201",
            "NIP 1987041220100120155",
            "NIP 199913122010012015",
            "NIP 198704122010132015",
            "NIP 198704122010013015",
            "Rekening 123456789012345678",
            "NIP –",
        ],
    )
    def test_leaves_a_number_that_is_no_nip(self, line: str) -> None:
        assert people.nip([line]) == ""

    @pytest.mark.parametrize(
        ("lines", "expected"),
        [
            (["Diberikan kepada :", "Sari Rahmawati"], "Sari Rahmawati"),
            (["diberikan kepada", "| Hj. Sari Rahmawati, S.Pd. |"], "Hj. Sari Rahmawati, S.Pd."),
            (["Diberikan kepada : Sari Rahmawati, S.Kom."], "Sari Rahmawati, S.Kom."),
            (["Nama : I Gede Pohan"], "I Gede Pohan"),
            (
                ["Dengan ini menyatakan bahwa", "i Agus Ni Utami, S.H., M.H."],
                "Agus Ni Utami, S.H., M.H.",
            ),
            (["kepada", "Sari Rahmawati, S.Sos.,", "M.AP."], "Sari Rahmawati, S.Sos., M.AP."),
            (["kepada", "Sari Rahmawati, M.AP,", f"NIP: {NIP}"], "Sari Rahmawati, M.AP"),
            (["Diberikan kepada", "NIP 123", "Peserta"], ""),
            (["SERTIFIKAT"], ""),
        ],
    )
    def test_reads_a_name(self, lines: list[str], expected: str) -> None:
        assert people.name(lines) == expected

    @pytest.mark.parametrize(
        ("one", "other", "same"),
        [
            ("Hj. Sari Rahmawati, S.Pd., M.Pd.", "Sari Rahmawati", True),
            ("SARI RAHMAWATI", "Sari Rahmawati", True),
            ("Dr. H. Ahmad Fauzi", "Ahmad Fauzi", True),
            ("Siti Nurul Rahmawati", "Nurul Rahmawati", True),
            ("Sari", "Sari Rahmawati", False),
            ("Budi Santoso", "Sari Rahmawati", False),
            ("", "", False),
        ],
    )
    def test_one_person_in_two_writings(self, one: str, other: str, same: bool) -> None:
        assert people.same_name(one, other) is same


class TestCourse:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("sebagai peserta pada\nSeminar Literasi\nyang dilaksanakan", "Seminar Literasi"),
            ("telah mengikuti Diklat Dasar yang diselenggarakan oleh X", "Diklat Dasar"),
            ("telah menyelesaikan pelatihan\nDiklat Dasar\nPeriode 1/2/2026", "Diklat Dasar"),
            ("sebagai peserta\nWorkshop Asesmen Abad 21 (16 JP)\nyang", "Workshop Asesmen Abad 21"),
            (
                "Nama kegiatan : Diklat Asesmen\ndan Penilaian\nPenyelenggara : X",
                "Diklat Asesmen dan Penilaian",
            ),
            ("LULUS\nLokakarya Digital yang diselenggarakan", "Lokakarya Digital"),
            ("dalam acara “Webinar Kesehatan Jiwa” di Rimbun", "Webinar Kesehatan Jiwa"),
            ("SERTIFIKAT", ""),
        ],
    )
    def test_reads_a_title(self, text: str, expected: str) -> None:
        assert courses.title(text) == expected

    @pytest.mark.parametrize(
        ("text", "head", "expected"),
        [
            ("diselenggarakan oleh BPSDM Provinsi pada tanggal 3 Mei 2026", [], "BPSDM Provinsi"),
            (
                "diselenggarakan oleh Dinas Kesehatan\nKota Rimbun 27 Mei",
                [],
                "Dinas Kesehatan Kota Rimbun",
            ),
            (
                "Penyelenggara : Ikatan Arsiparis\nWilayah X\nWaktu : 3",
                [],
                "Ikatan Arsiparis Wilayah X",
            ),
            (
                "",
                ["DINAS PENDIDIKAN DAN", "KEBUDAYAAN", "SERTIFIKAT"],
                "Dinas Pendidikan dan Kebudayaan",
            ),
            ("", ["BKPSDM KOTA RIMBUN"], "BKPSDM Kota Rimbun"),
            ("", ["SERTIFIKAT"], ""),
        ],
    )
    def test_reads_an_organiser(self, text: str, head: list[str], expected: str) -> None:
        assert courses.organiser(text, head) == expected

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("setara 32 JP", "32"),
            ("setara dengan 32 Jam Pelajaran", "32"),
            ("selama 20 (dua puluh) jam pelajaran", "20"),
            ("selama 29 (dua puluh) jam pelajaran", "20"),
            ("selama 120 (seratus dua puluh) jam", ""),
            ("berbobot 120 (seratus dua puluh) JP", "120"),
            ("berbobot 64 (enam puluh empat) JP", "64"),
            ("berbobot 12 (dua belas) JP", "12"),
            ("sebanyak 8 JPL", "8"),
            ("(16 JP)", "16"),
            ("Jumlah Jam Pelajaran: 40", "40"),
            ("Jumlah jam :245P", "24"),
            ("No Materi JP\n1 Etika 4\nJumlah 24", "24"),
            ("Total 30 5", "30"),
            ("9000 JP", ""),
            ("0 JP", ""),
            ("pukul 08.00", ""),
        ],
    )
    def test_reads_hours(self, text: str, expected: str) -> None:
        assert courses.hours(text) == expected


def test_reads_an_ijazah() -> None:
    page = [
        "UNIVERSITAS LAMBUNG MANGKURAT",
        "IJAZAH",
        "Nomor Ijazah: 8412/UN8/2024",
        "menyatakan bahwa",
        "Sari Rahmawati",
        "lahir di Barabai, 12 April 1987",
        "telah lulus pada tanggal 1 Agustus 2024",
        "Program Studi Magister Manajemen Pendidikan jenjang S2",
        "diberikan gelar Magister Pendidikan (M.Pd.)",
        "Banjarmasin, 9 September 2024",
    ]

    assert fields.of_degree([page]) == {
        "nomor": "8412/UN8/2024",
        "nama_orang": "Sari Rahmawati",
        "perguruan_tinggi": "Universitas Lambung Mangkurat",
        "program_studi": "Magister Manajemen Pendidikan",
        "tanggal_lulus": "2024-08-01",
        "gelar": "M.Pd.",
    }


def test_a_degree_without_its_words_says_nothing() -> None:
    assert degrees.study("x") == degrees.gelar("x") == degrees.school(["x"]) == ""


class TestLines:
    def test_frames_go_and_words_stay(self) -> None:
        assert bounded(["| Materi Inti | |", "||", "  ", "ﬁn"]) == ["Materi Inti", "fin"]

    def test_brings_colons_back_in_a_list(self) -> None:
        listed = [
            "Tempat : Rimbun",
            "Nama : Sari",
            f"NIP 1{NIP}",
            "Jumlah jam 132JP",
            "Waktu 122 - 24 Juli",
        ]

        assert with_colons(listed)[2:] == [
            f"NIP : {NIP}",
            "Jumlah jam : 32JP",
            "Waktu : 22 - 24 Juli",
        ]

    def test_leaves_lines_that_are_no_list(self) -> None:
        assert with_colons(["Jumlah jam 132 JP"]) == ["Jumlah jam 132 JP"]
