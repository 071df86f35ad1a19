"""Reads of second looks and of proposals to withdraw, always in the reach of the actor."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy import Select, bindparam, case, func, null, or_, select, tuple_
from sqlalchemy.orm import Session, contains_eager, joinedload

from portal.db import now
from portal.documents.models import Document
from portal.documents.rulings import Decision
from portal.errors import NotFound
from portal.people.models import Pegawai
from portal.permissions import Actor, Permission
from portal.verification.decisions import UNDO
from portal.verification.models import RevocationProposal, SpotCheck
from portal.verification.nearness import not_near
from portal.verification.queueing.conditions import OWNER
from portal.verification.rights import KEPT, reach
from portal.vocabulary import DocumentState
from portal.web.pagination import Page, Position, cut

PAGE = 25
_ORDER = (SpotCheck.dibuat, SpotCheck.id)
GONE = "Uji petik ini tidak ada lagi, atau bukan untuk Anda."


def waiting(session: Session, actor: Actor, after: Position | None) -> Page[SpotCheck]:
    """Second looks that the actor can take, oldest first."""
    statement = _oldest(actor)
    if after:
        statement = statement.where(tuple_(*_ORDER) > (after.moment, after.id))
    return cut(session.scalars(statement, _settled()).all(), PAGE, position_of)


def position_of(spot: SpotCheck) -> Position:
    return Position(spot.dibuat, spot.id)


def one(session: Session, actor: Actor, spot_id: uuid.UUID) -> SpotCheck:
    """A second look within the actor's reach, done or not; raises NotFound for every other."""
    statement = _of(actor).where(SpotCheck.id == spot_id)
    spot = session.scalar(statement.execution_options(populate_existing=True))
    if spot is None:
        raise NotFound(GONE)
    return spot


def next_after(session: Session, actor: Actor, spot: SpotCheck) -> uuid.UUID | None:
    """The second look that comes after this one, else the oldest."""
    later = tuple_(*_ORDER) > (spot.dibuat, spot.id)
    for condition in (later, SpotCheck.id != spot.id):
        statement = _oldest(actor).where(condition).limit(1)
        found = session.scalar(statement, _settled())
        if found is not None:
            return found.id
    return None


def number_waiting(session: Session, actor: Actor) -> int:
    """How many second looks the actor can take."""
    return session.scalar(_number(actor), _settled()) or 0


def proposals(session: Session, actor: Actor) -> Sequence[RevocationProposal]:
    """Open proposals to withdraw within the actor's reach: those that wait for the actor before the
    own ones, oldest first."""
    return session.scalars(_proposals(actor)).all()


@lru_cache(KEPT)
def _proposals(actor: Actor) -> Select[RevocationProposal]:
    own = case((RevocationProposal.pengusul_id == actor.pegawai_id, 1), else_=0)
    return (
        select(RevocationProposal)
        .join(Document, Document.id == func.coalesce(RevocationProposal.document_id, null()))
        .join(Pegawai, OWNER)  # SQLite would begin with everybody
        .join(Pegawai.opd)
        .where(
            RevocationProposal.at_decided.is_(None),
            Document.state == DocumentState.DISETUJUI,
            reach(actor, Permission.VERIFY_REVOKE),
        )
        .options(
            contains_eager(RevocationProposal.document)
            .contains_eager(Document.owner)
            .contains_eager(Pegawai.opd),
            joinedload(RevocationProposal.reason),
            joinedload(RevocationProposal.pengusul),
        )
        .order_by(own, RevocationProposal.at, RevocationProposal.id)
        .limit(PAGE)
    )


def agreement(session: Session, actor: Actor, since: dt.datetime) -> tuple[int, int]:
    """Second looks within the actor's reach since a moment: how many, and how many agreed."""
    looked, agreed = session.execute(_agreement(actor), {"since": since}).one()
    return looked, agreed


@lru_cache(KEPT)
def _agreement(actor: Actor) -> Select[int, int]:
    return (
        select(func.count(), func.count().filter(SpotCheck.sependapat.is_(True)))
        .select_from(SpotCheck)
        .join(Document, Document.id == SpotCheck.document_id)
        .join(Document.owner)
        .join(Pegawai.opd)
        .where(SpotCheck.diperiksa >= bindparam("since"), reach(actor, Permission.QUEUE_READ))
    )


@lru_cache(KEPT)
def _of(actor: Actor) -> Select[SpotCheck]:
    me = actor.pegawai_id
    return (
        select(SpotCheck)
        .join(Decision, Decision.id == SpotCheck.decision_id)
        .join(Document, Document.id == SpotCheck.document_id)
        .join(Document.owner)
        .join(Pegawai.opd)
        .where(
            reach(actor, Permission.VERIFY_DECIDE),
            not_near(me),
            Decision.decider_id != me,
            Document.first_approver_id.is_distinct_from(me),
            or_(SpotCheck.pemeriksa_id.is_(None), SpotCheck.pemeriksa_id == me),
        )
        .options(
            contains_eager(SpotCheck.decision),
            contains_eager(SpotCheck.document)
            .contains_eager(Document.owner)
            .contains_eager(Pegawai.opd),
            joinedload(SpotCheck.document, Document.owner, Pegawai.instansi),
        )
    )


def _open(actor: Actor) -> Select[SpotCheck]:
    """Nobody has looked yet, the approval stands, and it can be undone no more (`_settled`)."""
    return _of(actor).where(
        SpotCheck.diperiksa.is_(None),
        SpotCheck.dibuat < bindparam("settled"),
        Decision.undone_at.is_(None),
        Document.state == DocumentState.DISETUJUI,
    )


def _settled() -> dict[str, dt.datetime]:
    """Approvals from before this moment can be undone no more."""
    return {"settled": now() - UNDO}


@lru_cache(KEPT)
def _oldest(actor: Actor) -> Select[SpotCheck]:
    return _open(actor).order_by(*_ORDER).limit(PAGE + 1)


@lru_cache(KEPT)
def _number(actor: Actor) -> Select[int]:
    found = _open(actor).with_only_columns(SpotCheck.id, maintain_column_froms=True)
    return select(func.count()).select_from(found.subquery())
