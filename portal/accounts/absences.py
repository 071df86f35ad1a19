"""Days on which somebody who checks items is away, and who stands in."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session, joinedload

from portal import audit
from portal.accounts.models import Absence, Akun
from portal.errors import Rejected
from portal.people.models import Pegawai
from portal.permissions import Actor

LONGEST = dt.timedelta(days=366)


def note_absence(
    session: Session,
    actor: Actor,
    pegawai: Pegawai,
    stand_in: Pegawai | None,
    first: dt.date,
    last: dt.date,
) -> Absence:
    """Note days away (both included). Meanwhile the stand-in holds the person's roles to check
    items, and queues that only the person staffs go to the stand-in or to the general queue.

    Raises Rejected when the days do not fit, the stand-in cannot stand in, or an admin would lend
    roles to himself: a second admin has to (four eyes).
    """
    if last < first:
        raise Rejected("Hari terakhir mendahului hari pertama. Periksa tanggalnya.", "sampai")
    if last < actor.today:
        raise Rejected("Hari-hari itu sudah lewat.", "sampai")
    if last - first > LONGEST:
        raise Rejected("Paling lama satu tahun. Catat lagi sesudahnya.", "sampai")
    if stand_in is not None:
        _refuse_unfit(session, actor, pegawai, stand_in, last)
    away = select(Pegawai.id).where(Pegawai.id == pegawai.id)
    session.execute(away.with_for_update(key_share=True))  # two admins, or two taps, one by one
    overlapping = select(Absence.id).where(
        Absence.pegawai_id == pegawai.id, Absence.mulai <= last, Absence.sampai >= first
    )
    if session.scalar(overlapping.limit(1)):
        raise Rejected("Sebagian hari itu sudah tercatat. Hapus catatan yang lama dahulu.", "mulai")
    noted = Absence(
        pegawai_id=pegawai.id,
        pengganti_id=stand_in.id if stand_in else None,
        mulai=first,
        sampai=last,
        pencatat_id=actor.pegawai_id,
    )
    session.add(noted)
    session.flush()
    audit.record(
        session,
        actor,
        "account:absence-noted",
        pegawai.id,
        mulai=first.isoformat(),
        sampai=last.isoformat(),
        pengganti=stand_in.nama if stand_in else None,
    )
    return noted


def _refuse_unfit(
    session: Session, actor: Actor, pegawai: Pegawai, stand_in: Pegawai, last: dt.date
) -> None:
    if stand_in.id == pegawai.id:
        raise Rejected("Pengganti harus orang lain.", "pengganti")
    if stand_in.id == actor.pegawai_id:
        raise Rejected("Anda sebagai pengganti ditetapkan oleh admin lain.", "pengganti")
    if stand_in.has_retired(last):
        raise Rejected("Pengganti sudah pensiun pada hari-hari itu.", "pengganti")
    active = select(Akun.id).where(Akun.pegawai_id == stand_in.id, Akun.aktif.is_(True))
    if session.scalar(active) is None:
        raise Rejected("Pengganti belum mempunyai akun yang aktif.", "pengganti")


def withdraw_absence(session: Session, actor: Actor, noted: Absence) -> None:
    """The person is there after all, or back early; the stand-in's roles end at once. Of two who
    withdraw it at the same moment one does."""
    gone = session.execute(
        delete(Absence)
        .where(Absence.id == noted.id)
        .returning(Absence.id)
        .execution_options(synchronize_session=False)
    ).all()
    if gone:
        audit.record(session, actor, "account:absence-withdrawn", noted.pegawai_id)


_FROM_NOW_ON = (
    select(Absence)
    .join(Absence.pegawai)
    .where(Pegawai.instansi_id == bindparam("instansi_id"), Absence.sampai >= bindparam("since"))
    .order_by(Absence.mulai, Absence.id)
    .options(joinedload(Absence.pegawai), joinedload(Absence.pengganti))
    .limit(200)
)


def absences(session: Session, instansi_id: uuid.UUID, since: dt.date) -> Sequence[Absence]:
    """Absences of an agency that have not ended by a day, the nearest first."""
    return session.scalars(_FROM_NOW_ON, {"instansi_id": instansi_id, "since": since}).all()
