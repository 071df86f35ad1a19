"""Uploads and orders within the reach of who asks, and how much is still on its way."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.documents.arrivals import Processing, Reading, Upload
from portal.documents.models import Document, DocumentFile
from portal.documents.queries import visible_to
from portal.errors import NotFound
from portal.handin.guards import EDITABLE
from portal.people.models import Pegawai
from portal.permissions import Actor
from portal.vocabulary import DocumentState, ProcessingState, ReadingState

NO_UPLOAD = "Unggahan ini tidak ditemukan. Kirim ulang berkasnya."
NO_ORDER = "Olahan ini tidak ditemukan. Kirim ulang berkasnya."


@dataclass(frozen=True)
class Making:
    """Where the making of a paper stands, and the reading of it."""

    state: ProcessingState
    message: str
    pages: int
    """Of the paper when it is made, before that the number of uploads."""
    reading: ReadingState | None = None
    read: Mapping[str, str] | None = None


@dataclass(frozen=True)
class OnTheWay:
    """What a person has sent for items that are not handed in."""

    size: int
    """Bytes of files of which nothing was made yet."""
    kept: int
    """Bytes of all files."""
    incomplete: int
    """Uploads of one item that lack parts."""


def upload_of(session: Session, actor: Actor, upload_id: uuid.UUID) -> tuple[Upload, DocumentState]:
    """An upload that the actor announced, and the state of its item; raises NotFound for those of
    others, and once the item is out of reach."""
    statement = (
        select(Upload, Document.state)
        .join(Document, Document.id == Upload.document_id)
        .join(Document.owner)
        .join(Pegawai.opd)
        .where(Upload.id == upload_id, Upload.sender_id == actor.pegawai_id, visible_to(actor))
    )
    row = session.execute(statement).one_or_none()
    if row is None:
        raise NotFound(NO_UPLOAD)
    return row[0], row[1]


def making_of(session: Session, actor: Actor, processing_id: uuid.UUID) -> Making:
    """Asked for each second: one statement. Raises NotFound outside the actor's reach."""
    statement = (
        select(
            Processing.state,
            Processing.message,
            Processing.pages,
            DocumentFile.pages.label("made"),
            Reading.state.label("reading"),
            Reading.fields,
        )
        .join(Document, Document.id == Processing.document_id)
        .join(Document.owner)
        .join(Pegawai.opd)
        .outerjoin(DocumentFile, DocumentFile.id == Processing.file_id)
        .outerjoin(Reading, Reading.file_id == Processing.file_id)
        .where(Processing.id == processing_id, visible_to(actor))
    )
    row = session.execute(statement).one_or_none()
    if row is None:
        raise NotFound(NO_ORDER)
    return Making(row.state, row.message, row.made or len(row.pages), row.reading, row.fields)


def on_the_way(session: Session, sender_id: uuid.UUID, document_id: uuid.UUID) -> OnTheWay:
    """Counted anew at each announcement: few rows, as drafts are few."""
    # Of this person by two indexes; drafts of all others would be thousands.
    own = or_(Document.owner_id == sender_id, Document.created_by_id == sender_id)
    open_items = select(Document.id).where(Document.state.in_(EDITABLE), own)
    orders = select(Processing.pages).where(
        Processing.sender_id == sender_id,
        Processing.state == ProcessingState.SIAP,
        Processing.document_id.in_(open_items),
    )
    made = {page["unggahan"] for pages in session.scalars(orders) for page in pages}
    rows = session.execute(
        select(Upload.id, Upload.size, Upload.document_id, Upload.completed_at).where(
            Upload.sender_id == sender_id, Upload.document_id.in_(open_items)
        )
    ).all()
    waiting = [row for row in rows if str(row.id) not in made]
    lacking = [row for row in waiting if row.completed_at is None]
    return OnTheWay(
        size=sum(row.size for row in waiting),
        kept=sum(row.size for row in rows),
        incomplete=sum(row.document_id == document_id for row in lacking),
    )
