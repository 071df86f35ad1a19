"""Reading the agency."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload

from portal.agency.models import Antrean, HariLibur, Instansi, Opd
from portal.agency.working_days import WorkingDays


def instansi_by_siasn(session: Session, siasn_id: str) -> Instansi | None:
    """The agency with this SIASN id."""
    return session.scalar(select(Instansi).where(Instansi.siasn_id == siasn_id))


def all_instansi(session: Session) -> Sequence[Instansi]:
    """Every agency of this installation; usually one."""
    return session.scalars(select(Instansi).order_by(Instansi.nama)).all()


def units_by_siasn(session: Session, instansi_id: uuid.UUID) -> dict[str, Opd]:
    """The agency's units that SIASN knows, by their SIASN id."""
    units = session.scalars(
        select(Opd).where(Opd.instansi_id == instansi_id, Opd.siasn_id.is_not(None))
    )
    return {unit.siasn_id: unit for unit in units if unit.siasn_id}


_DAYS_OFF = select(HariLibur.tanggal).where(HariLibur.instansi_id == bindparam("instansi_id"))


def calendar(session: Session, instansi_id: uuid.UUID) -> WorkingDays:
    """The working days of an agency, its own days off left out."""
    days = session.scalars(_DAYS_OFF, {"instansi_id": instansi_id})
    return WorkingDays.without(days.all())


def days_off(session: Session, instansi_id: uuid.UUID, since: dt.date) -> Sequence[HariLibur]:
    """The agency's own days off from a day on, in order."""
    return session.scalars(
        select(HariLibur)
        .where(HariLibur.instansi_id == instansi_id, HariLibur.tanggal >= since)
        .order_by(HariLibur.tanggal)
    ).all()


_QUEUES = (
    select(Antrean)
    .where(Antrean.instansi_id == bindparam("instansi_id"))
    .options(joinedload(Antrean.opd))
    .order_by(Antrean.aktif.desc(), Antrean.nama, Antrean.id)
)


def queues(session: Session, instansi_id: uuid.UUID) -> Sequence[Antrean]:
    """Every queue of an agency with its unit, those in use first."""
    return session.scalars(_QUEUES, {"instansi_id": instansi_id}).all()
