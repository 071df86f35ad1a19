"""Uji petik: a share of the approvals is looked at again by somebody else.

A different finding never revokes by itself; it opens a proposal that a third person decides on.
"""

from __future__ import annotations

import secrets

from sqlalchemy.orm import Session

from portal.documents.models import Decision, Document
from portal.verification.models import SpotCheck


def draw(session: Session, document: Document, decision: Decision) -> None:
    """Draw a final approval by lot, with the agency's share."""
    if secrets.randbelow(100) < document.owner.instansi.uji_petik_persen:
        session.flush()  # the row of the decision comes first
        session.add(SpotCheck(decision_id=decision.id, document_id=document.id, dibuat=decision.at))
