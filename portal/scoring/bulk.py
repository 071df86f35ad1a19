"""Scores of very many people: a range of keys is read, computed and written in a few statements.

People who must be answered alike are recognised (`alike`), so that a night and an approval never
disagree; whose items wait, and who is in the midst of a change, is computed as by an approval.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Row,
    Select,
    String,
    Text,
    cast,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session

from portal.documents.models import OPEN_STATES, Document
from portal.people.models import Pegawai
from portal.scoring import actions, compute, records, years
from portal.scoring.alike.agencies import Agencies, Way
from portal.scoring.alike.changes import Changes
from portal.scoring.alike.ledger import Post
from portal.scoring.compute import Fact
from portal.scoring.models import PlannedStep, StoredScore
from portal.scoring.pieces import POINTS, POST
from portal.scoring.stock import Key, NewScore, add_changes, put_scores

MOST = 1000
"""People of one range, and so of one transaction: nobody waits longer than a second for it."""


# Keys and words as text, points as whole numbers: nobody looks at the objects. Columns of the
# tables themselves: mapped ones pass through the session, row by row.
def _post(table: FromClause) -> Iterator[Any]:
    return (type_coerce(table.c[name], String) for name in POST)


_people = Pegawai.__table__.c
_PERSON: tuple[Any, ...] = (
    cast(_people.id, Text),
    cast(_people.instansi_id, Text),
    *_post(Pegawai.__table__),
)
_scores = StoredScore.__table__.c
_OLD: tuple[Any, ...] = (
    cast(_scores.pegawai_id, Text),
    _scores.tahun,
    cast(_scores.dihitung, Text),
    *(type_coerce(_scores[name], Integer) for name in POINTS),
    *_post(StoredScore.__table__),
)
"""Of a row that is there: what it said, and the post that a closed year keeps."""
_TAHUN, _DIHITUNG, _POINTS, _POST = 1, 2, slice(3, 3 + len(POINTS)), slice(3 + len(POINTS), -1)
_AHEAD = -1
"""True where the row was computed after the moment of the range."""


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


@dataclass(frozen=True, slots=True)
class _Fresh:
    """A new row, and the points of the one that it replaces."""

    way: Way
    score: NewScore
    before: tuple[int | None, ...] | None
    after: tuple[int | None, ...]
    ahead: bool
    """The row that it replaces was computed later, by somebody else's clock or just now."""

    @property
    def key(self) -> Key:
        return self.score.pegawai_id, self.score.tahun

    @property
    def moved(self) -> bool:
        return self.before != self.after


def recompute_range(
    session: Session, wanted: Wanted, after: uuid.UUID, moment: dt.datetime
) -> Range:
    """Compute the next people after a key in the caller's transaction. An agency of which a rule
    set is gone is passed over (`years.gone`).

    Only people with a plan whose points change are locked: they are computed once more alone, as
    after an approval, since their steps may now be done. For everybody else a row that somebody has
    written since `moment` is newer and stays, and its person is computed alone too. Raises
    OperationalError where such a person is being changed once more at this moment: begin the range
    again later.
    """
    people = _next_people(session, wanted, after, moment)
    if not people:
        return Range(None)
    last = uuid.UUID(people[-1][0])
    agencies = Agencies(session, moment)
    every = list(_rows(session, wanted, agencies, people, after, last, moment))
    overtaken = {row.score.pegawai_id for row in every if row.ahead}
    fresh = [row for row in every if row.score.pegawai_id not in overtaken]
    moved = [row for row in fresh if row.moved]
    planned = _planned(session, moved, after, last)
    # Before any score is written: whoever takes both in the other order waits for an approval
    # that waits for it.
    _hold(session, planned)
    late = put_scores(session, [row.score for row in fresh])
    changes = Changes(session.get_bind().dialect, wanted.cause, moment)
    new = [
        changes.row(row.score.pegawai_id, row.way, row.before, row.after)
        for row in moved
        if row.key not in late
    ]
    add_changes(session, new)
    overtaken |= {pegawai_id for pegawai_id, _ in late}
    _hold(session, overtaken - planned, wait=False)
    for person in people:
        if person[0] in planned or person[0] in overtaken:
            today, key = agencies.today(person[1]), uuid.UUID(person[0])
            actions.recompute(session, key, today=today, cause=wanted.cause, at=moment)
    return Range(last, len(people), len(new))


def _planned(
    session: Session, moved: Sequence[_Fresh], after: uuid.UUID, last: uuid.UUID
) -> set[str]:
    """Those of the people who have a plan for some year."""
    if not moved:
        return set()
    key = PlannedStep.pegawai_id
    statement = select(cast(key, Text)).where(key > after, key <= last).distinct()
    return {row.score.pegawai_id for row in moved}.intersection(session.scalars(statement))


def _hold(session: Session, pegawai_ids: Collection[str], *, wait: bool = True) -> None:
    """Lock these people as an approval does."""
    if pegawai_ids:
        keys = map(uuid.UUID, pegawai_ids)
        statement = select(Pegawai.id).where(Pegawai.id.in_(keys)).order_by(Pegawai.id)
        session.execute(statement.with_for_update(key_share=True, nowait=not wait))


def on_duty(moment: dt.datetime) -> ColumnElement[bool]:
    """Condition: not retired. A day by UTC is never ahead of the agency's, so that nobody is left
    out too early."""
    return or_(Pegawai.pensiun_sejak.is_(None), Pegawai.pensiun_sejak > moment.date())


def _next_people(
    session: Session, wanted: Wanted, after: uuid.UUID, moment: dt.datetime
) -> Sequence[Sequence[Any]]:
    statement: Select[Any] = select(*_PERSON).where(Pegawai.id > after, on_duty(moment))
    if unusable := {year.instansi_id for year in years.gone(session)}:
        statement = statement.where(Pegawai.instansi_id.not_in(unusable))
    if wanted.instansi_id:
        statement = statement.where(Pegawai.instansi_id == wanted.instansi_id)
    if wanted.upto:
        statement = statement.where(Pegawai.id <= wanted.upto)
    return session.execute(statement.order_by(Pegawai.id).limit(MOST)).all()


def _rows(
    session: Session,
    wanted: Wanted,
    agencies: Agencies,
    people: Sequence[Sequence[Any]],
    after: uuid.UUID,
    last: uuid.UUID,
    moment: dt.datetime,
) -> Iterator[_Fresh]:
    """Each new row with the points of the one that it replaces."""
    own_of = records.between(session, after, last)
    stored = _stored(session, wanted, after, last, moment)
    waiting = _waiting(session, after, last)
    for person in people:
        pegawai_id, instansi_id, *held = person
        running = agencies.today(instansi_id).year
        olds = stored.get(pegawai_id, {})
        own = own_of(pegawai_id)
        for tahun in sorted({running, *olds}) if olds else (running,):
            if wanted.tahun not in {None, tahun}:
                continue
            old = olds.get(tahun)
            post, coming = Post(*held), waiting.get(pegawai_id, ())
            if old and tahun < running:
                post, coming = _as_measured(old, post), ()
            way = agencies.way(instansi_id, tahun)
            answer = way.alike.answer(post, own, way.target, coming)
            score = NewScore(
                pegawai_id,
                tahun,
                old[_DIHITUNG] if old else None,
                way.stamp,
                agencies.post(post),
                answer.outcome.piece,
                answer.rincian,
                answer.tidak_dinilai,
            )
            before = old[_POINTS] if old else None
            ahead = old is not None and old[_AHEAD]
            yield _Fresh(way, score, before, answer.outcome.points, ahead)


def _as_measured(old: Row[Any], post: Post) -> Post:
    """The post that the closed year keeps; see `rows.as_measured`."""
    kept = Post(*old[_POST])
    return kept if kept.jenis_pegawai and kept.kelompok_jabatan else post


def _stored(
    session: Session, wanted: Wanted, after: uuid.UUID, last: uuid.UUID, moment: dt.datetime
) -> Mapping[str, dict[int, Row[Any]]]:
    found: dict[str, dict[int, Row[Any]]] = defaultdict(dict)
    key = StoredScore.pegawai_id
    statement: Select[Any] = select(*_OLD, StoredScore.dihitung > moment)
    statement = statement.where(key > after, key <= last)
    if wanted.tahun:
        statement = statement.where(StoredScore.tahun == wanted.tahun)
    for row in session.execute(statement).all():
        found[row[0]][row[_TAHUN]] = row
    return found


def _waiting(session: Session, after: uuid.UUID, last: uuid.UUID) -> Mapping[str, Sequence[Fact]]:
    """Facts of the items that wait; few people have one."""
    key = Document.owner_id
    statement = select(cast(key, Text)).where(
        key > after, key <= last, Document.state.in_(OPEN_STATES)
    )
    owners = {text: uuid.UUID(text) for text in session.scalars(statement.distinct())}
    if not owners:
        return {}
    facts = compute.waiting_facts_of(session, owners.values())
    return {text: facts[owner] for text, owner in owners.items()}
