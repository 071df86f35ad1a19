"""Reads of the queue, always in the reach of the actor."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    func,
    null,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from portal.agency.models import Opd
from portal.db import now
from portal.documents.models import OPEN_STATES, Decision, Document, Reason
from portal.documents.transitions import Act
from portal.errors import NotFound
from portal.people.models import Pegawai
from portal.permissions import Actor, Permission
from portal.verification.filters import Filters
from portal.verification.rights import reach, unobstructed
from portal.vocabulary import DocumentState
from portal.web.pagination import Page, Position, cut

PAGE = 25
BESIDE = 12
"""Rows of the queue shown beside an item."""

# Written out in the statement: a partial index serves only a query that names its states.
OPEN = Document.state.in_(bindparam("open", OPEN_STATES, expanding=True, literal_execute=True))

# From the open items to their owners. SQLite, which keeps no statistics of its own, would begin
# with all people of the agency and ask each for items; it cannot turn this condition round.
OWNER = Pegawai.id == func.coalesce(Document.owner_id, null())


@dataclass(frozen=True)
class Counts:
    """Exact numbers of the actor's queue."""

    total: int
    per_state: dict[DocumentState, int]
    mine: int
    found: int
    """With the filters."""
    free: int
    """Of these, those that the actor could take now."""


GONE = "Dokumen ini tidak ada di antrean Anda. Mungkin pemiliknya pindah unit."
WHOLE = (
    select(Document)
    .join(Document.owner)
    .join(Pegawai.opd)
    .where(Document.state != DocumentState.DRAF)
    .options(
        contains_eager(Document.owner).contains_eager(Pegawai.opd),
        joinedload(Document.owner, Pegawai.instansi),
        joinedload(Document.created_by),
        joinedload(Document.claimed_by),
        joinedload(Document.reason),
        joinedload(Document.files),
    )
    .execution_options(populate_existing=True)
)


def document_in_scope(
    session: Session,
    actor: Actor,
    document_id: uuid.UUID,
    permission: Permission = Permission.QUEUE_READ,
) -> Document:
    """The item with everything its page shows, in one query, as it stands at this moment.

    Raises NotFound for an own item, a draft, and everything outside the actor's grants.
    """
    statement = WHOLE.where(Document.id == document_id, reach(actor, permission))
    document = session.scalars(statement).unique().one_or_none()
    if document is None:
        raise NotFound(GONE)
    return document


def queue(
    session: Session, actor: Actor, filters: Filters, after: Position | None
) -> Page[Document]:
    """One page of open items, oldest hand-in first; one query, as fast at the last page."""
    statement = _rows(_queue(actor, filters))
    if after:
        statement = statement.where(_beyond(after))
    rows = session.scalars(statement.limit(PAGE + 1)).all()
    return cut(rows, PAGE, position_of)


def beside(
    session: Session, actor: Actor, filters: Filters, document: Document
) -> Sequence[Document]:
    """The queue from this item on, for the list beside it; from its head for a closed item."""
    statement = _rows(_queue(actor, filters))
    if document.is_open:
        here = position_of(document)
        statement = statement.where(or_(_beyond(here), Document.id == here.id))
    return session.scalars(statement.limit(BESIDE)).all()


def next_free(
    session: Session, actor: Actor, filters: Filters, after: Position | None, moment: dt.datetime
) -> Document | None:
    """The first item after a place in the queue that the actor could take now, locked where the
    database knows row locks, so that two people never get the same."""
    statement = _rows(_queue(actor, filters)).where(
        _free(moment), reach(actor, Permission.VERIFY_DECIDE), unobstructed(actor)
    )
    if after:
        statement = statement.where(_beyond(after))
    locked = statement.limit(1).with_for_update(of=Document, skip_locked=True)
    return session.scalar(locked.execution_options(populate_existing=True))


def counts(session: Session, actor: Actor, filters: Filters) -> Counts:
    """All numbers of the queue page in one query."""
    chosen = _fitting(actor, filters)
    kinds = (_held_by(actor), chosen, and_(chosen, _free(now())))
    sums = [func.sum(case((kind, 1), else_=0)) for kind in kinds]
    rows = session.execute(
        select(Document.state, func.count(), *sums)
        .select_from(Document)
        .join(Pegawai, OWNER)
        .join(Pegawai.opd)
        .where(_visible(actor))
        .group_by(Document.state)
    ).all()
    return Counts(
        total=sum(row[1] for row in rows),
        per_state={row[0]: row[1] for row in rows},
        mine=sum(row[2] for row in rows),
        found=sum(row[3] for row in rows),
        free=sum(row[4] for row in rows),
    )


def waiting_count(session: Session, actor: Actor) -> int:
    """How many items wait in the actor's queue."""
    statement = (
        select(func.count())
        .select_from(Document)
        .join(Pegawai, OWNER)
        .join(Pegawai.opd)
        .where(_visible(actor))
    )
    return session.scalar(statement) or 0


def units(session: Session, actor: Actor) -> Sequence[Opd]:
    """Units to filter by: the OPD that the actor's grants reach, or the granted unit itself."""
    grants = actor.grants_for(Permission.QUEUE_READ)
    conditions: list[ColumnElement[bool]] = [
        and_(Opd.instansi_id == grant.instansi_id, Opd.kedalaman == 0)
        if grant.opd_id is None
        else Opd.id == grant.opd_id
        for grant in grants
    ]
    statement = select(Opd).where(or_(*conditions), Opd.aktif).order_by(Opd.nama, Opd.id)
    return session.scalars(statement).all() if conditions else []


def held_by(session: Session, actor: Actor, moment: dt.datetime) -> int:
    """How many items the actor holds at this moment."""
    statement = (
        select(func.count())
        .select_from(Document)
        .where(OPEN, Document.claimed_by_id == actor.pegawai_id, Document.claimed_until > moment)
    )
    return session.scalar(statement) or 0


_REASONS = (
    select(Reason)
    .where(Reason.aktif, Reason.act.in_(bindparam("acts", expanding=True)))
    .order_by(Reason.label)
)


def reasons(session: Session, document: Document, acts: Sequence[Act]) -> dict[Act, list[Reason]]:
    """The reasons to choose from for this kind of item, per act, in one query."""
    found: dict[Act, list[Reason]] = {act: [] for act in acts}
    for reason in session.scalars(_REASONS, {"acts": acts}):
        if not reason.kinds or document.kind in reason.kinds:
            found[reason.act].append(reason)
    return found


def last_decision(session: Session, document_id: uuid.UUID) -> Decision | None:
    """The newest decision on an item that stands, with the person who took it."""
    return session.scalar(
        select(Decision)
        .where(Decision.document_id == document_id, Decision.undone_at.is_(None))
        .order_by(Decision.at.desc(), Decision.revision.desc())
        .options(joinedload(Decision.decider))
        .limit(1)
    )


def position_of(document: Document) -> Position:
    """Where an item that was handed in stands in the queue."""
    return Position(document.submitted_at or document.created_at, document.id)


def _queue(actor: Actor, filters: Filters) -> ColumnElement[bool]:
    return and_(_visible(actor), _fitting(actor, filters))


def _visible(actor: Actor) -> ColumnElement[bool]:
    return and_(OPEN, reach(actor, Permission.QUEUE_READ), unobstructed(actor))


_ROWS = (
    select(Document)
    .join(Pegawai, OWNER)
    .join(Pegawai.opd)
    .order_by(Document.submitted_at, Document.id)
    .options(
        contains_eager(Document.owner).contains_eager(Pegawai.opd),
        joinedload(Document.claimed_by),
    )
)


def _rows(condition: ColumnElement[bool]) -> Select[Document]:
    return _ROWS.where(condition)


def _beyond(place: Position) -> ColumnElement[bool]:
    here = tuple_(
        bindparam("moment", place.moment, type_=Document.submitted_at.type),
        bindparam("place", place.id, type_=Document.id.type),
    )
    return tuple_(Document.submitted_at, Document.id) > here


def _free(moment: dt.datetime) -> ColumnElement[bool]:
    return or_(Document.state != DocumentState.DIPERIKSA, Document.claimed_until <= moment)


def _held_by(actor: Actor) -> ColumnElement[bool]:
    return and_(Document.claimed_by_id == actor.pegawai_id, Document.claimed_until > now())


def _fitting(actor: Actor, filters: Filters) -> ColumnElement[bool]:
    parts: list[ColumnElement[bool]] = []
    if filters.kind:
        parts.append(Document.kind == filters.kind)
    if filters.state:
        parts.append(Document.state == filters.state)
    if filters.opd_id:
        chosen = aliased(Opd)
        path = select(chosen.jalur).where(chosen.id == filters.opd_id).scalar_subquery()
        parts.append(func.substr(Opd.jalur, 1, func.length(path)) == path)
    if filters.mine:
        parts.append(_held_by(actor))
    if filters.text:
        parts.append(_holding(filters.text))
    return and_(True, *parts)


def _holding(text: str) -> ColumnElement[bool]:
    """NIP (as typed with spaces), receipt, name, number or title hold the words."""
    packed = "".join(text.split()).replace("-", "")
    found: list[ColumnElement[bool]] = [
        Pegawai.nama.icontains(text, autoescape=True),
        Document.nomor.icontains(text, autoescape=True),
        Document.nama.icontains(text, autoescape=True),
        func.replace(Document.receipt, "-", "").icontains(packed, autoescape=True),
    ]
    if packed.isdecimal():
        found.append(Pegawai.nip.startswith(packed))
    return or_(*found)
