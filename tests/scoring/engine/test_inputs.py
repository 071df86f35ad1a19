"""Reading one person: every fault is found, named by its path, in Indonesian."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from typing import Any

import pytest

from portal.scoring.engine.inputs import InputErrors, Person, parse_person
from portal.vocabulary import (
    JenisDiklat,
    JenisPegawai,
    LatihanStruktural,
    Predikat,
    Tingkat,
    TingkatHukuman,
)

NIP = "198501152010011001"


def parse(**values: Any) -> Person:
    return parse_person({"nip": NIP, "kelompok_jabatan": "fungsional"} | values)


def faults(**values: Any) -> dict[str, str]:
    with pytest.raises(InputErrors) as caught:
        parse(**values)
    return {error.field: error.message for error in caught.value.errors}


def test_only_nip_and_post_are_required() -> None:
    assert parse().jenis_pegawai is JenisPegawai.PNS


def test_a_missing_nip_and_post_are_both_named() -> None:
    with pytest.raises(InputErrors) as caught:
        parse_person({})

    assert [(error.field, error.message) for error in caught.value.errors] == [
        ("nip", "wajib diisi"),
        ("kelompok_jabatan", "wajib diisi"),
    ]


def test_null_equals_absent_at_every_level() -> None:
    nothing = dict.fromkeys(("tanggal_lulus", "tahun_lulus"))
    empty = parse(
        jenis_pegawai=None,
        syarat_pendidikan=None,
        pendidikan=[{"tingkat": "S-1", **nothing}],
        pengembangan=[{"jenis": 3, "jp": None, "tanggal_selesai": None}],
        kinerja=None,
        hukdis=None,
    )

    assert (empty.kinerja, empty.pengembangan[0].jp, empty.pendidikan[0].berlaku) == ((), 0, None)


def test_all_facts_are_read() -> None:
    someone = parse(
        jenis_pegawai="PPPK",
        syarat_pendidikan="40",
        pendidikan=[{"tingkat": "45", "tanggal_lulus": "2008-07-01"}],
        pengembangan=[
            {"jenis": 1, "jp": 300, "latihan_struktural": 3, "tanggal_selesai": "2016-09-30"}
        ],
        kinerja=[{"tahun": 2022, "nilai": 88.5, "predikat": "Cukup", "dinilai": "2023-01-20"}],
        hukdis=[{"tingkat": "ringan", "tmt": "2019-03-01", "akhir": "2019-09-01"}],
    )

    assert someone.syarat_pendidikan is Tingkat.S1
    assert someone.pendidikan[0].tingkat is Tingkat.S2
    assert someone.pengembangan[0].jenis is JenisDiklat.STRUKTURAL
    assert someone.pengembangan[0].latihan_struktural is LatihanStruktural.PIM3
    assert someone.kinerja[0].nilai == Decimal("88.5")
    assert someone.kinerja[0].predikat is Predikat.BUTUH_PERBAIKAN
    assert someone.hukdis[0].tingkat is TingkatHukuman.RINGAN
    assert someone.hukdis[0].akhir == dt.date(2019, 9, 1)


def test_buruk_is_another_word_for_sangat_kurang() -> None:
    found = parse(kinerja=[{"tahun": 2022, "predikat": "Buruk"}])

    assert found.kinerja[0].predikat is Predikat.SANGAT_KURANG


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"nama": "Sari"}, "nama"),
        ({"pendidikan": [{"tingkat": "S-1", "gelar": "S.Pd."}]}, "pendidikan[0].gelar"),
        ({"pengembangan": [{"jenis": 3}, {"jenis": 3, "jam": 2}]}, "pengembangan[1].jam"),
        ({"kinerja": [{"tahun": 2021, "angka": 1}]}, "kinerja[0].angka"),
        ({"hukdis": [{"tingkat": "ringan", "tmt": "2020-01-01", "x": None}]}, "hukdis[0].x"),
    ],
)
def test_unknown_keys_are_refused_by_name_at_every_level(values: dict[str, Any], path: str) -> None:
    assert "tidak dikenal" in faults(**values)[path]


@pytest.mark.parametrize(
    ("key", "shown"), [("a\nb", r"'a\nb'"), ("\ud800", r"'\ud800'"), ("\u202e", r"'\u202e'")]
)
def test_a_hostile_key_is_shown_harmless(key: str, shown: str) -> None:
    assert shown in faults(**{key: 1})


def test_a_very_long_key_is_cut() -> None:
    (path,) = faults(**{"x" * 5000: 1})

    assert len(path) <= 40


@pytest.mark.parametrize(
    "nip",
    [
        "19850115201001100",
        "1985011520100110011",
        "19850115 201001 1 001",
        "x98501152010011001",
        "١٩٨٥٠١١٥٢٠١٠٠١١٠٠١",
        "",
        "\ud800" * 18,
    ],
)
def test_a_nip_has_18_digits(nip: str) -> None:
    assert faults(nip=nip)["nip"].startswith("harus 18 angka")


@pytest.mark.parametrize("nip", ["1.98E+17", "1,98501E+17", "1e+17"])
def test_a_nip_ruined_by_excel_is_named_so(nip: str) -> None:
    assert "Excel" in faults(nip=nip)["nip"]


@pytest.mark.parametrize("nip", [198501152010011001, True, [], {}, Decimal("1.98E+17")])
def test_a_nip_is_a_text(nip: object) -> None:
    assert "tanda kutip" in faults(nip=nip)["nip"]


@pytest.mark.parametrize("value", ["", "pns", "Honorer", 1, True, [], {}])
def test_words_outside_a_list_are_refused(value: object) -> None:
    assert "pilihannya: PNS, PPPK, CPNS" in faults(jenis_pegawai=value)["jenis_pegawai"]


@pytest.mark.parametrize("value", ["S1", "99", "5", 40, ""])
def test_a_level_is_a_word_or_a_code_of_siasn(value: object) -> None:
    assert "pendidikan[0].tingkat" in faults(pendidikan=[{"tingkat": value}])


@pytest.mark.parametrize("value", [0, 26, -1, "3", 3.0, True, Decimal(3), 10**400])
def test_a_kind_is_a_number_from_1_to_25(value: object) -> None:
    assert "pengembangan[0].jenis" in faults(pengembangan=[{"jenis": value}])


@pytest.mark.parametrize("value", [-1, "24", 24.0, Decimal("24.5"), True, 10**12, [24]])
def test_jp_is_a_whole_number_from_0(value: object) -> None:
    assert "pengembangan[0].jp" in faults(pengembangan=[{"jenis": 3, "jp": value}])


@pytest.mark.parametrize(
    "value",
    ["2021-02-29", "2021-13-01", "20210504", "2021-W01-1", "04-05-2021", "2021-05-04T00:00", ""],
)
def test_a_date_is_a_day_of_the_calendar(value: str) -> None:
    items = [{"jenis": 3, "tanggal_selesai": value}]

    assert "tanggal" in faults(pengembangan=items)["pengembangan[0].tanggal_selesai"]


@pytest.mark.parametrize("value", [20210504, True, ["2021-05-04"], "٢٠٢١-٠٥-٠٤"])
def test_a_date_is_a_text_of_ascii_digits(value: object) -> None:
    items = [{"jenis": 3, "tanggal_selesai": value}]

    assert "2021-05-04" in faults(pengembangan=items)["pengembangan[0].tanggal_selesai"]


@pytest.mark.parametrize(
    "value",
    [-1, 100.01, Decimal("100.01"), 120, math.nan, math.inf, Decimal("NaN"), Decimal("1E+400")],
)
def test_a_number_without_predikat_lies_between_0_and_100(value: object) -> None:
    found = faults(kinerja=[{"tahun": 2021, "nilai": value}])

    assert found["kinerja[0].nilai"] == "harus angka antara 0 dan 100 bila tanpa predikat"


@pytest.mark.parametrize("value", ["88", True, [], {}])
def test_a_number_is_no_text(value: object) -> None:
    assert "kinerja[0].nilai" in faults(kinerja=[{"tahun": 2021, "nilai": value}])


@pytest.mark.parametrize("value", [0, 100, 100.0, Decimal("0.01"), Decimal("1E+2")])
def test_the_ends_of_the_scale_are_on_it(value: object) -> None:
    assert parse(kinerja=[{"tahun": 2021, "nilai": value}]).kinerja[0].nilai == Decimal(str(value))


def test_a_number_above_100_is_fine_beside_a_predikat() -> None:
    found = parse(kinerja=[{"tahun": 2021, "nilai": 118, "predikat": "Baik"}])

    assert found.kinerja[0].nilai == 118


@pytest.mark.parametrize("year", [1899, 2101, "2021", 2021.0, True, None])
def test_a_year_is_a_whole_number_of_our_time(year: object) -> None:
    assert "kinerja[0].tahun" in faults(kinerja=[{"tahun": year}])


@pytest.mark.parametrize("missing", ["tingkat", "tmt"])
def test_a_punishment_needs_its_gravity_and_its_day(missing: str) -> None:
    item = {"tingkat": "ringan", "tmt": "2020-01-01"}
    del item[missing]

    assert faults(hukdis=[item]) == {f"hukdis[0].{missing}": "wajib diisi"}


@pytest.mark.parametrize("value", [{}, "x", 1, True])
def test_a_list_is_a_list(value: object) -> None:
    assert faults(pendidikan=value) == {"pendidikan": "harus berupa daftar […]"}


@pytest.mark.parametrize("value", [None, "x", 1, []])
def test_an_item_is_an_object(value: object) -> None:
    assert faults(kinerja=[value]) == {"kinerja[0]": "harus berupa objek JSON {…}"}


@pytest.mark.parametrize("value", [None, "x", 1, [], [{}]])
def test_a_person_is_an_object(value: object) -> None:
    with pytest.raises(InputErrors) as caught:
        parse_person(value)

    assert [(error.field, error.message) for error in caught.value.errors] == [
        ("", "harus berupa objek JSON {…}")
    ]


def test_every_fault_of_a_person_is_told_at_once() -> None:
    found = faults(
        nip="1",
        pendidikan=[{"tingkat": "S9"}],
        pengembangan=[{}, {"jenis": 3, "jp": -1}],
        hukdis=[{"tingkat": "ringan", "tmt": "besok"}],
    )

    assert list(found) == [
        "nip",
        "pendidikan[0].tingkat",
        "pengembangan[0].jenis",
        "pengembangan[1].jp",
        "hukdis[0].tmt",
    ]


@pytest.mark.parametrize("value", ["x" * 10_000, 10**4000, [1] * 10_000, {"a": "b"}])
def test_a_message_repeats_little_of_the_input(value: object) -> None:
    assert len(faults(jenis_pegawai=value)["jenis_pegawai"]) < 120


def test_the_exception_tells_all_faults_in_one_line() -> None:
    with pytest.raises(InputErrors, match="nip: wajib diisi; kelompok_jabatan: wajib diisi"):
        parse_person({})
