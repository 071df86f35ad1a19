"""Which index leads to the items that an actor asks for, and what else they have to fulfil."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, select, true
from sqlalchemy.orm import Session

from portal.agency.queries import calendar
from portal.db import now
from portal.documents.models import Document
from portal.permissions import Actor
from portal.verification.filters import Due, Filters, Mark
from portal.verification.queueing.conditions import OPEN, fitting, since, visible
from portal.verification.queueing.search import candidates

SOON = 2
"""Working days that `Due.SEGERA` reaches."""


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
