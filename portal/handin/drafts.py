"""Acts on a draft, and on the opened fields of a returned item: begin, attach, fill, discard."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import audit
from portal.audit import AuditEntry
from portal.db import now
from portal.documents import look, queries
from portal.documents.arrivals import Original, Reading
from portal.documents.files import StoredFile
from portal.documents.models import OPEN_STATES, Document, DocumentFile
from portal.errors import Conflict, NotFound, Rejected
from portal.handin import fields, kinds
from portal.handin.guards import check_may_act_for, check_not_handed_in, check_open, lock, open_for
from portal.jobs import Queue, enqueue
from portal.people.models import Pegawai
from portal.permissions import Actor
from portal.vocabulary import DocumentKind, DocumentState, FileRole, JenisDiklat

READING = "baca"
"""Kind of the job that reads a paper: {"file_id": …}."""
TYPED = "document:typed"
TYPING_NOTED = dt.timedelta(days=1)
MAX_DRAFTS = 20
"""Of one person; enough for a rainy Sunday with a folder of certificates."""


def start_draft(
    session: Session,
    actor: Actor,
    owner: Pegawai,
    *,
    document_id: uuid.UUID,
    kind: DocumentKind,
    jenis: JenisDiklat | None = None,
    replaces: Document | None = None,
    at: dt.datetime | None = None,
) -> Document:
    """Begin an item under the id that the form carries; the same form sent twice meets one row.

    Raises NotFound when the owner is outside the actor's scope or the id belongs to another item.
    """
    check_may_act_for(session, actor, owner)
    known = _known(session, actor, owner, document_id)
    if known is not None:
        return known
    _check_start(session, actor, owner, replaces)
    document = Document(
        id=document_id,
        owner_id=owner.id,
        created_by_id=actor.pegawai_id,
        kind=kind,
        jenis=jenis or kinds.card_of(kind, None).only_jenis,
        created_at=at or now(),
        replaces_id=replaces.id if replaces else None,
        files=[],
    )
    if replaces is not None:
        _copy_values(replaces, document)
    try:
        with session.begin_nested():
            session.add(document)
    except IntegrityError as error:
        # Another tap of the same form was faster (PostgreSQL; SQLite lets one writer in).
        known = _known(session, actor, owner, document_id)
        if known is None:
            raise Conflict from error
        return known
    audit.record(session, actor, "document:drafted", document.id, at=at, kind=kind.value)
    return document


def attach(
    session: Session,
    actor: Actor,
    document: Document,
    role: FileRole,
    stored: StoredFile,
    at: dt.datetime | None = None,
) -> DocumentFile:
    """Make the stored objects the item's paper of this role; the one before gives way.

    A paper that was handed in once stays as a part of the history, one that nobody saw is
    forgotten. Sending the same files twice changes nothing. Raises Duplicate when the same
    original stands in another item of the owner.
    """
    open_for(session, actor, document, {fields.FILES})
    if role not in kinds.FILES[document.kind]:
        raise Rejected(f"{role.label} tidak diperlukan untuk {document.kind.label.lower()}.")
    before = _current(session, document, role)
    if before is not None and _same_paper(before, stored):
        return before
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


def detach(session: Session, actor: Actor, document: Document, role: FileRole) -> None:
    """Take a paper off the item; nothing happens when there is none."""
    open_for(session, actor, document, {fields.FILES})
    _retire(session, document, _current(session, document, role), None)
    session.flush()


def fill(
    session: Session,
    actor: Actor,
    document: Document,
    values: Mapping[str, Any],
    at: dt.datetime | None = None,
) -> None:
    """Write data into a draft, or into the fields that a return has opened.

    The values may be incomplete or implausible (a draft keeps them), they only have to fit their
    columns. Raises Rejected for a field that is closed.
    """
    open_for(session, actor, document, set())
    before = fields.values_of(document)
    changed = {
        name: value
        for name, value in values.items()
        if name in fields.COLUMNS and before.get(name) != value
    }
    check_open(document, set(changed))
    for name, value in changed.items():
        setattr(document, name, value)
    if changed.get("jenis"):
        document.kind = kinds.kind_of(changed["jenis"])
    session.flush()
    if changed and document.state is DocumentState.DRAF:
        _note_typing(session, actor, document, at or now())
    if changed and document.state is DocumentState.PERLU_PERBAIKAN:
        facts = {name: [_plain(before.get(name)), _plain(value)] for name, value in changed.items()}
        audit.record(session, actor, "document:corrected", document.id, at=at, changed=facts)


def _note_typing(session: Session, actor: Actor, document: Document, moment: dt.datetime) -> None:
    """A draft on which somebody works is not forgotten (portal.operations.retention); one line a
    day tells so, without what was typed."""
    if moment - document.created_at < TYPING_NOTED:
        return
    since = select(AuditEntry.id).where(
        AuditEntry.subject_id == document.id,
        AuditEntry.action == TYPED,
        AuditEntry.at > moment - TYPING_NOTED,
    )
    if session.scalar(since.limit(1)) is None:
        audit.record(session, actor, TYPED, document.id, at=moment)


def discard(session: Session, actor: Actor, document: Document) -> None:
    """Delete a draft, which nobody else has seen; its objects are swept later."""
    lock(session, actor, document)
    if document.state is not DocumentState.DRAF:
        raise Conflict(
            "Dokumen ini sudah diajukan, jadi tidak dapat dihapus. Anda dapat membatalkannya."
        )
    for file in list(document.files):
        session.delete(file)
    session.flush()
    session.delete(document)
    audit.record(session, actor, "document:discarded", document.id)


def _known(
    session: Session, actor: Actor, owner: Pegawai, document_id: uuid.UUID
) -> Document | None:
    known = session.get(Document, document_id, populate_existing=True)
    if known is None:
        return None
    if known.owner_id != owner.id or actor.pegawai_id not in (known.owner_id, known.created_by_id):
        raise NotFound(queries.GONE)
    return known


def _check_start(session: Session, actor: Actor, owner: Pegawai, replaces: Document | None) -> None:
    if replaces is not None:
        _check_replaceable(session, owner, replaces)
    drafts = session.scalar(
        select(func.count())
        .select_from(Document)
        .where(Document.created_by_id == actor.pegawai_id, Document.state == DocumentState.DRAF)
    )
    if (drafts or 0) >= MAX_DRAFTS:
        raise Rejected(
            f"Anda sudah menyimpan {drafts} draf. Ajukan atau hapus salah satunya lebih dahulu."
        )


def _check_replaceable(session: Session, owner: Pegawai, replaces: Document) -> None:
    if replaces.owner_id != owner.id:
        raise NotFound(queries.GONE)
    if replaces.state is not DocumentState.DISETUJUI:
        raise Conflict("Hanya dokumen yang sudah disetujui yang dapat diganti.")
    waiting = exists().where(
        Document.replaces_id == replaces.id,
        Document.state.in_(OPEN_STATES),
    )
    if session.scalar(select(waiting)):
        raise Conflict("Pengganti dokumen ini sudah Anda ajukan dan masih diproses.")


def _copy_values(source: Document, target: Document) -> None:
    for name in fields.OF_KIND[source.kind]:
        setattr(target, name, getattr(source, name))


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


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value
