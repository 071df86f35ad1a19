"""Reads of items: what the owner may see, and what an operator OPD handed in for others."""

from __future__ import annotations

import uuid
from functools import lru_cache

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from portal.documents.arrivals import Original
from portal.documents.files import Source
from portal.documents.models import Document, DocumentFile
from portal.errors import NotFound
from portal.people.models import Pegawai
from portal.people.scopes import within
from portal.permissions import Actor, Permission
from portal.vocabulary import DocumentState
from portal.wording import tanggal

GONE = "Dokumen tidak ditemukan. Mungkin sudah dihapus, atau bukan milik Anda."
ERASED = "Berkas dihapus pada {tanggal} sesuai aturan retensi."
NOT_HANDED_IN = (DocumentState.DRAF, DocumentState.DIBATALKAN)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Condition on (Document, Pegawai, Opd): the actor's own items, and those the actor handed
    in as an operator for people who still work in the operator's scope."""
    return or_(Document.owner_id == actor.pegawai_id, handed_in_for_others(actor))


def handed_in_for_others(actor: Actor) -> ColumnElement[bool]:
    """The second half of `visible_to`."""
    grants = actor.grants_for(Permission.DOCUMENTS_HAND_IN_FOR)
    return and_(Document.created_by_id == actor.pegawai_id, within(grants))


_ITEM = (
    select(Document)
    .join(Document.owner)
    .join(Pegawai.opd)
    .where(Document.id == bindparam("document_id"))
    .options(
        contains_eager(Document.owner).contains_eager(Pegawai.opd),
        joinedload(Document.owner, Pegawai.instansi),
        joinedload(Document.created_by),
        joinedload(Document.reason),
        selectinload(Document.files),
    )
    .execution_options(populate_existing=True)
)
"""Every page of an item asks; a statement is dear to make."""


@lru_cache(512)
def _item_for(actor: Actor) -> Select[Document]:
    """An actor is compared whole, so a changed grant asks anew."""
    return _ITEM.where(visible_to(actor))


def owned(session: Session, actor: Actor, document_id: uuid.UUID) -> Document:
    """The item with owner, files and reason; raises NotFound outside the actor's scope."""
    document = session.scalar(_item_for(actor), {"document_id": document_id})
    if document is None:
        raise NotFound(GONE)
    return document


def sources_of(session: Session, file: DocumentFile) -> list[Source]:
    """The files that a paper was made of; for one from before they were written down, what the
    paper itself knows."""
    rows = session.scalars(
        select(Original).where(Original.file_id == file.id).order_by(Original.number)
    )
    known = [Source(row.sha256, row.name, row.size, row.sha256_source) for row in rows]
    return known or [Source(file.sha256_original, "", file.size)]


def file_of(document: Document, file_id: uuid.UUID) -> DocumentFile:
    """A file of the item that can be opened, also one that a repair has replaced; raises
    NotFound, for erased papers with the day on which they went."""
    for file in document.files:
        if file.id == file_id:
            if file.erased_at is not None:
                day = file.erased_at.astimezone(document.owner.instansi.zone).date()
                raise NotFound(ERASED.format(tanggal=tanggal(day)))
            return file
    raise NotFound("Berkas tidak ditemukan. Mungkin sudah diganti atau dihapus.")
