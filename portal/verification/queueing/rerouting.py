"""Items follow: when queues, members, absences or people's units change, what waits is sent where
it belongs now. For the minute tick, in bounded batches; each batch is one transaction.

What is being looked at stays where it is: nobody loses an item out of the hands.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import ColumnElement, and_, delete, func, insert, or_, select, true, update
from sqlalchemy.orm import Session, contains_eager, joinedload

from portal.agency.models import Opd
from portal.agency.queries import all_instansi, calendar
from portal.db import Database, now
from portal.documents.models import Document
from portal.people.models import Pegawai
from portal.verification.models import Moved, QueueCount
from portal.verification.queueing import newcomers
from portal.verification.queueing.conditions import OPEN
from portal.verification.queueing.routing import way_of
from portal.verification.queueing.staffing import Cell, Staffing, staffing
from portal.vocabulary import DocumentKind, DocumentState

BATCH = 500
BATCHES = 40
"""Batches of one tick at most: what is left waits for the next."""
SPECIAL = 1000
"""Items looked at one by one in a tick at most: those of people on whom the way of items hangs."""
MOVABLE = (DocumentState.DIAJUKAN, DocumentState.MENUNGGU_KEDUA)


def reroute(database: Database, *, moment: dt.datetime | None = None) -> int:
    """Send what waits where it belongs; returns how many items moved."""
    at = moment or now()
    changed = _follow_people(database, at)
    with database.reading() as session:
        agencies = [(agency.id, staffing(session, agency, at)) for agency in all_instansi(session)]
    for agency_id, there in agencies:
        changed += _move_cells(database, agency_id, there)
        changed += _move_special(database, agency_id, there)
    return changed


def give_days(database: Database) -> int:
    """Give a day to waiting items that have none, counted from their hand-in; returns how many."""
    done = 0
    for _ in range(BATCHES):
        with database.transaction() as session:
            count = _give_days(session)
        done += count
        if count < BATCH:
            break
    return done


def _follow_people(database: Database, at: dt.datetime) -> int:
    """Waiting items follow their owner to another unit, and the owner is told."""
    changed = 0
    for _ in range(BATCHES):
        with database.transaction() as session:
            rows = session.execute(
                select(Moved.id, Moved.pegawai_id)
                .order_by(Moved.id)
                .limit(BATCH)
                .with_for_update(skip_locked=True)
            ).all()
            people = {row.pegawai_id for row in rows}
            changed += _bring_units(session, Document.owner_id.in_(people))
            newcomers.tell(session, people, at)
            session.execute(delete(Moved).where(Moved.id.in_([row.id for row in rows])))
        if len(rows) < BATCH:
            break
    with database.transaction() as session:  # what was written past the routing
        return changed + _bring_units(session, Document.opd_id.is_(None))


def _bring_units(session: Session, which: ColumnElement[bool]) -> int:
    """The owner's unit of the moment, for some waiting items."""
    unit = select(Pegawai.opd_id).where(Pegawai.id == Document.owner_id).scalar_subquery()
    ids = session.scalars(
        select(Document.id)
        .where(OPEN, which, Document.opd_id.is_distinct_from(unit))
        .order_by(Document.id)
        .limit(BATCH * BATCHES)
        .with_for_update(key_share=True)
    ).all()
    for batch in _batches(ids):
        session.execute(
            update(Document)
            .where(Document.id.in_(batch))
            .values(opd_id=unit)
            .execution_options(synchronize_session=False)
        )
    return len(ids)


def look_for_astray(database: Database) -> None:
    """Have the items of everybody followed whose notes were lost: the database of another place, a
    change past the triggers."""
    with database.transaction() as session:
        people = (
            select(Document.owner_id)
            .join(Pegawai, Pegawai.id == Document.owner_id)
            .where(OPEN, Document.opd_id.is_distinct_from(Pegawai.opd_id))
            .distinct()
        )
        session.execute(insert(Moved).from_select(["pegawai_id"], people))


def _move_cells(database: Database, agency_id: uuid.UUID, there: Staffing) -> int:
    """Cell by cell: the kept numbers say which queue, unit and kind hold items that belong
    elsewhere, so that nothing is read that lies where it should."""
    with database.reading() as session:
        rows = session.execute(
            select(
                QueueCount.antrean_id,
                QueueCount.kind,
                QueueCount.opd_id,
                QueueCount.state,
                QueueCount.lapis_pertama,
                Opd.jalur,
            )
            .join(Opd, Opd.id == QueueCount.opd_id)
            .where(Opd.instansi_id == agency_id, QueueCount.state.in_(MOVABLE))
            .group_by(
                QueueCount.antrean_id,
                QueueCount.kind,
                QueueCount.opd_id,
                QueueCount.state,
                QueueCount.lapis_pertama,
                Opd.jalur,
            )
            .having(func.sum(QueueCount.jumlah) > 0)
        ).all()
        special = _special(session, there)
    moved, left = 0, BATCHES
    for row in rows:
        values = _expected(there, Cell(row.opd_id, row.jalur, row.kind), row.state)
        if values == {"antrean_id": row.antrean_id, "lapis_pertama": row.lapis_pertama}:
            continue
        where = and_(
            Document.opd_id == row.opd_id,
            Document.kind == row.kind,
            Document.state == row.state,
            Document.antrean_id.is_not_distinct_from(row.antrean_id),
            Document.lapis_pertama == row.lapis_pertama,
            ~special,
        )
        count, used = _move(database, where, values, left)
        moved, left = moved + count, left - used
        if left <= 0:
            break
    return moved


def _expected(there: Staffing, cell: Cell, state: DocumentState) -> dict[str, object]:
    second = state is DocumentState.MENUNGGU_KEDUA
    antrean_id = there.queue_for(cell, second=second)
    first = not second and there.opd_looks_first(cell, antrean_id)
    return {"antrean_id": antrean_id, "lapis_pertama": first}


def _move(
    database: Database, where: ColumnElement[bool], values: dict[str, object], most: int
) -> tuple[int, int]:
    """Items moved, and batches used."""
    moved = 0
    for used in range(1, most + 1):
        with database.transaction() as session:
            ids = session.scalars(
                select(Document.id)
                .where(OPEN, where)
                .limit(BATCH)
                .with_for_update(key_share=True, skip_locked=True)
            ).all()
            if ids:
                session.execute(
                    update(Document)
                    .where(Document.id.in_(ids))
                    .values(**values)
                    .execution_options(synchronize_session=False)
                )
        moved += len(ids)
        if len(ids) < BATCH:
            return moved, used
    return moved, most


def _special(session: Session, there: Staffing) -> ColumnElement[bool]:
    """Condition: something about the item itself keeps a member of some queue from deciding it."""
    members = there.members
    if not members:
        return ~true()
    near = session.scalars(
        select(Pegawai.id).where(
            or_(Pegawai.pasangan_id.in_(members), Pegawai.atasan_id.in_(members))
        )
    ).all()
    tied = session.execute(
        select(Pegawai.pasangan_id, Pegawai.atasan_id).where(Pegawai.id.in_(members))
    )
    people = {*members, *near, *(person for row in tied for person in row if person)}
    approved = and_(
        Document.first_approver_id.is_not(None), Document.first_approver_id.in_(members)
    )
    return or_(
        Document.owner_id.in_(people),
        Document.created_by_id.in_(members),
        func.coalesce(approved, ~true()),
        Document.objected == true(),
    )


def _move_special(database: Database, agency_id: uuid.UUID, there: Staffing) -> int:
    """Those items one by one."""
    if there.plain:
        return 0
    moved = 0
    with database.transaction() as session:
        special = _special(session, there)
        items = session.scalars(
            select(Document)
            .join(Document.owner)
            .join(Pegawai.opd)
            .where(
                OPEN,
                Document.state.in_(MOVABLE),
                Pegawai.instansi_id == agency_id,
                special,
            )
            .order_by(Document.submitted_at, Document.id)
            .limit(SPECIAL)
            .options(contains_eager(Document.owner).contains_eager(Pegawai.opd))
            .with_for_update(of=Document, key_share=True, skip_locked=True)
        ).all()
        for item in items:
            way = way_of(session, there, item)
            if any(getattr(item, name) != value for name, value in way.items()):
                item.antrean_id, item.opd_id = way["antrean_id"], way["opd_id"]
                item.lapis_pertama = way["lapis_pertama"]
                moved += 1
    return moved


def _give_days(session: Session) -> int:
    items = session.scalars(
        select(Document)
        .join(Document.owner)
        .where(OPEN, Document.tenggat.is_(None))
        .limit(BATCH)
        .options(contains_eager(Document.owner).options(joinedload(Pegawai.instansi)))
        .with_for_update(of=Document, key_share=True, skip_locked=True)
    ).all()
    known: dict[tuple[uuid.UUID, DocumentKind, dt.date], dt.date] = {}
    for item in items:
        agency = item.owner.instansi
        day = (item.submitted_at or item.created_at).astimezone(agency.zone).date()
        key = (agency.id, item.kind, day)
        if key not in known:
            known[key] = calendar(session, agency.id).after(day, agency.due_days(item.kind))
        item.tenggat = known[key]
    return len(items)


def _batches(ids: Sequence[uuid.UUID]) -> Iterator[Collection[uuid.UUID]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]
