"""The engine as examples are put to it, for one rule set and moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from portal.scoring import compute
from portal.scoring.alike.forms import Form
from portal.scoring.engine.inputs import Person
from portal.scoring.engine.result import Moment, Row
from portal.scoring.engine.ruleset import RuleSet
from portal.vocabulary import JenisPegawai, KelompokJabatan


@dataclass(frozen=True, slots=True)
class Cell:
    """What the records of one row of the ledger come to."""

    kind: int
    """Equal for rows that earn the same and leave the same steps open."""
    form: Form
    """The row in JSON."""


class Asking:
    """Asks the engine, and numbers what it answers."""

    def __init__(self, rules: RuleSet, at: Moment) -> None:
        self.rules = rules
        self.at = at
        self._numbers: dict[object, int] = {}

    def kind(self, *what: object) -> int:
        """A number for what is the same: quicker to compare than points."""
        return self._numbers.setdefault(what, len(self._numbers))

    def cell(self, person: Person, row: Row, *what: object) -> Cell:
        """A row that the engine gave an example."""
        return Cell(self.kind(row.indikator, *what), Form(compute.told(person, row)))


def example(**facts: Any) -> Person:
    """Somebody with these facts and no other."""
    own = {"jenis_pegawai": JenisPegawai.PNS, "kelompok_jabatan": KelompokJabatan.PELAKSANA}
    return Person(nip="", **(own | facts))
