"""Acts of the owner, and of an operator OPD for a colleague: from the draft to the receipt.

Each act checks who acts, changes the state by the one transition table, writes the audit line and
brings the pending points up to date, all in the caller's transaction. `at` lets an import or a
demonstration write the past; everybody else leaves it out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import audit
from portal.db import now
from portal.documents import check_orders, receipts
from portal.documents.arrivals import Original
from portal.documents.models import Document
from portal.documents.transitions import Act
from portal.documents.workflow import advance
from portal.errors import Rejected
from portal.handin import fields
from portal.handin.drafts import discard, fill, start_draft
from portal.handin.guards import (
    Duplicate,
    check_not_handed_in,
    check_takes_free_place,
    lock,
    open_for,
)
from portal.handin.making import check_made
from portal.handin.papers import attach, detach
from portal.handin.versions import Changed, ItemChanged, PaperChanged, Seen
from portal.notifications.actions import notify
from portal.permissions import Actor
from portal.scoring.actions import recompute
from portal.verification import corrections
from portal.verification.decisions import lock_owner
from portal.verification.queueing.routing import route
from portal.vocabulary import DocumentState

__all__ = [
    "Changed",
    "Duplicate",
    "ItemChanged",
    "PaperChanged",
    "attach",
    "check_not_handed_in",
    "detach",
    "discard",
    "fill",
    "hand_in",
    "object_",
    "resubmit",
    "start_draft",
    "submit",
    "take_over",
    "withdraw",
]

MIN_NOTE, MAX_NOTE = 10, 1000
"""Characters of an objection."""


def submit(
    session: Session,
    actor: Actor,
    document: Document,
    *,
    today: dt.date,
    at: dt.datetime | None = None,
    seen: Seen | None = None,
) -> str:
    """Hand a draft in; returns its receipt number. A second tap returns the same number.

    Raises Rejected with the first fault when something is missing, Duplicate when the same file
    was handed in before, ItemChanged when the item is not as it was `seen` (None: nobody asks).
    """
    lock(session, actor, document)
    if document.is_open and document.receipt:
        return document.receipt
    _check_seen(session, document, seen)
    _check_complete(session, document, today)
    receipt, moment = _unused_receipt(session), at or now()
    way = route(session, document, moment)
    advance(session, document, Act.AJUKAN, submitted_at=moment, receipt=receipt, **way)
    audit.record(
        session, actor, "document:submitted", document.id, at=at, receipt=receipt, revision=1
    )
    _after_hand_in(session, actor, document, today)
    return receipt


def resubmit(
    session: Session,
    actor: Actor,
    document: Document,
    values: Mapping[str, Any],
    today: dt.date,
    at: dt.datetime | None = None,
    *,
    seen: Seen | None = None,
) -> str:
    """Hand a repaired item in again as a new revision, at the end of the queue.

    `values` are corrections not yet written by `fill`; `seen` as for `submit`. Approvals of the
    old revision lapse.
    """
    lock(session, actor, document)
    if document.is_open and document.receipt:
        return document.receipt
    _check_seen(session, document, seen)
    fill(session, actor, document, values, at)
    _check_complete(session, document, today)
    corrections.settle(session, document)
    moment = at or now()
    advance(
        session,
        document,
        Act.AJUKAN_ULANG,
        submitted_at=moment,
        revision=document.revision + 1,
        first_approver_id=None,
        **route(session, document, moment),
    )
    revision = document.revision
    audit.record(session, actor, "document:resubmitted", document.id, at=at, revision=revision)
    _after_hand_in(session, actor, document, today)
    return document.receipt or ""


def take_over(
    session: Session, actor: Actor, document: Document, *, seen: Seen | None = None
) -> int:
    """Write what the verifikator proposed into the item; returns how many fields changed.

    Hands nothing in: the owner looks at it first. Raises Conflict when the item is no longer
    returned, Changed when that would overwrite what was not `seen`.
    """
    open_for(session, actor, document, set())
    proposed = corrections.values(corrections.waiting(session, document))
    changed = {name: new for name, new in proposed.items() if getattr(document, name) != new}
    fill(session, actor, document, changed, seen=seen)
    return len(changed)


def hand_in(session: Session, actor: Actor, document: Document, *, seen: Seen | None = None) -> str:
    """`submit` for a draft, `resubmit` for what was returned; returns the receipt number."""
    if document.state is DocumentState.PERLU_PERBAIKAN:
        return resubmit(session, actor, document, {}, actor.today, seen=seen)
    return submit(session, actor, document, today=actor.today, seen=seen)


def withdraw(
    session: Session,
    actor: Actor,
    document: Document,
    *,
    today: dt.date,
    at: dt.datetime | None = None,
) -> None:
    """Take an item back for good, before anybody has begun to check it."""
    lock(session, actor, document)
    if document.state is DocumentState.DIBATALKAN:
        return
    advance(session, document, Act.BATALKAN, closed_at=at or now())
    check_orders.order(session, document.id)  # its twins are alone again
    audit.record(session, actor, "document:withdrawn", document.id, at=at)
    if actor.pegawai_id != document.owner_id:
        _tell_owner(session, actor, document, "Dokumen Anda dibatalkan", "membatalkan")
    recompute(
        session,
        document.owner_id,
        today=today,
        cause=f"Dibatalkan: {document.title}"[:200],
        document_id=document.id,
        at=at,
    )


def object_(
    session: Session,
    actor: Actor,
    document: Document,
    note: str,
    *,
    today: dt.date,
    at: dt.datetime | None = None,
) -> None:
    """Object to a refusal, once; the item waits again, for another verifikator."""
    lock(session, actor, document)
    if any(file.erased_at for file in document.current_files):
        raise Rejected(
            "Berkasnya sudah dihapus sesuai aturan retensi, jadi keberatan tidak dapat diperiksa "
            "lagi. Ajukan sertifikatnya sebagai dokumen baru."
        )
    if len(note) < MIN_NOTE:
        raise Rejected("Tulis alasan keberatan Anda dengan satu atau dua kalimat.", "catatan")
    if len(note) > MAX_NOTE:
        raise Rejected(
            f"Alasan keberatan {len(note)} huruf. Paling banyak {MAX_NOTE} huruf.", "catatan"
        )
    lock_owner(session, document)  # who moves meanwhile moves afterwards, and the item follows
    moment = at or now()
    advance(
        session,
        document,
        Act.KEBERATAN,
        objected=True,
        submitted_at=moment,
        closed_at=None,
        first_approver_id=None,
        **route(session, document, moment),
    )
    check_orders.order(session, document.id)
    audit.record(session, actor, "document:objected", document.id, at=at, note=note)
    if actor.pegawai_id != document.owner_id:
        _tell_owner(
            session, actor, document, "Keberatan diajukan untuk Anda", "mengajukan keberatan atas"
        )
    recompute(
        session,
        document.owner_id,
        today=today,
        cause=f"Keberatan diajukan: {document.title}"[:200],
        document_id=document.id,
        at=at,
    )


def _check_seen(session: Session, document: Document, seen: Seen | None) -> None:
    if seen is not None:
        session.refresh(document, ["files"])
        seen.check_whole(document)


def _check_complete(session: Session, document: Document, today: dt.date) -> None:
    session.refresh(document, ["files"])  # the worker may have attached one meanwhile
    check_made(session, document)
    for name, sentence in fields.all_faults(document, today=today).items():
        raise Rejected(sentence, name)
    check_takes_free_place(session, document)
    lock_owner(session, document)  # two drafts of one file: the second must see the first
    check_not_handed_in(session, document.owner_id, _hashes(session, document), document.id)


def _hashes(session: Session, document: Document) -> list[str]:
    """Of the item's papers, and of every file that they were made of: two drafts may have been
    begun with the same photo."""
    files = {file.id: file.sha256_original for file in document.current_files}
    sources = select(Original.sha256, Original.sha256_source).where(Original.file_id.in_(files))
    each = (digest for row in session.execute(sources) for digest in row if digest)
    return [*files.values(), *each]


def _unused_receipt(session: Session) -> str:
    while True:
        receipt = receipts.generate()
        if session.scalar(select(Document.id).where(Document.receipt == receipt)) is None:
            return receipt


def _after_hand_in(session: Session, actor: Actor, document: Document, today: dt.date) -> None:
    check_orders.order(session, document.id)
    if actor.pegawai_id != document.owner_id:
        _tell_owner(session, actor, document, "Dokumen diajukan untuk Anda", "mengajukan")
    recompute(
        session,
        document.owner_id,
        today=today,
        cause=f"Diajukan: {document.title}"[:200],
        document_id=document.id,
        at=document.submitted_at,
    )


def _tell_owner(session: Session, actor: Actor, document: Document, title: str, verb: str) -> None:
    text = f"{actor.nama} (operator OPD) {verb} “{document.title}” atas nama Anda."
    notify(session, document.owner_id, title, text[:500], document.id)
