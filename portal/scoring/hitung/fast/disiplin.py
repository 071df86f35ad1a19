"""Disiplin of many people: nearly all of them have no punishment at all."""

from __future__ import annotations

import datetime as dt

from msgspec import UnsetType

from portal.scoring.engine.inputs import HUKUMAN, Hukdis
from portal.scoring.hitung.fast.lines import Line, Punishment
from portal.scoring.hitung.fast.reference import Cell, Facts, Kinds, Reference
from portal.scoring.memo import Memo


class DisiplinOfMany:
    """Answers for the dimension."""

    def __init__(self, reference: Reference) -> None:
        self._reference = reference
        self._brief = reference.task.brief
        self._known = Memo(self._learn)
        self.kinds = Kinds()

    def column(self, people: list[Line]) -> list[Cell]:
        """One cell for each person."""
        nothing = self._known[()]
        return [self._punished(person.hukdis) if person.hukdis else nothing for person in people]

    def _punished(self, items: list[Punishment]) -> Cell:
        if self._brief:
            # Punishments count by calendar years; the days stand in the reasons only.
            years = [
                (item.tingkat, item.tmt.replace(month=1, day=1), _new_year(item.akhir))
                for item in items
            ]
            return self._known[tuple(years)]
        return self._known[tuple([(item.tingkat, item.tmt, item.akhir or None) for item in items])]

    def _learn(self, *items: tuple[str, dt.date, dt.date | None]) -> Cell:
        return self._cell(tuple(Hukdis(HUKUMAN[word], tmt, akhir) for word, tmt, akhir in items))

    def _cell(self, items: tuple[Hukdis, ...]) -> Cell:
        facts: Facts = {"hukdis": items}
        score = self._reference.score(facts)
        row = self._reference.row(score.rincian[-1])
        return self.kinds.number(score.disiplin, facts), row + b"]}\n"


def _new_year(day: dt.date | UnsetType | None) -> dt.date | None:
    return day.replace(month=1, day=1) if day else None
