"""Where an item stands now, told to somebody whose page is older than that."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from portal.documents.models import Document
from portal.documents.rulings import Decision
from portal.permissions import Actor
from portal.verification import queries
from portal.vocabulary import ZONES, DocumentState

DECIDED = {
    DocumentState.DISETUJUI: "disetujui",
    DocumentState.DITOLAK: "ditolak",
    DocumentState.PERLU_PERBAIKAN: "dikembalikan",
    DocumentState.DICABUT: "dicabut",
    DocumentState.MENUNGGU_KEDUA: "disetujui sebagai pemeriksa pertama",
}


def standing(session: Session, actor: Actor, document: Document) -> str:
    """Who did what since the actor's page was opened, as one sentence with a way on."""
    if document.state is DocumentState.DIPERIKSA:
        return _held(actor, document)
    if document.state is DocumentState.DIAJUKAN:
        return (
            "Waktu Anda untuk dokumen ini habis dan dokumen kembali ke antrean. "
            "Ambil lagi untuk melanjutkan."
        )
    if document.state is DocumentState.DIBATALKAN:
        return "Pemiliknya membatalkan dokumen ini. Lanjutkan dengan dokumen lain."
    decision = queries.last_decision(session, document.id)
    word = DECIDED.get(document.state)
    if decision is None or word is None:
        return f"Dokumen ini sudah berstatus “{document.state_label}”."
    return f"Dokumen ini sudah {word} {_who(actor, decision)} pada {moment(actor, decision.at)}."


def moment(actor: Actor, at: dt.datetime) -> str:
    """Day and time on the actor's clock: 21-11-2026 pukul 10.42 WITA."""
    local = at.astimezone(actor.zone)
    return f"{local:%d-%m-%Y} pukul {local:%H.%M} {ZONES.get(actor.zona_waktu, '')}".rstrip()


def _held(actor: Actor, document: Document) -> str:
    if document.claimed_by is None or document.claimed_until is None:
        return "Dokumen ini sedang diperiksa."
    if document.claimed_by_id == actor.pegawai_id:
        return "Dokumen ini sedang Anda periksa."
    until = document.claimed_until.astimezone(actor.zone)
    return f"Sedang diperiksa {document.claimed_by.nama} sampai pukul {until:%H.%M}."


def _who(actor: Actor, decision: Decision) -> str:
    return (
        "oleh Anda" if decision.decider_id == actor.pegawai_id else f"oleh {decision.decider.nama}"
    )
