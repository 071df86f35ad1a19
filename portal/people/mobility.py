"""Transfer and retirement: people move, their files and history stay theirs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal import audit
from portal.agency.models import Opd
from portal.errors import Conflict, Rejected
from portal.people.models import Pegawai
from portal.permissions import Actor


def transfer(session: Session, actor: Actor | None, pegawai: Pegawai, opd: Opd) -> None:
    """Move the person to another unit of the same agency.

    Raises Rejected when the unit is closed, foreign, or the person's own already, and Conflict
    when somebody else moved the person meanwhile.
    """
    if opd.instansi_id != pegawai.instansi_id:
        raise Rejected("Unit itu milik instansi lain.", field="unit")
    if not opd.aktif:
        raise Rejected("Unit itu sudah tidak aktif. Pilih unit lain.", field="unit")
    if opd.id == pegawai.opd_id:
        raise Rejected("Orang ini sudah bertugas di unit itu.", field="unit")
    before = pegawai.opd
    _compare_and_set(session, pegawai, Pegawai.opd_id == pegawai.opd_id, opd_id=opd.id)
    audit.record(
        session,
        actor,
        "people:transferred",
        pegawai.id,
        dari=before.nama,
        dari_id=before.id.hex,
        ke=opd.nama,
        ke_id=opd.id.hex,
    )


def retire(session: Session, actor: Actor | None, pegawai: Pegawai, on: dt.date) -> None:
    """Note the first day of retirement; it may lie in the future.

    Raises Rejected for a day before the person was old enough to work, and Conflict when
    somebody else changed it meanwhile.
    """
    earliest = dt.date(1945, 8, 17)
    if on < earliest or (pegawai.tanggal_lahir and (on - pegawai.tanggal_lahir).days < 18 * 365):
        raise Rejected("Tanggal pensiun tidak masuk akal. Periksa tahunnya.", field="tanggal")
    _set_retirement(session, pegawai, on)
    audit.record(session, actor, "people:retired", pegawai.id, sejak=on.isoformat())


def return_to_duty(session: Session, actor: Actor | None, pegawai: Pegawai) -> None:
    """Take a retirement back, for instance one that was noted for the wrong person."""
    _set_retirement(session, pegawai, None)
    audit.record(session, actor, "people:retirement-withdrawn", pegawai.id)


def _set_retirement(session: Session, pegawai: Pegawai, day: dt.date | None) -> None:
    before = pegawai.pensiun_sejak
    _compare_and_set(
        session, pegawai, Pegawai.pensiun_sejak.is_not_distinct_from(before), pensiun_sejak=day
    )


def _compare_and_set(session: Session, pegawai: Pegawai, expected: Any, **values: Any) -> None:
    changed = session.execute(
        update(Pegawai)
        .where(Pegawai.id == pegawai.id, expected)
        .values(**values)
        .returning(Pegawai.id)
        .execution_options(synchronize_session=False)
    ).all()
    if not changed:
        raise Conflict
    session.refresh(pegawai)
