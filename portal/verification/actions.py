"""Decisions on items. Each is one transaction: state, record, score, audit and message together.

The caller holds the item before (portal.verification.claims). Every decision raises Forbidden
with the reason, Conflict when the claim is lost or the item is no longer as the caller saw it
(`revision`), Rejected when reason, note or the item's data do not do.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from portal.db import now
from portal.documents.models import Document, Reason
from portal.documents.transitions import Act
from portal.documents.workflow import advance
from portal.errors import Conflict, Forbidden
from portal.permissions import Actor, Permission
from portal.verification import decisions, records
from portal.verification.claims import claim, lock, release, release_expired, renew, take_over
from portal.verification.decisions import Outcome, Verdict
from portal.verification.rights import at_agency_level, within_reach
from portal.verification.standing import standing
from portal.verification.undo import undo
from portal.vocabulary import DocumentState

__all__ = [
    "Outcome",
    "approve",
    "claim",
    "refuse",
    "release",
    "release_expired",
    "renew",
    "return_",
    "revoke",
    "take_over",
    "undo",
]


def approve(
    session: Session,
    actor: Actor,
    document: Document,
    *,
    note: str = "",
    revision: int | None = None,
    today: dt.date | None = None,
    at: dt.datetime | None = None,
) -> Outcome:
    """Diperiksa → Disetujui, with the record and the score that follow from it.

    Leads to "Menunggu pemeriksa kedua" instead when this is the first of two approvals: the
    agency asks for two (`Instansi.dua_pemeriksa`), or the actor speaks for the OPD level alone.
    """
    decisions.ready(session, actor, document, revision)
    if _is_first_of_two(actor, document):
        verdict = Verdict(Act.SETUJUI_PERTAMA, note=note, moment=at or now())
        decisions.check(document, verdict)
        first = actor.pegawai_id
        _end_claim(session, document, verdict, first_approver_id=first, lapis_pertama=False)
        decisions.seal(session, actor, document, verdict)
        return Outcome(document.state, None, None)
    verdict = Verdict(Act.SETUJUI, None, note, today, at or now())
    decisions.check(document, verdict)
    _end_claim(session, document, verdict, closed_at=verdict.moment, reason_id=None, note=note)
    decisions.replace_former(session, actor, document, verdict)
    records.write(session, document, verdict.moment)
    return decisions.settle(session, actor, document, verdict)


def return_(
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
    """Diperiksa → Perlu perbaikan: the owner repairs and hands in again."""
    decisions.ready(session, actor, document, revision)
    verdict = Verdict(Act.KEMBALIKAN, reason, note, today, at or now())
    return _send_back(session, actor, document, verdict, closed_at=None)


def refuse(
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
    """Diperiksa → Ditolak; the owner may object once."""
    decisions.ready(session, actor, document, revision)
    verdict = Verdict(Act.TOLAK, reason, note, today, at or now())
    return _send_back(session, actor, document, verdict, closed_at=verdict.moment)


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
    """Disetujui → Dicabut: the record goes, and the score follows."""
    if actor.pegawai_id in {document.owner_id, document.created_by_id}:
        raise Forbidden("Ini dokumen Anda sendiri. Pemeriksa lain yang memutuskannya.")
    if not within_reach(actor, Permission.VERIFY_REVOKE, document):
        raise Forbidden("Anda tidak berwenang mencabut persetujuan dokumen ini.")
    lock(session, document)
    changed = decisions.is_newer(document, revision)
    if changed or document.state is not DocumentState.DISETUJUI:
        raise Conflict(standing(session, actor, document))
    verdict = Verdict(Act.CABUT, reason, note, today, at or now())
    decisions.check(document, verdict)
    decisions.lock_owner(session, document)
    advance(
        session,
        document,
        Act.CABUT,
        closed_at=verdict.moment,
        reason_id=reason.id if reason else None,
        note=note,
    )
    records.remove(session, document.id)
    return decisions.settle(session, actor, document, verdict)


def _is_first_of_two(actor: Actor, document: Document) -> bool:
    if document.first_approver_id is not None:
        return False
    two_asked_for = document.owner.instansi.needs_second_pair(document.kind)
    return two_asked_for or not at_agency_level(actor, document)


def _send_back(
    session: Session,
    actor: Actor,
    document: Document,
    verdict: Verdict,
    closed_at: dt.datetime | None,
) -> Outcome:
    decisions.check(document, verdict)
    _end_claim(
        session,
        document,
        verdict,
        first_approver_id=None,  # what comes back is looked at by both pairs of eyes again
        reason_id=verdict.reason.id if verdict.reason else None,
        note=verdict.note,
        closed_at=closed_at,
    )
    return decisions.settle(session, actor, document, verdict)


def _end_claim(session: Session, document: Document, verdict: Verdict, **values: object) -> None:
    advance(session, document, verdict.act, claimed_by_id=None, claimed_until=None, **values)
