"""Reads of the queue, always in the reach of the actor."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import ColumnElement, Select, and_, bindparam, false, func, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from portal.agency.models import Antrean, Instansi, Opd
from portal.agency.queries import queues as agency_queues
from portal.db import now
from portal.documents.models import Document
from portal.documents.rulings import Decision, Reason
from portal.documents.transitions import Act
from portal.errors import NotFound
from portal.people.models import Pegawai
from portal.permissions import Actor, Permission
from portal.verification.filters import Filters
from portal.verification.models import QueueCount
from portal.verification.queueing.conditions import OPEN
from portal.verification.queueing.tallies import ROOT, tallies
from portal.verification.queueing.walk import (
    Stretch,
    ahead,
    next_free,
    number,
    position_of,
    stretch,
)
from portal.verification.rights import KEPT, reach
from portal.vocabulary import DocumentKind, DocumentState
from portal.web.pagination import Position

__all__ = ["OPEN", "Stretch", "next_free", "position_of"]

PAGE = 25
BESIDE = 12
"""Rows of the queue shown beside an item."""


@dataclass(frozen=True)
class Counts:
    """Numbers of the actor's queue."""

    total: int
    """Without filters; exact."""
    per_state: dict[DocumentState, int]
    """With the filters by kind, unit and queue; exact, as the next three."""
    per_kind: dict[DocumentKind, int]
    per_unit: dict[str, int]
    """By path of the unit."""
    per_queue: dict[uuid.UUID | None, int]
    mine: int
    found: int
    """With all filters; exact but where `more`."""
    more: bool
    """There are, or may be, more than `found`: they were counted up to a bound."""
    free: int
    """Of these, how many nobody holds; with `more` at least so many."""


GONE = "Dokumen ini tidak ada di antrean Anda. Mungkin pemiliknya pindah unit."
_ITEM = (
    select(Document)
    .join(Document.owner)
    .join(Pegawai.opd)
    .where(Document.state != DocumentState.DRAF, Document.id == bindparam("document_id"))
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


@lru_cache(KEPT)
def item_in_reach_of(actor: Actor, permission: Permission) -> Select[Document]:
    """The statement for one item ("document_id"), made once for each person at work."""
    return _ITEM.where(reach(actor, permission))


def document_in_scope(
    session: Session,
    actor: Actor,
    document_id: uuid.UUID,
    permission: Permission = Permission.QUEUE_READ,
) -> Document:
    """The item with everything its page shows, in one query, as it stands at this moment.

    Raises NotFound for an own item, a draft, and everything outside the actor's grants.
    """
    found = session.scalars(item_in_reach_of(actor, permission), {"document_id": document_id})
    document = found.unique().one_or_none()
    if document is None:
        raise NotFound(GONE)
    return document


def queue(session: Session, actor: Actor, filters: Filters, after: Position | None) -> Stretch:
    """One page of open items, oldest hand-in first; as fast at the last page."""
    return stretch(session, actor, filters, after, PAGE)


def beside(
    session: Session, actor: Actor, filters: Filters, document: Document
) -> Sequence[Document]:
    """The queue from this item on, for the list beside it; from its head for a closed item."""
    here = position_of(document) if document.is_open else None
    return ahead(session, actor, filters, here, BESIDE)


def counts(session: Session, actor: Actor, filters: Filters) -> Counts:
    """All numbers of the queue page: exact ones of whatever kept numbers answer, bounded ones of a
    free search and of marks."""
    kept = tallies(session, actor, filters)
    if filters.counted:
        found, more = kept.found, False
        held = kept.per_state.get(DocumentState.DIPERIKSA, 0)
        free = found - (held if filters.state in (None, DocumentState.DIPERIKSA) else 0)
    else:
        found, more = number(session, actor, filters)
        free = found
    return Counts(
        total=kept.total,
        per_state=kept.per_state,
        per_kind=kept.per_kind,
        per_unit=kept.per_unit,
        per_queue=kept.per_queue,
        mine=held_by(session, actor, now()),
        found=found,
        more=more,
        free=free,
    )


def waiting_count(session: Session, actor: Actor) -> int:
    """How many items wait in the actor's queue."""
    return tallies(session, actor, Filters()).total


def units(session: Session, actor: Actor) -> Sequence[Opd]:
    """Units to filter by: the OPD that the actor's grants reach, or the granted unit itself; also
    one that was closed while items of its people wait."""
    statement = _units(actor)
    return session.scalars(statement).all() if statement is not None else []


@lru_cache(KEPT)
def _units(actor: Actor) -> Select[Opd] | None:
    grants = actor.grants_for(Permission.QUEUE_READ)
    conditions: list[ColumnElement[bool]] = [
        and_(Opd.instansi_id == grant.instansi_id, Opd.kedalaman == 0)
        if grant.opd_id is None
        else Opd.id == grant.opd_id
        for grant in grants
    ]
    counted = aliased(Opd)
    waiting = (
        select(func.substr(counted.jalur, 1, ROOT))
        .join(QueueCount, QueueCount.opd_id == counted.id)
        .where(counted.aktif == false())
    )
    shown = or_(Opd.aktif, Opd.jalur.in_(waiting))
    statement = select(Opd).where(or_(*conditions), shown).order_by(Opd.nama, Opd.id)
    return statement if conditions else None


@dataclass(frozen=True)
class Surroundings:
    """What the page of the queue names beside its rows."""

    units: Sequence[Opd]
    queues: Sequence[Antrean]
    instansi: Instansi

    @property
    def names(self) -> dict[uuid.UUID, str]:
        """Of the queues."""
        return {antrean.id: antrean.nama for antrean in self.queues}


def surroundings(session: Session, actor: Actor) -> Surroundings:
    """Units and queues to filter by, and the agency with its terms."""
    return Surroundings(
        units(session, actor),
        agency_queues(session, actor.instansi_id),
        session.get_one(Instansi, actor.instansi_id),
    )


def held_by(session: Session, actor: Actor, moment: dt.datetime) -> int:
    """How many items the actor holds at this moment."""
    return session.scalar(_HELD, {"me": actor.pegawai_id, "moment": moment}) or 0


_HELD = (
    select(func.count())
    .select_from(Document)
    .where(
        OPEN,
        Document.claimed_by_id == bindparam("me"),
        Document.claimed_until > bindparam("moment"),
    )
)


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
