"""Dates as Indonesian papers write them: single days, ranges, days of issue, days of birth."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from portal.documents.reading.lines import as_digits
from portal.vocabulary import MONTHS

_ENGLISH = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_SHORT = {"agt": 8, "agst": 8, "aug": 8, "sept": 9, "oct": 10, "nop": 11, "nopember": 11, "dec": 12}
_NAMES: dict[str, int] = (
    {name: n for n, name in enumerate(_ENGLISH, 1)}
    | {name.lower()[:3]: n for n, name in enumerate(MONTHS, 1)}
    | {name.lower(): n for n, name in enumerate(MONTHS, 1)}
    | _SHORT
    | {"pebruari": 2}
)
_LONG_NAMES = [name for name in _NAMES if len(name) > 3]
_WEEKDAYS = "senin|selasa|rabu|kamis|jum'?at|sabtu|minggu|ahad"

_DAY = r"(?<![\dA-Za-z/.])[\dOIl]{1,2}"
_WORD = r"[A-Za-z]{3,10}"
_YEAR = r"[12][\dOoIl]{3}(?!\d)"
_JOIN = (
    r"(?:s\.?\s?/?\s?d\.?|sampai(?:\s{1,3}dengan)?|hingga|dan|to|until|&|[-–—~])"
    rf"\s{{0,3}}(?:(?:tanggal|{_WEEKDAYS})\b,?\s{{0,3}})?"
)
_NUMERIC = r"(?<![\w/.-])\d{1,2}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?\d{4}(?![\w/])"
_RANGE = re.compile(
    rf"(?P<d1>{_DAY})\s{{0,3}}(?:(?!dan\b|s\.?d\b|to\b|sampai\b|hingga\b)(?P<m1>{_WORD})\.?)?"
    rf"\s{{0,3}}(?P<y1>{_YEAR})?\s{{0,3}}{_JOIN}"
    rf"(?P<d2>[\dOIl]{{1,2}})\s{{0,3}}(?P<m2>{_WORD})\.?,?\s{{0,3}}(?P<y2>{_YEAR})",
    re.IGNORECASE,
)
_SINGLE = re.compile(
    rf"(?P<d>{_DAY})\s{{0,3}}(?P<m>{_WORD})\.?,?\s{{0,3}}(?P<y>{_YEAR})", re.IGNORECASE
)
_DIGITS = re.compile(rf"(?P<a>{_NUMERIC})(?:\s{{0,3}}{_JOIN}(?P<b>{_NUMERIC}))?", re.IGNORECASE)
_BIRTH = re.compile(r"\b(?:lahir|ttl|born)\b", re.IGNORECASE)
_ELSEWHERE = re.compile(
    r"\b(?:peraturan|undang|keputusan|akreditasi|sk)\b[^\n]{0,30}\b(?:nomor|no|tanggal|tahun)\b",
    re.IGNORECASE,
)
_ISSUE = re.compile(
    r"\b(?:diterbitkan|dikeluarkan|ditetapkan|tanggal\s{1,3}(?:sertifikat|terbit))\b", re.IGNORECASE
)
_PLACE = re.compile(r"(?:^|[\n\s])([A-Z][A-Za-z. ]{2,30}),\s{0,3}(?:tanggal\s{0,3})?$")
_WEEKDAY = re.compile(rf"(?:{_WEEKDAYS})$", re.IGNORECASE)
_BEFORE = 45
"""Letters before a date in which its label stands."""


@dataclass(frozen=True)
class Span:
    """Days that are named together, and where in the text."""

    start: dt.date
    end: dt.date
    place: int
    kind: str
    """"acara" of the event, "terbit" of the issue, "lahir" or "lain" of something else."""


def spans(text: str) -> list[Span]:
    """Every date of the text, in its order."""
    found: list[Span] = []
    taken = 0
    for start, end, first, last in sorted(_all(text), key=lambda one: (one[0], -one[1])):
        if start < taken:
            continue
        taken = end
        found.append(Span(first, last, start, _kind(text[max(0, start - _BEFORE) : start])))
    return found


def _all(text: str) -> Iterator[tuple[int, int, dt.date, dt.date]]:
    for match in _RANGE.finditer(text):
        last = _date(match["d2"], match["m2"], match["y2"])
        first = _date(match["d1"], match["m1"] or match["m2"], match["y1"] or match["y2"])
        if first and last and first <= last:
            yield (*match.span(), first, last)
    for match in _SINGLE.finditer(text):
        day = _date(match["d"], match["m"], match["y"])
        if day:
            yield (*match.span(), day, day)
    for match in _DIGITS.finditer(text):
        first, last = _numeric(match["a"]), _numeric(match["b"] or match["a"])
        if first and last and first <= last:
            yield (*match.span(), first, last)


def _date(day: str, month: str, year: str) -> dt.date | None:
    number = _month(month)
    return _valid(as_digits(year), number, as_digits(day)) if number else None


def _numeric(text: str) -> dt.date | None:
    day, month, year = re.split(r"\s?[-/.]\s?", text)
    return _valid(year, int(month), day)


def _valid(year: str, month: int, day: str) -> dt.date | None:
    try:
        found = dt.date(int(year), month, int(day))
    except ValueError:
        return None
    return found if 1930 <= found.year <= 2100 else None


def _month(word: str) -> int | None:
    name = word.casefold()
    if name in _NAMES:
        return _NAMES[name]
    close = get_close_matches(name, _LONG_NAMES, 1, 0.75) if len(name) > 3 else []
    return _NAMES[close[0]] if close else None


def _kind(before: str) -> str:
    if _BIRTH.search(before):
        return "lahir"
    if _ISSUE.search(before):
        return "terbit"
    if _ELSEWHERE.search(before):
        return "lain"
    place = _PLACE.search(before)
    if place and not _WEEKDAY.search(place[1]):
        return "terbit"
    return "acara"


def event(found: list[Span]) -> Span | None:
    """The days of the event: a range before a single day, the first of each."""
    days = [span for span in found if span.kind == "acara"]
    return next((span for span in days if span.start != span.end), days[0] if days else None)


def issued(found: list[Span], after: dt.date | None) -> dt.date | None:
    """The day on which the paper was signed: the last one that names a place. One before the
    event is misread, sooner than a certificate in advance."""
    days = [span.start for span in found if span.kind == "terbit"]
    if not days or (after and days[-1] < after):
        return None
    return days[-1]
