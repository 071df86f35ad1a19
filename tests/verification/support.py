"""What stands there after a decision: of the item, of its owner, in the record."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.documents.models import Document
from portal.notifications.models import Notification
from portal.people.models import Pengembangan
from portal.permissions import Actor
from portal.vocabulary import DocumentState


def told(session: Session, person: Actor) -> list[tuple[str, str]]:
    statement = select(Notification.judul, Notification.isi).where(
        Notification.pegawai_id == person.pegawai_id
    )
    return [(judul, isi) for judul, isi in session.execute(statement)]


def courses_of(session: Session, document: Document) -> list[Pengembangan]:
    statement = select(Pengembangan).where(Pengembangan.document_id == document.id)
    return list(session.scalars(statement))


def state_of(database: Database, document_id: uuid.UUID) -> DocumentState:
    with database.reading() as session:
        return session.get_one(Document, document_id).state
