"""Which index leads to the items that an actor asks for, and what else they have to fulfil."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, select, true
from sqlalchemy.orm import Session

from portal.agency.queries import calendar
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
    told: dict[str, Any]
    """What this moment adds to the statements, which are the same at any other."""
    start: dt.datetime | None = None
    """No item that fits was handed in before."""


def way(session: Session, actor: Actor, filters: Filters, moment: dt.datetime) -> Way:
    """The way to the items that the actor sees with these filters."""
    days = _days(session, actor, filters.due)
    told = {
        "moment": moment,
        "today": actor.today,
        "days": days,
        "since": since(filters.days, moment),
    }
    return Way(actor, filters, told, _start(session, days) if days else None)


def wanted(actor: Actor, filters: Filters) -> ColumnElement[bool]:
    """All that an item has to fulfil; the rest is told by `Way.told`."""
    parts = [visible(actor), fitting(filters), *_further(actor, filters)]
    if filters.text:
        # With the other filters inside, so that the words are looked up among what fits.
        parts.append(Document.id.in_(candidates(filters.text, and_(*parts))))
    return and_(*parts)


def is_walked(filters: Filters) -> bool:
    """Whether the queue is walked in windows; what was searched for or is held is read at once."""
    return not (filters.text or filters.mine)


def driver(filters: Filters) -> ColumnElement[bool]:
    """What an index finds in the order of the queue, to be walked: the mark that has one of its
    own, else the open items as a whole."""
    if filters.mark in (Mark.KEMBAR, Mark.KEBERATAN):
        return _MARKS[filters.mark]
    return Document.lampu == filters.light.value if filters.light else OPEN


def _further(actor: Actor, filters: Filters) -> list[ColumnElement[bool]]:
    """The filters that no kept number answers."""
    parts: list[ColumnElement[bool]] = []
    if filters.mine:
        parts += [
            Document.claimed_by_id == actor.pegawai_id,
            Document.claimed_until > bindparam("moment"),
        ]
    if filters.days:
        parts.append(Document.submitted_at <= bindparam("since"))
    if filters.mark:
        parts.append(_MARKS[filters.mark])
    if filters.light:
        parts.append(Document.lampu == filters.light.value)
    if filters.due is Due.LEWAT:
        parts.append(Document.tenggat < bindparam("today"))
    elif filters.due:
        parts.append(Document.tenggat.in_(bindparam("days", expanding=True)))
    return parts


_MARKS: dict[Mark, ColumnElement[bool]] = {
    Mark.KEMBAR: Document.kembar == true(),
    Mark.KEBERATAN: Document.objected == true(),
    Mark.KEDUA: Document.first_approver_id.is_not(None),
}


def _days(session: Session, actor: Actor, due: Due | None) -> list[dt.date]:
    """The days that a filter on due days names one by one."""
    if due in (None, Due.LEWAT):
        return []
    if due is Due.HARI_INI:
        return [actor.today]
    known = calendar(session, actor.instansi_id)
    return [known.after(actor.today, number) for number in range(SOON + 1)]


def _start(session: Session, days: Iterable[dt.date]) -> dt.datetime | None:
    """When the first item with one of these days was handed in, so that the walk begins there."""
    firsts = [
        select(Document.submitted_at)
        .where(OPEN, Document.tenggat == day)
        .order_by(Document.submitted_at)
        .limit(1)
        .scalar_subquery()
        for day in days
    ]
    return min(filter(None, session.execute(select(*firsts)).one()), default=None)
