"""How many items wait, by queue, kind, unit and state: exact, and as fast at a million items.

Triggers write every change into `hitungan_antrean` (portal.verification.models.QueueCount); what
something about the item itself keeps from the actor is few and taken off by indexes.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import (
    CompoundSelect,
    Select,
    and_,
    case,
    delete,
    func,
    insert,
    select,
    text,
    union,
)
from sqlalchemy.orm import Session

from portal.agency.models import Opd
from portal.db import Database
from portal.documents.models import Document
from portal.people.models import Pegawai
from portal.permissions import Actor, Permission
from portal.verification.filters import Filters
from portal.verification.models import QueueCount
from portal.verification.queueing.conditions import (
    OPEN,
    OWNER,
    UNIT,
    Counted,
    cell_fitting,
    cells,
    counted,
    exceptions,
    visible,
)
from portal.verification.rights import KEPT
from portal.vocabulary import DocumentKind, DocumentState

Key = TypeVar("Key")
ROOT = 34
"""Letters of the path of an OPD: "/", 32 of its id, "/"."""
NOWHERE = "-"
"""In place of the path of a unit that is no more: no path begins like this."""
BATCH = 50_000
"""Rows that are added up in one transaction."""


@dataclass(frozen=True, slots=True)
class Tally:
    """So many items of one queue, kind, OPD and state."""

    antrean_id: uuid.UUID | None
    kind: DocumentKind
    jalur: str
    """Of the OPD; of the unit itself for somebody who looks after units alone."""
    state: DocumentState
    number: int


@dataclass(frozen=True)
class Tallies:
    """The numbers of an actor's queue; each facet is told with the other filters applied."""

    rows: list[Tally]
    filters: Filters
    chosen: str | None
    """Path of the unit that is filtered by."""

    @property
    def total(self) -> int:
        """Without any filter."""
        return sum(row.number for row in self.rows)

    @property
    def found(self) -> int:
        return sum(row.number for row in self._but(""))

    @property
    def per_state(self) -> dict[DocumentState, int]:
        return self._by("state", lambda row: row.state)

    @property
    def per_kind(self) -> dict[DocumentKind, int]:
        return self._by("kind", lambda row: row.kind)

    @property
    def per_unit(self) -> dict[str, int]:
        """By path."""
        return self._by("unit", lambda row: row.jalur)

    @property
    def per_queue(self) -> dict[uuid.UUID | None, int]:
        return self._by("queue", lambda row: row.antrean_id)

    def _by(self, facet: str, key: Callable[[Tally], Key]) -> dict[Key, int]:
        sums: Counter[Key] = Counter()
        for row in self._but(facet):
            sums[key(row)] += row.number
        return dict(sums)

    def _but(self, facet: str) -> Iterable[Tally]:
        wanted = self.filters
        return (
            row
            for row in self.rows
            if (facet == "state" or wanted.state in (None, row.state))
            and (facet == "kind" or wanted.kind in (None, row.kind))
            and (facet == "unit" or self.chosen is None or row.jalur.startswith(self.chosen))
            and (facet == "queue" or _in_queue(wanted, row))
        )


def _in_queue(filters: Filters, row: Tally) -> bool:
    if filters.general:
        return row.antrean_id is None
    return filters.antrean_id in (None, row.antrean_id)


def tallies(session: Session, actor: Actor, filters: Filters) -> Tallies:
    """Every number of the actor's queue, in one query, two with a unit to filter by."""
    chosen = session.get(Opd, filters.opd_id) if filters.opd_id else None
    within_unit = (chosen and chosen.kedalaman) or any(
        grant.opd_id for grant in actor.grants_for(Permission.QUEUE_READ)
    )
    sums: Counter[tuple[Any, ...]] = Counter()
    for *cell, number in session.execute(_numbers(actor, by_unit=bool(within_unit))):
        sums[tuple(cell)] += number
    rows = [Tally(*cell) for cell in ((*key, n) for key, n in sums.items() if n > 0)]
    unknown = NOWHERE if filters.opd_id else None
    return Tallies(rows, filters, chosen.jalur if chosen else unknown)


_SUM = func.sum(QueueCount.jumlah)


@lru_cache(KEPT)
def _numbers(actor: Actor, *, by_unit: bool) -> CompoundSelect[Any]:
    """What is kept, less what is hidden from the actor; made once for each person at work."""
    path = Counted.jalur if by_unit else func.substr(Counted.jalur, 1, ROOT)
    jalur = path.label("jalur")
    kept = (
        select(QueueCount.antrean_id, QueueCount.kind, jalur, QueueCount.state, _SUM)
        .join(Counted, Counted.id == QueueCount.opd_id)
        .where(cells(actor))
        .group_by(QueueCount.antrean_id, QueueCount.kind, jalur, QueueCount.state)
    )
    # Each way by itself, so that each is answered by its own index; an item counts once.
    one = (
        select(Document.id, Document.antrean_id, Document.kind, jalur, Document.state)
        .join(Counted, UNIT)
        .join(Pegawai, OWNER)
        .join(Pegawai.opd)
        .where(OPEN, counted(actor), case((visible(actor), 0), else_=1) == 1)
    )
    hidden = union(*(one.where(way) for way in exceptions(actor))).subquery()
    cell_of = (hidden.c.antrean_id, hidden.c.kind, hidden.c.jalur, hidden.c.state)
    return kept.union_all(select(*cell_of, -func.count()).group_by(*cell_of))


@dataclass(frozen=True, slots=True)
class Scale:
    """How many items the filters on kept numbers leave, and how many wait altogether."""

    found: int
    everything: int


def scale(session: Session, actor: Actor, filters: Filters) -> Scale:
    """Sums for choosing a way through the queue; they may be a few too high."""
    found, everything = session.execute(_scale(actor, filters)).one()
    return Scale(found or 0, everything or 0)


@lru_cache(KEPT)
def _scale(actor: Actor, filters: Filters) -> Select[int, int]:
    fits = case((and_(cells(actor), cell_fitting(filters)), QueueCount.jumlah), else_=0)
    return select(func.sum(fits), _SUM).outerjoin(Counted, Counted.id == QueueCount.opd_id)


def compact(database: Database) -> int:
    """Add the rows up, each cell to one; returns how many rows are fewer. For the minute tick:
    readers see the rows before or those after, and never lose one."""
    before = after = 0
    while True:
        with database.transaction() as session:
            gone, left = _compact_some(session)
        before, after = before + gone, after + left
        if gone < BATCH:
            return before - after


_CELL = (
    QueueCount.antrean_id,
    QueueCount.kind,
    QueueCount.opd_id,
    QueueCount.state,
    QueueCount.lapis_pertama,
)


def _compact_some(session: Session) -> tuple[int, int]:
    rows, groups = _shape(session)
    if rows == groups:
        return 0, 0
    oldest = select(QueueCount.id).order_by(QueueCount.id).limit(BATCH)
    taken = session.execute(
        delete(QueueCount)
        .where(QueueCount.id.in_(oldest))
        .returning(*_CELL, QueueCount.jumlah)
        .execution_options(synchronize_session=False)
    )
    sums: Counter[tuple[Any, ...]] = Counter()
    count = 0
    for *cell, number in taken:
        sums[tuple(cell)] += number
        count += 1
    names = [column.key for column in (*_CELL, QueueCount.jumlah)]
    left = [dict(zip(names, (*cell, n), strict=True)) for cell, n in sums.items() if n]
    if left:
        session.execute(insert(QueueCount), left)
    return count, len(left)


def _shape(session: Session) -> tuple[int, int]:
    """Rows, and the cells that they are about and that are not empty."""
    grouped = select(func.count().label("rows"), _SUM.label("sum")).group_by(*_CELL).subquery()
    rows, groups = session.execute(
        select(
            func.coalesce(func.sum(grouped.c.rows), 0),
            func.coalesce(func.sum(case((grouped.c.sum != 0, 1), else_=0)), 0),
        )
    ).one()
    return rows, groups


def recount(database: Database) -> int:
    """Write every number anew from the items; returns how many cells there are. Whoever changes
    an item meanwhile waits for it."""
    with database.transaction() as session:
        if database.engine.dialect.name == "postgresql":
            session.execute(text("LOCK TABLE hitungan_antrean IN SHARE ROW EXCLUSIVE MODE"))
        session.execute(delete(QueueCount))
        cell = [getattr(Document, column.key) for column in _CELL]
        names = [column.key for column in _CELL]
        counted_anew = select(*cell, func.count()).where(OPEN).group_by(*cell)
        session.execute(insert(QueueCount).from_select([*names, "jumlah"], counted_anew))
        return session.scalar(select(func.count()).select_from(QueueCount)) or 0
