"""What is not kept for ever (docs/decisions/0014-retention.md): drafts that nobody touches, and the
papers of items that were refused or withdrawn long ago. Approved papers are never deleted.

Each item is one transaction, and its bytes go after it: a run that is cut off leaves orphans for
the sweep, never a row that promises bytes which are gone.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

import structlog
from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from portal import audit
from portal.agency.models import Instansi
from portal.audit import AuditEntry
from portal.db import Database, now
from portal.documents.arrivals import Processing, Reading, Upload
from portal.documents.models import Document, DocumentFile
from portal.errors import Unavailable
from portal.notifications.actions import notify
from portal.notifications.models import Notification
from portal.people.models import Pegawai
from portal.storage import Storage, keys
from portal.vocabulary import DocumentState
from portal.wording import tanggal

log = structlog.get_logger()
NOTICE = dt.timedelta(days=14)
"""Between the word to the owner and the end of a draft."""
CLOSED = (DocumentState.DITOLAK, DocumentState.DIBATALKAN)
PAGE = "documents.index"
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Terms:
    """Days; 0 keeps for ever."""

    drafts: int
    refused: int


@dataclass
class Kept:
    """What was done, or would be: ids of items."""

    warned: list[uuid.UUID] = field(default_factory=list)
    """Drafts whose owner was told."""
    discarded: list[uuid.UUID] = field(default_factory=list)
    erased: list[uuid.UUID] = field(default_factory=list)
    """Refused and withdrawn items whose papers were deleted."""


def retain(
    database: Database,
    storage: Storage,
    terms: Terms,
    *,
    trial: bool = False,
    moment: dt.datetime | None = None,
) -> Kept:
    """Tell, discard and erase what is due; a `trial` changes nothing. Raises Unavailable when the
    database or the store is away; the next night goes on."""
    at = moment or now()
    kept = Kept()
    if terms.drafts:
        _see_to_drafts(database, terms, at, kept, trial=trial)
    if terms.refused:
        _see_to_refused(database, storage, terms, at, kept, trial=trial)
    log.info(
        "retention",
        warned=len(kept.warned),
        discarded=len(kept.discarded),
        erased=len(kept.erased),
        trial=trial,
    )
    return kept


def _see_to_drafts(
    database: Database, terms: Terms, at: dt.datetime, kept: Kept, *, trial: bool
) -> None:
    oldest = at - terms.drafts * DAY
    # Whoever set fewer days than the notice still gives the notice.
    early = min(at, oldest + NOTICE)
    with database.reading() as session:
        found = list(_untouched_drafts(session, early))
    for document_id, touched in found:
        with database.reading() as session:
            told = _told_at(session, document_id, touched)
        if told is None:
            kept.warned.append(document_id)
            if not trial:
                _warn(database, document_id, touched, at, terms)
        elif touched <= oldest and told <= at - NOTICE:
            kept.discarded.append(document_id)
            if not trial:
                _discard(database, document_id, touched, at, terms)


def _untouched_drafts(
    session: Session, before: dt.datetime
) -> Iterator[tuple[uuid.UUID, dt.datetime]]:
    """Drafts and when they were last touched: begun, photographed, sent, or otherwise acted on."""
    drafts = select(Document.id, Document.created_at).where(
        Document.state == DocumentState.DRAF, Document.created_at <= before
    )
    for document_id, created_at in session.execute(drafts):
        touched = max([created_at, *_marks(session, document_id)])
        if touched <= before:
            yield document_id, touched


def _marks(session: Session, document_id: uuid.UUID) -> list[dt.datetime]:
    statements = (
        select(func.max(DocumentFile.created_at)).where(DocumentFile.document_id == document_id),
        select(func.max(Upload.created_at)).where(Upload.document_id == document_id),
        select(func.max(Processing.created_at)).where(Processing.document_id == document_id),
        select(func.max(AuditEntry.at)).where(AuditEntry.subject_id == document_id),
    )
    return [mark for statement in statements if (mark := session.scalar(statement)) is not None]


def _mark_of(document_id: uuid.UUID, touched: dt.datetime) -> str:
    """What is told once: a draft that is touched again and forgotten again is told again."""
    return f"draf:{document_id.hex}:{touched:%Y%m%d}"


def _told_at(session: Session, document_id: uuid.UUID, touched: dt.datetime) -> dt.datetime | None:
    mark = _mark_of(document_id, touched)
    holder = select(Document.created_by_id).where(Document.id == document_id).scalar_subquery()
    return session.scalar(
        select(Notification.dibuat).where(
            Notification.pegawai_id == holder, Notification.kunci == mark
        )
    )


def _warn(
    database: Database,
    document_id: uuid.UUID,
    touched: dt.datetime,
    at: dt.datetime,
    terms: Terms,
) -> None:
    """Tell whoever holds the draft; the message carries no reference to it, so that it can go."""
    with database.transaction() as session:
        document = _locked_draft(session, document_id, touched)
        if document is None:
            return
        ends = max(touched + terms.drafts * DAY, at + NOTICE)
        zone = (
            session.execute(select(Instansi).join(Pegawai).where(Pegawai.id == document.owner_id))
            .scalar_one()
            .zone
        )
        notify(
            session,
            document.created_by_id,
            "Draf lama akan dihapus",
            f"Draf “{document.title}” dihapus sesudah {tanggal(ends.astimezone(zone).date())} "
            "bila tidak dilanjutkan. Buka dan ajukan bila masih diperlukan."[:500],
            kunci=_mark_of(document_id, touched),
            tujuan=PAGE,
            at=at,
        )


def _discard(
    database: Database,
    document_id: uuid.UUID,
    touched: dt.datetime,
    at: dt.datetime,
    terms: Terms,
) -> None:
    """Delete the rows; the sweep takes the objects."""
    with database.transaction() as session:
        document = _locked_draft(session, document_id, touched)
        if document is None:
            return
        session.execute(
            update(Notification)
            .where(Notification.document_id == document_id)
            .values(document_id=None, tujuan=PAGE)
        )
        session.execute(delete(DocumentFile).where(DocumentFile.document_id == document_id))
        session.execute(delete(Document).where(Document.id == document_id))
        audit.record(
            session,
            None,
            "document:expired",
            document_id,
            at=at,
            pemilik=str(document.owner_id),
            hari=terms.drafts,
        )


def _locked_draft(
    session: Session, document_id: uuid.UUID, touched: dt.datetime
) -> Document | None:
    """The draft, locked; None when it was handed in, deleted or touched meanwhile."""
    document = session.scalar(
        select(Document)
        .where(Document.id == document_id, Document.state == DocumentState.DRAF)
        .with_for_update()
    )
    if document is None or max([touched, *_marks(session, document_id)]) > touched:
        return None
    return document


def _see_to_refused(
    database: Database,
    storage: Storage,
    terms: Terms,
    at: dt.datetime,
    kept: Kept,
    *,
    trial: bool,
) -> None:
    overdue = _overdue(at - terms.refused * DAY)
    with database.reading() as session:
        found = session.scalars(
            select(Document.id)
            .join(DocumentFile, DocumentFile.document_id == Document.id)
            .where(overdue)
            .distinct()
        ).all()
    for document_id in found:
        files = [] if trial else _mark_erased(database, document_id, overdue, at)
        if trial or files:
            kept.erased.append(document_id)
        for file_id in files:
            _delete_objects(storage, file_id)


def _overdue(closed_before: dt.datetime) -> ColumnElement[bool]:
    """Files of refused and withdrawn items; the moment of withdrawal is that of the last hand-in
    where no other is known."""
    closed_at = or_(
        Document.closed_at <= closed_before,
        and_(Document.closed_at.is_(None), Document.submitted_at <= closed_before),
    )
    return and_(Document.state.in_(CLOSED), closed_at, DocumentFile.erased_at.is_(None))


def _mark_erased(
    database: Database, document_id: uuid.UUID, overdue: ColumnElement[bool], at: dt.datetime
) -> list[uuid.UUID]:
    """Files of the item that are erased now; none when it was objected to meanwhile."""
    with database.transaction() as session:
        session.execute(select(Document.id).where(Document.id == document_id).with_for_update())
        ids = session.scalars(
            select(DocumentFile.id)
            .join(Document, Document.id == DocumentFile.document_id)
            .where(Document.id == document_id, overdue)
        ).all()
        if ids:
            session.execute(
                update(DocumentFile).where(DocumentFile.id.in_(ids)).values(erased_at=at)
            )
            # What a machine read there is the content of the paper.
            session.execute(delete(Reading).where(Reading.file_id.in_(ids)))
            files = [str(file_id) for file_id in ids]
            audit.record(session, None, "document:erased", document_id, at=at, berkas=files)
        return list(ids)


def _delete_objects(storage: Storage, file_id: uuid.UUID) -> None:
    try:
        for info in list(storage.iterate(keys.folder(file_id))):
            storage.delete(info.key)
    except Unavailable:
        log.warning("retention_left_objects", file=str(file_id), exc_info=True)
