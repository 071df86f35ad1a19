"""What is checked before an act: who acts, for whom, on which state, and whether it was done."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from portal.documents import duplicates, queries
from portal.documents.models import OPEN_STATES, Document
from portal.errors import Conflict, Forbidden, NotFound, Rejected
from portal.handin import fields
from portal.people.models import Pegawai
from portal.people.scopes import within
from portal.permissions import Actor, Permission
from portal.verification import corrections
from portal.verification.queries import last_decision
from portal.vocabulary import DocumentState

EDITABLE = (DocumentState.DRAF, DocumentState.PERLU_PERBAIKAN)
OPENED_WITH = {"jenis": {"jp", "nomor"}}
"""What another kind asks for: with the first field the others are opened for the repair."""
STANDING_OF_COLLEAGUE = (
    "Berkas ini sudah pernah diajukan untuk rekan ini. Satu sertifikat dihitung satu kali."
)
STANDING = "Berkas ini sudah diajukan sebagai “{title}” (nomor terima {receipt})."


class Duplicate(Rejected):
    """The same original file was handed in before; `earlier` is that item, of which a caller whose
    transaction was rolled back still knows id and owner."""

    def __init__(self, earlier: Document) -> None:
        self.earlier = earlier
        self.earlier_id = earlier.id
        self.owner_id = earlier.owner_id
        super().__init__(
            STANDING.format(title=earlier.title, receipt=earlier.receipt)
            + " Satu sertifikat dihitung satu kali.",
            fields.FILES,
        )


def check_not_handed_in(
    session: Session, owner_id: uuid.UUID, hashes: list[str], document_id: uuid.UUID | None
) -> None:
    """Raises Duplicate when one of the originals stands in another item of the owner; after a
    refusal the same file may come again."""
    earlier = duplicates.of_owner(session, owner_id, hashes, except_id=document_id)
    if earlier is not None:
        raise Duplicate(earlier)


def check_takes_free_place(session: Session, document: Document) -> None:
    """Raises Rejected when another successor of the same approved item waits or was approved:
    each would be counted. The item to replace is locked, so that two hand-ins follow each other."""
    if document.replaces_id is None:
        return
    replaced = select(Document.id).where(Document.id == document.replaces_id)
    session.execute(replaced.with_for_update(key_share=True))
    other = select(Document.id).where(
        Document.replaces_id == document.replaces_id,
        Document.id != document.id,
        Document.state.in_((*OPEN_STATES, DocumentState.DISETUJUI)),
    )
    if session.scalar(other.limit(1)) is not None:
        raise Rejected(
            "Dokumen lama sudah mempunyai pengganti yang diajukan. Tunggu keputusannya, atau "
            "ajukan sertifikat yang lain sebagai dokumen baru."
        )


def check_may_act_for(session: Session, actor: Actor, owner: Pegawai) -> None:
    if not actor.may(Permission.DOCUMENTS_HAND_IN):
        raise Forbidden("Akun Anda hanya dapat membaca. Hubungi admin bila ini keliru.")
    if owner.id == actor.pegawai_id:
        return
    if owner.has_retired(actor.today):
        raise Forbidden("Rekan ini sudah pensiun, jadi dokumennya hanya dapat dibaca.")
    grants = actor.grants_for(Permission.DOCUMENTS_HAND_IN_FOR)
    inside = select(Pegawai.id).join(Pegawai.opd).where(Pegawai.id == owner.id)
    if session.scalar(inside.where(within(grants))) is None:
        raise NotFound("Rekan ini tidak ditemukan di unit kerja yang Anda layani.")


def lock(session: Session, actor: Actor, document: Document) -> None:
    """Read the row again and keep it until the commit: two taps act one after the other."""
    session.flush()
    if document.owner_id != actor.pegawai_id:
        owner = session.get_one(Pegawai, document.owner_id)
        if document.created_by_id != actor.pegawai_id:
            raise NotFound(queries.GONE)
        check_may_act_for(session, actor, owner)
    elif not actor.may(Permission.DOCUMENTS_HAND_IN):
        raise Forbidden("Sesudah pensiun, dokumen Anda hanya dapat dibaca.")
    found = session.scalar(
        select(Document)
        .where(Document.id == document.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound(queries.GONE)


def open_for(session: Session, actor: Actor, document: Document, names: set[str]) -> None:
    """Lock the item; raises unless the actor may now change these fields (FILES: the papers)."""
    lock(session, actor, document)
    if document.state not in EDITABLE:
        raise Conflict(
            f"Dokumen ini berstatus “{document.state_label}”, jadi isinya tidak dapat diubah lagi."
        )
    check_open(document, names)


def check_open(document: Document, names: set[str]) -> None:
    """Raises Rejected for fields that a return has not opened."""
    closed = names - opened_fields(document)
    if closed:
        words = ", ".join(fields.LABELS.get(name, "berkas") for name in sorted(closed))
        raise Rejected(f"Bagian ini sudah benar dan tidak dibuka untuk diperbaiki: {words}.")


def opened_fields(document: Document) -> set[str]:
    """What the owner may change now: everything in a draft, after a return the wrong fields and
    those for which the verifikator proposed something."""
    everything = {*fields.COLUMNS, fields.FILES}
    if document.state is DocumentState.DRAF:
        return everything
    if document.state is not DocumentState.PERLU_PERBAIKAN:
        return set()
    if document.reason is None or not document.reason.fields:
        return everything
    session = object_session(document)
    proposed = corrections.waiting(session, document) if session else ()
    wrong = {*document.reason.fields, *(one.field for one in proposed)}
    wrong = wrong.union(*(OPENED_WITH.get(name, set()) for name in wrong))
    # A reason about fields that this kind does not have opens no dead end.
    return wrong & {*fields.OF_KIND[document.kind], fields.FILES} or everything


def still_the_returned_papers(session: Session, document: Document) -> bool:
    """Whether the return asked for other papers and those it was decided on are still there."""
    reason = document.reason
    if document.state is not DocumentState.PERLU_PERBAIKAN or reason is None:
        return False
    if fields.FILES not in reason.fields:
        return False
    decided = last_decision(session, document.id)
    there = {str(file.id) for file in document.current_files}
    return decided is not None and there == set(decided.sealed)
