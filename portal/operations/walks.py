"""Long walks through stored files that go on after the last thing that they finished."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal import audit
from portal.db import Database, now
from portal.operations.models import FileWalk

KEPT = 200
"""So many findings are kept in words; the counts tell of all."""


@dataclass
class Walk:
    """One walk under way. What happened since the last `save` is done again after a kill."""

    id: uuid.UUID
    kind: str
    target: str
    stage: str
    reached: str
    """Last id or key that was finished in this stage."""
    begun: dt.datetime
    counts: Counter[str] = field(default_factory=Counter)
    findings: list[dict[str, Any]] = field(default_factory=list)
    resumed: bool = False

    def note(self, kind: str, **facts: str) -> None:
        """Count a finding, and keep it while there is room."""
        self.counts[kind] += 1
        if len(self.findings) < KEPT:
            self.findings.append({"jenis": kind, **facts})

    def forget(self, kind: str) -> None:
        """Forget the findings of one kind, which are about to be looked for again."""
        self.counts.pop(kind, None)
        self.findings = [found for found in self.findings if found["jenis"] != kind]

    def enter(self, stage: str) -> None:
        """Begin another stage; its first `save` makes it last."""
        self.stage, self.reached = stage, ""

    def save(self, database: Database) -> None:
        """Keep where the walk stands."""
        with database.transaction() as session:
            self._write(session)

    def finish(self, database: Database, action: str, **facts: Any) -> None:
        """Close the walk, with a line in the audit."""
        facts |= self.counts
        with database.transaction() as session:
            self._write(session, selesai=now())
            audit.record(session, None, action, self.id, **facts)

    def _write(self, session: Session, **more: Any) -> None:
        session.execute(
            update(FileWalk)
            .where(FileWalk.id == self.id)
            .values(
                tahap=self.stage,
                sampai=self.reached,
                diperiksa=dict(self.counts),
                temuan=self.findings,
                diperbarui=now(),
                **more,
            )
        )


def begin(
    database: Database, kind: str, stage: str, *, target: str = "", afresh: bool = False
) -> Walk:
    """Go on with the last walk of this kind that was cut off, or begin one; `afresh` gives the
    one that was cut off up."""
    with database.transaction() as session:
        cut_off = session.scalars(
            select(FileWalk)
            .where(FileWalk.jenis == kind, FileWalk.tujuan == target, FileWalk.selesai.is_(None))
            .order_by(FileWalk.mulai.desc())
        ).all()
        row = cut_off[0] if cut_off and not afresh else None
        for other in cut_off:
            if other is not row:
                session.delete(other)
        if row is not None:
            return Walk(
                row.id,
                kind,
                target,
                row.tahap,
                row.sampai,
                row.mulai,
                Counter(row.diperiksa),
                list(row.temuan),
                resumed=True,
            )
        fresh = FileWalk(jenis=kind, tujuan=target, tahap=stage)
        session.add(fresh)
        session.flush()
        return Walk(fresh.id, kind, target, stage, "", fresh.mulai)


def last(session: Session, kind: str, *, target: str = "") -> FileWalk | None:
    """The newest walk that reached its end."""
    return session.scalar(
        select(FileWalk)
        .where(FileWalk.jenis == kind, FileWalk.tujuan == target, FileWalk.selesai.is_not(None))
        .order_by(FileWalk.mulai.desc())
        .limit(1)
    )
