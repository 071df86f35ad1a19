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
from portal.documents import queries
from portal.documents.models import OPEN_STATES, Document
from portal.errors import Conflict, NotFound, Rejected
from portal.handin import fields, kinds
from portal.handin.guards import check_may_act_for, check_open, lock, open_for
from portal.handin.versions import Seen
from portal.people.models import Pegawai
from portal.permissions import Actor
from portal.vocabulary import DocumentKind, DocumentState, JenisDiklat

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


def fill(
    session: Session,
    actor: Actor,
    document: Document,
    values: Mapping[str, Any],
    at: dt.datetime | None = None,
    *,
    seen: Seen | None = None,
) -> None:
    """Write data into a draft, or into the fields that a return has opened.

    The values may be incomplete or implausible (a draft keeps them), they only have to fit their
    columns. Raises Rejected for a field that is closed, Changed when a value would overwrite one
    that was not `seen` (None: nobody asks).
    """
    open_for(session, actor, document, set())
    before = fields.values_of(document)
    changed = {
        name: value
        for name, value in values.items()
        if name in fields.COLUMNS and before.get(name) != value
    }
    check_open(document, set(changed))
    if seen is not None:
        seen.check(document, changed)
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


def discard(
    session: Session, actor: Actor, document: Document, *, seen: Seen | None = None
) -> None:
    """Delete a draft, which nobody else has seen; its objects are swept later. Raises ItemChanged
    when it is not as it was `seen` (None: nobody asks)."""
    lock(session, actor, document)
    if document.state is not DocumentState.DRAF:
        raise Conflict(
            "Dokumen ini sudah diajukan, jadi tidak dapat dihapus. Anda dapat membatalkannya."
        )
    if seen is not None:
        session.refresh(document, ["files"])
        seen.check_whole(document)
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
        _lock(session, Document, replaces.id)  # before people, as everywhere
        _check_replaceable(session, owner, replaces)
    _lock(session, Pegawai, actor.pegawai_id)  # of two at the same moment one sees the other
    drafts = session.scalar(
        select(func.count())
        .select_from(Document)
        .where(Document.created_by_id == actor.pegawai_id, Document.state == DocumentState.DRAF)
    )
    if (drafts or 0) >= MAX_DRAFTS:
        raise Rejected(
            f"Anda sudah menyimpan {drafts} draf. Ajukan atau hapus salah satunya lebih dahulu."
        )


def _lock(session: Session, table: type[Document] | type[Pegawai], key: uuid.UUID) -> None:
    session.execute(select(table.id).where(table.id == key).with_for_update(key_share=True))


def _check_replaceable(session: Session, owner: Pegawai, replaces: Document) -> None:
    if replaces.owner_id != owner.id:
        raise NotFound(queries.GONE)
    # The page may have read it a while ago, before the papers were converted.
    state = select(Document.state).where(Document.id == replaces.id)
    if session.scalar(state) is not DocumentState.DISETUJUI:
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


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value
