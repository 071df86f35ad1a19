"""The append-only record of who did what. Triggers in the database refuse UPDATE and DELETE."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, Integer, String, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.db import Base, now
from portal.permissions import Actor


class AuditEntry(Base):
    """One act. `actor_id` is None for the system itself; `facts` never holds secrets."""

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_subject_id_id", "subject_id", "id"),
        Index("ix_audit_actor_id_id", "actor_id", "id"),
        Index("ix_audit_at_id", "at", "id"),
        Index("ix_audit_action_at", "action", "at"),
    )

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), primary_key=True
    )
    at: Mapped[dt.datetime]
    actor_id: Mapped[uuid.UUID | None]
    actor_name: Mapped[str] = mapped_column(String(200))
    action: Mapped[str] = mapped_column(String(60))
    """`thing:past-event`, for instance `document:approved`."""
    subject_id: Mapped[uuid.UUID | None]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


def record(
    session: Session,
    actor: Actor | None,
    action: str,
    subject_id: uuid.UUID | None,
    *,
    at: dt.datetime | None = None,
    **facts: Any,
) -> AuditEntry:
    """Write one line in the caller's transaction; the act and its line stand or fall together."""
    entry = AuditEntry(
        at=at or now(),
        actor_id=actor.pegawai_id if actor else None,
        actor_name=actor.nama if actor else "Sistem",
        action=action,
        subject_id=subject_id,
        facts=facts,
    )
    session.add(entry)
    return entry


_HISTORY = (
    select(AuditEntry)
    .where(AuditEntry.subject_id == bindparam("subject_id"))
    .order_by(AuditEntry.id)
)


def history(session: Session, subject_id: uuid.UUID) -> Sequence[AuditEntry]:
    """All lines about one object, oldest first: the timeline of an item."""
    return session.scalars(_HISTORY, {"subject_id": subject_id}).all()
