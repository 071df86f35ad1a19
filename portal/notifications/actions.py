"""Acts on notifications."""

from __future__ import annotations

import uuid

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.db import now
from portal.notifications.models import Notification
from portal.permissions import Actor


def notify(
    session: Session,
    pegawai_id: uuid.UUID,
    judul: str,
    isi: str = "",
    document_id: uuid.UUID | None = None,
) -> None:
    """Tell one person, in the transaction of the act that is told about."""
    session.add(Notification(pegawai_id=pegawai_id, judul=judul, isi=isi, document_id=document_id))


def mark_read(session: Session, actor: Actor, notification_id: uuid.UUID | None = None) -> None:
    """Mark one (or all) of the actor's own messages as read."""
    statement = update(Notification).where(
        Notification.pegawai_id == actor.pegawai_id, Notification.dibaca.is_(None)
    )
    if notification_id is not None:
        statement = statement.where(Notification.id == notification_id)
    session.execute(statement.values(dibaca=now()))
