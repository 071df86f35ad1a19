"""Files against rows, both ways, for the nightly reconciliation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from portal.documents.arrivals import Processing
from portal.documents.models import Document, DocumentFile
from portal.imports.models import Import
from portal.operations import orphans
from portal.operations.orphans import FileRow
from portal.storage import ObjectInfo, Storage, keys
from portal.vocabulary import DocumentState, ProcessingState

STUCK = dt.timedelta(hours=1)
"""A paper takes seconds to make; the worker tries for some minutes."""


@dataclass
class Papers:
    """What one look at all papers found."""

    objects: int = 0
    orphans: list[str] = field(default_factory=list)
    """Keys."""
    missing: list[str] = field(default_factory=list)
    """Items, of which a stored object is gone."""


def papers(session: Session, storage: Storage, moment: dt.datetime) -> Papers:
    """Hold every object of a document against its row, and every row against its objects."""
    found = Papers()
    for row, objects in orphans.beside_rows(session, storage):
        found.objects += len(objects)
        found.orphans += [
            orphan.key for orphan in orphans.unknown_to(row, objects) if orphan.due < moment
        ]
        if row is not None and row.current and not row.erased and _lacks(row, objects):
            found.missing.append(str(row.document_id))
    found.missing += without_row(session)
    return found


def _lacks(row: FileRow, objects: list[ObjectInfo]) -> bool:
    there = {info.key for info in objects}
    named = row.names or {orphans.PAPER}
    return any(keys.folder(row.id) + name not in there for name in named)


def without_row(session: Session) -> Iterator[str]:
    """Handed-in items that have no file at all."""
    no_row = ~exists().where(
        DocumentFile.document_id == Document.id, DocumentFile.superseded_at.is_(None)
    )
    statement = select(Document.id).where(
        Document.state.not_in((DocumentState.DRAF, DocumentState.DIBATALKAN)), no_row
    )
    yield from map(str, session.scalars(statement))


def imports_without_file(session: Session, storage: Storage) -> Iterator[str]:
    """Imports whose file is gone."""
    there = {info.key for info in storage.iterate("imports/")}
    for import_id, key in session.execute(select(Import.id, Import.kunci_objek)):
        if key not in there:
            yield str(import_id)


def stuck(session: Session, moment: dt.datetime) -> Iterator[str]:
    """Papers in the making that nobody makes; named by their item."""
    statement = select(Processing.document_id).where(
        Processing.state == ProcessingState.DIPROSES, Processing.created_at < moment - STUCK
    )
    yield from map(str, session.scalars(statement.distinct()))
