"""BKN's own values per person: kept as pulled, the newest pull wins, older ones are history."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from portal.scoring.models import OfficialScore
from portal.vocabulary import Dimensi

MAXIMA = {
    Dimensi.KUALIFIKASI: Decimal(25),
    Dimensi.KOMPETENSI: Decimal(40),
    Dimensi.KINERJA: Decimal(30),
    Dimensi.DISIPLIN: Decimal(5),
}
"""Weight of each dimension (PermenPANRB 38/2018): BKN can name nothing above it."""


@dataclass(frozen=True, slots=True)
class OfficialValue:
    """What one source says of one person and year. See OfficialScore for the columns."""

    tahun: int | None
    poin: dict[Dimensi, Decimal]
    total: Decimal
    dihitung: dt.date | None
    ditarik: dt.datetime
    keterangan: dict[str, str] = field(default_factory=dict)


class Change(StrEnum):
    """What a value is against those that are kept."""

    BARU = "baru"
    BERUBAH = "berubah"
    SAMA = "sama"
    LAMA = "lama"
    """Pulled earlier than the newest: kept as history, shown nowhere as the present one."""


Known = dict[tuple[uuid.UUID, int | None], list[OfficialScore]]
"""Kept values by person and year, the newest pull first."""


def known(session: Session, people: Collection[uuid.UUID]) -> Known:
    """Every kept value of some hundred people, in one query."""
    found: Known = defaultdict(list)
    statement = (
        select(OfficialScore)
        .where(OfficialScore.pegawai_id.in_(people))
        .order_by(OfficialScore.ditarik.desc(), OfficialScore.id)
    )
    for row in session.scalars(statement):
        found[row.pegawai_id, row.tahun].append(row)
    return found


def compare(value: OfficialValue, kept: Sequence[OfficialScore]) -> Change:
    """What `value` would be beside the kept values of the same person and year."""
    if not kept:
        return Change.BARU
    newest = kept[0]
    if _says(newest) == _content(value):
        return Change.SAMA
    if value.ditarik >= newest.ditarik:
        return Change.BERUBAH
    twin = any(row.ditarik == value.ditarik and _says(row) == _content(value) for row in kept[1:])
    return Change.SAMA if twin else Change.LAMA


def keep(
    session: Session,
    pegawai_id: uuid.UUID,
    value: OfficialValue,
    kept: Sequence[OfficialScore],
    *,
    impor_id: uuid.UUID | None = None,
) -> Change:
    """Write the value down where it says something new. A later pull that found the same moves
    the day of the newest row on: that is how long it is known to hold."""
    change = compare(value, kept)
    if change is not Change.SAMA:
        session.add(
            OfficialScore(
                pegawai_id=pegawai_id,
                tahun=value.tahun,
                **{dimensi.value: value.poin[dimensi] for dimensi in Dimensi},
                total=value.total,
                keterangan=value.keterangan,
                dihitung=value.dihitung,
                ditarik=value.ditarik,
                impor_id=impor_id,
            )
        )
    elif value.ditarik > kept[0].ditarik:
        session.execute(
            update(OfficialScore)
            .where(OfficialScore.id == kept[0].id, OfficialScore.ditarik < value.ditarik)
            .values(ditarik=value.ditarik)
        )
    return change


def _content(value: OfficialValue) -> tuple[object, ...]:
    points = tuple(value.poin[dimensi] for dimensi in Dimensi)
    return (*points, value.total, value.dihitung, value.keterangan)


def _says(row: OfficialScore) -> tuple[object, ...]:
    return (*points_of(row).values(), row.total, row.dihitung, row.keterangan)


def points_of(row: OfficialScore) -> dict[Dimensi, Decimal]:
    """BKN's points by dimension."""
    return {dimensi: getattr(row, dimensi.value) for dimensi in Dimensi}


_OF_PERSON = (
    select(OfficialScore)
    .where(OfficialScore.pegawai_id == bindparam("pegawai_id"))
    .order_by(OfficialScore.ditarik.desc(), OfficialScore.id)
)


def history(session: Session, pegawai_id: uuid.UUID) -> Sequence[OfficialScore]:
    """Everything BKN was found to say of a person, the newest pull first."""
    return session.scalars(_OF_PERSON, {"pegawai_id": pegawai_id}).all()


def newest(rows: Iterable[OfficialScore]) -> OfficialScore | None:
    """The value that stands for the present: the latest pull. Of values whose source names a
    year only those of the last year compete; a file of old years may be brought in late."""
    found = list(rows)
    last = max((row.tahun for row in found if row.tahun), default=None)
    present = [row for row in found if row.tahun in {None, last}]
    return max(present, key=lambda row: row.ditarik, default=None)


def beside(rows: Sequence[OfficialScore], tahun: int, *, running: bool) -> OfficialScore | None:
    """What stands beside the own score of a year: BKN's value of that year; in the running year,
    of which BKN says nothing until it is over, the newest one."""
    of_year = [row for row in rows if row.tahun == tahun]
    if of_year or not running:
        return newest(of_year)
    return newest(rows)
