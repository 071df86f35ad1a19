"""Decisions on items. Each is one transaction: state, record, score, audit and message together.

The caller holds the item before (portal.verification.claims). Every decision raises Forbidden
with the reason, Conflict when the claim is lost or the item is no longer as the caller saw it
(`revision`), Rejected when reason, note or the item's data do not do.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from portal.db import now
from portal.documents.models import Document
from portal.documents.rulings import Reason
from portal.documents.transitions import Act
from portal.documents.workflow import advance
from portal.permissions import Actor, Permission
from portal.verification import decisions, records
from portal.verification.claims import claim, release, release_expired, renew, take_over
from portal.verification.decisions import Outcome, Verdict
from portal.verification.quality import spot_checks
from portal.verification.revocations import revoke
from portal.verification.rights import at_agency_level, within_reach
from portal.verification.undo import undo

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
    together: bool = False,
    today: dt.date | None = None,
    at: dt.datetime | None = None,
) -> Outcome:
    """Diperiksa → Disetujui, with the record and the score that follow from it.

    Leads to "Menunggu pemeriksa kedua" instead when this is the first of two approvals: the
    agency asks for two (`Instansi.dua_pemeriksa`), or the actor speaks for the OPD level alone.
    `together`: one of several items approved at once.
    """
    decisions.ready(session, actor, document, revision)
    first = _is_first_of_two(actor, document)
    act = Act.SETUJUI_PERTAMA if first else Act.SETUJUI
    verdict = Verdict(act, None, note, today, at or now(), together)
    decisions.check(session, document, verdict)
    if first:
        former = _end_claim(
            session, document, verdict, first_approver_id=actor.pegawai_id, lapis_pertama=False
        )
        decisions.seal(session, actor, document, verdict, **former)
        return Outcome(document.state, None, None)
    former = _end_claim(
        session, document, verdict, closed_at=verdict.moment, reason_id=None, note=note
    )
    decisions.replace_former(session, actor, document, verdict)
    records.write(session, document, verdict.moment)
    decision = decisions.seal(session, actor, document, verdict, **former)
    spot_checks.draw(session, document, decision)
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


def _is_first_of_two(actor: Actor, document: Document) -> bool:
    if document.first_approver_id is not None:
        return False
    if document.owner.instansi.needs_second_pair(document.kind):
        return True
    if document.lapis_pertama and not within_reach(actor, Permission.QUEUE_HEAD, document):
        return True
    return not at_agency_level(actor, document)


def _send_back(
    session: Session,
    actor: Actor,
    document: Document,
    verdict: Verdict,
    closed_at: dt.datetime | None,
) -> Outcome:
    decisions.check(session, document, verdict)
    former = _end_claim(
        session,
        document,
        verdict,
        first_approver_id=None,  # what comes back is looked at by both pairs of eyes again
        reason_id=verdict.reason.id if verdict.reason else None,
        note=verdict.note,
        closed_at=closed_at,
        tenggat=None,  # it is the owner's turn
    )
    decisions.seal(session, actor, document, verdict, **former)
    return decisions.settle(session, actor, document, verdict)


def _end_claim(
    session: Session, document: Document, verdict: Verdict, **values: object
) -> dict[str, str]:
    """End the claim by the decision; returns what the audit keeps of the item as it was, for an
    undo to find."""
    former = {"tenggat": document.tenggat.isoformat()} if document.tenggat else {}
    if document.lapis_pertama:
        former["lapis"] = "opd"
    advance(session, document, verdict.act, claimed_by_id=None, claimed_until=None, **values)
    return former
