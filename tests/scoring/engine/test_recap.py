"""The index of a unit, checked against published numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest

from portal.scoring.engine.recap import Recap, Sums
from portal.scoring.engine.score import NotMeasured, Score, format_points
from portal.vocabulary import Dimensi, JenisPegawai, Kategori

KOTA_BIMA_2023 = {
    JenisPegawai.PNS: (3252, "21.19 26.47 25.75 5.00 78.41"),
    JenisPegawai.PPPK: (171, "24.82 20.20 25.15 5.00 75.18"),
}
"""Number of people and published means: four dimensions and the total."""


def average_person(means: str) -> Score:
    """Somebody who stands exactly at the published means."""
    points = [Decimal(mean) for mean in means.split()]
    return Score(*points, Kategori.SEDANG, False, ())


@pytest.fixture(scope="module")
def kota_bima() -> Recap:
    recap = Recap()
    for jenis, (count, means) in KOTA_BIMA_2023.items():
        for _ in range(count):
            recap.add(jenis, average_person(means))
    return recap


def printed(sums: Sums) -> str:
    """The means as they were published."""
    means = [*(sums.mean(name) for name in Dimensi), sums.index]
    return " ".join("-" if mean is None else format_points(mean) for mean in means)


@pytest.mark.parametrize("jenis", KOTA_BIMA_2023)
def test_the_kinds_of_employee_stand_apart(kota_bima: Recap, jenis: JenisPegawai) -> None:
    assert printed(kota_bima.per_jenis[jenis]) == KOTA_BIMA_2023[jenis][1]


def test_all_together_are_the_weighted_mean(kota_bima: Recap) -> None:
    assert printed(kota_bima.semua) == "21.37 26.16 25.72 5.00 78.25"


def test_all_together_are_counted(kota_bima: Recap) -> None:
    assert (kota_bima.semua.pegawai, kota_bima.semua.diukur) == (3423, 3423)


def test_who_is_not_measured_is_staff_and_no_zero() -> None:
    recap = Recap()
    recap.add(JenisPegawai.PNS, average_person("20 20 20 5 65"))
    recap.add(JenisPegawai.CPNS, NotMeasured("CPNS"))

    assert printed(recap.semua) == "20.00 20.00 20.00 5.00 65.00"
    assert (recap.semua.pegawai, recap.semua.diukur, recap.semua.persen) == (2, 1, 50)


def test_a_group_without_a_measured_person_has_no_mean() -> None:
    recap = Recap()
    recap.add(JenisPegawai.CPNS, NotMeasured("CPNS"))

    assert printed(recap.per_jenis[JenisPegawai.CPNS]) == "- - - - -"


def test_an_empty_group_has_no_percentage_to_divide() -> None:
    assert Sums().persen == 0
