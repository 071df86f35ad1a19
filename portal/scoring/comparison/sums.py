"""What a comparison of two ways adds up to, part by part, and how it is kept as JSON. Pure."""

from __future__ import annotations

import heapq
import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

import msgspec

from portal.scoring.engine.result import Score
from portal.vocabulary import Dimensi, Kategori

SCALE = 10_000
"""Points are added as whole ten-thousandths."""
LARGEST = 50
"""People with the largest differences that are kept by name."""
NAMES = (*Dimensi, "total")
"""What is compared, in the order of every list of numbers."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One person, measured twice; None = not measured that way."""

    pegawai_id: uuid.UUID
    a: Score | None
    b: Score | None

    @property
    def difference(self) -> Decimal | None:
        """Points that B gives more than A; None when only one of them measures."""
        return self.b.total - self.a.total if self.a and self.b else None


class Side(msgspec.Struct):
    """One of the two ways: how many it measures, their points together, their categories."""

    orang: int = 0
    poin: list[int] = msgspec.field(default_factory=lambda: [0] * len(NAMES))
    kategori: dict[str, int] = {}

    def add(self, score: Score) -> None:
        self.orang += 1
        self.poin = [old + new for old, new in zip(self.poin, scaled(score), strict=True)]
        name = score.kategori.value
        self.kategori[name] = self.kategori.get(name, 0) + 1

    def means(self) -> list[Decimal] | None:
        """Per dimension and of the total; None without anybody."""
        return [Decimal(sum_) / SCALE / self.orang for sum_ in self.poin] if self.orang else None

    def of(self, kategori: Kategori) -> int:
        return self.kategori.get(kategori.value, 0)


class Person(msgspec.Struct):
    """Somebody with a large difference: points per dimension and in all, each way."""

    pegawai_id: str
    a: list[int]
    b: list[int]

    @property
    def key(self) -> uuid.UUID:
        return uuid.UUID(hex=self.pegawai_id)

    @property
    def rank(self) -> tuple[int, str]:
        return abs(self.b[-1] - self.a[-1]), self.pegawai_id


class Sums(msgspec.Struct):
    """Everything found so far."""

    a: Side = msgspec.field(default_factory=Side)
    b: Side = msgspec.field(default_factory=Side)
    keduanya: int = 0
    """Measured both ways; only they can rise or fall."""
    hanya_a: int = 0
    hanya_b: int = 0
    naik: int = 0
    turun: int = 0
    pindah: int = 0
    """Whose category changes."""
    langkah: dict[int, int] = {}
    """People by difference in whole points, away from 0: 3 means over 2 up to 3; 0 means none."""
    terbesar: list[Person] = []

    @property
    def tetap(self) -> int:
        return self.keduanya - self.naik - self.turun

    def add(self, people: Iterable[Compared]) -> None:
        """Count some more people."""
        steps = Counter(self.langkah)
        found = list(self.terbesar)
        for person in people:
            if person.a:
                self.a.add(person.a)
            if person.b:
                self.b.add(person.b)
            self._count(person, steps, found)
        self.langkah = dict(steps)
        self.terbesar = heapq.nlargest(LARGEST, found, key=lambda one: one.rank)

    def _count(self, person: Compared, steps: Counter[int], found: list[Person]) -> None:
        if not (person.a and person.b):
            self.hanya_a += bool(person.a)
            self.hanya_b += bool(person.b)
            return
        difference = person.b.total - person.a.total
        self.keduanya += 1
        self.naik += difference > 0
        self.turun += difference < 0
        self.pindah += person.a.kategori is not person.b.kategori
        steps[step(difference)] += 1
        if difference:
            found.append(Person(person.pegawai_id.hex, scaled(person.a), scaled(person.b)))


def step(difference: Decimal) -> int:
    """The whole point away from 0 that a difference falls into."""
    return int(difference.to_integral_value(ROUND_CEILING if difference > 0 else ROUND_FLOOR))


def scaled(score: Score) -> list[int]:
    """Its points as whole ten-thousandths, in the order of NAMES."""
    points = (*(score.dimensi(dimensi) for dimensi in Dimensi), score.total)
    return [int(value * SCALE) for value in points]


def as_json(sums: Sums) -> dict[str, Any]:
    """For the column `hasil`."""
    found: dict[str, Any] = msgspec.to_builtins(sums, str_keys=True)
    return found


def from_json(value: Any) -> Sums:
    """What `as_json` wrote."""
    return msgspec.convert(value, Sums, strict=False)
