"""Acts on notifications."""

from __future__ import annotations

import datetime as dt
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
    *,
    kunci: str | None = None,
    tujuan: str = "",
    at: dt.datetime | None = None,
) -> None:
    """Tell one person, in the transaction of the act that is told about.

    The message leads to its document, or to the page of the endpoint `tujuan`. What has a `kunci`
    can be told to a person once only; the table refuses a second one.
    """
    session.add(
        Notification(
            pegawai_id=pegawai_id,
            judul=judul,
            isi=isi,
            document_id=document_id,
            kunci=kunci,
            tujuan=tujuan,
            dibuat=at or now(),
        )
    )


def mark_read(session: Session, actor: Actor, notification_id: uuid.UUID | None = None) -> None:
    """Mark one (or all) of the actor's own messages as read."""
    statement = update(Notification).where(
        Notification.pegawai_id == actor.pegawai_id, Notification.dibaca.is_(None)
    )
    if notification_id is not None:
        statement = statement.where(Notification.id == notification_id)
    session.execute(statement.values(dibaca=now()))
