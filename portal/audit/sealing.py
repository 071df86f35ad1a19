"""Sealing what was committed. A tick does it, never the act itself: acts would otherwise wait for
each other, since each seal holds the one before.

Lines become visible out of the order of their numbers (PostgreSQL gives a number before the
commit), so the place in the chain is a number of its own, and every tick looks again at numbers
from the hour before the last one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import RowMapping, Table, insert, select, text
from sqlalchemy.orm import Session

from portal.audit import AuditEntry
from portal.audit.chain import BEGINNING, LATE, Seal, content_hash, seal_hash
from portal.db import Database, now

BATCH = 1000
"""Lines of one transaction; SQLite lets nobody else write for some twenty milliseconds."""
LOCK = 7_305_812_001
"""Advisory lock of the one sealer at work (PostgreSQL)."""
LINE = cast("Table", AuditEntry.__table__)
SEAL = cast("Table", Seal.__table__)
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain. Kept elsewhere, it vouches for everything up to its place."""

    urutan: int
    hash: str

    def __str__(self) -> str:
        return f"{self.urutan}:{self.hash}"


NOTHING = Head(0, BEGINNING)


_HEAD = select(Seal.urutan, Seal.hash).order_by(Seal.urutan.desc()).limit(1)


def head(session: Session) -> Head:
    """The newest seal; place 0 while nothing is sealed."""
    row = session.execute(_HEAD).one_or_none()
    return Head(*row) if row else NOTHING


def horizon(session: Session) -> int:
    """The number up to which every line was committed or never will be.

    It is the highest number that was sealed more than `LATE` before the newest run, whatever time
    has passed since: what was still open when the sealer last looked has a higher number.
    """
    newest = select(Seal.disegel).order_by(Seal.urutan.desc()).limit(1)
    run = session.scalar(newest)
    if run is None:
        return 0
    statement = select(Seal.audit_id).where(Seal.disegel < run - LATE)
    return session.scalar(statement.order_by(Seal.audit_id.desc()).limit(1)) or 0


def seal_committed(database: Database, *, at: dt.datetime | None = None) -> int:
    """Seal every committed line that has no seal yet; returns how many were sealed."""
    moment = at or now()
    with database.reading() as session:
        past = horizon(session)
    count = 0
    while sealed := _seal_batch(database, past, moment):
        count += len(sealed)
        past = sealed[-1]
    return count


def _seal_batch(database: Database, past: int, moment: dt.datetime) -> list[int]:
    """The numbers of the lines that were sealed, in order; none when another one is at it."""
    with database.transaction() as session:
        if not _alone(session):
            return []
        # The second condition follows from the first; a planner that knows it reads no older seal.
        sealed = select(SEAL.c.urutan).where(SEAL.c.audit_id == LINE.c.id, SEAL.c.audit_id > past)
        lines = session.execute(
            select(LINE).where(LINE.c.id > past, ~sealed.exists()).order_by(LINE.c.id).limit(BATCH)
        ).mappings()
        last = head(session)
        rows = []
        for line in lines:
            last, row = _sealed(last, line, moment)
            rows.append(row)
        if rows:
            session.execute(insert(SEAL), rows)
        return [row["audit_id"] for row in rows]


def _sealed(last: Head, line: RowMapping, moment: dt.datetime) -> tuple[Head, Row]:
    place, number, isi = last.urutan + 1, line["id"], content_hash(line)
    new = Head(place, seal_hash(last.hash, place, number, moment, isi))
    row = {"urutan": place, "audit_id": number, "disegel": moment, "isi": isi, "hash": new.hash}
    return new, row


def _alone(session: Session) -> bool:
    """True for the one sealer of this moment; SQLite has a single writer anyway."""
    if session.get_bind().dialect.name != "postgresql":
        return True
    return bool(session.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": LOCK}))


def places(session: Session, audit_ids: Sequence[int]) -> dict[int, int]:
    """Where these lines stand in the chain; a line that waits for its seal is not in it."""
    statement = select(Seal.audit_id, Seal.urutan).where(Seal.audit_id.in_(audit_ids))
    return {row.audit_id: row.urutan for row in session.execute(statement)}
