"""How an agency measures a year: a rule set and its switches, as one value that can be compared."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from portal.agency.models import MeasuringYear
from portal.scoring.engine import rules
from portal.scoring.engine.rules import RuleSet, RuleSetError

FIRST_YEAR = 2018
"""Before it nothing was measured (PermenPANRB 38/2018)."""


@dataclass(frozen=True)
class Way:
    """A way of measuring. Two are equal when they name the same rule set and switches; make one
    by `of`, which leaves out the switches that stand in the file anyway."""

    aturan: str
    saklar: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, aturan: str, saklar: Mapping[str, Any]) -> Way:
        """Raises RuleSetError for a rule set that is not on offer or a switch that is none."""
        filed = asdict(rules.load(aturan).saklar)
        chosen = asdict(rules.load(aturan, **saklar).saklar)
        return cls(aturan, {name: _plain(v) for name, v in chosen.items() if v != filed[name]})

    @property
    def rules(self) -> RuleSet:
        """Raises RuleSetError when it is not on offer any more."""
        return rules.load(self.aturan, **self.saklar)


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


_YEAR = (
    select(MeasuringYear)
    .where(
        MeasuringYear.instansi_id == bindparam("instansi_id"),
        MeasuringYear.tahun == bindparam("tahun"),
    )
    .execution_options(populate_existing=True)
)


def year_of(session: Session, instansi_id: uuid.UUID, tahun: int) -> MeasuringYear | None:
    """What the agency has chosen for a year."""
    return session.scalars(_YEAR, {"instansi_id": instansi_id, "tahun": tahun}).one_or_none()


def way_of(year: MeasuringYear | None, tahun: int) -> Way:
    """The way of a year; the rule set made for it when the agency has chosen none."""
    if year is None:
        return Way(rules.default_for_year(tahun))
    return Way(year.aturan, dict(year.saklar))


def way_of_year(session: Session, instansi_id: uuid.UUID, tahun: int) -> Way:
    """The agency's present way of measuring a year."""
    return way_of(year_of(session, instansi_id, tahun), tahun)


def years_of(session: Session, instansi_id: uuid.UUID, today: dt.date) -> dict[int, MeasuringYear]:
    """What the agency has set, by year; the coming year is the last that can be."""
    statement = select(MeasuringYear).where(
        MeasuringYear.instansi_id == instansi_id,
        MeasuringYear.tahun.between(FIRST_YEAR, today.year + 1),
    )
    return {year.tahun: year for year in session.scalars(statement)}


def can_be_set(tahun: int, today: dt.date) -> bool:
    """Whether a year has been, or is about to be measured."""
    return FIRST_YEAR <= tahun <= today.year + 1


def check_years(session: Session) -> None:
    """Raises RuleSetError when some agency measures by a rule set that is not on offer."""
    chosen = select(MeasuringYear.aturan, MeasuringYear.saklar)
    for aturan, saklar in session.execute(chosen):
        rules.load(aturan, **saklar)


@dataclass(frozen=True)
class Gone:
    """A year that an agency measures by a rule set which is not on offer any more."""

    instansi_id: uuid.UUID
    tahun: int
    alasan: str


def gone(session: Session) -> list[Gone]:
    """All such years, in order. Nobody of these agencies is computed until the file is back or
    another rule set is chosen; the others are."""
    found: list[Gone] = []
    chosen = select(
        MeasuringYear.instansi_id, MeasuringYear.tahun, MeasuringYear.aturan, MeasuringYear.saklar
    ).order_by(MeasuringYear.instansi_id, MeasuringYear.tahun)
    for instansi_id, tahun, aturan, saklar in session.execute(chosen):
        try:
            rules.load(aturan, **saklar)
        except RuleSetError as error:
            found.append(Gone(instansi_id, tahun, str(error)))
    return found
