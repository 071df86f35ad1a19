"""The engine as the quick way asks it: about people made up to have what matters, once per kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from portal.scoring.engine.inputs import Person
from portal.scoring.engine.result import Excluded, NotMeasured, Row, Score, not_counted
from portal.scoring.hitung.careful import Task, reasons, to_json
from portal.vocabulary import KelompokJabatan

Facts: TypeAlias = dict[str, Any]
"""Fields of an engine Person."""

Cell: TypeAlias = tuple[int, bytes]
"""What one dimension comes to: a number of `Kinds`, and the rows of `rincian` where asked for."""

NOBODY = "0" * 18


class Kinds:
    """The different points that one dimension can come to, numbered.

    Each number stands for facts of somebody who has these points.
    """

    def __init__(self) -> None:
        self._numbers: dict[object, int] = {}
        self.facts: list[Facts] = []

    def number(self, points: object, facts: Facts) -> int:
        """The number of these points; `facts` lead to them."""
        number = self._numbers.setdefault(points, len(self.facts))
        if number == len(self.facts):
            self.facts.append(facts)
        return number


class Reference:
    """The engine for one task."""

    def __init__(self, task: Task) -> None:
        self.task = task

    def result(self, facts: Facts) -> Score | NotMeasured:
        """The engine about somebody with these facts and no other."""
        return self.task.score(Person(nip=NOBODY, **facts))

    def score(self, facts: Facts) -> Score:
        """The same about somebody who is measured."""
        own = {
            "jenis_pegawai": self.task.rules.diukur[0],
            "kelompok_jabatan": KelompokJabatan.PELAKSANA,
        }
        result = self.result(own | facts)
        assert isinstance(result, Score)  # noqa: S101 -- the kind above is one that is measured
        return result

    def row(self, row: Row, bukti: Sequence[int] | None = None) -> bytes:
        """A row as it stands in `rincian`, resting on other evidence when that is given."""
        if self.task.brief:
            return b""
        return to_json(reasons(row if bukti is None else replace(row, bukti=tuple(bukti))))

    def opening(self, row: Row) -> bytes:
        """The row up to the end of its reason, before what was not counted."""
        bare = self.row(replace(row, tidak_dihitung=()), ())
        return bare.removesuffix(after_reason(b"[]"))


def after_reason(bukti: bytes) -> bytes:
    """What follows the reason of a row."""
    return b'", "bukti": ' + bukti + b"}"


def left_out(items: Sequence[tuple[int, str]]) -> bytes:
    """What a reason says of items that do not count, as it stands in the output."""
    text = not_counted([Excluded(index, reason) for index, reason in items])
    return to_json(text)[1:-1]
