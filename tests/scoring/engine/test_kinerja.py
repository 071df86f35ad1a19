from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from portal.vocabulary import Indikator
from tests.scoring.engine.builders import NEW, OLD, measured, person, row, skp


def points_of(number: Decimal) -> int:
    """The bands as the regulation states them."""
    return 30 if number >= 91 else 25 if number >= 76 else 15 if number >= 61 else 0


@pytest.mark.parametrize(
    ("number", "points"),
    [
        ("100", 30), ("91", 30), ("90.99", 25), ("90.5", 25), ("76", 25), ("75.99", 15),
        ("75.5", 15), ("61", 15), ("60.99", 5), ("51", 5), ("50.99", 1), ("50.5", 1), ("0", 1),
    ],
)  # fmt: skip
@pytest.mark.parametrize("rules", [OLD, NEW])
def test_the_bands_of_the_number_have_no_gap(rules, number: str, points: int) -> None:
    assert measured(person(kinerja=(skp(2021, number),)), rules).kinerja == points


def test_every_hundredth_falls_into_its_band() -> None:
    wrong = []
    for hundredths in range(10001):
        number = Decimal(hundredths) / 100
        expected = points_of(number) or (5 if number >= 51 else 1)
        if measured(person(kinerja=(skp(2021, str(number)),))).kinerja != expected:
            wrong.append(number)

    assert wrong == []


@pytest.mark.parametrize(
    ("predikat", "points"),
    [
        ("Sangat Baik", 30),
        ("Baik", 25),
        ("Butuh Perbaikan", 15),
        ("Kurang", 5),
        ("Sangat Kurang", 1),
        ("Tidak membuat SKP", 0),
    ],
)
@pytest.mark.parametrize("year", [2018, 2021, 2024])
def test_the_predikat_is_valid_for_every_year(year: int, predikat: str, points: int) -> None:
    assert measured(person(kinerja=(skp(year, predikat),)), year=year).kinerja == points


def test_the_predikat_decides_whatever_the_number() -> None:
    both = replace(skp(2021, "Kurang"), nilai=Decimal("118.4"))

    assert measured(person(kinerja=(both,))).kinerja == 5


def test_no_record_earns_nothing_and_says_so() -> None:
    found = row(measured(person()), Indikator.KINERJA)

    assert (found.poin, found.alasan) == (0, "Belum ada SKP tahun 2021.")


def test_the_number_zero_is_a_number() -> None:
    assert measured(person(kinerja=(skp(2021, "0"),))).kinerja == 1


def test_a_record_that_says_nothing_is_as_none_and_is_named() -> None:
    found = row(measured(person(kinerja=(skp(2021),))), Indikator.KINERJA)

    assert found.poin == 0
    assert found.tidak_dihitung[0].alasan == "tanpa nilai dan predikat"


@pytest.mark.parametrize(
    ("judged", "winner"),
    [
        (("2022-01-02", "2022-01-01"), 0),
        (("2022-01-01", "2022-01-02"), 1),
        ((None, None), 1),
        (("2022-01-01", "2022-01-01"), 1),
        (("2022-01-01", None), 0),
        ((None, "2022-01-01"), 1),
    ],
)
def test_the_latest_judgement_wins_and_without_it_the_last_given(judged, winner: int) -> None:
    results = (skp(2021, "Baik", judged[0]), skp(2021, "Kurang", judged[1]))

    found = row(measured(person(kinerja=results)), Indikator.KINERJA)

    assert found.bukti == (winner,)
    assert [left.index for left in found.tidak_dihitung] == [1 - winner]


def test_a_judgement_after_the_year_still_counts() -> None:
    assert measured(person(kinerja=(skp(2021, "Baik", "2022-02-01"),))).kinerja == 25


def test_the_skp_of_the_year_before_does_not_count_in_a_closed_year() -> None:
    result = measured(person(kinerja=(skp(2020, "Baik"),)))

    assert (result.kinerja, result.sementara) == (0, False)


def test_the_skp_of_the_year_before_stands_in_when_asked() -> None:
    result = measured(person(kinerja=(skp(2020, "Baik"),)), provisional=True)

    assert (result.kinerja, result.sementara) == (25, True)
    assert row(result, Indikator.KINERJA).alasan == (
        "Sementara, selama SKP 2021 belum ada. Predikat SKP 2020: Baik."
    )


def test_nothing_stands_in_when_the_skp_of_the_year_is_there() -> None:
    results = (skp(2020, "Sangat Baik"), skp(2021, "Tidak membuat SKP"))

    result = measured(person(kinerja=results), provisional=True)

    assert (result.kinerja, result.sementara) == (0, False)


def test_an_older_skp_never_stands_in() -> None:
    result = measured(person(kinerja=(skp(2019, "Baik"),)), provisional=True)

    assert (result.kinerja, result.sementara) == (0, False)


def test_an_empty_record_of_the_year_lets_the_year_before_stand_in() -> None:
    result = measured(person(kinerja=(skp(2021), skp(2020, "Baik"))), provisional=True)

    assert (result.kinerja, result.sementara) == (25, True)


def test_the_number_in_the_reason_has_a_comma() -> None:
    found = row(measured(person(kinerja=(skp(2021, "88.50"),))), Indikator.KINERJA)

    assert found.alasan == "Nilai SKP 2021: 88,5."
