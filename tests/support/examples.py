"""One object of every kind that an address can name, so that guards can walk over all addresses."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Penugasan
from portal.documents.transitions import Act
from portal.storage import Storage
from portal.vocabulary import DocumentState
from tests.support import builders
from tests.support.cast import Cast
from tests.support.walk import Examples

EVERY_STATE = list(DocumentState)


def build(session: Session, cast: Cast, storage: Storage) -> Examples:
    """One example per state of an item: objects of sari's, and what addresses about her name."""
    reason = builders.reason(session)
    documents = [
        builders.document(session, cast.sari, state, verifier=cast.vera, storage=storage)
        for state in EVERY_STATE
    ]
    for document in documents:
        if document.state in {DocumentState.PERLU_PERBAIKAN, DocumentState.DITOLAK}:
            document.reason_id = reason.id
            document.note = "Tanggal selesai tidak sama dengan yang tertulis."
    for act in Act:
        builders.reason(session, act)
    message = builders.notification(session, cast.sari, document_id=documents[1].id)
    grant = session.scalars(select(Penugasan.id).where(Penugasan.akun_id == cast.oki.akun_id)).one()
    common = {
        "akun_id": cast.sari.akun_id,
        "notification_id": message.id,
        "number": 1,
        "pegawai_id": cast.sari.pegawai_id,
        "penugasan_id": grant,
    }
    return [
        common | {"document_id": document.id, "file_id": document.files[0].id}
        for document in documents
    ]
