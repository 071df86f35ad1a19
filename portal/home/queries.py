"""What Beranda and Skor show, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, joinedload

from portal.documents.models import OPEN_STATES, Document
from portal.permissions import Actor
from portal.scoring.models import StoredScore
from portal.vocabulary import Dimensi, DocumentState
from portal.web.charts import Slice

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


@dataclass(frozen=True)
class DimensionView:
    """One dimension of a stored score as the pages draw it."""

    slice: Slice
    rows: list[dict[str, object]]


def dimension_views(score: StoredScore) -> list[DimensionView]:
    """The four dimensions in order; the maximum is the sum of what its indicators can bring."""
    points = {
        Dimensi.KUALIFIKASI: score.kualifikasi,
        Dimensi.KOMPETENSI: score.kompetensi,
        Dimensi.KINERJA: score.kinerja,
        Dimensi.DISIPLIN: score.disiplin,
    }
    coming = score.bisa.get("dimensi", {})
    views = []
    for dimensi, poin in points.items():
        rows = [row for row in score.rincian if row["dimensi"] == dimensi.value]
        most = sum((Decimal(str(row["maks"])) for row in rows), Decimal(0))
        more = max(Decimal(coming.get(dimensi.value, "0")), Decimal(0))
        views.append(DimensionView(Slice(dimensi, poin or Decimal(0), most, more), rows))
    return views
