"""What people write into the columns of an item."""

from __future__ import annotations

import datetime as dt

import pytest

from portal.documents.columns import read_day


@pytest.mark.parametrize(
    "typed",
    [
        "2026-03-05",
        "05-03-2026",
        "5/3/2026",
        "5.3.2026",
        "5 3 2026",
        "5 Maret 2026",
        "05 maret 2026",
        "5 MAR 2026",
        "5 Mar. 2026",
        "5Maret2026",
    ],
)
def test_a_day_is_read_as_people_write_it(typed: str) -> None:
    assert read_day(typed) == dt.date(2026, 3, 5)


@pytest.mark.parametrize(
    ("typed", "month"),
    [
        ("2 Peb 2019", 2),
        ("2 Pebruari 2019", 2),
        ("2 Ags 2019", 8),
        ("2 Agt. 2019", 8),
        ("2 Agust 2019", 8),
        ("2 Sept 2019", 9),
        ("2 Nop 2019", 11),
        ("2 Nopember 2019", 11),
    ],
)
def test_a_month_is_read_in_older_and_shorter_spellings(typed: str, month: int) -> None:
    assert read_day(typed) == dt.date(2019, month, 2)


@pytest.mark.parametrize("typed", ["31 Februari 2026", "5 Mart 2026"])
def test_a_day_that_is_none_is_named_as_it_was_typed(typed: str) -> None:
    with pytest.raises(ValueError, match=f"“{typed}”"):
        read_day(typed)
