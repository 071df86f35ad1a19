"""What people are told after a decision: the item's title and the outcome, nothing personal."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.documents.models import Document
from portal.notifications.actions import notify
from portal.notifications.kinds import TUGAS
from portal.notifications.models import Notification
from portal.wording import points

LONGEST_TITLE = 120
LONGEST = 500
"""Letters of a message."""


def tell(
    session: Session, document: Document, outcome: str, sentence: str, at: dt.datetime
) -> None:
    """Tell the owner, and the operator who handed the item in for the owner.

    `sentence` is for the owner; the operator reads the outcome alone.
    """
    headline = _headline(document, outcome)
    notify(session, document.owner_id, headline, sentence, document.id, at=at)
    if document.created_by_id != document.owner_id:
        told = "Dokumen yang Anda ajukan untuk rekan Anda sudah diputuskan."
        notify(session, document.created_by_id, headline, told, document.id, at=at)


def tell_colleague(
    session: Session,
    pegawai_id: uuid.UUID,
    document: Document,
    headline: str,
    sentence: str,
    at: dt.datetime | None = None,
) -> None:
    """Tell somebody at another desk about an item there; the message leads to it."""
    notify(
        session,
        pegawai_id,
        headline,
        sentence[:LONGEST],
        tujuan="verification.item",
        objek_id=document.id,
        jenis=TUGAS.code,
        at=at,
    )


def take_back(session: Session, document: Document, outcome: str, since: dt.datetime) -> None:
    """Take back what was told of a decision; who has read it already is told that it was undone."""
    told = (
        Notification.document_id == document.id,
        Notification.judul == _headline(document, outcome),
        Notification.dibuat >= since,
    )
    session.execute(delete(Notification).where(*told, Notification.dibaca.is_(None)))
    # Asked afterwards: who opens it in between has found it, or reads that it was undone.
    readers = session.scalars(select(Notification.pegawai_id).where(*told)).all()
    sentence = "Keputusan tadi ditarik kembali. Dokumen ini masih diperiksa."
    for reader in readers:
        notify(session, reader, _headline(document, "keputusan diurungkan"), sentence, document.id)


def _headline(document: Document, outcome: str) -> str:
    return f"{short_title(document)}: {outcome}"


def short_title(document: Document) -> str:
    title = document.title
    return title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1]}…"


def change_of_score(before: Decimal | None, after: Decimal | None) -> str:
    """The owner's points before and after a decision, as a sentence; empty when not measured."""
    if after is None:
        return ""
    if before is None or before == after:
        return f"Skor Anda {points(after)}."
    return f"Skor Anda {points(before)} → {points(after)}."
