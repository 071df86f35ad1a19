"""Clearing away what nobody needs any more: orphaned objects, old sessions, codes and jobs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import CursorResult, Delete, delete, select
from sqlalchemy.orm import Session

from portal.accounts.models import Attempts, LoginSession, OneTimeCode
from portal.db import Database, now
from portal.documents.models import DocumentFile
from portal.errors import Rejected
from portal.imports.models import Import
from portal.jobs import Job
from portal.operations import import_files
from portal.operations.reconciliation import ORPHAN_AGE, orphaned
from portal.storage import Storage

KEPT = dt.timedelta(days=30)
"""How long a used code, a finished job and a forgotten attempt are kept."""


@dataclass(frozen=True)
class Swept:
    """How much was cleared away."""

    objects: int
    rows: int


def _knows_files(session: Session) -> bool:
    return any(
        session.scalar(select(table.id).limit(1)) is not None for table in (DocumentFile, Import)
    )


def sweep(database: Database, storage: Storage, *, moment: dt.datetime | None = None) -> Swept:
    """Delete orphans older than a day and rows that ran out. Raises Unavailable, and Rejected
    for a store that belongs to another database."""
    at = moment or now()
    with database.reading() as session:
        imported = import_files.listed(storage)
        doomed = [
            *orphaned(session, storage, at),
            *import_files.orphaned(session, imported, at, ORPHAN_AGE),
        ]
        if doomed and not _knows_files(session):
            raise Rejected(
                f"Basis data tidak mengenal satu berkas pun, sedangkan penyimpanan memuat "
                f"{len(doomed)}. Tidak ada yang dihapus. Periksa DATABASE_URL dan OBJECT_STORE_URL."
            )
    for key in doomed:
        storage.delete(key)
    outdated: tuple[Delete, ...] = (
        delete(LoginSession).where(LoginSession.kedaluwarsa < at),
        delete(OneTimeCode).where(OneTimeCode.kedaluwarsa < at - KEPT),
        delete(Attempts).where(Attempts.mulai < at - KEPT),
        delete(Job).where(Job.done_at < at - KEPT),
    )
    rows = 0
    with database.transaction() as session:
        for statement in outdated:
            rows += cast("CursorResult[Any]", session.execute(statement)).rowcount
    return Swept(len(doomed), rows)
