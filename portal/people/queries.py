"""Reading people and their records for the import."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TypeVar

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.people.models import Pegawai, Record

AnyRecord = TypeVar("AnyRecord", bound=Record)


def by_number(
    session: Session, nips: Sequence[str], siasn_ids: Sequence[str] = ()
) -> Sequence[Pegawai]:
    """The people with these NIP, or with these SIASN ids."""
    known = or_(Pegawai.nip.in_(nips), Pegawai.siasn_id.in_(siasn_ids))
    return session.scalars(select(Pegawai).where(known)).all()


def ids_by_nip(
    session: Session, instansi_id: uuid.UUID, nips: Sequence[str]
) -> dict[str, uuid.UUID]:
    """The people of one agency with these NIP; who works elsewhere is not among them."""
    statement = select(Pegawai.nip, Pegawai.id).where(
        Pegawai.instansi_id == instansi_id, Pegawai.nip.in_(nips)
    )
    return {row.nip: row.id for row in session.execute(statement)}


def records_of(
    session: Session, table: type[AnyRecord], sumber: str, pegawai_ids: Iterable[uuid.UUID]
) -> dict[uuid.UUID, list[AnyRecord]]:
    """The records of people that came from one source, in the order of the source."""
    found: dict[uuid.UUID, list[AnyRecord]] = defaultdict(list)
    statement = (
        select(table)
        .where(table.pegawai_id.in_(pegawai_ids), table.sumber == sumber)
        .order_by(table.pegawai_id, table.urutan)
    )
    for record in session.scalars(statement):
        found[record.pegawai_id].append(record)
    return found
