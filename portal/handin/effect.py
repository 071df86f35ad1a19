"""What an item would bring its owner, and what it has brought."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy.orm import Session

from portal.documents.models import OPEN_STATES, Document
from portal.permissions import Actor
from portal.scoring import queries as scores
from portal.vocabulary import DocumentState, Kategori
from portal.wording import points

_DECIDED = (DocumentState.DISETUJUI, DocumentState.DICABUT)


def would_bring(session: Session, actor: Actor, document: Document) -> str:
    """What the owner's index becomes once all that waits is approved, as the stored score tells
    it; "" for an item that does not wait, for points that stay, and for anybody else."""
    if document.owner_id != actor.pegawai_id or document.state not in OPEN_STATES:
        return ""
    score = scores.stored(session, actor.pegawai_id, actor.today.year)
    if score is None or score.total is None or (total := score.could_become) is None:
        return ""
    waiting = score.bisa["dokumen"]
    which = {1: "", 2: " kedua dokumen Anda yang menunggu"}
    all_of_them = which.get(waiting, f" ke-{waiting} dokumen Anda yang menunggu")
    became = f"{points(total)} {Kategori(score.bisa['kategori']).label}"
    return f"Bila{all_of_them} disetujui: +{points(total - score.total)} poin → {became}"


def has_brought(
    session: Session, actor: Actor, document: Document
) -> tuple[int, Decimal, Decimal] | None:
    """The year and the owner's index before and after the decision; None for whom it changed
    nothing, and for anybody but the owner."""
    if document.owner_id != actor.pegawai_id or document.state not in _DECIDED:
        return None
    change = scores.change_through(session, actor.pegawai_id, document.id)
    if change is None or change.sebelum is None or change.sesudah is None:
        return None
    return change.tahun, change.sebelum, change.sesudah
