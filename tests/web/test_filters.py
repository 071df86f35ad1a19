"""Numbers, dates, sizes and initials as people in Indonesia read them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from flask import Flask

from portal.web import filters
from tests.support.database import on_sqlite_alone

MOMENT = dt.datetime(2026, 11, 21, 16, 42, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal(71), "71,00"),
        ("7.875", "7,88"),
        ("0.005", "0,01"),
        ("90.995", "91,00"),
        (0, "0,00"),
        ("100", "100,00"),
        ("-2.5", "-2,50"),
    ],
)
def test_points_have_two_decimals_rounded_half_up(value: Decimal | str | int, text: str) -> None:
    assert filters.points(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (999, "999"), (1800, "1.800"), (5_200_000, "5.200.000")]
)
def test_whole_numbers_have_a_point_at_each_thousand(value: int, text: str) -> None:
    assert filters.whole(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [("25", "25"), ("22.50", "22,5"), ("7.875", "7,88"), ("100.00", "100"), (0, "0")],
)
def test_plain_numbers_are_as_short_as_they_can_be(value: str | int, text: str) -> None:
    assert filters.plain(value) == text


def test_a_date_is_written_in_words() -> None:
    assert filters.tanggal(dt.date(2026, 10, 2)) == "2 Oktober 2026"


def test_a_short_date_has_three_letters_of_its_month() -> None:
    assert filters.tanggal_pendek(dt.date(2026, 8, 17)) == "17 Agu 2026"


def test_a_stored_date_is_written_in_words() -> None:
    assert filters.tanggal_iso("2027-01-01") == "1 Januari 2027"


@pytest.mark.parametrize("write", [filters.tanggal, filters.tanggal_pendek, filters.waktu])
def test_a_missing_date_is_a_dash(write: object) -> None:
    assert write(None) == "–"  # type: ignore[operator]


@on_sqlite_alone
def test_a_moment_without_a_person_is_told_in_western_time(app: Flask) -> None:
    with app.test_request_context():
        assert filters.waktu(MOMENT) == "21 Nov 2026, 23.42 WIB"


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 byte"),
        (1023, "1023 byte"),
        (1024, "1 KB"),
        (348_160, "340 KB"),
        (1024 * 1024 - 1, "1,0 MB"),
        (14_680_064, "14,0 MB"),
    ],
)
def test_a_size_is_told_in_the_unit_that_fits(size: int, text: str) -> None:
    assert filters.ukuran(size) == text


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Sari Rahmawati", "SR"),
        ("Muhammad Rizky Ramadhan Siregar", "MS"),
        ("Suharto", "S"),
        ("🌸 Bunga", "B"),
        ("محمد أحمد", "مأ"),
        ("12345", "?"),
        ("", "?"),
    ],
)
def test_initials_are_those_of_the_first_and_the_last_word(name: str, letters: str) -> None:
    assert filters.inisial(name) == letters
