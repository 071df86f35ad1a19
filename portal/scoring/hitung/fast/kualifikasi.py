"""Kualifikasi of many people: it hangs on the highest level that counts and the one required."""

from __future__ import annotations

from dataclasses import replace

from portal.scoring.engine.inputs import TINGKAT, Pendidikan
from portal.scoring.hitung.fast.facts import Given, degree, tingkat
from portal.scoring.hitung.fast.lines import Line
from portal.scoring.hitung.fast.reference import Cell, Facts, Kinds, Reference
from portal.scoring.memo import Memo
from portal.vocabulary import KKNI

_RANK = {word: KKNI[level] for word, level in TINGKAT.items()}


class KualifikasiOfMany:
    """Answers for the dimension."""

    def __init__(self, reference: Reference) -> None:
        self._reference = reference
        self._known = Memo(self._learn)
        self.kinds = Kinds()

    def column(self, people: list[Line]) -> list[Cell]:
        """One cell for each person."""
        known, full = self._known, not self._reference.task.brief
        year = self._reference.task.year
        cells: list[Cell] = []
        for person in people:
            top, best, word, late = -1, 0, None, False
            for index, item in enumerate(person.pendidikan or ()):
                day = item.tanggal_lulus
                # A year alone counts from its 31 December, the day that is measured.
                if (day.year if day else item.tahun_lulus or 0) > year:
                    late = True
                elif (rank := _RANK[item.tingkat]) > top:
                    top, best, word = rank, index, item.tingkat
            if late and full:
                cells.append(self._with_late(person))
            else:
                cells.append(known[best, word, person.syarat_pendidikan])
        return cells

    def _with_late(self, person: Line) -> Cell:
        """Reasons that name the day from which a degree will count."""
        items = tuple(map(degree, person.pendidikan or ()))
        return self._cell(self._facts(person.syarat_pendidikan, items))

    def _learn(self, best: int, word: str | None, required: Given) -> Cell:
        items = () if word is None else (Pendidikan(TINGKAT[word]),)
        return self._cell(self._facts(required, items), best)

    @staticmethod
    def _facts(required: Given, items: tuple[Pendidikan, ...]) -> Facts:
        return {"syarat_pendidikan": tingkat(required), "pendidikan": items}

    def _cell(self, facts: Facts, best: int | None = None) -> Cell:
        score = self._reference.score(facts)
        row = score.rincian[0]
        if best is not None and row.bukti:
            row = replace(row, bukti=(best,))
        return self.kinds.number(score.kualifikasi, facts), self._reference.row(row) + b", "
