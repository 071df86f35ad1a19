"""The work behind an import: the preview, and writing the rows. Both can be started twice, by two
workers, or after a kill: nothing is half, nothing is written twice.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import audit
from portal.agency.models import Instansi
from portal.db import now
from portal.imports.kinds import Fate, Order
from portal.imports.messages import Messages
from portal.imports.models import Import
from portal.imports.reading import File, Tally
from portal.imports.registry import kind_of
from portal.imports.sheets import Limits, Unreadable
from portal.storage import Storage, keys

MESSAGES_TYPE = "text/csv; charset=utf-8"
_GONE = "Berkas tidak ada lagi di penyimpanan. Unggah sekali lagi, dan beri tahu pengelola server."
_CHUNK = 1024 * 1024


class Sessions(Protocol):
    """Where rows are read and written: a Database, or one session for everything (the demo)."""

    def reading(self) -> AbstractContextManager[Session]: ...

    def transaction(self) -> AbstractContextManager[Session]: ...


def preview(
    sessions: Sessions,
    storage: Storage,
    limits: Limits,
    import_id: uuid.UUID,
    *,
    at: dt.datetime | None = None,
) -> None:
    """Read the whole file and say what it would change. Raises Unavailable when the store is
    away; a file that cannot be read is noted as the import's fault. `at` lets a demonstration
    tell of the past; everybody else leaves it out."""
    with sessions.reading() as session:
        row = session.get_one(Import, import_id)
        if not row.is_unread:
            return
        order = _order(session, row, at or now())
    messages = Messages()
    try:
        with _opened(storage, row, order, limits) as file:
            tally = _look(sessions, file, messages)
            found = _described(file, tally, messages)
        _store_messages(storage, import_id, messages)
    except Unreadable as error:
        _fail(sessions, import_id, error.message)
        return
    finally:
        messages.close()
    with sessions.transaction() as session:
        row = session.get_one(Import, import_id, with_for_update=True)
        if row.is_unread:
            row.pratinjau = found


def apply(
    sessions: Sessions,
    storage: Storage,
    limits: Limits,
    import_id: uuid.UUID,
    *,
    at: dt.datetime | None = None,
) -> None:
    """Write the good rows of a confirmed import, batch by batch; goes on where it stopped."""
    with sessions.reading() as session:
        row = session.get_one(Import, import_id)
        if not row.is_running:
            return
        order = _order(session, row, at or now())
        done = row.diproses
    try:
        with _opened(storage, row, order, limits) as file:
            for lines in file.batches(skip=done):
                if not _write(sessions, file, import_id, lines, done):
                    return
                done += len(lines)
            _tell_anew(sessions, storage, file, import_id)
    except Unreadable as error:  # the object is no longer what the preview saw
        _fail(sessions, import_id, error.message)
        return
    _finish(sessions, import_id, order.now if at else now())


@contextmanager
def _opened(storage: Storage, row: Import, order: Order, limits: Limits) -> Iterator[File]:
    try:
        stream = storage.open(row.kunci_objek)
    except FileNotFoundError as error:
        raise Unreadable(_GONE) from error
    with stream:
        yield File(stream, kind_of(row.jenis), order, limits)


def _order(session: Session, row: Import, moment: dt.datetime) -> Order:
    """The same bytes sent again tell nothing newer than when they first came."""
    first = select(func.min(Import.dibuat)).where(
        Import.instansi_id == row.instansi_id,
        Import.sha256 == row.sha256,
        Import.dibatalkan.is_(None),
    )
    instansi = session.get_one(Instansi, row.instansi_id)
    return Order(
        instansi_id=row.instansi_id,
        zone=instansi.zone,
        now=moment,
        received=session.scalar(first) or row.dibuat,
        tahun=row.tahun,
        impor_id=row.id,
    )


def _look(sessions: Sessions, file: File, messages: Messages) -> Tally:
    tally = Tally()
    for lines in file.batches():
        with sessions.reading() as session:
            taken = file.take(session, lines, write=False)
        tally.add(taken)
        messages.add(taken)
    return tally


def _described(file: File, tally: Tally, messages: Messages) -> dict[str, Any]:
    header = file.sheet.header
    return {
        "baris_judul": header.line,
        "kolom": dict(header.headings),
        "tak_dikenal": list(header.unknown),
        "baris": file.total,
        "jumlah": tally.as_data(),
        "pesan": messages.first,
        "banyak_pesan": messages.count,
    }


def _store_messages(storage: Storage, import_id: uuid.UUID, messages: Messages) -> None:
    digest = hashlib.sha256()
    stream = messages.stream()
    while chunk := stream.read(_CHUNK):
        digest.update(chunk)
    stream.seek(0)
    storage.put(keys.import_messages(import_id), stream, MESSAGES_TYPE, sha256=digest.hexdigest())


def _write(
    sessions: Sessions, file: File, import_id: uuid.UUID, lines: list[Any], done: int
) -> bool:
    """One batch with its count in one transaction; False when another worker was faster."""
    with sessions.transaction() as session:
        row = session.get_one(Import, import_id, with_for_update=True, populate_existing=True)
        if not row.is_running or row.diproses != done:
            return False
        tally = Tally()
        tally.add(file.take(session, lines, write=True))
        counts = Counter(row.pratinjau.get("hasil", {})) + Counter(tally.as_data())
        row.pratinjau = {**row.pratinjau, "hasil": dict(counts)}
        row.diproses = done + len(lines)
    return True


def _tell_anew(sessions: Sessions, storage: Storage, file: File, import_id: uuid.UUID) -> None:
    """Other rows than the preview announced were left out (people came or went in between):
    the messages are those of now."""
    with sessions.reading() as session:
        row = session.get_one(Import, import_id)
        if row.result.get(Fate.GALAT, 0) == row.counts.get(Fate.GALAT, 0):
            return
    messages = Messages()
    try:
        _look(sessions, file, messages)
        _store_messages(storage, import_id, messages)
    finally:
        messages.close()
    with sessions.transaction() as session:
        row = session.get_one(Import, import_id, with_for_update=True, populate_existing=True)
        told = {"pesan": messages.first, "banyak_pesan": messages.count}
        row.pratinjau = {**row.pratinjau, **told}


def _finish(sessions: Sessions, import_id: uuid.UUID, moment: dt.datetime) -> None:
    with sessions.transaction() as session:
        row = session.get_one(Import, import_id, with_for_update=True, populate_existing=True)
        if not row.is_running:
            return
        row.selesai = moment
        done = {fate.value: row.result.get(fate.value, 0) for fate in Fate}
        audit.record(
            session, None, "import:finished", row.id, at=moment, jenis=row.jenis, jumlah=done
        )


def _fail(sessions: Sessions, import_id: uuid.UUID, message: str) -> None:
    with sessions.transaction() as session:
        row = session.get_one(Import, import_id, with_for_update=True)
        if row.selesai is None and row.dibatalkan is None:
            row.galat = message[:300]
            audit.record(session, None, "import:failed", row.id, jenis=row.jenis)
