"""What one person can switch on, and the form for it; kept, because every switch that is turned
asks for the same person again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from portal.scoring.engine.goal import Way, cheapest
from portal.scoring.engine.inputs import Person
from portal.scoring.engine.options import Option, Standing, all_options
from portal.scoring.engine.result import Moment
from portal.vocabulary import Indikator
from portal.wording import points

ON = "1"
"""Value of a switch that has nothing to choose."""
_KEPT = 256
"""People whose options are kept in memory, some 3 MB."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The facts that decide about options, so that equal ones are known again."""

    person: Person
    rules: str
    version: str
    at: Moment
    base: Standing = field(compare=False)


@dataclass(frozen=True, slots=True)
class Choice:
    """One option as a form shows it; `kunci` tells whether it is on."""

    kunci: str
    nilai: str
    teks: str
    gain: str


@dataclass(frozen=True, slots=True)
class Switch:
    """The options of one indicator: a box to tick where there is one, else a list."""

    name: str
    label: str
    hint: str
    choices: tuple[Choice, ...]


@lru_cache(_KEPT)
def options_of(asked: Asked) -> tuple[tuple[Option, ...], ...]:
    """Everything that the person could switch on, least effort first."""
    return all_options(asked.base)


@lru_cache(_KEPT)
def switches_of(asked: Asked) -> tuple[Switch, ...]:
    """The options as controls of a form, least effort first."""
    return tuple(_switch(group, asked.at.tahun) for group in options_of(asked))


def _switch(group: Sequence[Option], tahun: int) -> Switch:
    indikator = group[0].indikator
    label = indikator.label if indikator is not Indikator.KINERJA else f"Predikat SKP {tahun}"
    hint = "Ijazah baru biasanya perlu lebih dari setahun."
    choices = (
        Choice(
            option.kunci,
            option.pilihan or ON,
            option.uraian if len(group) == 1 else _short(option),
            f"+{points(option.gain)}",
        )
        for option in group
    )
    return Switch(
        indikator.value, label, hint if indikator is Indikator.PENDIDIKAN else "", tuple(choices)
    )


def _short(option: Option) -> str:
    """What a list under the name of the indicator calls the option."""
    if option.jp:
        return f"{option.jp} JP lagi"
    return option.pilihan if option.bobot else f"{option.pilihan} (sudah Anda miliki)"


@lru_cache(_KEPT)
def way_of(asked: Asked, goal: Decimal) -> Way:
    """The least effort that reaches the goal."""
    return cheapest(options_of(asked), asked.base.now.total, goal)
