"""The queue as conditions: on items, and on the numbers kept about them."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    exists,
    false,
    func,
    null,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased

from portal.agency.models import Opd
from portal.documents.models import OPEN_STATES, Document
from portal.documents.rulings import Decision
from portal.documents.transitions import Act
from portal.people.models import Pegawai
from portal.permissions import Actor, Grant, Permission
from portal.verification.filters import Filters, Mark
from portal.verification.models import QueueCount
from portal.verification.rights import KEPT, LOOKS_FIRST, near_people, reach, unobstructed
from portal.vocabulary import DocumentState, Role

# Written out in the statement: a partial index serves only a query that names its states.
OPEN = Document.state.in_(bindparam("open", OPEN_STATES, expanding=True, literal_execute=True))

# From the open items to their owners. SQLite, which keeps no statistics of its own, would begin
# with all people of the agency and ask each for items; it cannot turn this condition round.
OWNER = Pegawai.id == func.coalesce(Document.owner_id, null())

Counted = aliased(Opd)
"""The unit that an item is listed and counted under; `Opd` is the owner's of the moment."""
UNIT = Counted.id == func.coalesce(Document.opd_id, null())


def visible(actor: Actor) -> ColumnElement[bool]:
    """Condition on Document joined with its owner and the owner's unit: it is in the actor's
    queue."""
    return and_(OPEN, reach(actor, Permission.QUEUE_READ), unobstructed(actor))


def fitting(filters: Filters) -> ColumnElement[bool]:
    """The filters that kept numbers answer, on Document and its unit."""
    return _fits(Document, filters)


def cell_fitting(filters: Filters) -> ColumnElement[bool]:
    """The same on QueueCount joined with its unit."""
    return _fits(QueueCount, filters)


def _fits(on: Any, filters: Filters) -> ColumnElement[bool]:
    parts: list[ColumnElement[bool]] = []
    if filters.kind:
        parts.append(on.kind == filters.kind)
    if filters.state:
        parts.append(on.state == filters.state)
    if filters.mark is Mark.KEDUA:
        parts.append(on.state != DocumentState.DIAJUKAN)
    if filters.opd_id:
        chosen = aliased(Opd)
        path = select(chosen.jalur).where(chosen.id == filters.opd_id).scalar_subquery()
        parts.append(func.substr(Counted.jalur, 1, func.length(path)) == path)
    if filters.antrean_id:
        parts.append(on.antrean_id == filters.antrean_id)
    elif filters.general:
        parts.append(on.antrean_id.is_(None))
    return and_(true(), *parts)


@lru_cache(KEPT)
def cells(actor: Actor) -> ColumnElement[bool]:
    """Condition on QueueCount joined with its unit: its items are in the actor's queue, but for
    those that something about the item itself keeps away (`exceptions`)."""
    return _counted(actor, QueueCount)


@lru_cache(KEPT)
def counted(actor: Actor) -> ColumnElement[bool]:
    """The same on Document joined with its unit."""
    return _counted(actor, Document)


def _counted(actor: Actor, on: Any) -> ColumnElement[bool]:
    read = or_(false(), *(_scope(g, on) for g in actor.grants_for(Permission.QUEUE_READ)))
    deciding = actor.grants_for(Permission.VERIFY_DECIDE)
    if not deciding:
        return read
    last = [_scope(g, on) for g in deciding if g.role is not Role.VERIFIKATOR_OPD]
    first = [_scope(g, on) for g in deciding if g.role in LOOKS_FIRST]
    return and_(
        read,
        or_(on.state != DocumentState.MENUNGGU_KEDUA, *last),
        or_(on.lapis_pertama == false(), *first),
    )


def _scope(grant: Grant, on: Any) -> ColumnElement[bool]:
    """`rights.reach` in the words of the counted unit."""
    parts: list[ColumnElement[bool]] = [Counted.instansi_id == grant.instansi_id]
    if grant.opd_id and grant.with_children and grant.opd_path:
        parts.append(Counted.jalur.startswith(grant.opd_path, autoescape=True))
    elif grant.opd_id:
        parts.append(Counted.id == grant.opd_id)
    if grant.kinds:
        parts.append(on.kind.in_(grant.kinds))
    if grant.antrean_id:
        parts.append(on.antrean_id == grant.antrean_id)
    return and_(*parts)


@lru_cache(KEPT)
def exceptions(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """Conditions on Document, each answered by an index: together they hold every item that may be
    counted for the actor and still is not in the queue: own, of near people, handed in or first
    approved by the actor, refused by the actor, or held in its second round."""
    me = actor.pegawai_id
    refused = exists().where(
        Decision.document_id == Document.id,
        Decision.decider_id == me,
        Decision.act == Act.TOLAK,
    )
    approver = Document.first_approver_id
    return (
        Document.owner_id == me,
        Document.owner_id.in_(near_people(me)),
        Document.created_by_id == me,
        approver == me,
        and_(Document.objected == true(), refused),
        # Not by the index of second rounds, of which there are many more than claims.
        and_(Document.claimed_by_id.is_not(None), func.coalesce(approver, null()).is_not(None)),
    )


def since(days: int, moment: dt.datetime) -> dt.datetime:
    """Items handed in at this moment or before are so many days old."""
    return moment - dt.timedelta(days=days)
