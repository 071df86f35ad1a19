"""The batch computation as people call it: files, streams, options, exit status."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from portal.scoring.hitung.command import hitung

NIP = "198501152010011001"
LINES = (Path(__file__).parent / "cases.jsonl").read_text(encoding="utf-8").splitlines()
CASES = [json.loads(line) for line in LINES]
OLD = ("--aturan", "pbkn8-2019", "--tahun", "2021")
NEW = ("--aturan", "bkn-2023", "--tahun", "2024")
EXAMPLE = {
    "nip": NIP,
    "jenis_pegawai": "PNS",
    "kelompok_jabatan": "fungsional",
    "syarat_pendidikan": "S-1",
    "pendidikan": [{"tingkat": "S-1", "tanggal_lulus": "2008-07-01"}],
    "pengembangan": [
        {"jenis": 3, "jp": 24, "tanggal_selesai": "2021-05-04"},
        {"jenis": 1, "latihan_struktural": 3, "tanggal_selesai": "2016-09-30"},
        {"jenis": 9, "jp": 4, "tanggal_selesai": "2020-05-04"},
    ],
    "kinerja": [
        {"tahun": 2021, "nilai": 88.5},
        {"tahun": 2022, "predikat": "Baik", "dinilai": "2023-01-20"},
    ],
    "hukdis": [{"tingkat": "ringan", "tmt": "2016-03-01", "akhir": "2016-09-01"}],
}


def line(**changes: Any) -> str:
    """A line of input: a person with nothing but what is given."""
    return json.dumps({"nip": NIP, "kelompok_jabatan": "fungsional"} | changes) + "\n"


def run(text: str | bytes, *arguments: str | Path) -> Result:
    return CliRunner().invoke(hitung, [str(each) for each in arguments], input=text)


def answers(result: Result) -> list[dict[str, Any]]:
    return [json.loads(each) for each in result.stdout.splitlines()]


@pytest.mark.parametrize("case", CASES)
def test_each_key_of_a_case_is_equal(case: dict[str, Any]) -> None:
    result = run(
        json.dumps(case["input"]), "--aturan", case["aturan"], "--tahun", str(case["tahun"])
    )

    (found,) = answers(result)
    assert found | case["hasil"] == found


def test_an_answer_has_the_agreed_keys_in_the_agreed_order() -> None:
    (found,) = answers(run(json.dumps(EXAMPLE), *OLD))

    rows = found.pop("rincian")
    assert list(found.items()) == [
        ("nip", NIP),
        ("diukur", True),
        ("aturan", "pbkn8-2019"),
        ("tahun", 2021),
        ("kualifikasi", "15.00"),
        ("kompetensi", "25.00"),
        ("kinerja", "25.00"),
        ("disiplin", "5.00"),
        ("total", "70.00"),
        ("kategori", "Rendah"),
    ]
    assert {tuple(row) for row in rows} == {
        ("dimensi", "indikator", "poin", "maks", "alasan", "bukti")
    }


def test_every_row_points_at_its_evidence() -> None:
    (found,) = answers(run(json.dumps(EXAMPLE), *OLD))

    assert [(row["indikator"], row["poin"], row["bukti"]) for row in found["rincian"]] == [
        ("pendidikan", "15.00", [0]),
        ("fungsional", "0.00", []),
        ("teknis", "15.00", [0]),
        ("seminar", "10.00", [2]),
        ("kinerja", "25.00", [0]),
        ("disiplin", "5.00", []),
    ]


def test_an_item_that_does_not_count_is_explained() -> None:
    items = [{"jenis": 3, "jp": 20}]

    (found,) = answers(run(line(pengembangan=items), *OLD))

    assert "data ke-1 tidak menyebut tanggal selesai" in found["rincian"][2]["alasan"]


def test_not_measured_has_a_reason_and_no_number() -> None:
    (found,) = answers(run(line(jenis_pegawai="CPNS"), *OLD))

    assert found == {
        "nip": NIP,
        "diukur": False,
        "alasan": "CPNS belum diukur; indeks dihitung setelah menjadi PNS.",
    }


def test_brief_answers_leave_the_rows_out() -> None:
    (found,) = answers(run(line(), *OLD, "--ringkas"))

    assert "rincian" not in found


def test_the_order_of_the_lines_is_kept() -> None:
    numbers = [f"{198501152010011001 + step}" for step in range(50)]
    text = "".join(line(nip=number) for number in numbers)

    assert [found["nip"] for found in answers(run(text, *OLD))] == numbers


def test_blank_lines_are_skipped_and_still_counted() -> None:
    result = run("\n" + line() + "  \t\r\n" + "x\n" + line(), *OLD)

    assert len(answers(result)) == 2
    assert result.stderr.startswith("baris 4: ")


def test_the_last_line_needs_no_line_end() -> None:
    assert len(answers(run(line().rstrip("\n"), *OLD))) == 1


def test_lines_of_windows_and_its_byte_order_mark_are_fine() -> None:
    text = b"\xef\xbb\xbf" + line().replace("\n", "\r\n").encode() * 2

    result = run(text, *OLD)

    assert (result.exit_code, len(answers(result))) == (0, 2)


def test_no_line_at_all_is_fine() -> None:
    result = run("", *OLD)

    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")


def test_a_good_run_ends_with_0_and_says_nothing() -> None:
    result = run(line(), *OLD)

    assert (result.exit_code, result.stderr) == (0, "")


def test_a_bad_line_ends_with_1_and_the_others_are_computed() -> None:
    items = [{"jenis": 3, "jp": 1}, {"jenis": 3, "jp": -1}]

    result = run(line() + line(pengembangan=items) + line(), *OLD)

    assert (result.exit_code, len(answers(result))) == (1, 2)
    assert result.stderr == "baris 2: pengembangan[1].jp: harus antara 0 dan 999999999\n"


def test_a_fault_names_its_field_and_its_line() -> None:
    result = run(line(kelompok_jabatan=None, nama="Sari"), *OLD)

    unknown, missing = result.stderr.splitlines()
    assert unknown.startswith("baris 1: nama: kunci tidak dikenal; yang dikenal: nip, jenis_peg")
    assert missing == "baris 1: kelompok_jabatan: wajib diisi"


def test_files_are_read_and_written(tmp_path: Path) -> None:
    source, output, faults = tmp_path / "a.jsonl", tmp_path / "b.jsonl", tmp_path / "c.txt"
    source.write_text(line() + "x\n", encoding="utf-8")

    result = run("", *OLD, source, "--keluaran", output, "--galat", faults)

    assert (result.exit_code, result.stdout, result.stderr) == (1, "", "")
    assert len(output.read_text(encoding="utf-8").splitlines()) == 1
    assert faults.read_text(encoding="utf-8") == "baris 2: bukan JSON yang benar pada huruf ke-1\n"


def test_a_good_run_leaves_an_empty_fault_file(tmp_path: Path) -> None:
    faults = tmp_path / "galat.txt"

    run(line(), *OLD, "--galat", faults)

    assert faults.read_text(encoding="utf-8") == ""


@pytest.mark.parametrize(
    ("options", "points", "extra"),
    [((), "0.00", None), (("--sementara",), "25.00", True)],
)
def test_the_skp_of_the_year_before_stands_in_only_when_asked(
    options: tuple[str, ...], points: str, extra: bool | None
) -> None:
    text = line(kinerja=[{"tahun": 2020, "predikat": "Baik"}])

    (found,) = answers(run(text, *OLD, *options))

    assert (found["kinerja"], found.get("sementara")) == (points, extra)


@pytest.mark.parametrize(
    ("call", "points"),
    [
        (OLD, "0.00"),
        ((*OLD, "--prorata"), "6.00"),
        ((*OLD, "--tanpa-prorata"), "0.00"),
        ((*NEW, "--prorata"), "6.00"),
        ((*NEW, "--tanpa-prorata"), "0.00"),
        (NEW, "6.00"),
    ],
)
def test_the_proportion_can_be_switched(call: tuple[str, ...], points: str) -> None:
    items = [{"jenis": 3, "jp": 8, "tanggal_selesai": f"{call[3]}-05-04"}]

    (found,) = answers(run(line(pengembangan=items), *call))

    assert found["kompetensi"] == points


def test_a_year_outside_the_rule_set_computes_with_one_warning() -> None:
    result = run(line() * 3, "--aturan", "pbkn8-2019", "--tahun", "2024")

    assert (result.exit_code, len(answers(result))) == (0, 3)
    assert result.stderr == "Peringatan: aturan pbkn8-2019 tidak dibuat untuk 2024.\n"


def test_oddities_that_are_no_fault_of_form_do_not_change_the_status() -> None:
    text = line(
        nip="198702302010014009",
        jenis_pegawai="PPPK",
        pendidikan=[{"tingkat": "S-1", "tanggal_lulus": "1950-01-01"}],
        pengembangan=[{"jenis": 3, "jp": 2000, "tanggal_selesai": "2999-01-01"}],
        hukdis=[{"tingkat": "ringan", "tmt": "2020-01-01", "akhir": "2019-01-01"}],
    )

    assert run(text, *NEW).exit_code == 0


def test_the_recap_stands_at_the_end_of_the_error_stream() -> None:
    text = line() + line(jenis_pegawai="PPPK") + line(jenis_pegawai="CPNS")

    result = run(text, *NEW, "--rekap")

    assert [" ".join(each.split()) for each in result.stderr.splitlines()] == [
        "pegawai diukur persen kualifikasi kompetensi kinerja disiplin total kategori",
        "PNS 1 1 100.00 0.00 0.00 0.00 5.00 5.00 Sangat Rendah",
        "PPPK 1 1 100.00 0.00 0.00 0.00 5.00 5.00 Sangat Rendah",
        "CPNS 1 0 0.00 - - - - - -",
        "semua 3 2 66.67 0.00 0.00 0.00 5.00 5.00 Sangat Rendah",
    ]


def test_the_recap_is_the_mean_of_unrounded_totals() -> None:
    halves = [
        line(
            kelompok_jabatan="pelaksana",
            pengembangan=[{"jenis": 3, "jp": jp, "tanggal_selesai": "2024-05-04"}],
        )
        for jp in (1, 2)
    ]

    result = run("".join(halves), *NEW, "--rekap", "--ringkas")

    assert Decimal(result.stderr.split()[-3]) == Decimal("6.69")  # 5 + (1.125 + 2.25) / 2


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "sebutkan --aturan; yang ada: bkn-2023, pbkn8-2019"),
        (("--aturan", "x", "--tahun", "2021"), "aturan 'x' tidak dikenal"),
        (("--aturan", "bkn-2023"), "sebutkan --tahun"),
        (("--aturan", "bkn-2023", "--tahun", "24"), "--tahun harus antara"),
        (("--aturan", "bkn-2023", "--tahun", "9999"), "--tahun harus antara"),
        (("--aturan", "bkn-2023", "--tahun", "٢٠٢٤"), "--tahun harus antara"),
        ((*OLD, "/tidak/ada.jsonl"), "/tidak/ada.jsonl: berkas atau foldernya tidak ada"),
        ((*OLD, "/"), "/: ini sebuah folder"),
        ((*OLD, "--keluaran", "/tidak/ada"), "/tidak/ada: berkas atau foldernya tidak ada"),
        ((*OLD, "--galat", "/tidak/ada"), "/tidak/ada: berkas atau foldernya tidak ada"),
    ],
)
def test_an_unusable_call_ends_with_2_and_one_sentence(
    arguments: tuple[str, ...], sentence: str
) -> None:
    result = run(line(), *arguments)

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"hitung: {sentence}")
    assert result.stderr.count("\n") == 1


def test_an_unknown_option_ends_with_2() -> None:
    assert run(line(), *OLD, "--cepat").exit_code == 2


@pytest.mark.parametrize("option", ["--keluaran", "--galat"])
def test_the_input_is_never_overwritten(tmp_path: Path, option: str) -> None:
    source = tmp_path / "data.jsonl"
    source.write_text(line(), encoding="utf-8")

    result = run("", *OLD, source, option, tmp_path / "." / "data.jsonl")

    assert result.exit_code == 2
    assert source.read_text(encoding="utf-8") == line()


def test_results_and_faults_are_never_mixed(tmp_path: Path) -> None:
    both = tmp_path / "baru.txt"

    result = run(line(), *OLD, "--keluaran", both, "--galat", both)

    assert (result.exit_code, both.exists()) == (2, False)


def test_one_device_may_swallow_both(tmp_path: Path) -> None:
    result = run(line(), *OLD, "--keluaran", "/dev/null", "--galat", "/dev/null")

    assert result.exit_code == 0


def test_a_dash_names_the_standard_streams() -> None:
    result = run(line() + "x\n", *OLD, "-", "--keluaran", "-", "--galat", "-")

    assert (len(answers(result)), result.stderr[:8]) == (1, "baris 2:")
