"""What Beranda and Skor show, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, joinedload

from portal.documents.models import OPEN_STATES, Document
from portal.permissions import Actor
from portal.scoring.models import StoredScore
from portal.vocabulary import DocumentState

SHOWN = 4
"""Items on Beranda; the rest is behind "Semua dokumen"."""
_IN_PROGRESS = (
    select(Document)
    .where(
        Document.owner_id == bindparam("owner_id"),
        Document.state.in_((*OPEN_STATES, DocumentState.PERLU_PERBAIKAN, DocumentState.DRAF)),
    )
    .options(joinedload(Document.reason))
    .order_by(
        (Document.state == DocumentState.PERLU_PERBAIKAN).desc(),
        Document.created_at.desc(),
        Document.id,
    )
    .limit(SHOWN)
)


def in_progress(session: Session, actor: Actor) -> Sequence[Document]:
    """The actor's items that are not finished: what needs the person first, then the newest."""
    return session.scalars(_IN_PROGRESS, {"owner_id": actor.pegawai_id}).all()


def last_year(session: Session, actor: Actor) -> int | None:
    """The newest year for which the actor has a stored score."""
    newest = select(func.max(StoredScore.tahun)).where(StoredScore.pegawai_id == actor.pegawai_id)
    return session.scalar(newest)
