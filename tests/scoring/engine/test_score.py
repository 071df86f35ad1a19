"""The whole: who is measured, adding up, categories, the measurement date."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from portal.scoring.engine.rules import load
from portal.scoring.engine.score import NotMeasured, format_points, score
from portal.vocabulary import Dimensi, Indikator, JenisPegawai, Kategori, KelompokJabatan, Tingkat
from tests.scoring.engine.builders import (
    GURU,
    NEW,
    OLD,
    course,
    degree,
    measured,
    person,
    punishment,
    row,
    skp,
)

CUTS = [
    ("100", Kategori.SANGAT_TINGGI), ("91", Kategori.SANGAT_TINGGI), ("90.99", Kategori.TINGGI),
    ("90.5", Kategori.TINGGI), ("81", Kategori.TINGGI), ("80.99", Kategori.SEDANG),
    ("80.5", Kategori.SEDANG), ("71", Kategori.SEDANG), ("70.99", Kategori.RENDAH),
    ("61", Kategori.RENDAH), ("60.99", Kategori.SANGAT_RENDAH), ("60.5", Kategori.SANGAT_RENDAH),
    ("0", Kategori.SANGAT_RENDAH),
]  # fmt: skip


@pytest.mark.parametrize(("total", "kategori"), CUTS)
@pytest.mark.parametrize("rules", [OLD, NEW])
def test_the_category_has_its_cut_offs(rules, total: str, kategori: Kategori) -> None:
    assert rules.kategori_of(Decimal(total)) is kategori


def test_the_category_comes_from_the_unrounded_total() -> None:
    assert OLD.kategori_of(Decimal("70.999")) is Kategori.RENDAH


def test_every_dimension_full_makes_one_hundred() -> None:
    someone = person(
        KelompokJabatan.ADMINISTRATOR,
        pendidikan=(degree("S-3"),),
        pengembangan=(
            course(1, level=3),
            course(3, "2021-01-01", 20),
            course(9, "2020-01-01"),
        ),
        kinerja=(skp(2021, "Sangat Baik"),),
    )

    result = measured(someone)

    assert (result.total, result.kategori) == (100, Kategori.SANGAT_TINGGI)


def test_the_teacher_of_the_demonstration_has_71() -> None:
    result = measured(GURU, NEW, 2026)

    points = [result.dimensi(name) for name in Dimensi]
    assert (points, result.total, result.kategori) == ([20, 21, 25, 5], 71, Kategori.SEDANG)


@pytest.mark.parametrize(
    ("jenis", "rules", "is_measured"),
    [
        (JenisPegawai.PNS, OLD, True),
        (JenisPegawai.PPPK, OLD, False),
        (JenisPegawai.CPNS, OLD, False),
        (JenisPegawai.PNS, NEW, True),
        (JenisPegawai.PPPK, NEW, True),
        (JenisPegawai.CPNS, NEW, False),
    ],
)
def test_the_kind_of_employee_decides_who_is_measured(jenis, rules, is_measured: bool) -> None:
    result = score(person(jenis_pegawai=jenis), rules, 2023)

    assert isinstance(result, NotMeasured) is not is_measured


def test_not_measured_names_its_reason() -> None:
    result = score(person(jenis_pegawai=JenisPegawai.PPPK), OLD, 2021)

    assert result == NotMeasured("PPPK tidak diukur menurut Peraturan BKN 8/2019.")


@pytest.mark.parametrize("code", ["02", "04", "66", "77", "88", "98", "99", "?"])
def test_people_out_of_active_service_are_not_measured(code: str) -> None:
    assert isinstance(score(person(kedudukan_hukum=code), NEW, 2024), NotMeasured)


@pytest.mark.parametrize("code", ["01", "03", "15", None])
def test_people_in_active_service_are_measured(code: str | None) -> None:
    assert measured(person(kedudukan_hukum=code), NEW, 2024).total == 5


def test_the_kedudukan_hukum_is_named_in_the_reason() -> None:
    result = score(person(kedudukan_hukum="02"), NEW, 2024)

    assert result == NotMeasured("Tidak diukur karena kedudukan hukum: CLTN.")


def test_an_agency_may_measure_other_kedudukan_hukum() -> None:
    rules = load("bkn-2023", kedudukan_hukum=["01", "02"])

    assert measured(person(kedudukan_hukum="02"), rules, 2024).total == 5


def test_there_is_one_row_for_each_indicator_zeros_included() -> None:
    rows = measured(person()).rincian

    assert [found.indikator for found in rows] == [
        Indikator.PENDIDIKAN,
        Indikator.FUNGSIONAL,
        Indikator.TEKNIS,
        Indikator.SEMINAR,
        Indikator.KINERJA,
        Indikator.DISIPLIN,
    ]


def test_every_row_names_its_legal_source() -> None:
    assert all(found.pasal for found in measured(person()).rincian)


def test_in_the_running_year_facts_count_up_to_the_day() -> None:
    someone = person(pengembangan=(course(9, "2026-05-01"), course(3, "2026-06-01", 20)))

    result = measured(someone, NEW, 2026, as_of=dt.date(2026, 5, 31))

    assert result.kompetensi == 10
    assert "setelah tanggal ukur 31 Mei 2026" in row(result, Indikator.TEKNIS).penjelasan


def test_a_day_after_the_year_changes_nothing() -> None:
    someone = person(pengembangan=(course(9, "2022-01-01"),))

    assert measured(someone, as_of=dt.date(2023, 1, 1)).kompetensi == 0


@pytest.mark.parametrize(
    ("points", "text"),
    [
        ("21.375", "21.38"),
        ("21.374", "21.37"),
        ("0.005", "0.01"),
        ("70.995", "71.00"),
        ("5", "5.00"),
        ("0", "0.00"),
    ],
)
def test_points_are_rounded_half_up_to_two_decimals(points: str, text: str) -> None:
    assert format_points(Decimal(points)) == text


def test_the_nip_never_decides_the_kind_of_employee() -> None:
    number_of_a_pppk = replace(person(), nip="198704122022212015")

    assert measured(number_of_a_pppk).total == 5


def test_the_names_and_references_of_facts_do_not_change_the_score() -> None:
    named = tuple(replace(item, id="x", nama="\u202eterbalik") for item in GURU.pengembangan)

    assert measured(replace(GURU, pengembangan=named), NEW, 2026).total == 71


def test_a_punishment_and_a_requirement_work_together() -> None:
    someone = person(
        syarat_pendidikan=Tingkat.S2,
        pendidikan=(degree("S-1"),),
        kinerja=(skp(2024, "Butuh Perbaikan"),),
        hukdis=(punishment("sedang", "2022-01-01", "2022-07-01"),),
    )

    assert measured(someone, NEW, 2024).total == 30
