"""The index of a unit: means over its measured persons, never a mean of means (rules.md §1.7)."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from portal.scoring.engine.result import NotMeasured, Score
from portal.vocabulary import Dimensi, JenisPegawai

_NONE = Decimal(0)


@dataclass(slots=True)
class Sums:
    """Running sums of one group; means are exact until somebody rounds them."""

    pegawai: int = 0
    diukur: int = 0
    dimensi: dict[Dimensi, Decimal] = field(default_factory=lambda: dict.fromkeys(Dimensi, _NONE))
    total: Decimal = _NONE

    def add(self, result: Score | NotMeasured) -> None:
        """Count one person; who is not measured is staff only, never a 0."""
        self.pegawai += 1
        if isinstance(result, NotMeasured):
            return
        self.diukur += 1
        self.total += result.total
        for name in self.dimensi:
            self.dimensi[name] += result.dimensi(name)

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
        self.semua.add(result)
        self.per_jenis.setdefault(jenis, Sums()).add(result)
