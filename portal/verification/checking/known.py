"""What stands around an item: everything that a check may look at besides the item itself."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from portal.documents.arrivals import Reading
from portal.scoring.compute import Measuring
from portal.scoring.engine.inputs import Person
from portal.verification.checking.twins import Twin


@dataclass(frozen=True, slots=True)
class Listed:
    """What the agency's list of institutions says about the one that an ijazah names."""

    nama: str | None
    """As the list writes the nearest one; None when nothing comes near."""


@dataclass(frozen=True, slots=True)
class Known:
    """The owner's facts, the rules of the year, the item's twins, what was read."""

    facts: Person
    measuring: Measuring
    today: dt.date
    twins: tuple[Twin, ...] = ()
    reading: Reading | None = None
    """What a machine read in the main paper."""
    institution: Listed | None = None
    """None when the agency has no list, or the item names no institution."""
