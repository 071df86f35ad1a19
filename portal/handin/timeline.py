"""The story of an item in the words of past events, from its audit lines."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from portal.audit import AuditEntry
from portal.documents.models import Document


@dataclass(frozen=True)
class Event:
    """One line of the timeline. `tone` is that of templates/components/timeline.html."""

    title: str
    at: dt.datetime
    by: str
    tone: str = ""
    note: str = ""


_WORDS: dict[str, tuple[str, str]] = {
    "document:drafted": ("Draf dibuat", ""),
    "document:submitted": ("Diajukan", ""),
    "document:resubmitted": ("Diajukan ulang", ""),
    "document:withdrawn": ("Dibatalkan", ""),
    "document:objected": ("Keberatan diajukan", ""),
    "document:claimed": ("Mulai diperiksa", ""),
    "document:taken-over": ("Pemeriksa diganti", ""),
    "document:first-approved": ("Disetujui pemeriksa pertama", ""),
    "document:approved": ("Disetujui", "ok"),
    "document:returned": ("Perlu perbaikan", "warn"),
    "document:refused": ("Ditolak", "bad"),
    "document:revoked": ("Persetujuan dicabut", "bad"),
    "document:replaced": ("Diganti dokumen baru", ""),
    "document:undone": ("Keputusan diurungkan, masih diperiksa", ""),
}
_RELEASED = "document:released"
_UNDONE = "document:undone"
_DECISIONS = {
    "document:first-approved",
    "document:approved",
    "document:returned",
    "document:refused",
    "document:revoked",
    "document:replaced",
}
_CLAIMS = {"document:claimed", "document:taken-over"}
_FOR_THE_ARCHIVE = {"document:approved", "document:first-approved"}
"""Whoever approves is told that the note stays among those who check."""
_BY_THE_HOLDER = {
    "document:drafted",
    "document:submitted",
    "document:resubmitted",
    "document:withdrawn",
    "document:objected",
}


def story(lines: Iterable[AuditEntry], document: Document, reader_id: uuid.UUID) -> list[Event]:
    """Newest first. Who checks stays unnamed; a claim that was let go of tells nothing, and of a
    decision that was undone at once only that it was."""
    told = _without_vain_claims(_without_undone(lines))
    events = [_event(line, document, reader_id) for line in told]
    return [event for event in reversed(events) if event is not None]


def _without_undone(lines: Iterable[AuditEntry]) -> list[AuditEntry]:
    """Its reason and note may have been meant for another item, and are not for the owner."""
    kept: list[AuditEntry] = []
    for line in lines:
        if line.action == _UNDONE:
            place = max((n for n, one in enumerate(kept) if one.action in _DECISIONS), default=None)
            if place is not None:
                del kept[place]
        kept.append(line)
    return kept


def _without_vain_claims(lines: Iterable[AuditEntry]) -> list[AuditEntry]:
    kept: list[AuditEntry] = []
    for line in lines:
        if line.action != _RELEASED:
            kept.append(line)
            continue
        while kept and kept[-1].action in _CLAIMS:
            kept.pop()
    return kept


def _event(line: AuditEntry, document: Document, reader_id: uuid.UUID) -> Event | None:
    words = _WORDS.get(line.action)
    if words is None:
        return None
    title, tone = words
    return Event(title, line.at, _who(line, document, reader_id), tone, _note(line))


def _who(line: AuditEntry, document: Document, reader_id: uuid.UUID) -> str:
    if line.actor_id is None:
        return "Sistem"
    if line.action not in _BY_THE_HOLDER:
        return f"Verifikator {document.owner.instansi.sebutan_bkd}"
    if line.actor_id == reader_id:
        return "Anda"
    if line.actor_id == document.owner_id:
        return line.actor_name
    return f"{line.actor_name} (operator OPD)"


def _note(line: AuditEntry) -> str:
    facts = line.facts
    if "receipt" in facts:
        return f"Nomor terima {facts['receipt']}"
    if "note" in facts:
        return str(facts["note"])
    if line.action == _UNDONE:
        return f"Sebelumnya: {facts['keputusan']}." if facts.get("keputusan") else ""
    told = ("alasan",) if line.action in _FOR_THE_ARCHIVE else ("alasan", "catatan")
    return " · ".join(str(facts[key]) for key in told if facts.get(key))
