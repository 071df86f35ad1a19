"""The guard of the queue: every waiting item is in exactly one queue, somebody may decide it, and
the kept numbers are those of the items. Reads everything; for the night and for tests."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from portal.agency.models import Antrean, Opd
from portal.agency.queries import all_instansi
from portal.db import now
from portal.documents.models import Document
from portal.documents.rulings import Decision
from portal.documents.transitions import Act
from portal.people.models import Pegawai
from portal.verification.models import Moved, QueueCount
from portal.verification.queueing.conditions import OPEN
from portal.verification.queueing.staffing import Cell, Staffing, staffing
from portal.vocabulary import DocumentState

STEP = 5000
Near = Mapping[uuid.UUID, set[uuid.UUID]]
"""Owner → people who are too near to decide."""
_WAITING = (
    select(
        Document.id,
        Document.owner_id,
        Document.created_by_id,
        Document.first_approver_id,
        Document.objected,
        Document.antrean_id,
        Document.lapis_pertama,
        Document.kind,
        Pegawai.instansi_id,
        Pegawai.opd_id,
        Opd.jalur,
        Antrean.instansi_id.label("queue_of"),
    )
    .join(Pegawai, Pegawai.id == Document.owner_id)
    .join(Opd, Opd.id == Pegawai.opd_id)
    .outerjoin(Antrean, Antrean.id == Document.antrean_id)
    .where(OPEN)
)


def undecidable(session: Session) -> Iterator[uuid.UUID]:
    """Waiting items that nobody may decide, or that name a queue of another agency.

    People who are away count as there: their items wait for them or for their stand-in. What is
    in somebody's hands is sent on when it leaves them, also where the owner has moved out of the
    holder's reach meanwhile.
    """
    moment = now()
    agencies = {
        agency.id: staffing(session, agency, moment, present_only=False)
        for agency in all_instansi(session)
    }
    near = _near(session, agencies)
    refused = _refusers(session)
    known: dict[tuple[Any, ...], set[uuid.UUID]] = {}
    free = or_(Document.state != DocumentState.DIPERIKSA, Document.claimed_until <= moment)
    for row in session.execute(_WAITING.where(free).execution_options(yield_per=STEP)):
        if row.queue_of not in (None, row.instansi_id):
            yield row.id
            continue
        key = (row.opd_id, row.kind, row.antrean_id, row.lapis_pertama, not row.first_approver_id)
        if key not in known:
            known[key] = _deciders(agencies[row.instansi_id], row)
        barred = {row.owner_id, row.created_by_id, row.first_approver_id}
        barred |= near.get(row.owner_id, set()) | refused.get(row.id, set())
        if not known[key] - barred:
            yield row.id


def astray(session: Session) -> Iterator[uuid.UUID]:
    """Waiting items that still lie with the former unit of their owner, and that nobody is on the
    way to bring along."""
    followed = select(Moved.pegawai_id)
    statement = (
        select(Document.id)
        .join(Pegawai, Pegawai.id == Document.owner_id)
        .where(
            OPEN,
            Document.opd_id.is_distinct_from(Pegawai.opd_id),
            Document.owner_id.not_in(followed),
        )
    )
    yield from session.scalars(statement.order_by(Document.id))


def wrong_numbers(session: Session) -> Iterator[str]:
    """Cells whose kept number is not the number of their items."""
    found: Counter[tuple[Any, ...]] = Counter()
    real, kept = _cell(Document), _cell(QueueCount)
    # One statement sees one moment, whoever hands in meanwhile.
    both = (
        select(*real, func.count())
        .where(OPEN)
        .group_by(*real)
        .union_all(select(*kept, -func.sum(QueueCount.jumlah)).group_by(*kept))
    )
    for *key, count in session.execute(both):
        found[tuple(key)] += count
    for (antrean_id, kind, opd_id, state, _), difference in found.items():
        if difference:
            yield f"antrean {antrean_id}, {kind}, unit {opd_id}, {state}: selisih {difference}"


def _cell(table: Any) -> tuple[Any, ...]:
    return (table.antrean_id, table.kind, table.opd_id, table.state, table.lapis_pertama)


def _deciders(there: Staffing, row: Any) -> set[uuid.UUID]:
    return there.deciders(
        Cell(row.opd_id, row.jalur, row.kind),
        row.antrean_id,
        second=row.first_approver_id is not None,
        first_level=row.lapis_pertama,
    )


def _near(session: Session, agencies: Mapping[uuid.UUID, Staffing]) -> Near:
    """As `nearness.near_people`, for everybody at once whom it concerns."""
    people = {post.pegawai_id for there in agencies.values() for post in there.posts}
    rows = session.execute(
        select(Pegawai.id, Pegawai.pasangan_id, Pegawai.atasan_id).where(
            or_(
                Pegawai.id.in_(people),
                Pegawai.pasangan_id.in_(people),
                Pegawai.atasan_id.in_(people),
            )
        )
    )
    found: defaultdict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for person, *tied in rows:
        for other in filter(None, tied):
            found[person].add(other)
            found[other].add(person)
    return found


def _refusers(session: Session) -> Near:
    """Item → who refused it, for objections that wait."""
    rows = session.execute(
        select(Document.id, Decision.decider_id)
        .join(Decision, Decision.document_id == Document.id)
        .where(
            OPEN,
            Document.objected,
            Decision.act == Act.TOLAK,
            Decision.undone_at.is_(None),
        )
    )
    found: defaultdict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for document_id, decider_id in rows:
        found[document_id].add(decider_id)
    return found
