from __future__ import annotations

import datetime as dt

import pytest

from portal.scoring.engine.score import format_points
from portal.vocabulary import TINGKAT_SIASN, Indikator, Tingkat
from tests.scoring.engine.builders import NEW, OLD, degree, measured, person, row

LADDER = {
    "S-3": 25, "S-2": 20, "S-1": 15, "D-IV": 15, "D-III": 10, "D-II": 5, "D-I": 5, "SLTA": 5,
    "SLTP": 1, "SD": 1, "Profesi": 15, "Spesialis": 20, "Subspesialis": 25,
}  # fmt: skip


@pytest.mark.parametrize(("level", "points"), LADDER.items())
def test_each_level_has_its_points(level: str, points: int) -> None:
    assert measured(person(pendidikan=(degree(level),))).kualifikasi == points


def test_the_ladder_knows_every_level_of_siasn() -> None:
    assert set(LADDER) == {level.value for level in TINGKAT_SIASN.values()} == set(Tingkat)


def test_the_highest_level_counts_not_the_latest_year() -> None:
    someone = person(pendidikan=(degree("S-2", "2001-01-01"), degree("D-III", "2020-01-01")))

    found = row(measured(someone), Indikator.PENDIDIKAN)

    assert (found.poin, found.bukti) == (20, (0,))


@pytest.mark.parametrize("rules", [OLD, NEW])
def test_nothing_recorded_earns_nothing_and_says_what_to_do(rules) -> None:
    found = row(measured(person(), rules), Indikator.PENDIDIKAN)

    assert (found.poin, found.bukti) == (0, ())
    assert "Unggah ijazah" in found.alasan


@pytest.mark.parametrize(
    ("finished", "year", "counts"),
    [
        ("2021-12-31", None, True),
        ("2022-01-01", None, False),
        (None, None, True),
        (None, 2021, True),
        (None, 2022, False),
        ("2021-05-01", 2022, True),
    ],
)
def test_a_degree_counts_from_its_day(finished: str | None, year: int | None, counts: bool) -> None:
    assert measured(person(pendidikan=(degree("S-3", finished, year),))).kualifikasi == 25 * counts


def test_a_degree_of_the_running_year_without_a_day_waits_for_31_december() -> None:
    someone = person(pendidikan=(degree("S-2", year=2021), degree("S-1")))

    before = measured(someone, as_of=dt.date(2021, 12, 30))
    after = measured(someone, as_of=dt.date(2021, 12, 31))

    assert (before.kualifikasi, after.kualifikasi) == (15, 20)


def test_a_degree_that_does_not_count_yet_is_named_with_its_day() -> None:
    found = row(measured(person(pendidikan=(degree("S-2", "2022-03-05"),))), Indikator.PENDIDIKAN)

    assert found.tidak_dihitung[0].index == 0
    assert found.tidak_dihitung[0].alasan == "S-2 baru dihitung mulai 5 Maret 2022"


@pytest.mark.parametrize("rules", [OLD, NEW])
def test_a_degree_that_does_not_count_yet_is_as_if_not_recorded(rules) -> None:
    someone = person(syarat_pendidikan=Tingkat.S1, pendidikan=(degree("S-2", "2025-01-15"),))

    assert measured(someone, rules, 2024).kualifikasi == 0


@pytest.mark.parametrize(
    ("held", "required", "points", "word"),
    [
        ("S-1", Tingkat.D3, 25, "di atas"),
        ("S-1", Tingkat.S1, 20, "setara dengan"),
        ("D-IV", Tingkat.S1, 20, "setara dengan"),
        ("Spesialis", Tingkat.S2, 20, "setara dengan"),
        ("Profesi", Tingkat.S1, 25, "di atas"),
        ("SD", Tingkat.S1, 10, "di bawah"),
    ],
)
def test_from_2023_the_level_is_held_against_the_post(
    held: str, required: Tingkat, points: int, word: str
) -> None:
    someone = person(syarat_pendidikan=required, pendidikan=(degree(held),))

    found = row(measured(someone, NEW, 2024), Indikator.PENDIDIKAN)

    assert found.poin == points
    assert f"{word} syarat jabatan ({required})" in found.alasan


def test_from_2023_the_ladder_serves_where_the_requirement_is_unknown() -> None:
    found = row(measured(person(pendidikan=(degree("S-2"),)), NEW, 2024), Indikator.PENDIDIKAN)

    assert found.poin == 20
    assert "belum diketahui" in found.alasan


def test_before_2023_the_requirement_of_the_post_does_not_matter() -> None:
    someone = person(syarat_pendidikan=Tingkat.S3, pendidikan=(degree("S-1"),))

    assert format_points(measured(someone).kualifikasi) == "15.00"
