"""Acts on the papers of an item: attach, have read, take off."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection

from sqlalchemy.orm import Session

from portal.db import now
from portal.documents import look
from portal.documents.arrivals import Original, Reading
from portal.documents.files import StoredFile
from portal.documents.models import Document, DocumentFile
from portal.errors import Rejected
from portal.handin import fields, kinds
from portal.handin.guards import check_not_handed_in, open_for
from portal.handin.versions import PaperChanged
from portal.jobs import Queue, enqueue
from portal.permissions import Actor
from portal.vocabulary import DocumentState, FileRole

READING = "baca"
"""Kind of the job that reads a paper: {"file_id": …}."""


def attach(
    session: Session,
    actor: Actor,
    document: Document,
    role: FileRole,
    stored: StoredFile,
    at: dt.datetime | None = None,
    *,
    seen: Collection[uuid.UUID] | None = None,
) -> DocumentFile:
    """Make the stored objects the item's paper of this role; the one before gives way.

    A paper that was handed in once stays as a part of the history, one that nobody saw is
    forgotten. Sending the same files twice changes nothing. Raises Duplicate when the same
    original stands in another item of the owner, PaperChanged when the one before is none of
    those that were `seen` (None: nobody asks).
    """
    open_for(session, actor, document, {fields.FILES})
    if role not in kinds.FILES[document.kind]:
        raise Rejected(f"{role.label} tidak diperlukan untuk {document.kind.label.lower()}.")
    before = _current(session, document, role)
    if before is not None and _same_paper(before, stored):
        return before
    _check_seen(role, before, seen)
    hashes = [stored.sha256_original, *(source.sha256 for source in stored.sources)]
    check_not_handed_in(session, document.owner_id, hashes, document.id)
    _retire(session, document, before, at)
    file = DocumentFile(
        id=stored.id,
        revision=_coming_revision(document),
        role=role,
        pages=stored.pages,
        sizes=[list(size) for size in stored.sizes],
        size=stored.size,
        sha256_original=stored.sha256_original,
        sha256_stored=stored.sha256_stored,
        signed=stored.signed,
        tanda_tangan=stored.tanda_tangan,
        original_names=list(stored.original_names),
        originals=stored.originals,
        objects=dict(stored.objects),
        created_at=at or now(),
    )
    if stored.dhash:
        file.dhash = stored.dhash
        file.dhash_a, file.dhash_b, file.dhash_c = look.thirds(stored.dhash)
    document.files.append(file)
    session.flush()
    session.add_all(_originals(stored))
    session.flush()
    return file


def _same_paper(before: DocumentFile, stored: StoredFile) -> bool:
    """Of the same files in the same order, turned the same way."""
    return (before.sha256_original, before.sha256_stored) == (
        stored.sha256_original,
        stored.sha256_stored,
    )


def _originals(stored: StoredFile) -> list[Original]:
    return [
        Original(
            file_id=stored.id,
            number=number,
            sha256=source.sha256,
            sha256_source=source.sha256_source,
            name=source.name,
            size=source.size,
        )
        for number, source in enumerate(stored.sources, 1)
    ]


def order_reading(session: Session, queue: Queue, file: DocumentFile) -> None:
    """Have a machine read the paper, where one can; call `queue.wake(Lane.BERKAS)` after the
    commit. A paper that was sent again is not read again."""
    if queue.knows(READING) and session.get(Reading, file.id) is None:
        session.add(Reading(file_id=file.id))
        enqueue(session, READING, {"file_id": str(file.id)})


def detach(
    session: Session,
    actor: Actor,
    document: Document,
    role: FileRole,
    *,
    seen: Collection[uuid.UUID] | None = None,
) -> None:
    """Take a paper off the item; nothing happens when there is none. Raises PaperChanged when it
    is none of those that were `seen` (None: nobody asks)."""
    open_for(session, actor, document, {fields.FILES})
    present = _current(session, document, role)
    _check_seen(role, present, seen)
    _retire(session, document, present, None)
    session.flush()


def _check_seen(
    role: FileRole, present: DocumentFile | None, seen: Collection[uuid.UUID] | None
) -> None:
    if present is not None and seen is not None and present.id not in seen:
        raise PaperChanged(role)


def _current(session: Session, document: Document, role: FileRole) -> DocumentFile | None:
    session.refresh(document, ["files"])
    return next((file for file in document.current_files if file.role is role), None)


def _coming_revision(document: Document) -> int:
    """The revision in which files that are attached now will be handed in."""
    return document.revision + (document.state is DocumentState.PERLU_PERBAIKAN)


def _retire(
    session: Session, document: Document, file: DocumentFile | None, at: dt.datetime | None
) -> None:
    if file is None:
        return
    if file.revision == _coming_revision(document):
        document.files.remove(file)
        session.delete(file)
    else:
        file.superseded_at = at or now()
    session.flush()
