"""Keyset pages: "after this row", never "row 5000"; as fast at a million rows as at ten."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True)
class Position:
    """A row's place in an order by (moment, id)."""

    moment: dt.datetime
    id: uuid.UUID

    def encode(self) -> str:
        raw = f"{self.moment.astimezone(dt.UTC).isoformat()}|{self.id.hex}"
        return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str | None) -> Position | None:
        """Read a position from an address; nonsense is the first page, never an error."""
        if not text or len(text) > 120:
            return None
        try:
            raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
            moment, _, key = raw.partition("|")
            at = dt.datetime.fromisoformat(moment)
            if at.tzinfo is None:
                return None
            return cls(at.astimezone(dt.UTC), uuid.UUID(hex=key))
        except (ValueError, OverflowError, binascii.Error):
            return None


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows to show and the position after which the next page begins (None: the last page)."""

    rows: Sequence[Row]
    next: str | None


def cut(rows: Sequence[Row], size: int, position: Callable[[Row], Position]) -> Page[Row]:
    """Turn `size + 1` fetched rows into a page of `size` and a pointer to the rest."""
    shown = rows[:size]
    more = len(rows) > size
    return Page(shown, position(shown[-1]).encode() if more else None)
