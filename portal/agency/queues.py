"""Acts on the queues of an agency, its days off, its terms, and the level that looks first."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal import audit
from portal.agency.models import DUE_DAYS, Antrean, HariLibur, Instansi, Opd
from portal.agency.working_days import MOST_DAYS, DayOff
from portal.errors import NotFound, Rejected
from portal.permissions import Actor
from portal.vocabulary import DocumentKind

MOST_QUEUES = 100


def set_queue(
    session: Session,
    actor: Actor,
    instansi_id: uuid.UUID,
    antrean: Antrean | None,
    *,
    nama: str,
    kinds: Collection[DocumentKind],
    opd: Opd | None,
    aktif: bool = True,
) -> Antrean:
    """Make a queue (None) or change one; what waits is sent where it belongs within a minute.

    Raises Rejected when the name is taken or there are too many queues.
    """
    if opd is not None and opd.instansi_id != instansi_id:
        raise NotFound
    _one_at_a_time(session, instansi_id)
    if antrean is not None:
        session.refresh(antrean)  # what is set to what had stood there is written too
    others = session.scalars(select(Antrean).where(Antrean.instansi_id == instansi_id)).all()
    if any(other.nama.casefold() == nama.casefold() and other is not antrean for other in others):
        raise Rejected("Sudah ada antrean dengan nama ini. Pilih nama lain.", "nama")
    if antrean is None:
        if len(others) >= MOST_QUEUES:
            raise Rejected(f"Paling banyak {MOST_QUEUES} antrean.", "nama")
        antrean = Antrean(instansi_id=instansi_id)
        session.add(antrean)
    antrean.nama, antrean.opd_id, antrean.aktif = nama, opd.id if opd else None, aktif
    antrean.jenis_dokumen = sorted(kind.value for kind in kinds)
    session.flush()
    audit.record(
        session,
        actor,
        "queue:set",
        antrean.id,
        nama=nama,
        jenis=antrean.jenis_dokumen,
        unit=opd.nama if opd else None,
        aktif=aktif,
    )
    return antrean


def set_terms(
    session: Session,
    actor: Actor,
    instansi: Instansi,
    days: Mapping[DocumentKind, int],
    first_level: Collection[DocumentKind],
) -> None:
    """Working days until a decision is due, and the kinds that the OPD looks at first.

    What waits already keeps its day. Raises Rejected for a term that is none.
    """
    for kind, number in days.items():
        if not 1 <= number <= MOST_DAYS:
            raise Rejected(f"Isi 1 sampai {MOST_DAYS} hari kerja.", f"hari_{kind.value}")
    _one_at_a_time(session, instansi.id)
    session.refresh(instansi)
    instansi.tenggat_hari = {
        kind.value: number for kind, number in days.items() if number != DUE_DAYS
    }
    instansi.lapis_opd = sorted(kind.value for kind in first_level)
    session.flush()
    audit.record(
        session,
        actor,
        "agency:terms-set",
        instansi.id,
        hari=instansi.tenggat_hari,
        lapis_opd=instansi.lapis_opd,
    )


def add_days_off(
    session: Session, actor: Actor, instansi_id: uuid.UUID, days: Iterable[DayOff]
) -> int:
    """Enter days off; a day that stands already gets the new name. Returns how many are new."""
    _one_at_a_time(session, instansi_id)
    kept = {
        off.tanggal: off
        for off in session.scalars(select(HariLibur).where(HariLibur.instansi_id == instansi_id))
    }
    new = 0
    for day in days:
        if day.tanggal in kept:
            kept[day.tanggal].nama = day.nama
            continue
        session.add(HariLibur(instansi_id=instansi_id, tanggal=day.tanggal, nama=day.nama))
        new += 1
    session.flush()
    audit.record(session, actor, "agency:days-off-added", instansi_id, baru=new)
    return new


def remove_day_off(session: Session, actor: Actor, instansi_id: uuid.UUID, day: dt.date) -> None:
    """Make a day a working day again; nothing happens when it is one."""
    gone = session.execute(
        delete(HariLibur)
        .where(HariLibur.instansi_id == instansi_id, HariLibur.tanggal == day)
        .returning(HariLibur.tanggal)
    ).all()
    if gone:
        audit.record(session, actor, "agency:day-off-removed", instansi_id, tanggal=str(day))


def _one_at_a_time(session: Session, instansi_id: uuid.UUID) -> None:
    """Two admins, or two taps, follow each other: the second sees what the first has made."""
    agency = select(Instansi.id).where(Instansi.id == instansi_id)
    session.execute(agency.with_for_update(key_share=True))
