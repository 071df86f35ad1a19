"""Cabut: an approval is withdrawn by one person within a day, later by two: one proposes, another
agrees."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal import audit
from portal.db import now
from portal.documents.models import Document
from portal.documents.rulings import Reason
from portal.documents.transitions import Act
from portal.documents.workflow import advance
from portal.errors import Conflict, Forbidden, Rejected
from portal.permissions import Actor, Permission
from portal.verification import decisions, messages, queries, records
from portal.verification.claims import lock
from portal.verification.decisions import LONGEST_NOTE, Outcome, Verdict
from portal.verification.models import RevocationProposal
from portal.verification.rights import nearness, within_reach
from portal.verification.standing import standing
from portal.vocabulary import DocumentState

ALONE = dt.timedelta(days=1)
"""So long after an approval one person may withdraw it; people have built on an older one."""
PROPOSED = "document:revocation-proposed"
DECLINED = "document:revocation-declined"
TAKEN_BACK = "document:revocation-taken-back"
OWN_APPROVAL = (
    "Anda ikut menyetujui dokumen ini. Anda dapat menyetujui pencabutannya; bila menurut Anda "
    "persetujuannya benar, pemeriksa lain yang memutuskannya."
)


def revoke(
    session: Session,
    actor: Actor,
    document: Document,
    reason: Reason | None,
    *,
    note: str = "",
    revision: int | None = None,
    today: dt.date | None = None,
    at: dt.datetime | None = None,
) -> Outcome:
    """Disetujui → Dicabut: the record goes, and the score follows.

    An approval older than a day stays Disetujui (so the outcome says): the withdrawal is proposed,
    for somebody else to agree.
    """
    _ready(session, actor, document, revision)
    decisions.lock_owner(session, document)
    verdict = Verdict(Act.CABUT, reason, note, today, at or now())
    decisions.check(session, document, verdict)
    if open_proposal(session, document.id) is not None:
        raise Conflict("Pencabutan dokumen ini sudah diusulkan. Pemeriksa lain memutuskan usulnya.")
    if needs_two(document, verdict.moment):
        _propose(session, actor, document, verdict)
        return Outcome(document.state, None, None)
    return _withdraw(session, actor, document, verdict)


def agree(
    session: Session,
    actor: Actor,
    document: Document,
    *,
    revision: int | None = None,
    today: dt.date | None = None,
    at: dt.datetime | None = None,
) -> Outcome:
    """The second person agrees to the open proposal: Disetujui → Dicabut, by its reason and note.

    Raises Forbidden for who proposed it, Conflict when it is open no more.
    """
    _ready(session, actor, document, revision)
    proposal = _to_decide(session, actor, document)
    decisions.lock_owner(session, document)
    verdict = Verdict(Act.CABUT, proposal.reason, proposal.note, today, at or now())
    proposal.penentu_id, proposal.at_decided = actor.pegawai_id, verdict.moment
    proposal.setuju = True
    return _withdraw(session, actor, document, verdict, pengusul=proposal.pengusul.nama)


def decline(
    session: Session,
    actor: Actor,
    document: Document,
    note: str,
    *,
    at: dt.datetime | None = None,
) -> None:
    """The second person declines the open proposal; the approval stands, the proposer is told.

    Raises Forbidden for who has approved the item and would judge the own approval, Rejected
    without a note.
    """
    _ready(session, actor, document, None)
    proposal = _to_decide(session, actor, document)
    if has_approved(session, actor, document):
        raise Forbidden(OWN_APPROVAL)
    if not note.strip():
        raise Rejected("Tulis mengapa persetujuannya tetap berlaku, untuk pengusul.", "catatan")
    if len(note) > LONGEST_NOTE:
        raise Rejected(f"Catatan paling panjang {LONGEST_NOTE} huruf.", "catatan")
    moment = at or now()
    proposal.penentu_id, proposal.at_decided, proposal.setuju = actor.pegawai_id, moment, False
    audit.record(session, actor, DECLINED, document.id, at=moment, catatan=note)
    title = messages.short_title(document)
    told = f"{actor.nama}: {note}"
    headline = f"{title}: usul cabut tidak disetujui"
    messages.tell_colleague(session, proposal.pengusul_id, document, headline, told)


def take_back(
    session: Session, actor: Actor, document: Document, *, at: dt.datetime | None = None
) -> None:
    """Whoever proposed takes the proposal back while nobody has decided on it; the approval stands.

    Raises Forbidden for everybody else, Conflict when it is open no more.
    """
    _ready(session, actor, document, None)
    proposal = _still_open(session, document)
    if proposal.pengusul_id != actor.pegawai_id:
        raise Forbidden("Hanya pengusulnya yang dapat menarik usul cabut ini.")
    proposal.at_decided = at or now()
    audit.record(session, actor, TAKEN_BACK, document.id, at=proposal.at_decided)


def has_approved(session: Session, actor: Actor, document: Document) -> bool:
    """True for either of those whose approvals an approved item stands on."""
    if document.first_approver_id == actor.pegawai_id:
        return True
    made = queries.last_decision(session, document.id)
    return made is not None and made.decider_id == actor.pegawai_id


def needs_two(document: Document, moment: dt.datetime) -> bool:
    """True when the approval of an approved item is older than a day."""
    return document.closed_at is None or moment - document.closed_at > ALONE


_OPEN = (
    select(RevocationProposal)
    .where(RevocationProposal.at_decided.is_(None))
    .options(joinedload(RevocationProposal.pengusul), joinedload(RevocationProposal.reason))
)


def open_proposal(session: Session, document_id: uuid.UUID) -> RevocationProposal | None:
    """The proposal on an item that nobody has decided on yet, with its reason and proposer."""
    return session.scalar(_OPEN.where(RevocationProposal.document_id == document_id))


def propose_from_finding(
    session: Session,
    actor: Actor,
    document: Document,
    reason: Reason | None,
    note: str,
    at: dt.datetime,
) -> None:
    """Propose whatever the age of the approval, because a second look found otherwise; nothing
    happens when the item is approved no more or a proposal is open already. Raises Rejected
    without a reason that fits."""
    verdict = Verdict(Act.CABUT, reason, note, moment=at)
    decisions.check(session, document, verdict)
    if document.state is not DocumentState.DISETUJUI or open_proposal(session, document.id):
        return
    _propose(session, actor, document, verdict)


def _ready(session: Session, actor: Actor, document: Document, revision: int | None) -> None:
    if sentence := nearness(session, actor, document):
        raise Forbidden(sentence)
    if not within_reach(actor, Permission.VERIFY_REVOKE, document):
        raise Forbidden("Anda tidak berwenang mencabut persetujuan dokumen ini.")
    lock(session, document)
    changed = decisions.is_newer(document, revision)
    if changed or document.state is not DocumentState.DISETUJUI:
        raise Conflict(standing(session, actor, document))


def _to_decide(session: Session, actor: Actor, document: Document) -> RevocationProposal:
    proposal = _still_open(session, document)
    if proposal.pengusul_id == actor.pegawai_id:
        raise Forbidden("Anda yang mengusulkan pencabutan ini. Orang lain yang memutuskannya.")
    return proposal


def _still_open(session: Session, document: Document) -> RevocationProposal:
    proposal = open_proposal(session, document.id)
    if proposal is None:
        raise Conflict("Usul cabut ini sudah tidak terbuka. Muat ulang halaman ini.")
    return proposal


def _propose(session: Session, actor: Actor, document: Document, verdict: Verdict) -> None:
    reason = verdict.reason
    assert reason is not None  # noqa: S101 -- decisions.check has asked for it
    session.add(
        RevocationProposal(
            document_id=document.id,
            pengusul_id=actor.pegawai_id,
            reason_id=reason.id,
            note=verdict.note,
            at=verdict.moment,
        )
    )
    facts = {"alasan": reason.label, "catatan": verdict.note}
    audit.record(session, actor, PROPOSED, document.id, at=verdict.moment, **facts)


def _withdraw(
    session: Session, actor: Actor, document: Document, verdict: Verdict, **more: str
) -> Outcome:
    """`document` and its owner are locked."""
    advance(
        session,
        document,
        Act.CABUT,
        closed_at=verdict.moment,
        reason_id=verdict.reason.id if verdict.reason else None,
        note=verdict.note,
    )
    records.remove(session, document.id)
    decisions.seal(session, actor, document, verdict, **more)
    return decisions.settle(session, actor, document, verdict)
