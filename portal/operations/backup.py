"""A copy of the whole portal in a folder, and the way back into an empty place.

The rows stand as JSON Lines, one file a table, the objects as files; so a backup made on SQLite
and a local folder restores into PostgreSQL and S3, and the other way round. Login sessions are
left out: after a restore everybody logs in again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict
from decimal import Decimal
from enum import Enum
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Table, func, insert, select, text, update
from sqlalchemy.orm import Session
from sqlalchemy.types import Date, TypeEngine, Uuid

import portal.operations.tables  # noqa: F401 -- every table must be known
from portal.audit.sealing import head as chain_head
from portal.db import Base, Database, Points, UtcDateTime
from portal.documents.models import OPEN_STATES
from portal.errors import Rejected
from portal.migrating import current, head
from portal.storage import Storage

LEFT_OUT = frozenset(
    {"sesi", "percobaan", "denyut", "penelusuran_berkas", "hitungan_antrean", "pindah_unit"}
)
"""What is true of one place alone: logins, signs of life, how far a walk through a store came; and
what is made anew while the items come back: the counts of the queue (triggers) and the notes of who
moved (`_note_who_moved`)."""
BATCH = 500
CONTENT_TYPES = {
    ".pdf": "application/pdf",
    ".webp": "image/webp",
    ".csv": "text/csv",
    ".json": "application/json",
}


def tables() -> list[Table]:
    """The tables of a backup, those that others refer to first."""
    return [table for table in Base.metadata.sorted_tables if table.name not in LEFT_OUT]


def backup(database: Database, storage: Storage, folder: Path) -> dict[str, Any]:
    """Write everything into `folder`, which must be empty or absent; returns the manifest.

    The rows are read in one transaction, the objects after it: an object is written before its
    row, so every row of the backup finds its object.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise Rejected(f"Folder {folder} tidak kosong. Pilih folder lain untuk cadangan.")
    manifest: dict[str, Any] = {"versi": head(), "tabel": {}, "objek": {}}
    (folder / "tabel").mkdir()
    isolation = "REPEATABLE READ" if database.engine.dialect.name == "postgresql" else None
    options = {"isolation_level": isolation} if isolation else {}
    with database.engine.connect().execution_options(**options) as connection:
        for table in tables():
            manifest["tabel"][table.name] = _write_table(connection, table, folder)
        manifest["audit"] = asdict(chain_head(Session(connection)))
    for info in storage.iterate():
        with suppress(FileNotFoundError):  # an orphan that the sweep removed meanwhile
            manifest["objek"][info.key] = _write_object(storage, info.key, folder)
    text_ = json.dumps(manifest, indent=1, sort_keys=True)
    (folder / "manifest.json").write_text(text_, encoding="utf-8")
    return manifest


def _write_table(connection: Connection, table: Table, folder: Path) -> int:
    count = 0
    rows = connection.execution_options(yield_per=BATCH).execute(select(table))
    with (folder / "tabel" / f"{table.name}.jsonl").open("w", encoding="utf-8") as stream:
        for row in rows.mappings():
            values = {column.name: _encode(row[column.name]) for column in table.columns}
            stream.write(json.dumps(values, ensure_ascii=False) + "\n")
            count += 1
    return count


def _write_object(storage: Storage, key: str, folder: Path) -> str:
    path = folder / "objek" / key
    path.parent.mkdir(parents=True, exist_ok=True)
    with storage.open(key) as source, path.open("wb") as target:
        while chunk := source.read(1024 * 1024):
            target.write(chunk)
    return _sha256(path)


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def restore(database: Database, storage: Storage, folder: Path) -> dict[str, Any]:
    """Fill an empty, migrated database and an empty store from `folder`; returns the manifest.

    Raises Rejected with a sentence when the place is not empty, the backup is of another version
    of the schema, or a file is not as the manifest says. The rows are one transaction.
    """
    manifest = _checked_manifest(folder)
    if current(database) != manifest["versi"]:
        raise Rejected("Versi skema cadangan berbeda. Pulihkan dengan versi portal yang sama.")
    _refuse_filled_place(database, storage)
    for key in manifest["objek"]:
        path = folder / "objek" / key
        if not path.is_file() or _sha256(path) != manifest["objek"][key]:
            raise Rejected(f"Berkas {key} di cadangan hilang atau rusak. Pakai cadangan lain.")
    for key, sha256 in manifest["objek"].items():
        path = folder / "objek" / key
        kind = CONTENT_TYPES.get(path.suffix, "application/octet-stream")
        with path.open("rb") as stream:
            storage.put(key, stream, kind, sha256=sha256)
    with database.engine.execution_options(writes=True).begin() as connection:
        for table in tables():
            _read_table(connection, table, folder, manifest["tabel"][table.name])
        _note_who_moved(connection)
        _continue_audit_numbers(connection)
    return manifest


def _checked_manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Rejected(f"Folder {folder} bukan cadangan portal yang lengkap.") from error
    return manifest


def _refuse_filled_place(database: Database, storage: Storage) -> None:
    pegawai = Base.metadata.tables["pegawai"]
    with database.engine.connect() as connection:
        filled = connection.scalar(select(func.count()).select_from(pegawai))
    if filled or next(iter(storage.iterate()), None) is not None:
        raise Rejected("Tempat pemulihan tidak kosong. Pulihkan ke basis data dan folder kosong.")


def _read_table(connection: Connection, table: Table, folder: Path, expected: int) -> None:
    """Rows that refer to their own table get that reference once all are there."""
    own = [
        column
        for column in table.columns
        if any(f.column.table is table for f in column.foreign_keys)
    ]
    if table.name == "alasan":
        # A fresh place holds the reasons that every installation gets; the backup has its own.
        connection.execute(table.delete())
    count = 0
    late: list[dict[str, Any]] = []
    for batch in _batches(_rows(table, folder)):
        for row in batch:
            late += [{"key": row["id"], c.name: row[c.name]} for c in own if row[c.name]]
            row.update({c.name: None for c in own})
        connection.execute(insert(table), batch)
        count += len(batch)
    for change in late:
        key = change.pop("key")
        connection.execute(update(table).where(table.c.id == key).values(**change))
    if count != expected:
        raise Rejected(f"Tabel {table.name} di cadangan tidak lengkap. Pakai cadangan lain.")


def _rows(table: Table, folder: Path) -> Iterator[dict[str, Any]]:
    readers = {column.name: _reader(column) for column in table.columns}
    with (folder / "tabel" / f"{table.name}.jsonl").open(encoding="utf-8") as stream:
        for line in stream:
            values = json.loads(line)
            yield {
                name: None if values[name] is None else read(values[name])
                for name, read in readers.items()
            }


def _batches(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, BATCH)):
        yield batch


def _encode(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, uuid.UUID | Decimal):
        return str(value)
    return value


_READERS: tuple[tuple[type[TypeEngine[Any]], Callable[[Any], Any]], ...] = (
    (UtcDateTime, dt.datetime.fromisoformat),
    (Date, dt.date.fromisoformat),
    (Points, Decimal),
    (Uuid, uuid.UUID),
)


def _reader(column: Column[Any]) -> Callable[[Any], Any]:
    for kind, read in _READERS:
        if isinstance(column.type, kind):
            return read
    return lambda value: value


def _note_who_moved(connection: Connection) -> None:
    """Whose waiting items had not followed to another unit when the backup was made: the tick of
    the worker brings them."""
    moved, document, pegawai = (
        Base.metadata.tables[name] for name in ("pindah_unit", "document", "pegawai")
    )
    people = (
        select(pegawai.c.id)
        .join(document, document.c.owner_id == pegawai.c.id)
        .where(document.c.opd_id != pegawai.c.opd_id, document.c.state.in_(OPEN_STATES))
        .distinct()
    )
    connection.execute(insert(moved).from_select(["pegawai_id"], people))


def _continue_audit_numbers(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(
            text(
                "SELECT setval(pg_get_serial_sequence('audit', 'id'), "
                "COALESCE((SELECT MAX(id) FROM audit), 0) + 1, false)"
            )
        )
