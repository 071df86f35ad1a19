"""The index of a unit: means over its measured persons, never a mean of means (rules.md §1.7)."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Context, Decimal, localcontext
from typing import TypeAlias

from portal.scoring.engine.result import NotMeasured, Score
from portal.vocabulary import Dimensi, JenisPegawai

_NONE = Decimal(0)
_EXACT = Context(prec=100)
"""Sums of many points lose nothing, so their order does not matter."""

Points: TypeAlias = tuple[Decimal, ...] | None
"""Of each dimension and in all; None for somebody who is not measured."""


def points(result: Score | NotMeasured) -> Points:
    """What a recap needs to know of an answer."""
    if isinstance(result, NotMeasured):
        return None
    return (*(result.dimensi(name) for name in Dimensi), result.total)


@dataclass(slots=True)
class Sums:
    """Running sums of one group; means are exact until somebody rounds them."""

    pegawai: int = 0
    diukur: int = 0
    dimensi: dict[Dimensi, Decimal] = field(default_factory=lambda: dict.fromkeys(Dimensi, _NONE))
    total: Decimal = _NONE

    def add(self, found: Points, times: int = 1) -> None:
        """Count people with these points; who is not measured is staff only, never a 0."""
        self.pegawai += times
        if found is None:
            return
        self.diukur += times
        *parts, total = found
        with localcontext(_EXACT):
            self.total += total * times
            for name, part in zip(Dimensi, parts, strict=True):
                self.dimensi[name] += part * times

    def mean(self, name: Dimensi) -> Decimal | None:
        """Mean of one dimension, None when nobody was measured."""
        return self.dimensi[name] / self.diukur if self.diukur else None

    @property
    def index(self) -> Decimal | None:
        """Mean of the totals, rounded by itself: printed dimensions may differ from it by 0.02."""
        return self.total / self.diukur if self.diukur else None

    @property
    def persen(self) -> Decimal:
        """Share of the staff that was measured, in percent."""
        return Decimal(100 * self.diukur) / self.pegawai if self.pegawai else _NONE


class Recap:
    """Sums per kind of employee, and of all together."""

    def __init__(self) -> None:
        self.semua = Sums()
        self.per_jenis: dict[JenisPegawai, Sums] = {}

    def add(self, jenis: JenisPegawai, result: Score | NotMeasured) -> None:
        """Count one person."""
        self.add_many(jenis, points(result), 1)

    def add_many(self, jenis: JenisPegawai, found: Points, times: int) -> None:
        """Count people of one kind who have the same points."""
        self.semua.add(found, times)
        self.per_jenis.setdefault(jenis, Sums()).add(found, times)
