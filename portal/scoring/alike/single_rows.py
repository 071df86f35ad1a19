"""The dimensions that have one row: kualifikasi, kinerja and disiplin."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from portal.scoring import facts
from portal.scoring.alike.asking import Asking, Cell, example
from portal.scoring.alike.forms import mark, marks
from portal.scoring.engine import disiplin, kinerja, kualifikasi
from portal.scoring.memo import Memo
from portal.vocabulary import Tingkat

_PROGRAM_STUDI = 6


class Kualifikasi:
    """It hangs on the levels that count and the one that the post requires."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self._cells = Memo(self._learn)

    def cell(self, required: str | None, degrees: Sequence[Any]) -> tuple[int, str]:
        """Kind and row of somebody with these degrees."""
        today = self._asking.at.tanggal
        key: list[object] = [required]
        for degree in degrees:
            _, _, document, tingkat, lulus, tahun, name = degree
            if (lulus is None or lulus <= today) and (lulus or _is_over(tahun, today)):
                # It counts, whatever its day.
                lulus = tahun = None
            key.append((tingkat, lulus, tahun, name != "", document is not None))
        found = self._cells[tuple(key)]
        return found.kind, found.form.of(degrees)

    def _learn(self, required: str | None, *degrees: tuple[Any, ...]) -> Cell:
        records = [
            (*marks(n, own), tingkat, lulus, tahun, mark(n, _PROGRAM_STUDI) if named else "")
            for n, (tingkat, lulus, tahun, named, own) in enumerate(degrees)
        ]
        person = example(
            pendidikan=tuple(map(facts.degree, records)),
            syarat_pendidikan=None if required is None else Tingkat(required),
        )
        row = kualifikasi.row(person, self._asking.rules, self._asking.at)
        held = person.pendidikan[row.bukti[0]].tingkat if row.bukti else None
        return self._asking.cell(person, row, row.poin, held)


def _is_over(year: int | None, today: dt.date) -> bool:
    return year is None or dt.date(year, 12, 31) <= today


class Kinerja:
    """It hangs on the results of the year and of the one before."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self._cells = Memo(self._learn)
        self._years = (asking.at.tahun, asking.at.tahun - 1)

    def cell(self, results: Sequence[Any]) -> tuple[int, str]:
        """Kind and row of somebody with these results."""
        year, before = self._years
        used = [result for result in results if result[3] == year or result[3] == before]
        if len(used) > 1 and len({result[3] for result in used}) < len(used):
            key = [tuple(result[3:7]) for result in used]  # of one year the latest decides
        else:
            # A predikat decides, whatever the number beside it.
            key = [
                (result[3], None if result[5] else result[4], result[5], None) for result in used
            ]
        found = self._cells[tuple(key)]
        return found.kind, found.form.of(used)

    def _learn(self, *results: tuple[Any, ...]) -> Cell:
        records = [(*marks(n, from_document=False), *said) for n, said in enumerate(results)]
        person = example(kinerja=tuple(map(facts.result, records)))
        row, stands_in = kinerja.row(person, self._asking.rules, self._asking.at)
        return self._asking.cell(person, row, row.poin, stands_in)


class Disiplin:
    """It hangs on everything that is told of a punishment; few people have one."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self._cells = Memo(self._learn)

    def cell(self, punishments: Sequence[Any]) -> tuple[int, str]:
        """Kind and row of somebody with these punishments."""
        found = self._cells[tuple([tuple(punishment[3:6]) for punishment in punishments])]
        return found.kind, found.form.of(punishments)

    def _learn(self, *punishments: tuple[Any, ...]) -> Cell:
        records = [(*marks(n, from_document=False), *said) for n, said in enumerate(punishments)]
        person = example(hukdis=tuple(map(facts.punishment, records)))
        row = disiplin.row(person, self._asking.rules, self._asking.at)
        return self._asking.cell(person, row, row.poin)
