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
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
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

from portal.db import UtcDateTime
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
from portal.verification.queueing.ways import Way, way
from portal.verification.rights import reach
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


def position_of(document: Document) -> Position:
    """Where an item that was handed in stands in the queue."""
    return Position(document.submitted_at or document.created_at, document.id)


def number(session: Session, actor: Actor, filters: Filters) -> tuple[int, bool]:
    """How many items fit, counted one by one up to a bound, and whether there may be more."""
    chosen = way(session, actor, filters)
    looked_at = _ROWS.where(chosen.wanted).with_only_columns(
        Document.id, maintain_column_froms=True
    )
    if chosen.driver is not None:
        place = _later(None, chosen.start)
        last = _last(chosen.driver, place, STEPS)
        looked_at = looked_at.where(
            chosen.driver, _beyond(place), Document.submitted_at <= _or_end(last)
        )
        further = session.scalar(last) is not None
    else:
        further = False
    ids = looked_at.order_by(None).limit(MOST + 1).subquery()
    found = session.scalar(select(func.count()).select_from(ids)) or 0
    return min(found, MOST), further or found > MOST


def stretch(
    session: Session, actor: Actor, filters: Filters, after: Position | None, size: int
) -> Stretch:
    """One page, oldest hand-in first."""
    found: list[Document] = []
    stands: Position | None = None
    chosen = way(session, actor, filters)
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
    chosen = way(session, actor, filters)
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
    chosen = way(session, actor, filters)
    free = or_(Document.state != DocumentState.DIPERIKSA, Document.claimed_until <= moment)
    wanted = and_(chosen.wanted, free, reach(actor, Permission.VERIFY_DECIDE))
    steps = _steps(session, replace(chosen, wanted=wanted), after, 1, MANY_STEPS, lock=True)
    return next((rows[0] for rows, _ in steps if rows), None)


def _steps(
    session: Session,
    chosen: Way,
    after: Position | None,
    size: int,
    steps: int,
    *,
    lock: bool = False,
) -> Iterator[tuple[list[Document], Position | None]]:
    """Rows of one window after the other, `size` in all, and where the looking stands; None: at
    the end, or there is enough."""
    statement = _ROWS.where(chosen.wanted)
    if lock:
        statement = statement.with_for_update(of=Document, skip_locked=True).execution_options(
            populate_existing=True
        )
    place: Position | None = _later(after, chosen.start)
    if chosen.driver is None:
        yield _all_at_once(session, statement, place or _HEAD, size), None
        return
    for step in range(steps):
        rows, end = _window(session, statement, chosen.driver, place or _HEAD, size)
        size -= len(rows)
        place = Position(end, _LAST_ID) if end and size > 0 else None
        if place and step == 0:
            found = scale(session, chosen.actor, chosen.filters).found
            if found <= FEW:
                rows += _sorted_few(session, statement, chosen, place, size) if found else []
                place = None
        yield rows, place
        if place is None:
            return


def _all_at_once(
    session: Session, statement: Select[Any], place: Position, size: int
) -> list[Document]:
    return list(session.scalars(statement.where(_beyond(place)).limit(size)))


def _sorted_few(
    session: Session, statement: Select[Any], chosen: Way, place: Position, size: int
) -> list[Document]:
    """The few that lie beyond a place: their places are fetched by unit, kind and state, and
    sorted here, so that no planner can take the walk instead."""
    where = (chosen.wanted, _few(chosen.actor, chosen.filters), _beyond(place))
    columns = (Document.submitted_at, Document.id)
    places = _ROWS.with_only_columns(*columns, maintain_column_froms=True).order_by(None)
    found = sorted(map(tuple, session.execute(places.where(*where).limit(2 * FEW))))
    first = [key for _, key in found[: size + SPARE]]
    return list(session.scalars(statement.where(Document.id.in_(first)).limit(size)))


def _window(
    session: Session,
    statement: Select[Any],
    driver: ColumnElement[bool],
    place: Position,
    size: int,
) -> tuple[list[Document], dt.datetime | None]:
    """The rows of one window, and when its last item was handed in; None in the last window."""
    last = _last(driver, place)
    rows = session.execute(
        statement.add_columns(last.scalar_subquery())
        .where(driver, _beyond(place), Document.submitted_at <= _or_end(last))
        .limit(size)
    ).all()
    end = rows[0][1] if rows else session.scalar(last)
    return [row[0] for row in rows], end


def _before(key: uuid.UUID) -> uuid.UUID:
    return uuid.UUID(int=max(key.int - 1, 0))


def _later(after: Position | None, start: dt.datetime | None) -> Position:
    if start is None or (after and after.moment >= start):
        return after or _HEAD
    return Position(start - dt.timedelta(microseconds=1), _LAST_ID)


def _last(driver: ColumnElement[bool], place: Position, windows: int = 1) -> Select[Any]:
    """When the last item of a window was handed in; nothing in the last window."""
    return (
        select(Document.submitted_at)
        .where(OPEN, driver, _beyond(place))
        .order_by(Document.submitted_at, Document.id)
        .offset(windows * WINDOW)
        .limit(1)
    )


def _or_end(last: Select[Any]) -> ColumnElement[dt.datetime]:
    return func.coalesce(last.scalar_subquery(), literal(_END, UtcDateTime()))


def _beyond(place: Position) -> ColumnElement[bool]:
    beyond: ColumnElement[bool] = tuple_(Document.submitted_at, Document.id) > _here(place)
    return beyond


def _here(place: Position) -> Any:
    return tuple_(
        bindparam(None, place.moment, type_=Document.submitted_at.type),
        bindparam(None, place.id, type_=Document.id.type),
    )


def _few(actor: Actor, filters: Filters) -> ColumnElement[bool]:
    """Units, kinds and states that hold the few, for the index over these."""
    units = (
        select(QueueCount.opd_id)
        .join(Counted, Counted.id == QueueCount.opd_id)
        .where(cells(actor), cell_fitting(filters))
    )
    return Document.opd_id.in_(units)
