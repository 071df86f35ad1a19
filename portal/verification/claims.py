"""Holding an item: who looks at it now, so that nobody else does the same work.

A claim begins by a POST, lives as long as its holder is present, and ends with a decision, by
`release`, or when its time has run out.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal import audit
from portal.db import now
from portal.documents.models import Document
from portal.documents.transitions import Act
from portal.documents.workflow import advance
from portal.errors import Conflict, Forbidden, Rejected
from portal.people.models import Pegawai
from portal.permissions import Actor, Permission
from portal.verification import messages, queries
from portal.verification.filters import Filters
from portal.verification.rights import obstacle, within_reach
from portal.verification.standing import standing
from portal.vocabulary import DocumentState
from portal.web.pagination import Position

LEASE = dt.timedelta(minutes=15)
MOST = 5
"""Items that one person may hold at a time where no setting says otherwise; more would only keep
others waiting."""
GRACE = dt.timedelta(seconds=60)
"""Between leaving the page and losing the claim: time to reload it, or to come back."""
SWEEP = 500


def claim(
    session: Session,
    actor: Actor,
    document: Document,
    *,
    lease: dt.timedelta = LEASE,
    most: int = MOST,
    at: dt.datetime | None = None,
) -> None:
    """Hold the item (Diajukan, Menunggu pemeriksa kedua → Diperiksa); again: hold it longer.

    A claim whose time has run out is taken over. Raises Forbidden with the reason, Conflict when
    somebody holds it or it waits no more, Rejected when the actor holds too many.
    """
    lock(session, document)
    moment = at or now()  # once it is its turn
    _permit(session, actor, document)
    if is_holder(actor, document):
        return renew(session, actor, document, lease=lease, at=at)
    if document.state is DocumentState.DIPERIKSA:
        if not has_run_out(document, moment):
            raise Conflict(standing(session, actor, document))
        _expire(session, document, at)
    _room_for_one(session, actor, moment, most)
    _take(session, actor, document, moment + lease)
    audit.record(session, actor, "document:claimed", document.id, at=at)
    return None


def claim_next(
    session: Session,
    actor: Actor,
    filters: Filters,
    *,
    after: Position | None = None,
    wrap: bool = False,
    lease: dt.timedelta = LEASE,
    most: int = MOST,
) -> Document | None:
    """Hold the next free item of the filtered queue; None at its end.

    `after`: where the actor stands. `wrap`: begin again at the head when nothing follows.
    Raises Rejected when the actor holds too many.
    """
    moment = now()
    # Only read here: `claim` counts again under the lock of the own row, which comes after the
    # item's. Whoever held it now would lock people before items.
    _check_room(session, actor, moment, most)
    found = queries.next_free(session, actor, filters, after, moment)
    if found is None and wrap and after:
        found = queries.next_free(session, actor, filters, None, moment)
    if found is not None:
        claim(session, actor, found, lease=lease, most=most)
    return found


def renew(
    session: Session,
    actor: Actor,
    document: Document,
    *,
    lease: dt.timedelta = LEASE,
    at: dt.datetime | None = None,
) -> None:
    """Presence: the holder is still at work. Raises Conflict when the claim is lost."""
    lock(session, document)
    if not is_holder(actor, document):
        raise Conflict(standing(session, actor, document))
    document.claimed_until = (at or now()) + lease
    session.flush()


def leave(
    session: Session, actor: Actor, document: Document, *, at: dt.datetime | None = None
) -> None:
    """The holder's page was closed: unless it is opened again at once, others may go on."""
    lock(session, document)
    until = (at or now()) + GRACE
    if is_holder(actor, document) and not has_run_out(document, until):
        document.claimed_until = until
        session.flush()


def release(
    session: Session, actor: Actor, document: Document, *, at: dt.datetime | None = None
) -> None:
    """Let go of an own claim; nothing happens when it is lost already."""
    lock(session, document)
    if is_holder(actor, document):
        _let_go(session, document)
        audit.record(session, actor, "document:released", document.id, at=at)


def take_over(
    session: Session,
    actor: Actor,
    document: Document,
    reason: str,
    *,
    lease: dt.timedelta = LEASE,
    most: int = MOST,
    at: dt.datetime | None = None,
) -> None:
    """The head of the queue takes an item from somebody who still holds it, with a reason.

    Raises Forbidden, Rejected without a reason, Conflict when nobody else holds it.
    """
    if not within_reach(actor, Permission.QUEUE_HEAD, document):
        raise Forbidden("Hanya kepala antrean yang dapat mengambil alih dokumen.")
    lock(session, document)
    _permit(session, actor, document)
    if not reason.strip():
        raise Rejected("Tulis alasan mengambil alih, supaya rekan Anda tahu.", "alasan")
    if document.claimed_by_id is None or is_holder(actor, document):
        raise Conflict(standing(session, actor, document))
    moment = at or now()
    _room_for_one(session, actor, moment, most)
    former, name = document.claimed_by_id, _name_of_holder(document)
    _let_go(session, document)
    _take(session, actor, document, moment + lease)
    facts = {"reason": reason, "former": name}
    audit.record(session, actor, "document:taken-over", document.id, at=at, **facts)
    told = f"Kepala antrean melanjutkan pemeriksaannya. Alasan: {reason}"
    title = f"Diambil alih: {messages.short_title(document)}"
    messages.tell_colleague(session, former, document, title, told)


def release_expired(session: Session, moment: dt.datetime) -> int:
    """Let go of every claim whose time has run out; returns how many. For the minute tick."""
    expired = session.scalars(
        select(Document)
        .where(queries.OPEN, Document.claimed_until <= moment)
        .order_by(Document.claimed_until)
        .limit(SWEEP)
        .options(joinedload(Document.claimed_by))
        .with_for_update(of=Document, skip_locked=True)
    ).all()
    for document in expired:
        _expire(session, document, None)
    return len(expired)


def lock(session: Session, document: Document) -> None:
    """Read the item again and keep it until the commit, so that whoever comes second is told what
    the first one did. Items are locked before people, everywhere."""
    session.execute(
        select(Document.id).where(Document.id == document.id).with_for_update(key_share=True)
    )
    # A statement of its own: the one that waited still sees the others' old rows.
    session.refresh(document)


def is_holder(actor: Actor, document: Document) -> bool:
    return document.state is DocumentState.DIPERIKSA and document.claimed_by_id == actor.pegawai_id


def has_run_out(document: Document, moment: dt.datetime) -> bool:
    return document.claimed_until is not None and document.claimed_until <= moment


def _permit(session: Session, actor: Actor, document: Document) -> None:
    sentence = obstacle(session, actor, document)
    if sentence:
        raise Forbidden(sentence)


def _room_for_one(session: Session, actor: Actor, moment: dt.datetime, most: int) -> None:
    # The own row is locked so that two windows of one person cannot both find the last place.
    session.execute(
        select(Pegawai.id).where(Pegawai.id == actor.pegawai_id).with_for_update(key_share=True)
    )
    _check_room(session, actor, moment, most)


def _check_room(session: Session, actor: Actor, moment: dt.datetime, most: int) -> None:
    if queries.held_by(session, actor, moment) >= most:
        raise Rejected(
            f"Anda sedang memegang {most} dokumen. Selesaikan atau lepas salah satunya dahulu."
        )


def _take(session: Session, actor: Actor, document: Document, until: dt.datetime) -> None:
    if document.state not in {DocumentState.DIAJUKAN, DocumentState.MENUNGGU_KEDUA}:
        raise Conflict(standing(session, actor, document))
    advance(session, document, Act.AMBIL, claimed_by_id=actor.pegawai_id, claimed_until=until)


def _let_go(session: Session, document: Document) -> None:
    advance(session, document, Act.LEPAS, claimed_by_id=None, claimed_until=None)


def _expire(session: Session, document: Document, at: dt.datetime | None) -> None:
    name = _name_of_holder(document)
    _let_go(session, document)
    facts = {"cause": "waktu habis", "holder": name}
    audit.record(session, None, "document:released", document.id, at=at, **facts)


def _name_of_holder(document: Document) -> str:
    return document.claimed_by.nama if document.claimed_by else ""
