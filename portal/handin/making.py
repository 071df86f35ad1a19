"""Papers in the making, as pages and acts ask about them: the newest order of each role counts."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import ColumnElement, bindparam, delete, exists, select
from sqlalchemy.orm import Session, aliased

from portal.documents.arrivals import Processing
from portal.documents.models import Document, DocumentFile
from portal.errors import Conflict, NotFound, Rejected
from portal.handin import fields
from portal.handin.guards import EDITABLE, open_for
from portal.permissions import Actor
from portal.vocabulary import ProcessingState

FAILED = (ProcessingState.GAGAL, ProcessingState.KARANTINA)
SECONDS = 2
"""After which it is worth asking again."""
SECONDS_AT_REST = 60
"""The same while the store is away."""


class StillProcessing(Rejected):
    """A paper of the item is being made; ask again after `seconds`."""

    def __init__(self, processing: Processing) -> None:
        self.seconds = SECONDS_AT_REST if processing.message else SECONDS
        why = processing.message or "Tunggu beberapa detik, lalu ajukan lagi."
        super().__init__(f"{processing.role.label} sedang diolah. {why}", fields.FILES)


def came_by_form() -> ColumnElement[bool]:
    """Condition on Processing: the person has put a paper of this role into the form since the
    order, which therefore counts no more. Papers of other orders are not meant: whichever worker
    finished them, the moment of the order decides among those."""
    made = aliased(Processing)
    ordered = exists().where(
        made.document_id == DocumentFile.document_id, made.file_id == DocumentFile.id
    )
    return (
        exists()
        .where(
            DocumentFile.document_id == Processing.document_id,
            DocumentFile.role == Processing.role,
            DocumentFile.superseded_at.is_(None),
            DocumentFile.created_at > Processing.created_at,
            ~ordered.correlate(DocumentFile),
        )
        .correlate(Processing)
    )


_ORDERS = (
    select(Processing, came_by_form())
    .where(Processing.document_id.in_(bindparam("documents", expanding=True)))
    .order_by(Processing.created_at)
)
"""Made once: the list of items and the page of each ask it."""


def unfinished(
    session: Session, document_ids: Collection[uuid.UUID]
) -> Mapping[uuid.UUID, list[Processing]]:
    """By item: of each role the newest order, where it is under way or has failed, unless a paper
    came by the form since."""
    found: dict[uuid.UUID, dict[str, tuple[Processing, bool]]] = defaultdict(dict)
    if document_ids:
        for row, came in session.execute(_ORDERS, {"documents": document_ids}):
            found[row.document_id][row.role] = row, came
    return {
        document_id: [
            row for row, came in rows.values() if row.state is not ProcessingState.SIAP and not came
        ]
        for document_id, rows in found.items()
    }


def of_item(session: Session, document: Document) -> list[Processing]:
    """Those of one item, as long as its papers may change."""
    if document.state not in EDITABLE:
        return []
    return unfinished(session, [document.id]).get(document.id, [])


def check_made(session: Session, document: Document) -> None:
    """Raises StillProcessing while a paper of the item is being made, and Rejected with the
    sentence of an order that failed where the item needs that paper."""
    rows = of_item(session, document)
    for row in rows:
        if row.state is ProcessingState.DIPROSES:
            raise StillProcessing(row)
    needed = fields.needed_files(document)
    for row in rows:
        if row.role in needed:
            raise Rejected(f"{row.role.label}: {row.message}", fields.FILES)


def dismiss(session: Session, actor: Actor, document: Document, processing_id: uuid.UUID) -> None:
    """Stay with the paper that is there, instead of one that could not be made."""
    open_for(session, actor, document, {fields.FILES})
    row = session.get(Processing, processing_id)
    if row is None or row.document_id != document.id:
        raise NotFound("Olahan ini tidak ditemukan. Mungkin sudah diganti.")
    gone = session.execute(
        delete(Processing)
        .where(Processing.id == processing_id, Processing.state.in_(FAILED))
        .returning(Processing.id)
    )
    if gone.one_or_none() is None:
        raise Conflict("Berkas ini masih diolah. Tunggu beberapa detik.")
