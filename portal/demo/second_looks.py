"""Second looks of the demo: most are done and agree, one does not, some wait."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.agency.models import Instansi
from portal.demo.desk import Desk
from portal.documents.models import Document
from portal.documents.rulings import Decision, Reason
from portal.documents.transitions import Act
from portal.permissions import Actor
from portal.verification.models import SpotCheck
from portal.verification.quality import spot_checks
from portal.vocabulary import DocumentState, Role

EVERY = 3
"""So many approvals for one that is drawn: more than usual, so that there is something to see."""
WAITING = 4
"""The newest ones wait."""
FINDING = "Di sertifikat tertulis JP yang lebih sedikit daripada yang disetujui."


def second_looks(session: Session, desk: Desk) -> None:
    """Draw approvals of the past and look at most of them; then the usual share applies."""
    drawn = [
        SpotCheck(decision_id=decision.id, document_id=document.id, dibuat=decision.at)
        for decision, document in _approvals(session)[::EVERY]
    ]
    session.add_all(drawn)
    session.flush()
    reason = session.scalars(select(Reason).where(Reason.act == Act.CABUT)).first()
    done = drawn[:-WAITING]
    for number, spot in enumerate(done, start=1):
        actor = _somebody_else(desk, spot)
        if actor is None:
            continue
        agrees = number < len(done) or reason is None
        spot_checks.look(
            session,
            actor,
            spot,
            agrees=agrees,
            reason=None if agrees else reason,
            note="" if agrees else FINDING,
            at=min(spot.dibuat + dt.timedelta(days=1, hours=2), desk.clock.end),
        )
    usual = Instansi.__table__.c.uji_petik_persen.default.arg
    for agency in session.scalars(select(Instansi)):
        agency.uji_petik_persen = usual


def _approvals(session: Session) -> list[tuple[Decision, Document]]:
    """Final approvals that stand, oldest first."""
    rows = session.execute(
        select(Decision, Document)
        .join(Document, Document.id == Decision.document_id)
        .where(
            Decision.act == Act.SETUJUI,
            Decision.undone_at.is_(None),
            Document.state == DocumentState.DISETUJUI,
        )
        .order_by(Decision.at, Decision.id)
    )
    return [(row[0], row[1]) for row in rows]


def _somebody_else(desk: Desk, spot: SpotCheck) -> Actor | None:
    tied = {
        spot.decision.decider_id,
        spot.document.first_approver_id,
        spot.document.owner_id,
        spot.document.created_by_id,
    }
    others = (one for one in desk.staff[Role.VERIFIKATOR] if one.pegawai_id not in tied)
    return next(others, None)
