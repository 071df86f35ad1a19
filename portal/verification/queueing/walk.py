"""Walking through the queue in order, in bounded steps: as fast among a million items as among
ten, whatever the filters.

The queue is walked in its own order, in windows of bounded size. Where the first window does not
fill the page, the kept numbers (`tallies.scale`) say how many there are: few are fetched by unit,
kind and state and sorted; many are walked to, some windows further. Then the page ends where it
came to, and says so.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import Session, contains_eager, joinedload

from portal.db import UtcDateTime, now
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
)
from portal.verification.queueing.search import MOST
from portal.verification.queueing.tallies import scale
from portal.verification.queueing.ways import Way, driver, is_walked, wanted, way
from portal.verification.rights import KEPT, reach
from portal.vocabulary import DocumentState
from portal.web.pagination import Page, Position

FEW = 3000
"""Items that are fetched and sorted rather than walked to."""
WINDOW = 2000
"""Items that one step looks at."""
STEPS = 10
"""Windows that a page looks through before it stops and offers to go on."""
MANY_STEPS = 50
"""The same when somebody wants an item to work on."""
SPARE = 25
"""Places fetched beyond those wanted: some may be locked by others."""
_LAST_ID = uuid.UUID(int=2**128 - 1)
_HEAD = Position(dt.datetime(1970, 1, 1, tzinfo=dt.UTC), uuid.UUID(int=0))
"""Before everything. A walk from here and one from within the queue are one statement; SQLite, told
nothing of where it begins, would prepare for a million rows."""
_END = dt.datetime(9999, 12, 31, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Stretch(Page[Document]):
    """A page of the queue."""

    partial: bool = False
    """It ends where the looking ended: further items may fit."""


_ROWS = (
    select(Document)
    .join(Pegawai, OWNER)
    .join(Pegawai.opd)
    .join(Counted, UNIT)
    .order_by(Document.submitted_at, Document.id)
    .options(
        contains_eager(Document.owner).contains_eager(Pegawai.opd),
        joinedload(Document.claimed_by),
    )
)
_BEYOND: ColumnElement[bool] = tuple_(Document.submitted_at, Document.id) > tuple_(
    bindparam("after", type_=Document.submitted_at.type),
    bindparam("after_id", type_=Document.id.type),
)
_SIZE = bindparam("size", type_=Integer())


def position_of(document: Document) -> Position:
    """Where an item that was handed in stands in the queue."""
    return Position(document.submitted_at or document.created_at, document.id)


def number(session: Session, actor: Actor, filters: Filters) -> tuple[int, bool]:
    """How many items fit, counted one by one up to a bound, and whether there may be more."""
    chosen = way(session, actor, filters, now())
    told = _told(chosen, _later(None, chosen.start))
    looked_at = _ROWS.where(wanted(actor, filters)).with_only_columns(
        Document.id, maintain_column_froms=True
    )
    further = False
    if is_walked(filters):
        driven = driver(filters)
        last = _last(driven, STEPS)
        looked_at = looked_at.where(driven, _BEYOND, Document.submitted_at <= _or_end(last))
        further = session.scalar(last, told) is not None
    ids = looked_at.order_by(None).limit(MOST + 1).subquery()
    found = session.scalar(select(func.count()).select_from(ids), told) or 0
    return min(found, MOST), further or found > MOST


def stretch(
    session: Session, actor: Actor, filters: Filters, after: Position | None, size: int
) -> Stretch:
    """One page, oldest hand-in first."""
    found: list[Document] = []
    stands: Position | None = None
    chosen = way(session, actor, filters, now())
    for rows, place in _steps(session, chosen, after, size + 1, STEPS):
        found += rows
        stands = place
    if len(found) > size:
        return Stretch(found[:size], position_of(found[size - 1]).encode())
    return Stretch(found, stands.encode() if stands else None, partial=stands is not None)


def ahead(
    session: Session, actor: Actor, filters: Filters, here: Position | None, size: int
) -> list[Document]:
    """The queue from a place on, that place included."""
    start = Position(here.moment, _before(here.id)) if here else None
    chosen = way(session, actor, filters, now())
    return [row for rows, _ in _steps(session, chosen, start, size, STEPS) for row in rows]


def next_free(
    session: Session,
    actor: Actor,
    filters: Filters,
    after: Position | None,
    moment: dt.datetime,
) -> Document | None:
    """The first item after a place that the actor could take now, locked where the database knows
    row locks, so that two people never get the same."""
    chosen = way(session, actor, filters, moment)
    steps = _steps(session, chosen, after, 1, MANY_STEPS, take=True)
    return next((rows[0] for rows, _ in steps if rows), None)


def _steps(
    session: Session,
    chosen: Way,
    after: Position | None,
    size: int,
    steps: int,
    *,
    take: bool = False,
) -> Iterator[tuple[list[Document], Position | None]]:
    """Rows of one window after the other, `size` in all, and where the looking stands; None: at
    the end, or there is enough."""
    start = _later(after, chosen.start)
    if not is_walked(chosen.filters):
        yield _all_at_once(session, chosen, start, size, take=take), None
        return
    place: Position | None = start
    for step in range(steps):
        rows, end = _window(session, chosen, place or _HEAD, size, take=take)
        size -= len(rows)
        place = Position(end, _LAST_ID) if end and size > 0 else None
        if place and step == 0:
            found = scale(session, chosen.actor, chosen.filters).found
            if found <= FEW:
                rows += _sorted_few(session, chosen, place, size, take=take) if found else []
                place = None
        yield rows, place
        if place is None:
            return


def _fitting(actor: Actor, filters: Filters, *, take: bool) -> ColumnElement[bool]:
    """Whatever fits; with `take` only what the actor could take now."""
    fits = wanted(actor, filters)
    if not take:
        return fits
    held = Document.state == DocumentState.DIPERIKSA
    free = or_(~held, Document.claimed_until <= bindparam("moment"))
    return and_(fits, free, reach(actor, Permission.VERIFY_DECIDE))


def _rows(actor: Actor, filters: Filters, *, take: bool) -> Select[Any]:
    """The same as items, locked when they are to be taken."""
    statement = _ROWS.where(_fitting(actor, filters, take=take))
    if not take:
        return statement
    return statement.with_for_update(of=Document, skip_locked=True).execution_options(
        populate_existing=True
    )


def _told(chosen: Way, place: Position, size: int = 0) -> dict[str, Any]:
    """What the statements are told: the moment, the place to go on from, how many are wanted."""
    return chosen.told | {"after": place.moment, "after_id": place.id, "size": size}


def _all_at_once(
    session: Session, chosen: Way, place: Position, size: int, *, take: bool
) -> list[Document]:
    statement = _rows(chosen.actor, chosen.filters, take=take).where(_BEYOND).limit(_SIZE)
    return list(session.scalars(statement, _told(chosen, place, size)))


def _sorted_few(
    session: Session, chosen: Way, place: Position, size: int, *, take: bool
) -> list[Document]:
    """The few that lie beyond a place: their places are fetched by unit, kind and state, and
    sorted here, so that no planner can take the walk instead."""
    actor, filters, told = chosen.actor, chosen.filters, _told(chosen, place, size)
    where = (_fitting(actor, filters, take=take), _few(actor, filters), _BEYOND)
    columns = (Document.submitted_at, Document.id)
    places = _ROWS.with_only_columns(*columns, maintain_column_froms=True).order_by(None)
    found = sorted(map(tuple, session.execute(places.where(*where).limit(2 * FEW), told)))
    first = [key for _, key in found[: size + SPARE]]
    rows = _rows(actor, filters, take=take).where(Document.id.in_(first)).limit(_SIZE)
    return list(session.scalars(rows, told))


def _window(
    session: Session, chosen: Way, place: Position, size: int, *, take: bool
) -> tuple[list[Document], dt.datetime | None]:
    """The rows of one window, and when its last item was handed in; None in the last window."""
    statement, last = _window_of(chosen.actor, chosen.filters, take=take)
    told = _told(chosen, place, size)
    rows = session.execute(statement, told).all()
    end = rows[0][1] if rows else session.scalar(last, told)
    return [row[0] for row in rows], end


@lru_cache(KEPT)
def _window_of(
    actor: Actor, filters: Filters, *, take: bool
) -> tuple[Select[Any], Select[dt.datetime]]:
    """The statement of a window and that of its end, made once for each person at work and their
    filters. What people type is not among those: a search is never walked."""
    driven = driver(filters)
    last = _last(driven)
    statement = (
        _rows(actor, filters, take=take)
        .add_columns(last.scalar_subquery())
        .where(driven, _BEYOND, Document.submitted_at <= _or_end(last))
        .limit(_SIZE)
    )
    return statement, last


def _before(key: uuid.UUID) -> uuid.UUID:
    return uuid.UUID(int=max(key.int - 1, 0))


def _later(after: Position | None, start: dt.datetime | None) -> Position:
    if start is None or (after and after.moment >= start):
        return after or _HEAD
    return Position(start - dt.timedelta(microseconds=1), _LAST_ID)


def _last(driven: ColumnElement[bool], windows: int = 1) -> Select[Any]:
    """When the last item of a window was handed in; nothing in the last window."""
    return (
        select(Document.submitted_at)
        .where(OPEN, driven, _BEYOND)
        .order_by(Document.submitted_at, Document.id)
        .offset(windows * WINDOW)
        .limit(1)
    )


def _or_end(last: Select[Any]) -> ColumnElement[dt.datetime]:
    return func.coalesce(last.scalar_subquery(), literal(_END, UtcDateTime()))


def _few(actor: Actor, filters: Filters) -> ColumnElement[bool]:
    """Units, kinds and states that hold the few, for the index over these."""
    units = (
        select(QueueCount.opd_id)
        .join(Counted, Counted.id == QueueCount.opd_id)
        .where(cells(actor), cell_fitting(filters))
    )
    return Document.opd_id.in_(units)
