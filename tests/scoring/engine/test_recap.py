"""The index of a unit, checked against published numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest

from portal.scoring.engine.recap import Recap, Sums
from portal.scoring.engine.ruleset import RuleSet
from portal.scoring.engine.score import NotMeasured, Score, format_points, score
from portal.vocabulary import Dimensi, JenisPegawai, Kategori, Tingkat
from tests.scoring.engine.builders import NEW, OLD, course, degree, person, skp

KOTA_BIMA_2023 = {
    JenisPegawai.PNS: (3252, "21.19 26.47 25.75 5.00 78.41"),
    JenisPegawai.PPPK: (171, "24.82 20.20 25.15 5.00 75.18"),
}
"""Number of people and published means: four dimensions and the total."""


MAKE_UP = {
    JenisPegawai.PNS: {"magister": 774, "lengkap": 1492, "teknis": 0, "sangat_baik": 488},
    JenisPegawai.PPPK: {"magister": 165, "lengkap": 35, "teknis": 1, "sangat_baik": 5},
}
"""How many hold a master's degree (above their post), have every course, the technical one beside
that for the post, or the best predikat; the others have a bachelor's, the course for the post and
Baik. Such a staff has the published means to the hundredth."""


def average_person(means: str) -> Score:
    """Somebody who stands exactly at these means."""
    points = [Decimal(mean) for mean in means.split()]
    return Score(*points, Kategori.SEDANG, False, ())


def member(jenis: JenisPegawai, number: int) -> Score | NotMeasured:
    """The score of one of a staff."""
    made = MAKE_UP[jenis]
    complete = number < made["lengkap"]
    technical = complete or number < made["lengkap"] + made["teknis"]
    courses = [course(2, "2012-03-01")]
    courses += [course(3, "2023-05-01", jp=20)] if technical else []
    courses += [course(9, "2022-05-01")] if complete else []
    someone = person(
        jenis_pegawai=jenis,
        syarat_pendidikan=Tingkat.S1,
        pendidikan=(degree("S-2" if number < made["magister"] else "S-1", "2010-08-01"),),
        pengembangan=tuple(courses),
        kinerja=(skp(2023, "Sangat Baik" if number < made["sangat_baik"] else "Baik"),),
    )
    return score(someone, NEW, 2023)


@pytest.fixture(scope="module")
def kota_bima() -> Recap:
    recap = Recap()
    for jenis, (count, _) in KOTA_BIMA_2023.items():
        for number in range(count):
            recap.add(jenis, member(jenis, number))
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


@pytest.mark.parametrize("rules", [OLD, NEW])
@pytest.mark.parametrize(
    ("index", "kategori"),
    [
        ("78.41", Kategori.SEDANG),  # Kota Bima 2023
        ("81.98", Kategori.TINGGI),  # Perpusnas
        ("65.54", Kategori.RENDAH),  # Perpusnas
        ("62.9", Kategori.RENDAH),  # Kalimantan Selatan 2019
        ("71.43", Kategori.SEDANG),  # Kalimantan Selatan 2021
        ("72", Kategori.SEDANG),  # its target for 2022
        ("68.5", Kategori.RENDAH),  # targets of Bantul
        ("70", Kategori.RENDAH),
        ("71", Kategori.SEDANG),
        ("73", Kategori.SEDANG),
    ],
)
def test_published_numbers_have_their_published_category(
    rules: RuleSet, index: str, kategori: Kategori
) -> None:
    assert rules.kategori_of(Decimal(index)) is kategori


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
