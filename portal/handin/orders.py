"""Orders of papers, as the worker takes them up: what is to be made, and whether it still is."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, union_all
from sqlalchemy.orm import Session

from portal.documents.arrivals import Processing, Upload
from portal.errors import Rejected
from portal.handin.fetching import INCOMPLETE
from portal.handin.making import came_by_form
from portal.vocabulary import FileRole, ProcessingState

REPLACED = "Sudah diganti dengan foto yang Anda kirim sesudahnya."


@dataclass(frozen=True)
class Order:
    """What is to be made, read at the beginning."""

    id: uuid.UUID
    document_id: uuid.UUID
    sender_id: uuid.UUID
    role: FileRole
    created_at: dt.datetime
    uploads: Sequence[Upload]
    """One for each page or PDF, in order; the same may come twice."""
    turns: Sequence[int]


def read(session: Session, processing_id: uuid.UUID) -> Order | None:
    """None when there is nothing to do any more; raises Rejected for what can never be made."""
    processing = session.get(Processing, processing_id)
    if processing is None or processing.state is not ProcessingState.DIPROSES:
        return None
    wanted = [uuid.UUID(page["unggahan"]) for page in processing.pages]
    # Of the same item and sender: nobody makes a paper of somebody else's files.
    own = select(Upload).where(
        Upload.id.in_(wanted),
        Upload.document_id == processing.document_id,
        Upload.sender_id == processing.sender_id,
    )
    known = {upload.id: upload for upload in session.scalars(own)}
    if not set(wanted) <= set(known):
        raise Rejected(INCOMPLETE.format(name="foto"))
    todo = Order(
        id=processing.id,
        document_id=processing.document_id,
        sender_id=processing.sender_id,
        role=processing.role,
        created_at=processing.created_at,
        uploads=[known[upload_id] for upload_id in wanted],
        turns=[page.get("putar", 0) for page in processing.pages],
    )
    refuse_overtaken(session, processing_id, todo)
    return todo


def refuse_overtaken(session: Session, processing_id: uuid.UUID, todo: Order) -> None:
    """Raises Rejected when the person has ordered the same paper anew since, or put it into the
    form while no worker was there."""
    newer = select(Processing.id).where(
        Processing.document_id == todo.document_id,
        Processing.role == todo.role,
        Processing.created_at > todo.created_at,
        Processing.id != processing_id,
    )
    by_form = select(Processing.id).where(Processing.id == processing_id, came_by_form())
    if session.scalar(union_all(newer, by_form).limit(1)) is not None:
        raise Rejected(REPLACED)
