"""Clearing away what nobody needs any more: orphaned objects, old sessions, codes and jobs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import CursorResult, Delete, delete, select
from sqlalchemy.orm import Session

from portal.accounts.models import Attempts, LoginSession, OneTimeCode
from portal.db import Database, now
from portal.documents.arrivals import Upload
from portal.documents.models import Document, DocumentFile
from portal.errors import Rejected
from portal.imports.models import Import
from portal.jobs import Job
from portal.operations import orphans
from portal.operations.orphans import EDITABLE
from portal.scoring.models import RecomputePart, RecomputeRun, RuleComparison
from portal.storage import Storage

KEPT = dt.timedelta(days=30)
"""How long a used code, a finished job and a forgotten attempt are kept."""
COMPARISON_KEPT = dt.timedelta(days=180)
"""How long a comparison of rule sets is kept that became nobody's way of measuring."""
RUN_KEPT = dt.timedelta(days=90)
"""How long a finished recomputation is kept; what it changed stands in the history of scores."""


@dataclass(frozen=True)
class Swept:
    """How much was cleared away."""

    objects: int
    rows: int


def sweep(
    database: Database,
    storage: Storage,
    *,
    quarantine_days: int = 30,
    moment: dt.datetime | None = None,
) -> Swept:
    """Delete orphans older than a day, infected files older than `quarantine_days`, and rows that
    ran out. Raises Unavailable, and Rejected for a store that belongs to another database."""
    at = moment or now()
    kept = dt.timedelta(days=quarantine_days)
    with database.reading() as session:
        doomed = [
            *orphans.due(orphans.of_papers(session, storage), at),
            *orphans.due(orphans.of_imports(session, storage), at),
        ]
        if doomed and not _knows_files(session):
            raise Rejected(
                f"Basis data tidak mengenal satu berkas pun, sedangkan penyimpanan memuat "
                f"{len(doomed)}. Tidak ada yang dihapus. Periksa DATABASE_URL dan OBJECT_STORE_URL."
            )
        doomed += orphans.due(orphans.of_uploads(session, storage, at), at)
        doomed += orphans.due(orphans.of_quarantine(storage, kept), at)
    for key in doomed:
        storage.delete(key)
    rows = 0
    with database.transaction() as session:
        for statement in _outdated(at):
            rows += cast("CursorResult[Any]", session.execute(statement)).rowcount
    return Swept(len(doomed), rows)


def _knows_files(session: Session) -> bool:
    return any(
        session.scalar(select(table.id).limit(1)) is not None for table in (DocumentFile, Import)
    )


def _outdated(at: dt.datetime) -> tuple[Delete, ...]:
    waiting = select(Document.id).where(Document.state.in_(EDITABLE))
    needless = (Upload.created_at < at - orphans.AGE) & Upload.document_id.not_in(waiting)
    ended = select(RecomputeRun.id).where(RecomputeRun.selesai < at - RUN_KEPT)
    return (
        delete(RuleComparison).where(
            RuleComparison.diterapkan.is_(None), RuleComparison.dibuat < at - COMPARISON_KEPT
        ),
        delete(RecomputePart).where(RecomputePart.run_id.in_(ended)),
        delete(RecomputeRun).where(RecomputeRun.selesai < at - RUN_KEPT),
        delete(LoginSession).where(LoginSession.kedaluwarsa < at),
        delete(OneTimeCode).where(OneTimeCode.kedaluwarsa < at - KEPT),
        delete(Attempts).where(Attempts.mulai < at - KEPT),
        delete(Job).where(Job.done_at < at - KEPT),
        delete(Upload).where((Upload.created_at < at - orphans.UPLOAD_AGE) | needless),
    )
