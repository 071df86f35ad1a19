"""Orders for the automatic checks of an item (portal.verification.checking.work runs them)."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.documents.models import OPEN_STATES, Document
from portal.jobs import Job, enqueue

KIND = "periksa"


def order(session: Session, document_id: uuid.UUID) -> Job:
    """Have the checks of an item run anew, after the commit. Too often does no harm."""
    return enqueue(session, KIND, {"document_id": str(document_id)})


def order_if_waiting(session: Session, document_id: uuid.UUID) -> None:
    """The same for an item that waits for a decision; of others nobody asks for a light."""
    waiting = select(Document.id).where(Document.id == document_id, Document.state.in_(OPEN_STATES))
    if session.scalar(waiting) is not None:
        order(session, document_id)
