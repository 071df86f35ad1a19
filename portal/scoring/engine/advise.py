"""What would raise the index: the single steps that are open to a person.

Every gain is the difference of two computations; nothing is estimated apart from the engine.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from portal.scoring.engine.inputs import Person
from portal.scoring.engine.options import (
    KIND,
    Known,
    Option,
    Standing,
    next_options,
    stands_like,
    with_facts,
)
from portal.scoring.engine.ruleset import RuleSet
from portal.vocabulary import DocumentKind, Indikator, Kategori

__all__ = ["Memo", "Step", "best_of", "single_steps", "steps_from", "with_facts"]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, and the index once it is done and approved."""

    indikator: Indikator
    uraian: str
    gain: Decimal
    total_after: Decimal
    kategori_after: Kategori
    kind: DocumentKind
    """What to hand in afterwards."""
    jp: int | None = None
    """JP still to collect; teknis only."""
    kunci: str = ""
    """The same step in the simulation: `Option.kunci`."""


@dataclass(frozen=True, slots=True)
class Memo:
    """What was found for people who stand alike, under one rule set at one moment."""

    options: Known = field(default_factory=dict)
    steps: dict[tuple[object, ...], list[Step]] = field(default_factory=dict)


def single_steps(
    person: Person,
    rules: RuleSet,
    year: int,
    *,
    as_of: dt.date | None = None,
    provisional: bool = False,
) -> list[Step]:
    """Steps that each raise the index by themselves, least effort first, then highest gain."""
    standing = Standing.of(person, rules, year, as_of=as_of, provisional=provisional)
    return steps_from(standing) if standing else []


def steps_from(standing: Standing, memo: Memo | None = None) -> list[Step]:
    """The same for somebody whose score is known already.

    People who stand alike have the same steps: a `memo` that is kept from one to the next, under
    one rule set at one moment, spares asking again.
    """
    kept = memo or Memo()
    key = stands_like(standing)
    if key not in kept.steps:
        options = sorted(
            next_options(standing, kept.options), key=lambda option: (option.upaya, -option.gain)
        )
        kept.steps[key] = [_step(standing, option) for option in options]
    return kept.steps[key]


def best_of(steps: Sequence[Step], target: Decimal | None = None) -> Step | None:
    """The step of least effort, of those that reach the target alone when one does."""
    reaching = [step for step in steps if target is not None and step.total_after >= target]
    return next(iter(reaching or steps), None)


def _step(standing: Standing, option: Option) -> Step:
    total = standing.now.total + option.gain
    return Step(
        indikator=option.indikator,
        uraian=option.uraian,
        gain=option.gain,
        total_after=total,
        kategori_after=standing.rules.kategori_of(total),
        kind=KIND[option.indikator],
        jp=option.jp,
        kunci=option.kunci,
    )
