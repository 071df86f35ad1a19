"""The files alone: what is read, and which sentence a bad one gets."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.people.importer import export
from portal.people.importer.cells import clean, iso_date, tidy
from portal.people.importer.codes import Options
from portal.people.importer.export import PersonRow
from portal.people.importer.faults import KEPT, Fault, Faults, Refused
from portal.vocabulary import JenisPegawai, Tingkat
from tests.people import siasn_files as siasn
from tests.people.siasn_files import GURU, other


def read(path: Path) -> tuple[list[PersonRow], Faults]:
    faults = Faults()
    return list(export.read(path, Options(), faults)), faults


def the_fault(path: Path) -> Fault:
    _, faults = read(path)
    (fault,) = faults.kept
    return fault


def test_reads_a_row_of_the_export(tmp_path: Path) -> None:
    (person,), faults = read(siasn.export(tmp_path, GURU))

    assert faults.count == faults.warning_count == 0
    assert (person.nip.digits, person.nama) == ("198704122010012015", "Sari Wulandari")
    assert (person.gelar_depan, person.gelar_belakang) == ("", "S.Pd.")
    assert person.tanggal_lahir == dt.date(1987, 4, 12)
    assert person.study
    assert person.study.tingkat is Tingkat.S1


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_takes_any_usual_delimiter_with_and_without_bom(
    tmp_path: Path, delimiter: str, bom: str
) -> None:
    path = tmp_path / "pegawai.csv"
    path.write_text(bom + siasn.text([GURU], delimiter), "utf-8")

    people, faults = read(path)

    assert [person.nama for person in people] == ["Sari Wulandari"]
    assert faults.count == 0


def test_finds_the_header_by_its_names_below_a_title(tmp_path: Path) -> None:
    table = siasn.text([GURU]).replace("nip_baru", "NIP BARU").replace("gelar_depan", "Gelar Depan")
    path = tmp_path / "pegawai.csv"
    path.write_text("sep=;\nExport Data ASN;;\n\n" + table, "utf-8")

    people, _ = read(path)

    assert len(people) == 1


def test_says_the_line_of_the_file_below_a_title(tmp_path: Path) -> None:
    path = tmp_path / "pegawai.csv"
    path.write_text("Export Data ASN\n\n" + siasn.text([GURU | {"nama": "null"}]), "utf-8")

    assert the_fault(path).baris == 4


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"status_cpns_pns": "P"}, JenisPegawai.PNS),
        ({"status_cpns_pns": "CPNS"}, JenisPegawai.CPNS),
        ({"status_cpns_pns": "C"}, JenisPegawai.CPNS),
        ({"status_cpns_pns": "null", "jenis_pegawai_nama": "PPPK Daerah"}, JenisPegawai.PPPK),
        ({"status_cpns_pns": "-", "kedudukan_hukum_nama": "PPPK Aktif"}, JenisPegawai.PPPK),
    ],
)
def test_tells_the_kind_of_employee_by_what_the_row_says(
    tmp_path: Path, changes: dict[str, str], kind: JenisPegawai
) -> None:
    (person,), _ = read(siasn.export(tmp_path, GURU | changes))

    assert person.jenis_pegawai is kind


@pytest.mark.parametrize(
    "name",
    ["Siti Aisyah عائشة", "Yohanes Tuah 🌿", "Ni Luh Ṣāntī", "O'Neil D'Arc", "👩‍🏫 Guru"],
)
def test_keeps_names_in_any_script(tmp_path: Path, name: str) -> None:
    (person,), faults = read(siasn.export(tmp_path, GURU | {"nama": name}))

    assert person.nama == name
    assert faults.count == 0


def test_takes_signs_out_of_a_name_that_turn_the_page_around(tmp_path: Path) -> None:
    (person,), _ = read(siasn.export(tmp_path, GURU | {"nama": "Sari\u202e idnaluW\u0007\n Dewi"}))

    assert person.nama == "Sari idnaluW Dewi"


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        ("nip_baru", "1,98704E+17", "NIP rusak oleh Excel"),
        ("nip_baru", "1.98E+17", "NIP rusak oleh Excel"),
        ("nip_baru", "1987041220100120", "NIP terdiri atas 18 angka"),
        ("nip_baru", "null", "NIP kosong"),
        ("nip_baru", "١٩٨٧٠٤١٢٢٠١٠٠١٢٠١٥", "NIP terdiri atas 18 angka"),
        ("nama", "null", "Kosong"),
        ("nama", "=HYPERLINK(1)", "tampak seperti rumus"),
        ("nama", "'@SUM(A1)", "tampak seperti rumus"),
        ("nama", "N" * 151, "Paling panjang 150 karakter"),
        ("gelar_belakang", "S" * 61, "Paling panjang 60 karakter"),
        ("tanggal_lahir", "31-02-1987", "Bukan tanggal"),
        ("tanggal_lahir", "12 April 1987", "Bukan tanggal"),
        ("jenis_kelamin", "X", "Tulis M atau F"),
        ("status_cpns_pns", "null", "Tulis PNS, CPNS, atau PPPK"),
        ("status_cpns_pns", "Honorer", "Status tidak dikenal"),
        ("kedudukan_hukum_id", "Aktif", "kode kedudukan hukum SIASN"),
        ("jenis_jabatan_id", "9", "Isi 1 (struktural)"),
        ("tingkat_pendidikan_id", "77", "Kode SIASN: 05 SD sampai 50 S-3"),
        ("tahun_lulus", "20O9", "Tulis empat angka"),
        ("tahun_lulus", "9" * 5000, "Tulis empat angka"),
        ("unor_id", "-", "Kosong"),
        ("instansi_kerja_id", "", "Kosong"),
    ],
)
def test_names_column_and_remedy_of_a_bad_cell(
    tmp_path: Path, column: str, value: str, sentence: str
) -> None:
    fault = the_fault(siasn.export(tmp_path, other(1), GURU | {column: value}))

    assert (fault.berkas, fault.baris, fault.kolom) == ("pegawai.csv", 3, column)
    assert sentence in fault.pesan


def test_masks_a_number_that_could_be_somebodys(tmp_path: Path) -> None:
    fault = the_fault(siasn.export(tmp_path, GURU | {"nip_baru": "19870412201001201"}))

    assert fault.nilai == "…1201"


def test_refuses_a_number_that_comes_twice(tmp_path: Path) -> None:
    fault = the_fault(siasn.export(tmp_path, GURU, GURU | {"pns_id": "PNS-9"}))

    assert fault.pesan == "NIP ini sudah ada di baris 2."


def test_refuses_an_id_of_siasn_that_comes_twice(tmp_path: Path) -> None:
    fault = the_fault(siasn.export(tmp_path, GURU, other(9, pns_id="PNS-1")))

    assert (fault.kolom, fault.pesan) == ("pns_id", "pns_id ini sudah ada di baris 2.")


def test_warns_where_the_number_disagrees_with_the_person(tmp_path: Path) -> None:
    changed = GURU | {"tanggal_lahir": "1988-04-12", "jenis_kelamin": "M"}

    people, faults = read(siasn.export(tmp_path, changed))

    assert len(people) == 1
    assert [warning.kolom for warning in faults.warnings] == ["tanggal_lahir", "jenis_kelamin"]


def test_leaves_out_an_address_that_cannot_be_right(tmp_path: Path) -> None:
    (person,), faults = read(siasn.export(tmp_path, GURU | {"email": "sari di kantor"}))

    assert person.email == ""
    assert faults.warning_count == 1


def test_names_every_missing_column_at_once(tmp_path: Path) -> None:
    columns = [name for name in siasn.COLUMNS if name not in {"unor_id", "jabatan_nama"}]
    path = tmp_path / "pegawai.csv"
    path.write_text(siasn.text([GURU], columns=columns), "utf-8")

    assert "Kolom tidak ada: jabatan_nama, unor_id." in the_fault(path).pesan


def test_refuses_a_column_that_is_there_twice(tmp_path: Path) -> None:
    path = tmp_path / "pegawai.csv"
    path.write_text(siasn.text([GURU]).replace("nip_lama", "nama", 1), "utf-8")

    assert the_fault(path).pesan == "Kolom berjudul sama: nama. Hapus salah satunya."


NO_EXPORTS = {
    "empty": (b"", "Berkas kosong"),
    "workbook": (b"PK\x03\x04rest of a workbook", "berkas Excel (XLSX), bukan CSV"),
    "old-workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "berkas Excel lama (XLS)"),
    "pdf": (b"%PDF-1.7\n", "berkas PDF"),
    "utf-16": (siasn.text([GURU]).encode("utf-16"), "UTF-16"),
    "cp1252": (siasn.text([GURU | {"nama": "André"}]).encode("cp1252"), "bukan UTF-8"),
    "nul": (siasn.text([GURU]).replace("Sari", "Sa\0ri").encode(), "byte NUL"),
    "binary": (bytes(range(1, 256)) * 40, "bukan UTF-8"),
    "another-table": (b"tanggal;jumlah\n1;2\n", "Baris judul tidak ditemukan"),
    "header-far-below": (b"\n" * 50 + siasn.text([GURU]).encode(), "Baris judul tidak ditemukan"),
    "nobody": (siasn.text([]).encode(), "Tidak ada satu pun pegawai"),
    "ten-megabytes": (
        siasn.text([GURU | {"nama": "N" * 10_000_000}]).encode(),
        "Baris lebih panjang dari",
    ),
    "long-cell": (siasn.text([GURU | {"nama": "N" * 200_000}]).encode(), "isi terlalu panjang"),
    "open-quote": (
        siasn.text([GURU]).replace("Sari", '"Sari', 1).encode(),
        "Tanda kutip tidak ditutup",
    ),
    "one-cell-more": (siasn.text([GURU]).replace(";Sari", ";Sari;Dewi").encode(), "judulnya 66"),
}


@pytest.mark.parametrize("kind", NO_EXPORTS)
def test_refuses_a_file_that_is_no_export(tmp_path: Path, kind: str) -> None:
    content, sentence = NO_EXPORTS[kind]
    path = tmp_path / "pegawai.csv"
    path.write_bytes(content)

    assert sentence in the_fault(path).pesan


def test_tells_when_the_file_is_gone(tmp_path: Path) -> None:
    told = the_fault(tmp_path / "hilang.csv").pesan

    assert told == "Berkas tidak dapat dibaca: berkas atau foldernya tidak ada."


def test_reads_on_after_a_bad_row(tmp_path: Path) -> None:
    people, faults = read(siasn.export(tmp_path, GURU | {"nama": "-"}, other(2), other(3, nama="")))

    assert [person.row.baris for person in people] == [3]
    assert [fault.baris for fault in faults.kept] == [2, 4]


def test_counts_every_fault_but_keeps_a_bounded_number() -> None:
    faults = Faults()
    for number in range(KEPT + 7):
        faults.add("a.csv", number, "nama", "x", "Kosong.")

    with pytest.raises(Refused, match=f"{KEPT + 7} kesalahan"):
        faults.stop_if_any()
    assert len(faults.kept) == KEPT


def test_a_fault_reads_as_place_value_and_remedy() -> None:
    assert str(Fault("a.csv", 3, "nama", "x", "Perbaiki.")) == (
        "a.csv baris 3, kolom nama (isi: x): Perbaiki."
    )


def test_shows_foreign_input_in_one_short_line() -> None:
    faults = Faults()

    faults.add("a.csv", 1, "nama", "a\nb\x1b[31m" + "c" * 90, "Kosong.")

    assert faults.kept[0].nilai == "a�b�[31m" + "c" * 32 + "…"


@pytest.mark.parametrize("cell", ["", " ", "null", "NULL", "-", "'", "' null", "'-"])
def test_takes_every_spelling_of_nothing(cell: str) -> None:
    assert clean(cell) == ""


@pytest.mark.parametrize(
    "cell", ["12-04-1987", "12/04/1987", "12.4.1987", "1987-04-12", "1987-04-12 00:00:00"]
)
def test_reads_the_usual_spellings_of_a_date(cell: str) -> None:
    assert iso_date(cell) == dt.date(1987, 4, 12)


@settings(deadline=None)
@given(st.text())
def test_any_cell_becomes_one_clean_line(cell: str) -> None:
    assert tidy(tidy(cell)) == tidy(cell)
    assert "\n" not in tidy(cell)


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pegawai.csv"
        path.write_bytes(content)

        people, faults = read(path)

    assert not people
    assert faults.count
