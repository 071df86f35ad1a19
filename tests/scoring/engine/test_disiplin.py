from __future__ import annotations

import datetime as dt

import pytest

from portal.vocabulary import Indikator
from tests.scoring.engine.builders import NEW, OLD, measured, person, punishment, row


@pytest.mark.parametrize("rules", [OLD, NEW])
def test_without_a_punishment_the_points_are_full(rules) -> None:
    assert measured(person(), rules).disiplin == 5


@pytest.mark.parametrize(("level", "points"), [("ringan", 3), ("sedang", 2), ("berat", 1)])
@pytest.mark.parametrize("rules", [OLD, NEW])
def test_each_gravity_leaves_its_points(rules, level: str, points: int) -> None:
    assert measured(person(hukdis=(punishment(level, "2021-05-01"),)), rules).disiplin == points


def test_the_worst_in_the_window_counts() -> None:
    someone = person(hukdis=(punishment("ringan", "2021-05-01"), punishment("berat", "2017-01-01")))

    found = row(measured(someone), Indikator.DISIPLIN)

    assert (found.poin, found.bukti) == (1, (1,))
    assert "lebih berat" in found.tidak_dihitung[0].alasan


@pytest.mark.parametrize(
    ("start", "points"),
    [("2016-12-31", 5), ("2017-01-01", 1), ("2021-12-31", 1), ("2022-01-01", 5)],
)
def test_the_old_window_is_five_calendar_years_of_the_tmt(start: str, points: int) -> None:
    assert measured(person(hukdis=(punishment("berat", start),))).disiplin == points


@pytest.mark.parametrize(
    ("start", "end", "points"),
    [
        ("2023-07-01", "2024-01-01", 2),
        ("2023-07-01", "2023-12-31", 5),
        ("2024-12-31", "2025-06-30", 2),
        ("2025-01-01", "2025-06-30", 5),
        ("2020-01-01", "2030-01-01", 2),
        ("2023-12-31", None, 5),
        ("2024-01-01", None, 2),
        ("2024-12-31", None, 2),
        ("2025-01-01", None, 5),
    ],
)
def test_the_new_window_is_while_the_punishment_runs(
    start: str, end: str | None, points: int
) -> None:
    assert (
        measured(person(hukdis=(punishment("sedang", start, end),)), NEW, 2024).disiplin == points
    )


def test_a_punishment_of_a_later_day_does_not_count_yet() -> None:
    someone = person(hukdis=(punishment("sedang", "2024-07-01"),))

    assert measured(someone, NEW, 2024, as_of=dt.date(2024, 6, 30)).disiplin == 5


@pytest.mark.parametrize(
    ("rules", "year", "start", "end", "reason"),
    [
        (OLD, 2021, "2016-12-31", None, "TMT 2016 di luar jendela 2017–2021"),
        (OLD, 2021, "2022-02-01", None, "mulai 1 Februari 2022, setelah tanggal ukur"),
        (NEW, 2024, "2022-01-01", "2022-07-01", "sudah berakhir 1 Juli 2022"),
        (NEW, 2024, "2022-01-01", None, "hanya dihitung pada tahun itu"),
    ],
)
def test_a_punishment_outside_the_window_says_why(rules, year, start, end, reason) -> None:
    found = row(
        measured(person(hukdis=(punishment("berat", start, end),)), rules, year), Indikator.DISIPLIN
    )

    assert reason in found.tidak_dihitung[0].alasan


@pytest.mark.parametrize(
    ("rules", "end", "last"), [(OLD, None, 2025), (NEW, None, 2021), (NEW, "2023-02-01", 2023)]
)
def test_a_row_says_until_when_the_punishment_counts(rules, end: str | None, last: int) -> None:
    found = row(
        measured(person(hukdis=(punishment("ringan", "2021-03-01", end),)), rules),
        Indikator.DISIPLIN,
    )

    assert found.berlaku_sampai == dt.date(last, 12, 31)


def test_of_two_equal_punishments_the_longer_is_the_evidence() -> None:
    someone = person(
        hukdis=(punishment("sedang", "2018-01-01"), punishment("sedang", "2020-01-01"))
    )

    assert row(measured(someone), Indikator.DISIPLIN).bukti == (1,)
