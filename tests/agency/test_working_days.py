"""Working days of Indonesia, and the agency's own days off."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.agency.working_days import DayOff, WorkingDays, national_holidays, read_days_off
from portal.errors import Rejected

DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2030, 12, 31))
PLAIN = WorkingDays()


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (dt.date(2026, 11, 23), True),  # a Monday
        (dt.date(2026, 11, 21), False),  # a Saturday
        (dt.date(2026, 11, 22), False),  # a Sunday
        (dt.date(2026, 8, 17), False),  # the day of independence, a Monday
        (dt.date(2026, 12, 25), False),  # Christmas, a Friday
    ],
)
def test_offices_rest_on_weekends_and_national_holidays(day: dt.date, working: bool) -> None:
    assert PLAIN.is_working(day) is working


def test_the_day_of_the_hand_in_does_not_count() -> None:
    assert PLAIN.after(dt.date(2026, 11, 23), 1) == dt.date(2026, 11, 24)


def test_a_term_steps_over_weekend_and_holidays() -> None:
    # Thursday 24 December: Friday is Christmas, then a weekend, then four days, then New Year.
    assert PLAIN.after(dt.date(2026, 12, 24), 5) == dt.date(2027, 1, 4)


def test_the_agencys_own_days_off_are_left_out_too() -> None:
    known = WorkingDays.without([dt.date(2026, 11, 24)])

    assert known.after(dt.date(2026, 11, 23), 1) == dt.date(2026, 11, 25)


@given(DAYS, st.integers(1, 30))
def test_a_term_ends_on_a_working_day_with_so_many_before_it(day: dt.date, number: int) -> None:
    end = PLAIN.after(day, number)

    assert PLAIN.is_working(end)
    assert PLAIN.between(day, end) == number


@given(DAYS, DAYS)
def test_counting_back_is_counting_forth_with_a_sign(one: dt.date, other: dt.date) -> None:
    assert PLAIN.between(one, other) == -PLAIN.between(other, one)


def test_every_year_has_the_holidays_that_never_move() -> None:
    fixed = ((1, 1), (5, 1), (6, 1), (8, 17), (12, 25))

    for year in range(2024, 2031):
        assert {dt.date(year, *day) for day in fixed} <= national_holidays(year)


@pytest.mark.parametrize(
    "content",
    [
        b"2026-03-20,Cuti bersama Idulfitri\n",
        b"tanggal,nama\n2026-03-20,Cuti bersama Idulfitri\n",
        b"Tanggal;Nama\r\n20-03-2026;Cuti bersama Idulfitri\r\n",
        b"\xef\xbb\xbf20/03/2026;Cuti bersama Idulfitri\n\n",
    ],
)
def test_a_file_is_read_with_heading_or_without_in_the_ways_people_write(content: bytes) -> None:
    assert read_days_off(content) == [DayOff(dt.date(2026, 3, 20), "Cuti bersama Idulfitri")]


def test_a_day_that_stands_twice_counts_once() -> None:
    assert len(read_days_off(b"2026-03-20,Satu\n2026-03-20,Dua\n")) == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "kosong"),
        (b"tanggal,nama\n", "kosong"),
        (b"2026-03-20,Cuti\n2026-02-30,Bukan\n", "Baris 2"),
        (b"2026-03-20,Cuti\nkemarin,Bukan\n", "kemarin"),
        (b"0026-03-20,Cuti\n", "tahun 26"),
        (b"PK\x03\x04\0\0\0\0", "bukan CSV"),
        (b"2026-03-20,x\n" * 2001, "lebih dari 2000"),
    ],
)
def test_what_is_no_list_of_days_is_refused_with_its_line(content: bytes, words: str) -> None:
    with pytest.raises(Rejected, match=words):
        read_days_off(content)


@given(st.binary(max_size=300))
def test_any_bytes_are_days_or_a_sentence(content: bytes) -> None:
    try:
        found = read_days_off(content)
    except Rejected:
        return
    assert all(isinstance(off.tanggal, dt.date) for off in found)
