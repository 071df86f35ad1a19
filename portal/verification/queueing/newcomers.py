"""Whoever came to another unit is told so, whichever way it was recorded: by an admin, an import,
a command. Here because here the items follow, and the message says that they do.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit import AuditEntry
from portal.notifications.actions import TOO_OLD, notify
from portal.notifications.models import Notification
from portal.people.models import Pegawai

TRANSFERRED = "people:transferred"
TITLE = "Unit kerja Anda berubah"


def tell(session: Session, people: Collection[uuid.UUID], at: dt.datetime) -> None:
    """Tell those of these people whose newest transfer led to the unit where they are now; of each
    transfer once, and of none that is no news any more."""
    newest = _transfers(session, people, at)
    known = _told(session, newest)
    for person in session.scalars(select(Pegawai).where(Pegawai.id.in_(newest))):
        entry = newest[person.id]
        if entry.facts.get("ke_id") != person.opd_id.hex or (person.id, _key(entry)) in known:
            continue
        text = (
            f"Anda sekarang tercatat di {entry.facts['ke']}. Dokumen, riwayat, dan skor Anda ikut; "
            "yang sedang menunggu tetap diperiksa. Bila keliru, beri tahu admin kepegawaian."
        )
        notify(session, person.id, TITLE, text, kunci=_key(entry), tujuan="accounts.profile", at=at)


def _transfers(
    session: Session, people: Collection[uuid.UUID], at: dt.datetime
) -> dict[uuid.UUID, AuditEntry]:
    found = session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.action == TRANSFERRED,
            AuditEntry.at > at - TOO_OLD,
            AuditEntry.subject_id.in_(people),
        )
        .order_by(AuditEntry.id)
    )
    return {entry.subject_id: entry for entry in found if entry.subject_id}


def _told(
    session: Session, newest: dict[uuid.UUID, AuditEntry]
) -> set[tuple[uuid.UUID, str | None]]:
    keys = [_key(entry) for entry in newest.values()]
    rows = session.execute(
        select(Notification.pegawai_id, Notification.kunci).where(
            Notification.pegawai_id.in_(newest), Notification.kunci.in_(keys)
        )
    )
    return {(row.pegawai_id, row.kunci) for row in rows}


def _key(entry: AuditEntry) -> str:
    return f"pindah:{entry.id}"
