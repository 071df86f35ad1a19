"""Who opened whose papers: one line in the audit before the bytes go out, and the list of them
for the owner."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import audit
from portal.audit import AuditEntry
from portal.db import now
from portal.documents.models import Document
from portal.permissions import Actor

ACTION = "document:read"
ONCE_PER = dt.timedelta(hours=1)
"""Twenty pages of one item are one reading."""
AT_THE_SERVER = "Admin server"
"""Whoever exports at the command line has no account."""


class Way(StrEnum):
    """What was done with the papers."""

    LAYAR = "layar"
    BERKAS = "berkas"
    SIASN = "salinan-siasn"
    EKSPOR = "ekspor"

    @property
    def label(self) -> str:
        return _WORDS[self]


_WORDS = {
    Way.LAYAR: "Melihat halamannya",
    Way.BERKAS: "Membuka berkas PDF",
    Way.SIASN: "Menyalin untuk SIASN",
    Way.EKSPOR: "Mengekspor seluruh berkas",
}


@dataclass(frozen=True, slots=True)
class Reader:
    """One reading, for the owner."""

    at: dt.datetime
    name: str
    way: Way


def is_noted(session: Session, actor: Actor, document_id: uuid.UUID, way: Way = Way.LAYAR) -> bool:
    """True when this person's reading of the item, in this way, stands in the audit already."""
    statement = select(AuditEntry.facts).where(
        AuditEntry.subject_id == document_id,
        AuditEntry.action == ACTION,
        AuditEntry.actor_id == actor.pegawai_id,
        AuditEntry.at > now() - ONCE_PER,
    )
    return any(_way(facts) is way for facts in session.scalars(statement))


def note(session: Session, actor: Actor, document_id: uuid.UUID, way: Way = Way.LAYAR) -> None:
    """Note a reading once; pages that are fetched at the same moment wait for each other."""
    session.execute(
        select(Document.id).where(Document.id == document_id).with_for_update(key_share=True)
    )
    if not is_noted(session, actor, document_id, way):
        audit.record(session, actor, ACTION, document_id, lewat=way.value)


def note_export(session: Session, document_ids: Iterable[uuid.UUID]) -> None:
    """Note that somebody took the papers of these items at the command line."""
    for document_id in document_ids:
        audit.record(session, None, ACTION, document_id, lewat=Way.EKSPOR.value)


def readers(lines: Iterable[AuditEntry], owner_id: uuid.UUID) -> list[Reader]:
    """Who read the papers of an item, newest first, from its lines in the audit; the owner's own
    readings are left out."""
    found = [reader(line) for line in lines if line.action == ACTION and line.actor_id != owner_id]
    return found[::-1]


def reader(line: AuditEntry) -> Reader:
    """One line as its owner reads it."""
    name = line.actor_name if line.actor_id else AT_THE_SERVER
    return Reader(line.at, name, _way(line.facts))


def _way(facts: dict[str, object]) -> Way:
    """Lines from before ways were told are of pages."""
    told = facts.get("lewat")
    return Way(str(told)) if told in list(Way) else Way.LAYAR
