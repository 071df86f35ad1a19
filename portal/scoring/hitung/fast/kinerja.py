"""Kinerja of many people: it hangs on the one result that decides."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import TypeAlias

from msgspec import UNSET

from portal.scoring.engine.inputs import PREDIKAT, InputErrors, Kinerja
from portal.scoring.hitung.careful import read_person
from portal.scoring.hitung.fast.lines import Line, Result
from portal.scoring.hitung.fast.reference import NOBODY, Cell, Facts, Kinds, Reference
from portal.scoring.memo import MOST_KEPT, Memo

_LONGEST_KEPT = 16
"""Longest text of a number that is remembered, in bytes."""

Said: TypeAlias = str | bytes | None
"""What a result says: its predikat, the text of its number, or nothing."""
Found: TypeAlias = tuple[int, Result, Said]
"""A result of the year with its index."""


class Refused(Exception):
    """The careful reader has to look at this line."""


class Numbers(dict[bytes, bytes | None]):
    """Texts of numbers that the careful reader takes; None for a null."""

    def __init__(self, beside: bytes = b"") -> None:
        super().__init__()
        self._beside = beside

    def __missing__(self, text: bytes) -> bytes | None:
        found = None if self.value(text) is None else text
        if len(text) <= _LONGEST_KEPT and len(self) < MOST_KEPT:
            self[text] = found
        return found

    def value(self, text: bytes) -> Decimal | None:
        """The number itself; raises Refused."""
        person = b'{"nip": "%b", "kelompok_jabatan": "pelaksana", "kinerja": [%b]}'
        result = b'{"tahun": 2000, "nilai": %b%b}' % (text, self._beside)
        try:
            return read_person(person % (NOBODY.encode(), result)).kinerja[0].nilai
        except InputErrors:
            raise Refused from None


class KinerjaOfMany:
    """Answers for the dimension."""

    def __init__(self, reference: Reference) -> None:
        self._reference = reference
        self._known = Memo(self._learn)
        self._alone = Numbers()
        self._beside = Numbers(b', "predikat": "%b"' % next(iter(PREDIKAT)).encode())
        self.kinds = Kinds()

    def column(self, people: list[Line]) -> list[Cell]:
        """One cell for each person; raises Refused when a number is none."""
        known = self._known
        year = self._reference.task.year
        cells: list[Cell] = []
        for person in people:
            found: list[Found] = []
            before: list[Found] = []
            for index, item in enumerate(person.kinerja or ()):
                said = item.predikat or None if item.nilai is UNSET else self._said(item)
                if item.tahun == year:
                    found.append((index, item, said))
                elif item.tahun == year - 1:
                    before.append((index, item, said))
            if len(found) == 1 and found[0][2]:
                cells.append(known[found[0][0], year, found[0][2]])
            else:
                cells.append(self._unusual(person, found, before))
        return cells

    def _said(self, item: Result) -> Said:
        """What a result with a number says; a predikat decides whatever the number."""
        assert item.nilai is not UNSET  # noqa: S101 -- asked for such results only
        text = bytes(item.nilai)
        if item.predikat:
            self._beside[text]
            return item.predikat
        return self._alone[text]

    def _unusual(self, person: Line, found: list[Found], before: list[Found]) -> Cell:
        """No result of the year, several, or one that says nothing."""
        task = self._reference.task
        useful = [each for each in found if each[2]]
        passed_over = len(useful) > 1 or len(useful) < len(found)
        if not useful and task.provisional:
            useful = [each for each in before if each[2]]
            passed_over = passed_over or len(useful) > 1
        if passed_over and not task.brief:
            return self._cell({"kinerja": tuple(map(self._result, person.kinerja or ()))})
        if not useful:
            return self._known[0, task.year, None]
        index, item, said = max(useful, key=_latest)
        return self._known[index, item.tahun, said]

    def _learn(self, index: int, year: int, said: Said) -> Cell:
        if said is None:
            return self._cell({"kinerja": ()})
        nilai = self._alone.value(said) if isinstance(said, bytes) else None
        predikat = PREDIKAT[said] if isinstance(said, str) else None
        return self._cell({"kinerja": (Kinerja(year, nilai, predikat),)}, index)

    def _result(self, item: Result) -> Kinerja:
        predikat = PREDIKAT[item.predikat] if item.predikat else None
        numbers = self._beside if predikat else self._alone
        nilai = None if item.nilai is UNSET else numbers.value(bytes(item.nilai))
        return Kinerja(item.tahun, nilai, predikat, item.dinilai or None)

    def _cell(self, facts: Facts, index: int | None = None) -> Cell:
        score = self._reference.score(facts)
        row = score.rincian[-2]
        if index is not None and row.bukti:
            row = replace(row, bukti=(index,))
        points = (score.kinerja, score.sementara)
        return self.kinds.number(points, facts), self._reference.row(row) + b", "


def _latest(found: Found) -> tuple[dt.date, int]:
    return found[1].dinilai or dt.date.min, found[0]
