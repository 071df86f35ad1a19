"""The part of a rule set file that weighs the effort of a step: `[langkah]`."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise

from portal.scoring.engine.ruleset import Bobot
from portal.scoring.engine.tables import RuleSetError, Table
from portal.vocabulary import Indikator

_HEAVIEST = Decimal(1000)
_STEPS = tuple(name for name in Indikator if name is not Indikator.DISIPLIN)
"""Indicators that somebody can do something about; a punishment only passes."""


def read_effort(table: Table) -> dict[Indikator, int]:
    """The class of effort of every indicator, 0 for the least; raises RuleSetError."""
    effort: dict[Indikator, int] = {}
    for rank, names in enumerate(table.groups("upaya", Indikator)):
        effort |= dict.fromkeys(names, rank)
    missing = [name for name in _STEPS if name not in effort]
    if missing:
        raise RuleSetError(f"{missing[0]} tidak ada", table.at("upaya"))
    return effort


def read_weights(table: Table, effort: Mapping[Indikator, int]) -> dict[Indikator, Bobot]:
    """The weight of every step; a lighter class never weighs more. Raises RuleSetError."""
    weights: dict[Indikator, Bobot] = {name: _weight(table.table(name)) for name in _STEPS}
    table.close()
    for lighter, heavier in pairwise(sorted(_STEPS, key=effort.__getitem__)):
        rises = weights[lighter].of(1) <= weights[heavier].of(1)
        if effort[lighter] < effort[heavier] and not rises:
            raise RuleSetError(f"lebih ringan daripada {lighter}", table.at(heavier))
    return weights


def _weight(table: Table) -> Bobot:
    weight = Bobot(table.points("sekali", _HEAVIEST), table.points("satuan", _HEAVIEST))
    table.close()
    return weight
