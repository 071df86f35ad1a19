"""The days that figures are about; they live in the address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from zoneinfo import ZoneInfo

from portal.wording import tanggal_pendek

USUAL = 30
MOST = 92
"""Days: a quarter, so that a page stays quick whatever is typed."""
DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """From the first to the last day, both included, by the agency's clock."""

    first: dt.date
    last: dt.date

    @classmethod
    def of(cls, args: Mapping[str, str], today: dt.date) -> Self:
        """As asked for in `dari` and `sampai`; nonsense asks for the usual days, and too many are
        cut at their beginning."""
        last = min(_day(args.get("sampai", "")) or today, today)
        first = _day(args.get("dari", "")) or last - DAY * (USUAL - 1)
        if first > last:
            first = last - DAY * (USUAL - 1)
        return cls(max(first, last - DAY * (MOST - 1)), last)

    def moments(self, zone: ZoneInfo) -> tuple[dt.datetime, dt.datetime]:
        """The first moment, and the first one after it is over."""
        start = dt.datetime.combine(self.first, dt.time(), zone)
        return start, dt.datetime.combine(self.last + DAY, dt.time(), zone)

    @property
    def words(self) -> str:
        """25 Okt 2026 sampai 23 Nov 2026."""
        if self.first == self.last:
            return tanggal_pendek(self.last)
        return f"{tanggal_pendek(self.first)} sampai {tanggal_pendek(self.last)}"

    @property
    def step(self) -> int:
        """Days of one bar: a day in a short period, else a week."""
        return 1 if (self.last - self.first).days < 14 else 7

    def stretches(self) -> list[tuple[dt.date, dt.date]]:
        """The days of each bar. Weeks end with the period, so that the newest is whole."""
        found: list[tuple[dt.date, dt.date]] = []
        end = self.last
        while end >= self.first:
            begin = max(end - DAY * (self.step - 1), self.first)
            found.append((begin, end))
            end = begin - DAY
        return found[::-1]

    def address(self) -> dict[str, str]:
        return {"dari": self.first.isoformat(), "sampai": self.last.isoformat()}


def _day(text: str) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None
