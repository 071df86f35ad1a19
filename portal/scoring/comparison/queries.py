"""Reading comparisons and runs of the agencies that somebody looks after as a whole."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, and_, bindparam, select
from sqlalchemy.orm import Session

from portal.agency.models import Instansi, Opd
from portal.db import now
from portal.errors import Forbidden, NotFound
from portal.people.models import Pegawai
from portal.people.scopes import within
from portal.permissions import Actor, Permission
from portal.scoring.comparison.people import People
from portal.scoring.comparison.sums import NAMES, SCALE, Compared, Sums, scaled
from portal.scoring.models import RecomputeRun, RuleComparison

GONE = "Halaman ini tidak ditemukan. Mungkin alamatnya keliru, atau bukan milik instansi Anda."
RECENT = 10
"""Comparisons on the page of the rules."""
FOUND = 20
"""People of one search."""
SHORTEST = 3


@dataclass(frozen=True)
class Line:
    """One person of a comparison: points per dimension and in all, each way."""

    nip: str
    nama: str
    unit: str
    a: tuple[Decimal, ...] | None
    b: tuple[Decimal, ...] | None

    @property
    def difference(self) -> Decimal | None:
        return self.b[-1] - self.a[-1] if self.a and self.b else None

    @property
    def moved(self) -> list[tuple[str, Decimal]]:
        """Dimensions that differ, each with its difference."""
        if not (self.a and self.b):
            return []
        pairs = zip(NAMES[:-1], self.a, self.b, strict=False)
        return [(str(name), b - a) for name, a, b in pairs if a != b]


def _agencies(actor: Actor, permission: Permission) -> set[uuid.UUID]:
    """Those that the actor looks after as a whole."""
    return {grant.instansi_id for grant in actor.grants_for(permission) if grant.opd_id is None}


_AGENCY = select(Instansi).where(Instansi.id == bindparam("instansi_id"))


def agency_of(session: Session, actor: Actor, permission: Permission) -> Instansi:
    """The agency whose rules the actor opens: the own one before others.

    Raises Forbidden for somebody who looks after a part of an agency only.
    """
    agencies = _agencies(actor, permission)
    if not agencies:
        raise Forbidden("Aturan berlaku untuk seluruh instansi; hanya adminnya yang membukanya.")
    own = actor.instansi_id in agencies
    chosen = {"instansi_id": actor.instansi_id if own else min(agencies)}
    return session.scalars(_AGENCY, chosen).one()


def found(
    session: Session, actor: Actor, permission: Permission, comparison_id: uuid.UUID
) -> RuleComparison:
    """The comparison; raises NotFound outside the actor's agencies."""
    row = session.scalar(
        select(RuleComparison)
        .where(
            RuleComparison.id == comparison_id,
            RuleComparison.instansi_id.in_(_agencies(actor, permission)),
        )
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound(GONE)
    return row


@dataclass(frozen=True)
class Opened:
    """A comparison with what its page tells about it."""

    row: RuleComparison
    instansi: Instansi
    oleh: Pegawai


_OPENED = (
    select(RuleComparison, Instansi, Pegawai)
    .join(Instansi, Instansi.id == RuleComparison.instansi_id)
    .join(Pegawai, Pegawai.id == RuleComparison.oleh_id)
    .where(
        RuleComparison.id == bindparam("id"),
        RuleComparison.instansi_id.in_(bindparam("agencies", expanding=True)),
    )
)


def opened(session: Session, actor: Actor, comparison_id: uuid.UUID) -> Opened:
    """The comparison for reading; raises NotFound outside the actor's agencies."""
    agencies = list(_agencies(actor, Permission.RULES_READ))
    found = session.execute(_OPENED, {"id": comparison_id, "agencies": agencies}).one_or_none()
    if found is None:
        raise NotFound(GONE)
    return Opened(*found)


def run_found(session: Session, actor: Actor, run_id: uuid.UUID) -> RecomputeRun:
    """The recomputation; raises NotFound outside the actor's agencies."""
    agencies = _agencies(actor, Permission.RULES_READ)
    row = session.scalar(
        select(RecomputeRun).where(
            RecomputeRun.id == run_id, RecomputeRun.instansi_id.in_(agencies)
        )
    )
    if row is None:
        raise NotFound(GONE)
    return row


def recent(session: Session, instansi_id: uuid.UUID) -> Sequence[RuleComparison]:
    """The newest comparisons of an agency."""
    statement = select(RuleComparison).where(RuleComparison.instansi_id == instansi_id)
    newest = statement.order_by(RuleComparison.dibuat.desc(), RuleComparison.id)
    return session.scalars(newest.limit(RECENT)).all()


def unfinished_runs(session: Session, instansi_id: uuid.UUID) -> Sequence[RecomputeRun]:
    """Recomputations of an agency that are under way."""
    return session.scalars(
        select(RecomputeRun)
        .where(RecomputeRun.instansi_id == instansi_id, RecomputeRun.selesai.is_(None))
        .order_by(RecomputeRun.dibuat.desc())
        .limit(RECENT)
    ).all()


def name_of(session: Session, pegawai_id: uuid.UUID | None) -> str:
    """Who did it; the portal itself where nobody did."""
    person = session.get(Pegawai, pegawai_id) if pegawai_id else None
    return person.nama_lengkap if person else "Sistem"


def largest(session: Session, actor: Actor, sums: Sums, most: int) -> list[Line]:
    """The people with the largest differences, those in the actor's scope."""
    named = _named(session, _in_scope(actor), Pegawai.id.in_([one.key for one in sums.terbesar]))
    return [
        _line(named[one.key], _points(one.a), _points(one.b))
        for one in sums.terbesar
        if one.key in named
    ][:most]


def search(
    session: Session, actor: Actor, comparison: RuleComparison, text: str
) -> list[Line] | None:
    """People by NIP (from its beginning) or by words of the name, measured now; None for fewer
    than three characters."""
    words = text.split()
    if len("".join(words)) < SHORTEST:
        return None
    people = People(session, comparison, now())
    people_found = session.execute(
        select(Pegawai, Opd.nama)
        .join(Pegawai.opd)
        .where(people.whole, _in_scope(actor), _fits(words))
        .order_by(Pegawai.nama, Pegawai.id)
        .limit(FOUND)
    ).all()
    measured = people.measured([person for person, _ in people_found])
    return [
        _of((person, unit), one)
        for (person, unit), (_, one) in zip(people_found, measured, strict=True)
    ]


def _fits(words: list[str]) -> ColumnElement[bool]:
    digits = re.sub(r"[\s'.\-]", "", "".join(words))
    if digits.isdecimal() and digits.isascii():
        return Pegawai.nip.startswith(digits[:18], autoescape=True)
    return and_(*(Pegawai.nama.icontains(word[:60], autoescape=True) for word in words[:8]))


def _in_scope(actor: Actor) -> ColumnElement[bool]:
    return within(actor.grants_for(Permission.RULES_READ))


_WITH_UNIT = select(Pegawai, Opd.nama).join(Pegawai.opd)


def _named(
    session: Session, *conditions: ColumnElement[bool]
) -> dict[uuid.UUID, tuple[Pegawai, str]]:
    found = session.execute(_WITH_UNIT.where(*conditions))
    return {person.id: (person, unit) for person, unit in found}


def _of(person: tuple[Pegawai, str], compared: Compared) -> Line:
    a, b = (_points(scaled(side)) if side else None for side in (compared.a, compared.b))
    return _line(person, a, b)


def _line(
    person: tuple[Pegawai, str],
    a: tuple[Decimal, ...] | None,
    b: tuple[Decimal, ...] | None,
) -> Line:
    return Line(person[0].nip, person[0].nama_lengkap, person[1], a, b)


def _points(numbers: Sequence[int]) -> tuple[Decimal, ...]:
    return tuple(Decimal(number) / SCALE for number in numbers)
