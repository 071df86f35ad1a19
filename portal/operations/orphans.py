"""Objects of the store that nobody needs any more, found beside the rows, both in order.

Objects are written first, rows afterwards, so what no row knows may be on its way: an orphan is
due a day after it was written.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.documents.arrivals import Upload
from portal.documents.models import Document, DocumentFile
from portal.imports.models import Import
from portal.storage import ObjectInfo, Storage, keys
from portal.vocabulary import DocumentState

AGE = dt.timedelta(days=1)
UPLOAD_AGE = dt.timedelta(days=14)
"""A file of which the parts did not become a paper in so long is sent again from the start."""
EDITABLE = (DocumentState.DRAF, DocumentState.PERLU_PERBAIKAN)
"""States of items that still wait for their papers."""
BATCH = 500
PAPER = "file.pdf"
MADE_LATER = "siasn.pdf"
"""Written when it is first asked for, so no row tells of it."""


@dataclass(frozen=True, slots=True)
class Orphan:
    """An object, and from when on it may be deleted."""

    key: str
    due: dt.datetime


@dataclass(frozen=True, slots=True)
class FileRow:
    """What a row tells about the objects of a file."""

    id: uuid.UUID
    document_id: uuid.UUID
    current: bool
    erased: bool
    names: frozenset[str]
    """Objects below its folder; empty for files from before they were written down, and for a list
    without the paper itself, which cannot be whole: what it lacks is never deleted."""


def of_papers(session: Session, storage: Storage) -> Iterator[Orphan]:
    """Objects of papers without a row, of erased papers, and such as their row does not name."""
    for row, objects in beside_rows(session, storage):
        yield from unknown_to(row, objects)


def unknown_to(row: FileRow | None, objects: Sequence[ObjectInfo]) -> Iterator[Orphan]:
    """Those of one file."""
    for info in objects:
        name = info.key.rpartition("/")[2]
        if row is not None and row.erased:
            yield Orphan(info.key, info.modified)
        elif row is None or (row.names and name not in row.names and name != MADE_LATER):
            yield Orphan(info.key, info.modified + AGE)


def beside_rows(
    session: Session, storage: Storage
) -> Iterator[tuple[FileRow | None, list[ObjectInfo]]]:
    """Every file of a document with its objects: a row without objects, objects without a row.

    Rows and listing are both read in the order of ids, so that nothing has to be remembered.
    """
    rows = _rows(session)
    row = next(rows, None)
    for folder, found in groupby(storage.iterate("documents/"), lambda info: info.key[:46]):
        file_id, objects = uuid.UUID(folder.partition("/")[2]), list(found)
        while row is not None and row.id < file_id:
            yield row, []
            row = next(rows, None)
        if row is not None and row.id == file_id:
            yield row, objects
            row = next(rows, None)
        else:
            yield None, objects
    while row is not None:
        yield row, []
        row = next(rows, None)


def _rows(session: Session) -> Iterator[FileRow]:
    statement = select(
        DocumentFile.id,
        DocumentFile.document_id,
        DocumentFile.superseded_at,
        DocumentFile.erased_at,
        DocumentFile.objects,
    ).order_by(DocumentFile.id)
    for row in session.execute(statement.execution_options(yield_per=BATCH)):
        names = frozenset(row.objects if PAPER in row.objects else ())
        yield FileRow(
            row.id, row.document_id, row.superseded_at is None, row.erased_at is not None, names
        )


def of_uploads(session: Session, storage: Storage, moment: dt.datetime) -> Iterator[Orphan]:
    """Parts that no draft or repair waits for."""
    objects = storage.iterate("uploads/")
    while batch := list(islice(objects, BATCH)):
        wanted = _wanted_uploads(session, {_id_in(info.key) for info in batch}, moment)
        for info in batch:
            if _id_in(info.key) not in wanted:
                yield Orphan(info.key, info.modified + AGE)


def _id_in(key: str) -> uuid.UUID:
    return uuid.UUID(key.split("/")[1])


def _wanted_uploads(
    session: Session, upload_ids: set[uuid.UUID], moment: dt.datetime
) -> Sequence[uuid.UUID]:
    statement = (
        select(Upload.id)
        .join(Document, Document.id == Upload.document_id)
        .where(
            Upload.id.in_(upload_ids),
            Upload.created_at > moment - UPLOAD_AGE,
            Document.state.in_(EDITABLE),
        )
    )
    return session.scalars(statement).all()


def of_quarantine(storage: Storage, kept: dt.timedelta) -> Iterator[Orphan]:
    """Infected files, which are kept for a while to be examined."""
    for info in storage.iterate("quarantine/"):
        yield Orphan(info.key, info.modified + kept)


def of_imports(session: Session, storage: Storage) -> Iterator[Orphan]:
    """Objects of imports that no row knows."""
    known: set[str] = set()
    for import_id, key in session.execute(select(Import.id, Import.kunci_objek)):
        known |= {key, keys.import_messages(import_id)}
    for info in storage.iterate("imports/"):
        if info.key not in known:
            yield Orphan(info.key, info.modified + AGE)


def due(orphans: Iterator[Orphan], moment: dt.datetime) -> Iterator[str]:
    """Keys of those that may be deleted now."""
    return (orphan.key for orphan in orphans if orphan.due < moment)
