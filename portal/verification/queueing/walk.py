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
    true,
    tuple_,
)
from sqlalchemy.orm import Session, contains_eager, joinedload

from portal.agency.queries import calendar
from portal.db import UtcDateTime, now
from portal.documents.models import Document
from portal.people.models import Pegawai
from portal.permissions import Actor, Permission
from portal.verification.filters import Due, Filters, Mark
from portal.verification.models import QueueCount
from portal.verification.queueing.conditions import (
    OPEN,
    OWNER,
    UNIT,
    Counted,
    cell_fitting,
    cells,
    fitting,
    since,
    visible,
)
from portal.verification.queueing.search import MOST, candidates
from portal.verification.queueing.tallies import scale
from portal.verification.rights import reach
from portal.vocabulary import DocumentState
from portal.web.pagination import Page, Position

FEW = 3000
"""Items that are fetched and sorted rather than walked to."""
WINDOW = 5000
"""Items that one step looks at."""
STEPS = 4
"""Windows that a page looks through before it stops and offers to go on."""
MANY_STEPS = 20
"""The same when somebody wants an item to work on."""
SOON = 2
"""Working days that `Due.SEGERA` reaches."""
_LAST_ID = uuid.UUID(int=2**128 - 1)
_END = dt.datetime(9999, 12, 31, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Stretch(Page[Document]):
    """A page of the queue."""

    partial: bool = False
    """It ends where the looking ended: further items may fit."""


@dataclass(frozen=True)
class Way:
    """How the items of an actor and filters are reached."""

    actor: Actor
    filters: Filters
    wanted: ColumnElement[bool]
    """All that an item has to fulfil."""
    driver: ColumnElement[bool] | None
    """What an index finds in the order of the queue, to be walked in windows; None: all at once."""
    start: dt.datetime | None = None
    """No item that fits was handed in before."""


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


def way(session: Session, actor: Actor, filters: Filters) -> Way:
    """The way to the items that the actor sees with these filters."""
    parts = [visible(actor), fitting(filters), *_further(session, actor, filters, now())]
    if filters.text:
        # With the other filters inside, so that the words are looked up among what fits.
        parts.append(Document.id.in_(candidates(filters.text, and_(*parts))))
    if filters.text or filters.mine:
        return Way(actor, filters, and_(*parts), None)
    start = _start(session, actor, filters)
    return Way(actor, filters, and_(*parts), _driver(filters), start)


def number(session: Session, actor: Actor, filters: Filters) -> tuple[int, bool]:
    """How many items fit, counted one by one up to a bound, and whether there may be more."""
    chosen = way(session, actor, filters)
    looked_at = _ROWS.where(chosen.wanted).with_only_columns(
        Document.id, maintain_column_froms=True
    )
    if chosen.driver is not None:
        place = _later(None, chosen.start)
        here = [_beyond(place)] if place else []
        last = _last(chosen.driver, place, STEPS * WINDOW)
        looked_at = looked_at.where(chosen.driver, *here, Document.submitted_at <= _or_end(last))
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
    place = _later(after, chosen.start)
    if chosen.driver is None:
        yield _all_at_once(session, statement, place, size), None
        return
    for step in range(steps):
        rows, end = _window(session, statement, chosen.driver, place, size)
        size -= len(rows)
        place = Position(end, _LAST_ID) if end and size > 0 else None
        if place and step == 0 and scale(session, chosen.actor, chosen.filters).found <= FEW:
            few = statement.where(_few(chosen.actor, chosen.filters))
            rows, place = rows + _all_at_once(session, few, place, size), None
        yield rows, place
        if place is None:
            return


def _all_at_once(
    session: Session, statement: Select[Any], place: Position | None, size: int
) -> list[Document]:
    here = [_beyond(place)] if place else []
    return list(session.scalars(statement.where(*here).limit(size)))


def _window(
    session: Session,
    statement: Select[Any],
    driver: ColumnElement[bool],
    place: Position | None,
    size: int,
) -> tuple[list[Document], dt.datetime | None]:
    """The rows of one window, and when its last item was handed in; None in the last window."""
    here = [_beyond(place)] if place else []
    last = _last(driver, place)
    rows = session.execute(
        statement.add_columns(last.scalar_subquery())
        .where(driver, *here, Document.submitted_at <= _or_end(last))
        .limit(size)
    ).all()
    end = rows[0][1] if rows else session.scalar(last)
    return [row[0] for row in rows], end


def _before(key: uuid.UUID) -> uuid.UUID:
    return uuid.UUID(int=max(key.int - 1, 0))


def _later(after: Position | None, start: dt.datetime | None) -> Position | None:
    if start is None or (after and after.moment >= start):
        return after
    return Position(start - dt.timedelta(microseconds=1), _LAST_ID)


def _last(driver: ColumnElement[bool], place: Position | None, window: int = WINDOW) -> Select[Any]:
    """When the last item of a window was handed in; nothing in the last window."""
    here = [_beyond(place)] if place else []
    return (
        select(Document.submitted_at)
        .where(OPEN, driver, *here)
        .order_by(Document.submitted_at, Document.id)
        .offset(window)
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


def _driver(filters: Filters) -> ColumnElement[bool]:
    """The mark that has an index of its own; else the open items as a whole."""
    if filters.mark in (Mark.KEMBAR, Mark.KEBERATAN):
        return _MARKS[filters.mark]
    return Document.lampu == filters.light.value if filters.light else OPEN


def _further(
    session: Session, actor: Actor, filters: Filters, moment: dt.datetime
) -> list[ColumnElement[bool]]:
    """The filters that no kept number answers."""
    parts: list[ColumnElement[bool]] = []
    if filters.mine:
        parts += [Document.claimed_by_id == actor.pegawai_id, Document.claimed_until > moment]
    if filters.days:
        parts.append(Document.submitted_at <= since(filters.days, moment))
    if filters.mark:
        parts.append(_MARKS[filters.mark])
    if filters.light:
        parts.append(Document.lampu == filters.light.value)
    if filters.due is Due.LEWAT:
        parts.append(Document.tenggat < actor.today)
    elif filters.due:
        parts.append(Document.tenggat.in_(_days(session, actor, filters.due)))
    return parts


_MARKS: dict[Mark, ColumnElement[bool]] = {
    Mark.KEMBAR: Document.kembar == true(),
    Mark.KEBERATAN: Document.objected == true(),
    Mark.KEDUA: Document.first_approver_id.is_not(None),
}


def _days(session: Session, actor: Actor, due: Due) -> list[dt.date]:
    if due is Due.HARI_INI:
        return [actor.today]
    known = calendar(session, actor.instansi_id)
    return [known.after(actor.today, number) for number in range(SOON + 1)]


def _start(session: Session, actor: Actor, filters: Filters) -> dt.datetime | None:
    """When the first item with one of these days was handed in, so that the walk begins there."""
    if filters.due in (None, Due.LEWAT):
        return None
    firsts = [
        select(Document.submitted_at)
        .where(OPEN, Document.tenggat == day)
        .order_by(Document.submitted_at)
        .limit(1)
        .scalar_subquery()
        for day in _days(session, actor, filters.due or Due.HARI_INI)
    ]
    return min(filter(None, session.execute(select(*firsts)).one()), default=None)
