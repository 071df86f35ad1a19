"""Who opened whose papers: one line in the audit before the bytes go out."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import audit
from portal.audit import AuditEntry
from portal.db import now
from portal.documents.models import Document
from portal.permissions import Actor

ACTION = "document:read"
ONCE_PER = dt.timedelta(hours=1)
"""Twenty pages of one item are one reading."""


def is_noted(session: Session, actor: Actor, document_id: uuid.UUID) -> bool:
    """True when this person's reading of the item stands in the audit already."""
    statement = select(AuditEntry.id).where(
        AuditEntry.subject_id == document_id,
        AuditEntry.action == ACTION,
        AuditEntry.actor_id == actor.pegawai_id,
        AuditEntry.at > now() - ONCE_PER,
    )
    return session.scalar(statement.limit(1)) is not None


def note(session: Session, actor: Actor, document_id: uuid.UUID) -> None:
    """Note a reading once; pages that are fetched at the same moment wait for each other."""
    session.execute(
        select(Document.id).where(Document.id == document_id).with_for_update(key_share=True)
    )
    if not is_noted(session, actor, document_id):
        audit.record(session, actor, ACTION, document_id)
