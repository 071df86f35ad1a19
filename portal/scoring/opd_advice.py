"""Advice for a whole unit: which indicator would lift how many people, and the mean how far.

Sums of the columns "peluang_…" that every computation leaves beside a score, so that a unit of
50,000 people is one query. Counts and sums only: no names, no papers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from portal.agency.models import Opd
from portal.people.models import Pegawai
from portal.people.scopes import within
from portal.permissions import Grant
from portal.scoring.models import PlannedStep, StoredScore
from portal.vocabulary import Indikator

_OPENINGS = {
    Indikator.SEMINAR: StoredScore.peluang_seminar,
    Indikator.TEKNIS: StoredScore.peluang_teknis,
    Indikator.KEPEMIMPINAN: StoredScore.peluang_kepemimpinan,
    Indikator.FUNGSIONAL: StoredScore.peluang_fungsional,
    Indikator.PENDIDIKAN: StoredScore.peluang_pendidikan,
}
_NOTHING = Decimal(0)


@dataclass(frozen=True)
class Opening:
    """What one indicator could still bring to a unit."""

    indikator: Indikator
    orang: int
    """Measured people whose index a single step of this indicator would raise."""
    poin: Decimal
    """Points of all of them together."""
    rata_rata: Decimal
    """What that adds to the mean of the unit."""


@dataclass(frozen=True)
class OpdAdvice:
    """People measured in a unit and below, their mean, and the openings, most points first."""

    diukur: int
    rata_rata: Decimal | None
    """None where nobody is measured."""
    peluang: tuple[Opening, ...]


@dataclass(frozen=True)
class PlanSum:
    """The plans in a unit and below, for one indicator."""

    indikator: Indikator
    orang: int
    """People who planned such a step."""
    selesai: int
    terbuka: int
    poin: Decimal
    """What the open steps were to add when they were chosen."""


def opd_advice(
    session: Session, grants: Sequence[Grant], tahun: int, today: dt.date, opd: Opd | None = None
) -> OpdAdvice:
    """The advice for a unit and all below it; for everything within the grants when none is named.

    `grants` are those through which the actor may see figures of a unit: nobody outside them is
    counted, so that a foreign unit answers like an empty one. One query.
    """
    counts = [func.count(column) for column in _OPENINGS.values()]
    sums = [func.sum(column) for column in _OPENINGS.values()]
    statement = (
        select(func.count(StoredScore.total), func.sum(StoredScore.total), *counts, *sums)
        .join(Pegawai, Pegawai.id == StoredScore.pegawai_id)
        .join(Opd, Opd.id == Pegawai.opd_id)
        .where(StoredScore.tahun == tahun, _on_duty(grants, today, opd))
    )
    measured, total, *found = session.execute(statement).one()
    openings = [
        Opening(name, orang, poin, poin / measured)
        for name, orang, poin in zip(_OPENINGS, found, found[len(counts) :], strict=False)
        if orang
    ]
    return OpdAdvice(
        diukur=measured,
        rata_rata=None if total is None else total / measured,
        peluang=tuple(sorted(openings, key=lambda opening: -opening.poin)),
    )


def plan_sums(
    session: Session, grants: Sequence[Grant], tahun: int, today: dt.date, opd: Opd | None = None
) -> list[PlanSum]:
    """What the people of a unit and below have planned, per indicator; scope as above."""
    open_points = case((PlannedStep.selesai.is_(None), PlannedStep.poin))
    statement = (
        select(
            PlannedStep.indikator,
            func.count(PlannedStep.pegawai_id.distinct()),
            func.count(PlannedStep.selesai),
            func.count(open_points),
            func.sum(open_points),
        )
        .join(Pegawai, Pegawai.id == PlannedStep.pegawai_id)
        .join(Opd, Opd.id == Pegawai.opd_id)
        .where(PlannedStep.tahun == tahun, _on_duty(grants, today, opd))
        .group_by(PlannedStep.indikator)
        .order_by(PlannedStep.indikator)
    )
    return [
        PlanSum(Indikator(name), orang, done, still, poin or _NOTHING)
        for name, orang, done, still, poin in session.execute(statement)
    ]


def _on_duty(grants: Sequence[Grant], today: dt.date, opd: Opd | None) -> ColumnElement[bool]:
    """Condition on Pegawai and Opd: within the grants, in the unit or below, not retired."""
    conditions = [
        within(grants),
        or_(Pegawai.pensiun_sejak.is_(None), Pegawai.pensiun_sejak > today),
    ]
    if opd is not None:
        conditions.append(Opd.jalur.startswith(opd.jalur, autoescape=True))
    return and_(*conditions)
