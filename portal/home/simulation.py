"""What the year could still become: the chosen steps, the goal, and the plan, from the facts.

Pure simulation: everything is read, nothing is kept. The address holds the whole state.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from portal.home.simulation_options import ON, Asked, Switch, options_of, switches_of, way_of
from portal.permissions import Actor
from portal.scoring import compute
from portal.scoring.compute import Fact, Measuring
from portal.scoring.engine.goal import Way
from portal.scoring.engine.options import Option, Standing, with_facts
from portal.scoring.engine.plan import evidence
from portal.scoring.engine.result import Moment, NotMeasured, Score
from portal.scoring.facts import people_with_facts
from portal.scoring.models import PlannedStep
from portal.scoring.plans import steps as plans
from portal.scoring.plans.steps import PlannedLine, StepState
from portal.vocabulary import Dimensi, Indikator, Kategori
from portal.web.charts import Slice
from portal.wording import plain

GOAL = "ingin"
"""Parameter of the address that holds the goal; the others are called like indicators."""
_STEPS = tuple(name for name in Indikator if name is not Indikator.DISIPLIN)
_NUMBER = re.compile(r"\d{1,3}(?:[.,]\d{1,2})?", re.ASCII)
_FULL = Decimal(100)


@dataclass(frozen=True)
class Wish:
    """What an address or a form asks for, before anybody knows whether it is possible."""

    keys: tuple[str, ...] = ()
    goal: Decimal | None = None
    unclear: bool = False
    """The goal is no number up to 100."""


def wish_of(values: Mapping[str, str]) -> Wish:
    """Read parameters; what nobody offers is dropped later, what is no number is told."""
    keys = []
    for name in _STEPS:
        value = values.get(name, "").strip()
        if value:
            keys.append(name.value if value == ON else f"{name}:{value}")
    text = values.get(GOAL, "").strip()
    goal = Decimal(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None
    fits = goal is not None and 0 < goal <= _FULL
    return Wish(tuple(keys), goal if fits else None, unclear=bool(text) and not fits)


def parameters(options: Sequence[Option]) -> dict[str, Any]:
    """The same choice as parameters of an address."""
    return parameters_of([option.kunci for option in options])


def parameters_of(keys: Sequence[str]) -> dict[str, Any]:
    """The same from the keys of options: "teknis:20" is switched on by `teknis=20`."""
    parts = (key.partition(":") for key in keys)
    return {name: value or ON for name, _, value in parts}


@dataclass(frozen=True)
class Coming:
    """An item that waits for a decision, and what it adds beside those before it."""

    nama: str
    document_id: str
    gain: Decimal


@dataclass(frozen=True)
class Simulation:
    """The year of one person: as it counts today, beside what waits, and after the chosen steps."""

    how: Measuring
    now: Score
    coming: tuple[Coming, ...]
    base: Standing
    """As if everything that waits were approved; options are added to it."""
    wish: Wish
    steps: Sequence[PlannedStep]
    """The plan of the year."""

    @cached_property
    def groups(self) -> tuple[tuple[Option, ...], ...]:
        """What can be switched on, least effort first."""
        return options_of(self._asked)

    @property
    def switches(self) -> tuple[Switch, ...]:
        """The same as controls of a form."""
        return switches_of(self._asked)

    @cached_property
    def _asked(self) -> Asked:
        rules = self.base.rules
        return Asked(self.base.person, rules.id, rules.version, self.base.at, self.base)

    @cached_property
    def chosen(self) -> tuple[Option, ...]:
        """The options that the address names, in the order of effort."""
        picked = [o for group in self.groups for o in group if o.kunci in self.wish.keys]
        return tuple(sorted(picked, key=lambda option: option.bobot))

    @property
    def ignored(self) -> bool:
        """Whether the address names something that this person cannot add."""
        return len(self.chosen) < len(self.wish.keys)

    @cached_property
    def then(self) -> Decimal:
        """The index after everything that waits and everything chosen."""
        return sum((option.gain for option in self.chosen), self.base.now.total)

    @property
    def then_kategori(self) -> Kategori:
        return self.how.rules.kategori_of(self.then)

    @cached_property
    def slices(self) -> list[Slice]:
        """The four dimensions with what comes on top, hatched."""
        added = {dimensi: Decimal(0) for dimensi in Dimensi}
        for option in self.chosen:
            added[_DIMENSI.get(option.indikator, Dimensi.KOMPETENSI)] += option.gain
        return [
            Slice(
                dimensi,
                self.now.dimensi(dimensi),
                sum((row.maks for row in self.now.rincian if row.dimensi is dimensi), Decimal(0)),
                self.base.now.dimensi(dimensi) - self.now.dimensi(dimensi) + added[dimensi],
            )
            for dimensi in Dimensi
        ]

    @property
    def complete(self) -> list[Indikator]:
        """Indicators that nothing can add to, with what waits."""
        rows = self.base.now.rincian
        done = [row.indikator for row in rows if row.poin >= row.maks]
        return [indikator for indikator in done if indikator in _STEPS]

    @cached_property
    def goal(self) -> Decimal:
        """The asked goal; else the target of the agency, or the next category, above what is on
        its way; at the top 100."""
        reached = self.base.now.total
        if self.wish.goal is not None:
            return self.wish.goal
        if self.how.target is not None and self.how.target > reached:
            return self.how.target
        above = [low for low, _ in self.how.rules.kategori if low > reached]
        return min(above, default=_FULL)

    @property
    def goal_text(self) -> str:
        return plain(self.goal)

    @cached_property
    def way(self) -> Way:
        """The least effort that reaches the goal."""
        return way_of(self._asked, self.goal)

    @property
    def is_planned(self) -> bool:
        """Whether the chosen steps are what is still to do in the plan."""
        settled = (StepState.SELESAI, StepState.BERJALAN)
        planned = {line.step.kunci for line in self.plan if line.keadaan not in settled}
        return bool(planned) and planned == {option.kunci for option in self.chosen}

    @cached_property
    def plan(self) -> list[PlannedLine]:
        """The plan of the year as it stands."""
        base = self.base
        coming = [
            step.kunci
            for step in self.steps
            if evidence(step.kunci, base.person, base.rules, base.now) is not None
        ]
        return plans.lines(self.steps, [o for group in self.groups for o in group], coming)

    @property
    def under_way(self) -> list[str]:
        """Keys of planned steps that the waiting items fulfil."""
        return [line.step.kunci for line in self.plan if line.keadaan is StepState.BERJALAN]

    @property
    def planned(self) -> list[Option]:
        """What is still to do of the plan."""
        return [line.option for line in self.plan if line.option]


_DIMENSI = {
    Indikator.PENDIDIKAN: Dimensi.KUALIFIKASI,
    Indikator.KINERJA: Dimensi.KINERJA,
}
"""The dimension that an option adds to; kompetensi where none is named."""


def simulate(session: Session, actor: Actor, wish: Wish) -> Simulation | NotMeasured:
    """The running year of the actor with what is wished for; reads, never writes."""
    today = actor.today
    ((person, facts),) = people_with_facts(session, [actor.pegawai_id])
    how = compute.measuring(session, person.instansi_id, today.year)
    now = compute.measure(facts, how, today)
    if isinstance(now, NotMeasured):
        return now
    waiting = compute.waiting_facts(session, actor.pegawai_id)
    coming, then = [], now
    for fact in waiting:
        facts, before = with_facts(facts, fact), then
        result = compute.measure(facts, how, today)
        if isinstance(result, NotMeasured):
            return result
        then = result
        coming.append(_coming(fact, then.total - before.total))
    return Simulation(
        how=how,
        now=now,
        coming=tuple(coming),
        base=Standing(facts, how.rules, Moment.of(how.tahun, today, provisional=True), then),
        wish=wish,
        steps=plans.steps_of(session, actor.pegawai_id, today.year),
    )


def _coming(fact: Fact, gain: Decimal) -> Coming:
    return Coming(fact.nama or "Dokumen", (fact.id or "").partition(":")[2], gain)
