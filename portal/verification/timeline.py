"""What happened to an item, in the words of the people who check it: here everybody has a name."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from portal.audit import AuditEntry

WORDS: dict[str, tuple[str, str]] = {
    "document:submitted": ("Diajukan", ""),
    "document:resubmitted": ("Diajukan ulang", ""),
    "document:withdrawn": ("Dibatalkan pemiliknya", ""),
    "document:objected": ("Keberatan diajukan", "warn"),
    "document:claimed": ("Diambil", ""),
    "document:released": ("Dilepas", ""),
    "document:taken-over": ("Diambil alih", ""),
    "document:first-approved": ("Disetujui pemeriksa pertama", "ok"),
    "document:approved": ("Disetujui", "ok"),
    "document:returned": ("Dikembalikan", "warn"),
    "document:refused": ("Ditolak", "bad"),
    "document:revoked": ("Dicabut", "bad"),
    "document:replaced": ("Diganti dokumen baru", "bad"),
    "document:undone": ("Keputusan diurungkan", "warn"),
    "document:revocation-proposed": ("Pencabutan diusulkan", "warn"),
    "document:revocation-declined": ("Usul cabut tidak disetujui", ""),
    "document:revocation-taken-back": ("Usul cabut ditarik", ""),
    "document:spot-checked": ("Uji petik", ""),
}
ASKED = "question:asked"
"""Somebody asked about the item; the fact `tanya` names the thread (portal.questions)."""
TOLD = ("keputusan", "hasil", "alasan", "catatan", "note", "reason", "cause")
"""Facts that are words for people, in the order in which they are told."""


@dataclass(frozen=True, slots=True)
class Event:
    """One line; `tone` is that of templates/components/timeline.html."""

    title: str
    at: dt.datetime
    by: str
    tone: str
    note: str


def story(lines: Iterable[AuditEntry]) -> list[Event]:
    """Newest first; lines that tell nothing about the decision (drafts, readings) are left out."""
    known = [line for line in lines if line.action in WORDS]
    return [
        Event(
            title=WORDS[line.action][0],
            at=line.at,
            by=line.actor_name,
            tone=WORDS[line.action][1],
            note=" · ".join(str(line.facts[key]) for key in TOLD if line.facts.get(key)),
        )
        for line in reversed(known)
    ]


def asked(lines: Iterable[AuditEntry]) -> list[tuple[uuid.UUID, dt.datetime]]:
    """The threads about the item and when they were begun, oldest first."""
    return [(uuid.UUID(hex=line.facts["tanya"]), line.at) for line in lines if line.action == ASKED]
