"""Approving several items of one kind whose checks are all green.

Each is claimed, checked afresh, decided, logged and told in a transaction of its own: what stands
in the way of one keeps none of the others back.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import now
from portal.documents.models import Document
from portal.documents.reading.queries import of_document
from portal.documents.rulings import Decision
from portal.documents.transitions import Act
from portal.errors import Conflict, Forbidden, NotFound, Rejected, Unavailable
from portal.people.models import Pegawai
from portal.permissions import Actor, Permission
from portal.verification import actions, queries
from portal.verification.checking import first_not_green
from portal.verification.checking.gathering import fresh_checks
from portal.verification.claims import LEASE, MOST, claim, has_run_out, is_holder, lock
from portal.verification.decisions import OUTCOMES, UNDO, is_newer, lock_replaced
from portal.verification.messages import short_title
from portal.verification.rights import obstacle
from portal.verification.standing import standing
from portal.vocabulary import DocumentKind, DocumentState

AT_ONCE = 50
"""Items of one go. More would be approved without having been looked at."""
UNSEEN = "Pemiliknya memperbarui dokumen ini sesudah Anda memilihnya. Periksa isinya lebih dahulu."
OBJECTED = "Pemiliknya mengajukan keberatan. Baca alasannya, lalu putuskan tersendiri."
OUT_OF_REACH = "Dokumen ini tidak ada di antrean Anda."
Begin = Callable[[], AbstractContextManager[Session]]
"""Opens a transaction that commits at its end."""


@dataclass(frozen=True, slots=True)
class Pick:
    """An item as it was chosen; the revision is the one that was on the screen."""

    document_id: uuid.UUID
    revision: int | None = None

    @classmethod
    def read(cls, text: str) -> Pick | None:
        """ "<id>" or "<id>.<revision>", as the queue sends it; None for anything else."""
        id_, _, revision = text.strip()[:60].partition(".")
        if revision and not (revision.isascii() and revision.isdecimal() and len(revision) < 9):
            return None
        try:
            return cls(uuid.UUID(id_), int(revision) if revision else None)
        except ValueError:
            return None

    def __str__(self) -> str:
        """As `read` takes it."""
        return str(self.document_id) + (f".{self.revision}" if self.revision is not None else "")


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one item: the sentence says what was decided, or why nothing was."""

    document_id: uuid.UUID
    title: str
    owner: str
    approved: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Look:
    """An item as it stands before it is approved; `hindrance` is empty when it may be."""

    pick: Pick
    document: Document | None
    hindrance: str = ""
    decided: bool = False
    """The actor has approved it already."""
    undoable: bool = False
    """So lately that it can be taken back."""

    @property
    def ready(self) -> bool:
        return not self.hindrance and not self.decided


def distinct(picks: Sequence[Pick]) -> list[Pick]:
    """Each item once, in the order of choosing."""
    return list({pick.document_id: pick for pick in reversed(picks)}.values())[::-1]


def check_number(picks: Sequence[Pick]) -> None:
    """Raises Rejected for none or too many."""
    if not picks:
        raise Rejected("Pilih dahulu dokumen yang akan disetujui.")
    if len(picks) > AT_ONCE:
        raise Rejected(
            f"Anda memilih {len(picks)} dokumen. Paling banyak {AT_ONCE} dokumen sekaligus."
        )


def approve_each(
    begin: Begin,
    actor: Actor,
    picks: Sequence[Pick],
    *,
    lease: dt.timedelta = LEASE,
    most: int = MOST,
    at: dt.datetime | None = None,
) -> list[Fate]:
    """Approve what may be approved; tells of each item what became of it, in their order.

    Raises Rejected, before anything is done, for none, for too many, and for several kinds.
    """
    chosen = distinct(picks)
    check_number(chosen)
    with begin() as session:
        _check_kind(session, actor, chosen)
    return [_approve(begin, actor, pick, lease, most, at) for pick in chosen]


def look_over(session: Session, actor: Actor, picks: Sequence[Pick]) -> list[Look]:
    """The same items as they stand now, for the page that offers to approve them."""
    return [_look(session, actor, pick, now()) for pick in distinct(picks)]


def kinds_of(looks: Sequence[Look]) -> list[DocumentKind]:
    """The kinds among what may be approved; several may not be approved at once."""
    return sorted({look.document.kind for look in looks if look.document and look.ready})


def _check_kind(session: Session, actor: Actor, picks: Sequence[Pick]) -> None:
    ids = [pick.document_id for pick in picks]
    kinds = session.scalars(
        select(Document.kind).where(Document.id.in_(ids), Document.owner_id != actor.pegawai_id)
    )
    if len(set(kinds)) > 1:
        raise Rejected("Pilih dokumen dari satu jenis saja, supaya pemeriksaannya sama.")


def _approve(
    begin: Begin,
    actor: Actor,
    pick: Pick,
    lease: dt.timedelta,
    most: int,
    at: dt.datetime | None,
) -> Fate:
    title = owner = ""
    try:
        with begin() as session:
            document = queries.document_in_scope(
                session, actor, pick.document_id, Permission.VERIFY_DECIDE
            )
            title, owner = short_title(document), document.owner.nama_lengkap
            _lock_both(session, actor, document)
            claim(session, actor, document, lease=lease, most=most, at=at)
            _refuse_unseen(document, pick)
            _refuse_objections(document)
            _refuse_unless_green(session, actor, document)
            outcome = actions.approve(
                session, actor, document, revision=document.revision, at=at, together=True
            )
            first = outcome.state is DocumentState.MENUNGGU_KEDUA
            act = Act.SETUJUI_PERTAMA if first else Act.SETUJUI
            return Fate(document.id, title, owner, True, OUTCOMES[act].capitalize() + ".")
    except NotFound:
        return Fate(pick.document_id, title or "Dokumen", owner, False, OUT_OF_REACH)
    except (Conflict, Forbidden, Rejected, Unavailable) as refusal:
        return Fate(pick.document_id, title or "Dokumen", owner, False, refusal.message)


def _lock_both(session: Session, actor: Actor, document: Document) -> None:
    """Claiming counts under the lock of the actor's row, approving locks the owner's. Here both are
    held together: in the order of their ids, so that two verifikator who approve items of each
    other, or the nightly computation, never wait in a ring. The item that is replaced comes before
    people, whoever withdraws it at this moment."""
    lock(session, document)
    lock_replaced(session, document)
    both = select(Pegawai.id).where(Pegawai.id.in_([actor.pegawai_id, document.owner_id]))
    session.execute(both.order_by(Pegawai.id).with_for_update(key_share=True))


def _refuse_unseen(document: Document, pick: Pick) -> None:
    if is_newer(document, pick.revision):
        raise Conflict(UNSEEN)


def _refuse_objections(document: Document) -> None:
    if document.objected:
        raise Rejected(OBJECTED)


def _refuse_unless_green(session: Session, actor: Actor, document: Document) -> None:
    sentence = _not_green(session, actor, document)
    if sentence:
        raise Rejected(sentence)


def _not_green(session: Session, actor: Actor, document: Document) -> str:
    """The worst check as a sentence; empty when all are green in this very transaction."""
    reading = of_document(session, document)
    found = first_not_green(fresh_checks(session, actor, document, reading, actor.today))
    return f"{found.title}. {found.detail}".strip() if found else ""


def _look(session: Session, actor: Actor, pick: Pick, moment: dt.datetime) -> Look:
    try:
        document = queries.document_in_scope(
            session, actor, pick.document_id, Permission.VERIFY_DECIDE
        )
    except NotFound:
        return Look(pick, None, OUT_OF_REACH)
    if not document.is_open:
        last = queries.last_decision(session, document.id)
        own = last is not None and last.decider_id == actor.pegawai_id and last.massal
        said = standing(session, actor, document)
        return Look(pick, document, said, own, own and _is_undoable(last, moment))
    if document.first_approver_id == actor.pegawai_id:
        last = queries.last_decision(session, document.id)
        said = standing(session, actor, document)
        return Look(pick, document, said, decided=True, undoable=_is_undoable(last, moment))
    return Look(pick, document, _hindrance(session, actor, document, pick, moment))


def _is_undoable(decision: Decision | None, moment: dt.datetime) -> bool:
    return decision is not None and moment < decision.at + UNDO


def _hindrance(
    session: Session, actor: Actor, document: Document, pick: Pick, moment: dt.datetime
) -> str:
    sentence = obstacle(session, actor, document)
    if sentence:
        return sentence
    held = document.state is DocumentState.DIPERIKSA and not has_run_out(document, moment)
    if held and not is_holder(actor, document):
        return standing(session, actor, document)
    if is_newer(document, pick.revision):
        return UNSEEN
    if document.objected:
        return OBJECTED
    return _not_green(session, actor, document)
