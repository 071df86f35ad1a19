"""The job that reads a paper. It may run twice, or be cut off anywhere: the row is written once."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.db import Database, now
from portal.documents import check_orders
from portal.documents.arrivals import ReadCode, Reading
from portal.documents.files import pdf_key
from portal.documents.models import DocumentFile
from portal.documents.reading.isolated import read_isolated
from portal.documents.reading.result import Paper
from portal.jobs import Lane, Queue
from portal.storage import Storage
from portal.vocabulary import FileRole, ReadingState

log = structlog.get_logger()
KIND = "baca"
PREFIX = "portal-berkas-"
"""Of the temporary folder, as everywhere where papers lie for a moment: it is swept."""
RANK = 5
"""Behind the making of papers: somebody waits for those."""
ATTEMPTS = 4
Read = Callable[[Path, int, FileRole], Paper | None]


def install(queue: Queue, database: Database, storage: Storage) -> None:
    """Register the handler."""
    desk = ReadingDesk(database, storage)
    queue.handle(
        KIND,
        desk.run,
        lane=Lane.BERKAS,
        rank=RANK,
        at_once=1,
        attempts=ATTEMPTS,
        give_up=desk.give_up,
    )


@dataclass(frozen=True)
class ReadingDesk:
    """Where papers are read; `read` is another in tests."""

    database: Database
    storage: Storage
    read: Read = read_isolated

    def run(self, payload: Mapping[str, Any]) -> None:
        """The job. Raises Unavailable when the store is away: tried again."""
        file_id = uuid.UUID(payload["file_id"])
        with self.database.reading() as session:
            file = session.get(DocumentFile, file_id)
            known = session.get(Reading, file_id)
        if file is None or (known is not None and known.state is not ReadingState.MENUNGGU):
            return
        self._write(file_id, self._read(file))

    def _read(self, file: DocumentFile) -> Paper | None:
        with tempfile.TemporaryDirectory(prefix=PREFIX) as folder:
            pdf = Path(folder) / "file.pdf"
            try:
                with self.storage.open(pdf_key(file)) as stored, pdf.open("wb") as target:
                    shutil.copyfileobj(stored, target)
            except FileNotFoundError:
                log.warning("reading_without_object", file=str(file.id))
                return None
            return self.read(pdf, file.pages, file.role)

    def _write(self, file_id: uuid.UUID, paper: Paper | None) -> None:
        with self.database.transaction() as session:
            file = session.get(DocumentFile, file_id, with_for_update={"key_share": True})
            if file is None:
                return  # the draft was thrown away meanwhile
            reading = session.merge(Reading(file_id=file_id))
            reading.state = ReadingState.SELESAI if paper else ReadingState.GAGAL
            reading.finished_at = now()
            if paper is not None:
                reading.fields, reading.codes = paper.fields, paper.codes
                reading.text, reading.engine = paper.text, paper.engine
                _write_codes(session, file_id, paper.codes)
            check_orders.order_if_waiting(session, file.document_id)

    def give_up(self, payload: Mapping[str, Any]) -> None:
        """The last word on a reading that failed too often, or took its workers along."""
        self._write(uuid.UUID(payload["file_id"]), None)


def _write_codes(session: Session, file_id: uuid.UUID, codes: list[str]) -> None:
    session.execute(delete(ReadCode).where(ReadCode.file_id == file_id))
    digests = {hashlib.sha256(code.encode()).hexdigest() for code in codes}
    session.add_all(ReadCode(file_id=file_id, sha256=digest) for digest in sorted(digests))
