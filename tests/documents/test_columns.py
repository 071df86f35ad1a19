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
