"""Scores of very many people: a range of keys is read, computed and written in a few statements.

It computes with the functions of `rows`, so that a night and an approval never disagree; only
reading and writing go by the thousand.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from types import SimpleNamespace
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, or_, select
from sqlalchemy.orm import Session

from portal.agency.models import Instansi
from portal.documents.models import OPEN_STATES, Document
from portal.people.models import Pegawai
from portal.scoring import actions, compute, rows
from portal.scoring.compute import Fact
from portal.scoring.facts import facts_between
from portal.scoring.models import StoredScore
from portal.scoring.plans import ticking as plans_ticking
from portal.scoring.stock import add_changes, put_scores

MOST = 1000
"""People of one range, and so of one transaction: nobody waits longer than a second for it."""
_POST: tuple[Any, ...] = (
    Pegawai.id,
    Pegawai.instansi_id,
    Pegawai.nip,
    Pegawai.jenis_pegawai,
    Pegawai.kelompok_jabatan,
    Pegawai.syarat_pendidikan,
    Pegawai.jabatan,
    Pegawai.kedudukan_hukum,
)
_KEPT: tuple[Any, ...] = (
    StoredScore.pegawai_id,
    StoredScore.tahun,
    StoredScore.dihitung,
    StoredScore.total,
    StoredScore.kualifikasi,
    StoredScore.kompetensi,
    StoredScore.kinerja,
    StoredScore.disiplin,
    StoredScore.jenis_pegawai,
    StoredScore.kelompok_jabatan,
    StoredScore.jabatan,
    StoredScore.syarat_pendidikan,
    StoredScore.kedudukan_hukum,
)
"""Of a row that is there: what it said, and the post that a closed year keeps."""


@dataclass(frozen=True)
class Wanted:
    """Whose scores, and of which year, are computed anew."""

    cause: str
    instansi_id: uuid.UUID | None = None
    """None = of every agency."""
    tahun: int | None = None
    """None = the running year and every stored one."""
    upto: uuid.UUID | None = None
    """The last key of this part of the work; None = to the end."""


@dataclass(frozen=True)
class Range:
    """What became of one range."""

    last: uuid.UUID | None
    """Key of its last person; None when nobody was left."""
    people: int = 0
    changed: int = 0


class _Agencies:
    """The date and the way of measuring of each agency, looked up once a range."""

    def __init__(self, session: Session, moment: dt.datetime) -> None:
        self.moment = moment
        self.how = cache(lambda instansi, tahun: compute.measuring(session, instansi, tahun))
        self.today = cache(
            lambda instansi: moment.astimezone(session.get_one(Instansi, instansi).zone).date()
        )


def recompute_range(
    session: Session, wanted: Wanted, after: uuid.UUID, moment: dt.datetime
) -> Range:
    """Compute the next people after a key in the caller's transaction.

    Only people with a plan whose points change are locked: they are computed once more alone, as
    after an approval, since their steps may now be done. For everybody else a row that somebody has
    written in the meantime is newer and stays, and its person is computed alone too. Raises
    OperationalError where such a person is being changed once more at this moment: begin the range
    again later.
    """
    people = _next_people(session, wanted, after, moment)
    if not people:
        return Range(None)
    last = people[-1].id
    agencies = _Agencies(session, moment)
    fresh = list(_rows(session, wanted, agencies, people, after))
    moved = list(_moved(fresh))
    planned = plans_ticking.with_a_plan(session, [row.pegawai_id for row, _ in moved])
    # Before any score is written: whoever takes both in the other order waits for an approval
    # that waits for it.
    _hold(session, planned)
    written = put_scores(
        session, [(vars(row), old.dihitung if old else None) for row, old in fresh]
    )
    changes = [
        rows.change_of(row, before, wanted.cause)
        for row, before in moved
        if (row.pegawai_id, row.tahun) in written
    ]
    add_changes(session, changes)
    late = {row.pegawai_id for row, _ in fresh if (row.pegawai_id, row.tahun) not in written}
    _hold(session, late - planned, wait=False)
    for person in people:
        if person.id in planned | late:
            today = agencies.today(person.instansi_id)
            actions.recompute(session, person.id, today=today, cause=wanted.cause, at=moment)
    return Range(last, len(people), len(changes))


def _hold(session: Session, pegawai_ids: Collection[uuid.UUID], *, wait: bool = True) -> None:
    """Lock these people as an approval does."""
    if pegawai_ids:
        statement = select(Pegawai.id).where(Pegawai.id.in_(pegawai_ids)).order_by(Pegawai.id)
        session.execute(statement.with_for_update(key_share=True, nowait=not wait))


def on_duty(moment: dt.datetime) -> ColumnElement[bool]:
    """Condition: not retired. A day by UTC is never ahead of the agency's, so that nobody is left
    out too early."""
    return or_(Pegawai.pensiun_sejak.is_(None), Pegawai.pensiun_sejak > moment.date())


def _next_people(
    session: Session, wanted: Wanted, after: uuid.UUID, moment: dt.datetime
) -> Sequence[Row[Any]]:
    statement: Select[Any] = select(*_POST).where(Pegawai.id > after, on_duty(moment))
    if wanted.instansi_id:
        statement = statement.where(Pegawai.instansi_id == wanted.instansi_id)
    if wanted.upto:
        statement = statement.where(Pegawai.id <= wanted.upto)
    return session.execute(statement.order_by(Pegawai.id).limit(MOST)).all()


def _rows(
    session: Session,
    wanted: Wanted,
    agencies: _Agencies,
    people: Sequence[Row[Any]],
    after: uuid.UUID,
) -> Iterator[tuple[SimpleNamespace, Row[Any] | None]]:
    """Each new row with the one that it replaces."""
    last = people[-1].id
    stored = _stored(session, wanted, after, last)
    waiting = _waiting(session, after, last)
    for person, facts in zip(people, facts_between(session, people, after, last), strict=True):
        today = agencies.today(person.instansi_id)
        own = stored[person.id]
        for tahun in sorted({today.year, *own}):
            if wanted.tahun in (None, tahun):
                old = own.get(tahun)
                row = SimpleNamespace(pegawai_id=person.id, tahun=tahun)
                given, coming = facts, waiting.get(person.id, [])
                if old and tahun < today.year:
                    given, coming = rows.as_measured(old, facts, today), []
                how = agencies.how(person.instansi_id, tahun)
                rows.write(row, given, how, today, coming, agencies.moment)
                yield row, old


def _stored(
    session: Session, wanted: Wanted, after: uuid.UUID, last: uuid.UUID
) -> Mapping[uuid.UUID, dict[int, Row[Any]]]:
    found: dict[uuid.UUID, dict[int, Row[Any]]] = defaultdict(dict)
    key = StoredScore.pegawai_id
    statement: Select[Any] = select(*_KEPT).where(key > after, key <= last)
    if wanted.tahun:
        statement = statement.where(StoredScore.tahun == wanted.tahun)
    for row in session.execute(statement):
        found[row.pegawai_id][row.tahun] = row
    return found


def _waiting(session: Session, after: uuid.UUID, last: uuid.UUID) -> Mapping[uuid.UUID, list[Fact]]:
    """Facts of the items that wait; few people have one."""
    between: ColumnElement[bool] = Document.owner_id.between(after, last)
    owners = session.scalars(
        select(Document.owner_id).where(between, Document.state.in_(OPEN_STATES)).distinct()
    ).all()
    return compute.waiting_facts_of(session, owners) if owners else defaultdict(list)


def _moved(
    fresh: Sequence[tuple[SimpleNamespace, Row[Any] | None]],
) -> Iterator[tuple[SimpleNamespace, dict[str, Decimal | None]]]:
    """The rows whose points differ from those that they replace, with the points from before."""
    for row, old in fresh:
        before = rows.points_of(old) if old else {}
        if rows.points_of(row) != before:
            yield row, before
