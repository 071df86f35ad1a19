"""Working days of Indonesia: Monday to Friday, without national holidays and the agency's own days
off (cuti bersama, holidays of the region). Pure: no database, no clock.

National holidays come from the package `holidays`; those that follow the moon are an estimate
until the joint decree of the three ministers (SKB) is out. Days that the decree moves are entered
as days off of the agency.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from portal.errors import Rejected

DAY = dt.timedelta(days=1)
MOST_DAYS = 60
"""Working days that a term may have."""
FIRST, LAST = dt.date(2000, 1, 1), dt.date(2100, 12, 31)
"""Days off lie between them."""
MOST_ROWS = 2000
LONGEST_NAME = 120
_FORMATS = ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y")


@dataclass(frozen=True)
class DayOff:
    """A day of the agency's file."""

    tanggal: dt.date
    nama: str


@lru_cache(64)
def national_holidays(year: int) -> frozenset[dt.date]:
    """The national holidays of a year."""
    from holidays.countries.indonesia import Indonesia  # most processes never ask: it takes 40 ms

    return frozenset(Indonesia(years=year))


@dataclass(frozen=True)
class WorkingDays:
    """The calendar of an agency; `off` are its own days off."""

    off: frozenset[dt.date] = field(default=frozenset())

    @classmethod
    def without(cls, days: Collection[dt.date]) -> WorkingDays:
        return cls(frozenset(days))

    def is_working(self, day: dt.date) -> bool:
        """Whether offices work on this day."""
        return day.weekday() < 5 and day not in self.off and day not in national_holidays(day.year)

    def after(self, day: dt.date, number: int) -> dt.date:
        """The working day so many working days after `day`, which itself does not count."""
        while number > 0:
            day += DAY
            number -= self.is_working(day)
        return day

    def between(self, first: dt.date, last: dt.date) -> int:
        """Working days after `first`, up to and with `last`; negative when `last` came before."""
        if last < first:
            return -self.between(last, first)
        days = (first + DAY * step for step in range(1, (last - first).days + 1))
        return sum(map(self.is_working, days))


def read_days_off(content: bytes) -> list[DayOff]:
    """Days off from a CSV: date and name, with a heading or without, comma or semicolon.

    Raises Rejected with a sentence that names the line: nothing is taken in half.
    """
    rows = [
        (number, [cell.strip() for cell in cells])
        for number, cells in enumerate(_cells(content), start=1)
        if any(cell.strip() for cell in cells)
    ]
    if rows and _day(rows[0][1][0]) is None and not any(sign.isdigit() for sign in rows[0][1][0]):
        rows = rows[1:]  # a heading
    if not rows:
        raise Rejected("Berkas ini kosong. Isi satu tanggal per baris: tanggal, nama.", "berkas")
    if len(rows) > MOST_ROWS:
        raise Rejected(f"Berkas ini lebih dari {MOST_ROWS} baris. Periksa isinya.", "berkas")
    found = {off.tanggal: off for off in (_row(number, cells) for number, cells in rows)}
    return sorted(found.values(), key=lambda off: off.tanggal)


def _cells(content: bytes) -> Iterable[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if "\0" in text:
        raise Rejected("Berkas ini bukan CSV. Simpan ulang sebagai CSV, lalu unggah.", "berkas")
    separator = ";" if text.count(";") > text.count(",") else ","
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise Rejected("Berkas ini bukan CSV yang terbaca. Simpan ulang.", "berkas") from error


def _row(number: int, cells: list[str]) -> DayOff:
    day = _day(cells[0])
    if day is None:
        raise Rejected(
            f"Baris {number}: tanggal “{cells[0][:30]}” tidak terbaca. Tulis misalnya 2026-03-20.",
            "berkas",
        )
    if not FIRST <= day <= LAST:
        raise Rejected(f"Baris {number}: tahun {day.year} tidak masuk akal.", "berkas")
    name = "".join(sign for sign in (cells[1] if len(cells) > 1 else "") if sign.isprintable())
    return DayOff(day, name[:LONGEST_NAME])


def _day(text: str) -> dt.date | None:
    for form in _FORMATS:
        try:
            return dt.datetime.strptime(text, form).date()  # noqa: DTZ007 -- a day has no zone
        except ValueError:
            continue
    return None
