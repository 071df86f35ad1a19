"""The job that makes a paper of uploaded files: fetched, checked, scanned, converted, attached.

It may run twice, or be cut off anywhere: what it stores belongs to nobody until the one
transaction that attaches the paper and closes the order.
"""

from __future__ import annotations

import datetime as dt
import tempfile
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import update
from sqlalchemy.orm import Session

from portal import audit
from portal.accounts.queries import actor_of
from portal.db import Database, now
from portal.documents import scanning
from portal.documents.arrivals import Processing, Upload
from portal.documents.files import Source, StoredFile, store_converted
from portal.documents.intake import Limits, convert_isolated, display_name
from portal.documents.intake.isolated import CPU_SECONDS, PREFIX
from portal.documents.models import Document
from portal.documents.scanning import Scanner
from portal.errors import Forbidden, PortalError, Rejected, Unavailable
from portal.handin import fields
from portal.handin.fetching import Damaged, Infected, drop_parts, fetch
from portal.handin.guards import STANDING_OF_COLLEAGUE, Duplicate, open_for
from portal.handin.orders import Order, read, refuse_overtaken
from portal.handin.papers import attach, order_reading
from portal.handin.uploads import drop_left_behind
from portal.jobs import Job, Lane, Queue, enqueue
from portal.settings import Settings
from portal.storage import Storage
from portal.vocabulary import ProcessingState

log = structlog.get_logger()
KIND = "olah"
WALL_SECONDS = 50.0
"""For the conversion."""
CPU_SECONDS_A_FILE = 3
ATTEMPTS = 6
PAUSE = dt.timedelta(seconds=5)
"""For what fails otherwise, workers that die included."""
WAIT = dt.timedelta(hours=12)
"""For a store or a scanner that is away; the order rests as long as it has waited already."""
LONGEST_REST = dt.timedelta(minutes=15)

WAITING = (
    "Penyimpanan atau pemindai portal sedang terganggu. Portal mencoba lagi sendiri; Anda tidak "
    "perlu mengirim ulang dan boleh menutup halaman ini."
)
GIVEN_UP = "Berkas belum dapat diolah karena layanan sedang terganggu. Coba lagi nanti."
LOCKED_OUT = "Akun Anda tidak aktif lagi. Hubungi admin bila ini keliru."


def order(session: Session, processing: Processing) -> Job:
    """Have the worker make the paper; call `Queue.wake(Lane.BERKAS)` after the commit."""
    return enqueue(session, KIND, {"id": str(processing.id)})


def install(queue: Queue, database: Database, storage: Storage, settings: Settings) -> None:
    """Register the handler."""
    workshop = Workshop(
        database,
        storage,
        Limits(max_bytes=settings.max_file_bytes, max_pages=settings.max_pages),
        queue,
        scanner=scanning.connect(settings),
        keep_originals=settings.keep_originals,
    )
    queue.handle(
        KIND,
        workshop.run,
        lane=Lane.BERKAS,
        at_once=settings.conversions_at_once,
        attempts=ATTEMPTS,
        pause=PAUSE,
        give_up=workshop.give_up,
    )


class _Closed(Exception):
    """Another run was faster, or the draft was deleted: nothing is left to do."""


@dataclass(frozen=True)
class Workshop:
    """Where papers are made."""

    database: Database
    storage: Storage
    limits: Limits
    queue: Queue
    scanner: Scanner | None = None
    keep_originals: bool = False

    def run(self, payload: Mapping[str, Any]) -> None:
        """The job. While the store or the scanner is away the order rests, half a day at most."""
        processing_id = uuid.UUID(payload["id"])
        todo: Order | None = None
        try:
            with self.database.reading() as session:
                todo = read(session, processing_id)
            if todo is not None:
                self._finish(todo, self._make(todo))
        except Duplicate as duplicate:
            own = todo is not None and duplicate.owner_id == todo.sender_id
            self._fail(processing_id, duplicate if own else Rejected(STANDING_OF_COLLEAGUE))
        except _Closed:
            log.info("processing_closed_meanwhile", processing=str(processing_id))
        except Unavailable as away:
            self._rest(processing_id, away)
        except PortalError as refusal:
            self._fail(processing_id, refusal)

    def _rest(self, processing_id: uuid.UUID, away: Unavailable) -> None:
        """Order it anew for later, and tell whoever waits; too late, it has failed."""
        with self.database.transaction() as session:
            waiting = session.get(Processing, processing_id, with_for_update=True)
            if waiting is None or waiting.state is not ProcessingState.DIPROSES:
                return
            age = now() - waiting.created_at
            if age >= WAIT:
                _close(session, processing_id, ProcessingState.GAGAL, message=GIVEN_UP)
                return
            waiting.message = WAITING
            rest = min(max(age, PAUSE), LONGEST_REST)
            enqueue(session, KIND, {"id": str(processing_id)}, delay=rest)
        log.warning("processing_rests", seconds=int(rest.total_seconds()), reason=str(away))
        self.queue.lines[Lane.BERKAS].wake(rest.total_seconds())

    def give_up(self, payload: Mapping[str, Any]) -> None:
        """The last word on an order that failed too often, or took its workers along."""
        self._fail(uuid.UUID(payload["id"]), Rejected(GIVEN_UP))

    def _make(self, todo: Order) -> StoredFile:
        drop_left_behind()
        with tempfile.TemporaryDirectory(prefix=PREFIX) as name:
            folder = Path(name)
            paths = {
                one.id: fetch(self.storage, self.scanner, one, folder / str(one.id))
                for one in todo.uploads
            }
            in_order = [paths[one.id] for one in todo.uploads]
            workdir = folder / "hasil"
            workdir.mkdir()
            converted = convert_isolated(
                in_order,
                self.limits,
                workdir,
                todo.turns,
                cpu_seconds=CPU_SECONDS + CPU_SECONDS_A_FILE * len(in_order),
                wall_seconds=WALL_SECONDS,
            )
            sources = [_source(one) for one in todo.uploads]
            return store_converted(
                self.storage,
                converted,
                names=[source.name for source in sources],
                sources=sources,
                originals=in_order if self.keep_originals else [],
            )

    def _finish(self, todo: Order, stored: StoredFile) -> None:
        with self.database.transaction() as session:
            document = session.get(Document, todo.document_id)
            actor = actor_of(session, todo.sender_id)
            if document is None:
                raise _Closed
            if actor is None:
                raise Forbidden(LOCKED_OUT)
            open_for(session, actor, document, {fields.FILES})
            refuse_overtaken(session, todo.id, todo)
            file = attach(session, actor, document, todo.role, stored)
            order_reading(session, self.queue, file)
            _close(session, todo.id, ProcessingState.SIAP, file_id=file.id, message="")

    def _fail(self, processing_id: uuid.UUID, refusal: PortalError) -> None:
        infected = isinstance(refusal, Infected)
        state = ProcessingState.KARANTINA if infected else ProcessingState.GAGAL
        try:
            with self.database.transaction() as session:
                _close(session, processing_id, state, message=refusal.message)
                if isinstance(refusal, Damaged | Infected):
                    _reopen(session, refusal.upload)
                if isinstance(refusal, Infected):
                    _note(session, refusal)
        except _Closed:
            log.info("processing_closed_meanwhile", processing=str(processing_id))
        # Last: whoever is killed before has told what was found, and the sweep takes the parts.
        if isinstance(refusal, Infected) or (isinstance(refusal, Damaged) and refusal.wholly):
            self._drop(refusal.upload)

    def _drop(self, upload: Upload) -> None:
        try:
            drop_parts(self.storage, upload)
        except Unavailable:
            log.warning("parts_left_behind", upload=str(upload.id), exc_info=True)


def _close(
    session: Session, processing_id: uuid.UUID, state: ProcessingState, **values: Any
) -> None:
    """Compare and set; raises _Closed when the order is no longer in the making."""
    changed = session.execute(
        update(Processing)
        .where(Processing.id == processing_id, Processing.state == ProcessingState.DIPROSES)
        .values(state=state, finished_at=now(), **values)
        .returning(Processing.id)
    )
    if changed.one_or_none() is None:
        raise _Closed


def _reopen(session: Session, upload: Upload) -> None:
    """Its parts are asked for again."""
    session.execute(update(Upload).where(Upload.id == upload.id).values(completed_at=None))


def _note(session: Session, found: Infected) -> None:
    upload = found.upload
    audit.record(
        session,
        actor_of(session, upload.sender_id),
        scanning.QUARANTINED,
        upload.document_id,
        berkas=str(upload.id),
        nama=display_name(upload.name),
        temuan=found.virus,
    )


def _source(upload: Upload) -> Source:
    return Source(
        sha256=upload.sha256,
        name=display_name(upload.name),
        size=upload.size,
        sha256_source=upload.sha256_source,
    )
