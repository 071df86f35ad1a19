"""Figures of the checking: how much, how fast, what comes back and why, how often two agree.

Undone decisions count for nothing. Own items of the actor are left out, as in the queue.
"""

from __future__ import annotations

import datetime as dt
import statistics
import uuid
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import BindParameter, Executable, bindparam, func, select
from sqlalchemy.orm import Session

from portal.agency.models import Antrean
from portal.agency.queries import calendar
from portal.agency.working_days import WorkingDays
from portal.documents.models import Document
from portal.documents.rulings import Decision, Reason
from portal.documents.transitions import Act
from portal.people.models import Pegawai
from portal.permissions import Actor, Permission
from portal.verification.filters import Filters
from portal.verification.models import SpotCheck
from portal.verification.quality.period import Period
from portal.verification.queueing.tallies import Tallies, tallies
from portal.verification.rights import KEPT, reach
from portal.vocabulary import DocumentKind

COUNTED = (Act.SETUJUI, Act.SETUJUI_PERTAMA, Act.KEMBALIKAN, Act.TOLAK)
GENERAL = "Antrean umum"
TENTH = Decimal("0.1")
BATCH = 5000


@dataclass
class Figures:
    """Of one queue, kind or verifikator, or of all."""

    label: str
    acts: Counter[Act] = field(default_factory=Counter)
    days: list[int] = field(default_factory=list)
    """Working days from hand-in to decision, of each decision."""
    waiting: int | None = None
    """Items that wait at this moment; None where the question makes no sense."""
    looked: int = 0
    """Approvals that somebody looked at again."""
    agreed: int = 0

    @property
    def decided(self) -> int:
        return sum(self.acts.values())

    @property
    def approved(self) -> int:
        return self.acts[Act.SETUJUI] + self.acts[Act.SETUJUI_PERTAMA]

    @property
    def returned(self) -> int:
        return self.acts[Act.KEMBALIKAN]

    @property
    def refused(self) -> int:
        return self.acts[Act.TOLAK]

    @property
    def median(self) -> Decimal | None:
        """Of the working days; None without a decision."""
        if not self.days:
            return None
        return Decimal(str(statistics.median(self.days))).quantize(TENTH, ROUND_HALF_UP)

    @property
    def agreement(self) -> int | None:
        """Percent of the second looks that agreed; None without any."""
        return round(100 * self.agreed / self.looked) if self.looked else None

    def per_day(self, working_days: int) -> Decimal:
        """Decisions on a working day."""
        share = Decimal(self.decided) / max(working_days, 1)
        return share.quantize(TENTH, ROUND_HALF_UP)


@dataclass(frozen=True)
class Report:
    """Everything of a period."""

    period: Period
    working_days: int
    whole: Figures
    queues: Sequence[Figures]
    kinds: Sequence[Figures]
    people: Sequence[Figures]
    alone: bool
    """Of the people only the actor is shown: the others are for the head of the queue."""
    reasons: Sequence[tuple[str, int]]
    """Returns and refusals by reason, most frequent first."""
    course: Sequence[tuple[dt.date, dt.date, int]]
    """Decisions in each stretch of days."""


def report(session: Session, actor: Actor, period: Period) -> Report:
    """The figures within the actor's reach, in a fixed number of queries."""
    days = calendar(session, actor.instansi_id)
    sums = _Sums(actor, days)
    for row in _decisions(session, actor, period):
        sums.add(*row)
    sums.add_second_looks(_second_looks(session, actor, period))
    everybody = actor.may(Permission.QUEUE_HEAD) or actor.may(Permission.OPERATIONS_READ)
    waiting = tallies(session, actor, Filters())
    sums.whole.waiting = waiting.total
    return Report(
        period=period,
        working_days=sum(map(days.is_working, _each_day(period))),
        whole=sums.whole,
        queues=_queues(session, sums, waiting),
        kinds=_kinds(sums, waiting),
        people=_people(session, sums, None if everybody else actor.pegawai_id),
        alone=not everybody,
        reasons=_reasons(session, sums.reasons),
        course=_course(period, sums.dates),
    )


class _Sums:
    """What the decisions add up to, by queue, kind and person."""

    def __init__(self, actor: Actor, days: WorkingDays) -> None:
        self.zone, self.between = actor.zone, cache(days.between)
        self.whole = Figures("Semua")
        self.of: dict[tuple[str, Hashable], Figures] = {}
        self.reasons: Counter[uuid.UUID | None] = Counter()
        self.dates: Counter[dt.date] = Counter()

    def figures(self, group: str, key: Hashable) -> Figures:
        return self.of.setdefault((group, key), Figures(""))

    def add(
        self,
        queue: uuid.UUID | None,
        kind: DocumentKind,
        person: uuid.UUID,
        act: Act,
        reason: uuid.UUID | None,
        begun: dt.datetime,
        ended: dt.datetime,
    ) -> None:
        """Count one decision."""
        day = ended.astimezone(self.zone).date()
        waited = max(self.between(begun.astimezone(self.zone).date(), day), 0)
        for group, key in (("queue", queue), ("kind", kind), ("person", person)):
            figures = self.figures(group, key)
            figures.acts[act] += 1
            figures.days.append(waited)
        self.whole.acts[act] += 1
        self.whole.days.append(waited)
        self.dates[day] += 1
        if act in {Act.KEMBALIKAN, Act.TOLAK}:
            self.reasons[reason] += 1

    def add_second_looks(self, rows: Iterable[tuple[Any, ...]]) -> None:
        for queue, kind, person, looked, agreed in rows:
            groups = (("queue", queue), ("kind", kind), ("person", person))
            for figures in (self.whole, *(self.figures(*group) for group in groups)):
                figures.looked += looked
                figures.agreed += agreed

    def keys(self, group: str) -> set[Any]:
        return {key for one, key in self.of if one == group}


def _between(actor: Actor, period: Period) -> dict[str, dt.datetime]:
    start, end = period.moments(actor.zone)
    return {"start": start, "end": end}


def _decisions(session: Session, actor: Actor, period: Period) -> Iterable[tuple[Any, ...]]:
    statement = _decided(actor).execution_options(yield_per=BATCH)
    for row in session.execute(statement, _between(actor, period)):
        yield tuple(row)


@lru_cache(KEPT)
def _decided(actor: Actor) -> Executable:
    begun = func.coalesce(
        Decision.masuk, Document.submitted_at, Decision.at, type_=Decision.at.type
    )
    return (
        select(
            Decision.antrean_id,
            Document.kind,
            Decision.decider_id,
            Decision.act,
            Decision.reason_id,
            begun,
            Decision.at,
        )
        .join(Document, Document.id == Decision.document_id)
        .join(Document.owner)
        .join(Pegawai.opd)
        .where(
            Decision.at >= bindparam("start"),
            Decision.at < bindparam("end"),
            Decision.undone_at.is_(None),
            Decision.act.in_(COUNTED),
            reach(actor, Permission.QUEUE_READ),
        )
    )


def _second_looks(session: Session, actor: Actor, period: Period) -> Iterable[tuple[Any, ...]]:
    return map(tuple, session.execute(_looked_at(actor), _between(actor, period)))


@lru_cache(KEPT)
def _looked_at(actor: Actor) -> Executable:
    key = (Decision.antrean_id, Document.kind, Decision.decider_id)
    return (
        select(*key, func.count(), func.count().filter(SpotCheck.sependapat.is_(True)))
        .select_from(SpotCheck)
        .join(Decision, Decision.id == SpotCheck.decision_id)
        .join(Document, Document.id == SpotCheck.document_id)
        .join(Document.owner)
        .join(Pegawai.opd)
        .where(
            SpotCheck.diperiksa >= bindparam("start"),
            SpotCheck.diperiksa < bindparam("end"),
            reach(actor, Permission.QUEUE_READ),
        )
        .group_by(*key)
    )


_IDS: BindParameter[uuid.UUID] = bindparam("ids", expanding=True)
_QUEUE_NAMES = select(Antrean.id, Antrean.nama).where(Antrean.id.in_(_IDS))
_PEOPLE = select(Pegawai).where(Pegawai.id.in_(_IDS))
_REASON_NAMES = select(Reason.id, Reason.label).where(Reason.id.in_(_IDS))


def _queues(session: Session, sums: _Sums, waiting: Tallies) -> list[Figures]:
    keys = sums.keys("queue") | set(waiting.per_queue)
    rows = session.execute(_QUEUE_NAMES, {"ids": [key for key in keys if key]})
    names: Mapping[Any, str] = {None: GENERAL, **{row.id: row.nama for row in rows}}
    return _labelled(sums, "queue", names, dict(waiting.per_queue))


def _kinds(sums: _Sums, waiting: Tallies) -> list[Figures]:
    names = {kind: kind.label for kind in DocumentKind}
    return _labelled(sums, "kind", names, dict(waiting.per_kind))


def _labelled(
    sums: _Sums, group: str, names: Mapping[Any, str], waiting: Mapping[Any, int]
) -> list[Figures]:
    found = []
    for key in sums.keys(group) | set(waiting):
        figures = sums.figures(group, key)
        figures.label, figures.waiting = names.get(key, "–"), waiting.get(key, 0)
        found.append(figures)
    return sorted(found, key=lambda one: (-one.decided, one.label))


def _people(session: Session, sums: _Sums, only: uuid.UUID | None) -> list[Figures]:
    keys = sums.keys("person") if only is None else sums.keys("person") & {only}
    rows = session.scalars(_PEOPLE, {"ids": list(keys)})
    names = {person.id: person.nama_lengkap for person in rows}
    found = []
    for key in keys:
        figures = sums.figures("person", key)
        figures.label = names.get(key, "–")
        found.append(figures)
    return sorted(found, key=lambda one: one.label)  # no ranking of colleagues


def _reasons(session: Session, counts: Mapping[uuid.UUID | None, int]) -> list[tuple[str, int]]:
    rows = session.execute(_REASON_NAMES, {"ids": [key for key in counts if key]})
    names = {row.id: row.label for row in rows}
    found = [(names.get(key, "Tanpa alasan"), n) for key, n in counts.items()]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))


def _course(period: Period, dates: Mapping[dt.date, int]) -> list[tuple[dt.date, dt.date, int]]:
    return [
        (first, last, sum(n for day, n in dates.items() if first <= day <= last))
        for first, last in period.stretches()
    ]


def _each_day(period: Period) -> Iterable[dt.date]:
    days = (period.last - period.first).days + 1
    return (period.first + dt.timedelta(days=step) for step in range(days))
