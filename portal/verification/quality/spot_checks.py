"""Uji petik: a share of the approvals is looked at again by somebody else.

A different finding never revokes by itself; it opens a proposal that a third person decides on.
"""

from __future__ import annotations

import datetime as dt
import secrets

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal import audit
from portal.db import now
from portal.documents.models import Document
from portal.documents.rulings import Decision, Reason
from portal.errors import Conflict, Forbidden, Rejected
from portal.permissions import Actor, Permission
from portal.verification import messages, revocations
from portal.verification.claims import lock
from portal.verification.decisions import LONGEST_NOTE
from portal.verification.models import SpotCheck
from portal.verification.rights import nearness, within_reach
from portal.verification.standing import standing
from portal.vocabulary import DocumentState

LOOKED = "document:spot-checked"
AGREED, DISAGREED = "sependapat", "tidak sependapat"


def draw(session: Session, document: Document, decision: Decision) -> None:
    """Draw a final approval by lot, with the agency's share."""
    if secrets.randbelow(100) < document.owner.instansi.uji_petik_persen:
        session.flush()  # the row of the decision comes first
        session.add(SpotCheck(decision_id=decision.id, document_id=document.id, dibuat=decision.at))


def look(
    session: Session,
    actor: Actor,
    spot: SpotCheck,
    *,
    agrees: bool,
    reason: Reason | None = None,
    note: str = "",
    at: dt.datetime | None = None,
) -> None:
    """Keep what the second look came to. With another finding a withdrawal is proposed for
    `reason`, and the first decider reads the note.

    Raises Forbidden for who must not look, Conflict when somebody was faster or the approval
    stands no more, Rejected for a finding without reason or note.
    """
    document = spot.document
    lock(session, document)
    _permit(session, actor, spot)
    if document.state is not DocumentState.DISETUJUI:
        raise Conflict(standing(session, actor, document))
    if len(note) > LONGEST_NOTE:
        raise Rejected(f"Catatan paling panjang {LONGEST_NOTE} huruf.", "catatan")
    if not agrees and not note.strip():
        raise Rejected("Tulis apa yang berbeda, untuk pemeriksa pertama.", "catatan")
    moment = at or now()
    _keep(session, actor, spot, agrees=agrees, note=note, at=moment)
    words = AGREED if agrees else DISAGREED
    audit.record(session, actor, LOOKED, document.id, at=moment, hasil=words, catatan=note)
    if not agrees:
        _disagree(session, actor, spot, reason, note, moment)


def _permit(session: Session, actor: Actor, spot: SpotCheck) -> None:
    document = spot.document
    if sentence := nearness(session, actor, document):
        raise Forbidden(sentence)
    if not within_reach(actor, Permission.VERIFY_DECIDE, document):
        raise Forbidden("Dokumen ini di luar wewenang pemeriksaan Anda.")
    if actor.pegawai_id in {spot.decision.decider_id, document.first_approver_id}:
        raise Forbidden("Anda ikut menyetujui dokumen ini. Uji petiknya dilakukan orang lain.")


def _keep(
    session: Session, actor: Actor, spot: SpotCheck, *, agrees: bool, note: str, at: dt.datetime
) -> None:
    done = session.execute(
        update(SpotCheck)
        .where(SpotCheck.id == spot.id, SpotCheck.diperiksa.is_(None))
        .values(pemeriksa_id=actor.pegawai_id, diperiksa=at, sependapat=agrees, note=note)
        .returning(SpotCheck.id)
        .execution_options(synchronize_session=False)
    ).all()
    if not done:
        raise Conflict("Uji petik ini sudah dilakukan orang lain. Lanjutkan dengan yang berikut.")


def _disagree(
    session: Session,
    actor: Actor,
    spot: SpotCheck,
    reason: Reason | None,
    note: str,
    at: dt.datetime,
) -> None:
    document = spot.document
    revocations.propose_from_finding(session, actor, document, reason, note, at)
    headline = f"Uji petik: {messages.short_title(document)}"
    told = f"Pemeriksa kedua tidak sependapat. {note}"
    messages.tell_colleague(session, spot.decision.decider_id, document, headline, told, at)
