"""Keyset pages: a position survives its address; nonsense in the address is the first page."""

from __future__ import annotations

import base64
import datetime as dt
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.web.pagination import Position, cut

MOMENT = dt.datetime(2026, 11, 21, 3, 42, tzinfo=dt.UTC)
ID = uuid.UUID("6b1f7a0e-58a1-4d0e-9d53-8ff0c9b6a111")


def packed(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def test_a_position_survives_its_address() -> None:
    assert Position.decode(Position(MOMENT, ID).encode()) == Position(MOMENT, ID)


def test_positions_of_other_zones_name_the_same_moment() -> None:
    makassar = MOMENT.astimezone(dt.timezone(dt.timedelta(hours=8)))

    assert Position(makassar, ID).encode() == Position(MOMENT, ID).encode()


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "x",
        "%%%",
        "halaman-dua",
        "é💥",
        "A" * 5000,
        packed("2026-11-21T03:42:00+00:00"),
        packed(f"2026-11-21T03:42:00|{ID.hex}"),
        packed("2026-11-21T03:42:00+00:00|bukan-id"),
        packed(f"kemarin|{ID.hex}"),
        packed(f"0001-01-01T00:00:00+14:00|{ID.hex}"),
        packed(f"9999-12-31T23:59:59-14:00|{ID.hex}"),
        packed("|"),
        packed("\0|\0"),
    ],
)
def test_nonsense_is_the_first_page(text: str | None) -> None:
    assert Position.decode(text) is None


@given(st.text(max_size=150))
def test_no_text_of_an_address_is_an_error(text: str) -> None:
    Position.decode(text)
    Position.decode(packed(text))


def position(number: int) -> Position:
    return Position(MOMENT + dt.timedelta(minutes=number), ID)


def test_one_row_more_than_the_page_points_to_the_next() -> None:
    page = cut([1, 2, 3], 2, position)

    assert list(page.rows) == [1, 2]
    assert page.next == position(2).encode()


@pytest.mark.parametrize("rows", [[], [1], [1, 2]])
def test_the_last_page_points_nowhere(rows: list[int]) -> None:
    page = cut(rows, 2, position)

    assert (list(page.rows), page.next) == (rows, None)
