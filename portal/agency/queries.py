"""Reading the agency."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.agency.models import Instansi, Opd


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
