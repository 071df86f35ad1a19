"""Acts of an admin on an import: take a file in, confirm what was previewed, call it off."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, BinaryIO, cast

from sqlalchemy import CursorResult, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import audit, jobs
from portal.db import new_id, now
from portal.errors import Conflict, Forbidden, Rejected
from portal.imports.models import Import
from portal.imports.registry import kind_of
from portal.imports.sheets import Limits, open_tables
from portal.people.importer.cells import tidy
from portal.permissions import Actor, Permission
from portal.storage import Storage, keys

WHOLE = "Impor berlaku untuk seluruh instansi; hanya adminnya yang membukanya."
READ, WRITE = "imports:read", "imports:write"
"""Kinds of jobs; the payload names the import."""
TYPES = {".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
         ".csv": "text/csv"}  # fmt: skip
DEFAULT_TYPE = "application/octet-stream"
_CHUNK = 1024 * 1024
_LONGEST_NAME = 200


@dataclass(frozen=True)
class Upload:
    """A file as it came in; its name is only shown."""

    name: str
    stream: BinaryIO

    @property
    def shown_name(self) -> str:
        """The last part of the name on one printable line."""
        name = tidy(self.name.replace("\\", "/")).rpartition("/")[2].strip(". ")
        printable = "".join(sign if sign.isprintable() else "�" for sign in name)
        return printable[:_LONGEST_NAME] or "berkas"

    @property
    def content_type(self) -> str:
        return TYPES.get(PurePath(self.shown_name).suffix.lower(), DEFAULT_TYPE)


@dataclass(frozen=True)
class Received:
    """A file that lies in the store."""

    name: str
    sha256: str
    size: int
    key: str


def check(upload: Upload, limits: Limits) -> tuple[str, int]:
    """Hash and size of a file that may be a table. Raises Rejected for what cannot be one."""
    digest, size = hashlib.sha256(), 0
    upload.stream.seek(0)
    while chunk := upload.stream.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    if size > limits.size:
        raise Rejected(
            f"Berkas {size / 1024**2:.1f} MB. Paling besar {limits.size // 1024**2} MB. Bagi "
            "menjadi beberapa berkas, atau simpan sebagai .xlsx.".replace(".", ",", 1),
            "berkas",
        )
    open_tables(upload.stream, limits)
    return digest.hexdigest(), size


def receive(storage: Storage, upload: Upload, limits: Limits) -> Received:
    """Look at a file and store it under a key of its own; before its row, as every object.

    Raises Rejected for what cannot be a table, Unavailable when the store is away.
    """
    sha256, size = check(upload, limits)
    key = keys.imported(new_id())
    upload.stream.seek(0)
    storage.put(key, upload.stream, upload.content_type, sha256=sha256)
    return Received(upload.shown_name, sha256, size, key)


def take_in(
    session: Session,
    actor: Actor,
    received: Received,
    *,
    import_id: uuid.UUID,
    jenis: str,
    tahun: int | None = None,
    at: dt.datetime | None = None,
) -> Import:
    """Note the file and let a worker look through it. The id comes from the form, so that a
    double tap meets the same import; another file sent from the same page is another import."""
    require(actor)
    kind_of(jenis)
    columns = {
        "instansi_id": actor.instansi_id,
        "jenis": jenis,
        "nama_berkas": received.name,
        "sha256": received.sha256,
        "ukuran": received.size,
        "kunci_objek": received.key,
        "tahun": tahun,
        "pratinjau": {},
        "oleh_id": actor.pegawai_id,
        "dibuat": at or now(),
    }
    row = Import(id=import_id, **columns)
    known = _known_or_added(session, row)
    if known is not row:
        same = (actor.pegawai_id, received.sha256, tahun)
        if (known.oleh_id, known.sha256, known.tahun) == same:
            return known
        row = Import(id=new_id(), **columns)
        session.add(row)
        session.flush()
    audit.record(
        session, actor, "import:uploaded", row.id, at=at, jenis=jenis, berkas=received.name,
        sha256=received.sha256, tahun=tahun,
    )  # fmt: skip
    jobs.enqueue(session, READ, {"import_id": str(row.id)})
    return row


def _known_or_added(session: Session, row: Import) -> Import:
    """The import that bears the number already, else this one, which is added."""
    known = session.get(Import, row.id)
    if known is not None:
        return known
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # another tap of the same form was faster
        return session.get_one(Import, row.id)
    return row


def confirm(session: Session, actor: Actor, row: Import, *, at: dt.datetime | None = None) -> None:
    """Let the good rows be written. Raises Conflict unless the preview waits for a yes, and
    Rejected when there is nothing to write."""
    require(actor)
    if row.is_ready and not row.would_change:
        raise Rejected("Tidak ada yang berubah, jadi tidak ada yang perlu dikonfirmasi.")
    _advance(
        session, row, row.is_ready, dikonfirmasi=at or now(),
        dikonfirmasi_oleh_id=actor.pegawai_id,
    )  # fmt: skip
    audit.record(session, actor, "import:confirmed", row.id, at=at, sha256=row.sha256)
    jobs.enqueue(session, WRITE, {"import_id": str(row.id)})


def cancel(session: Session, actor: Actor, row: Import, *, at: dt.datetime | None = None) -> None:
    """Call it off before it was confirmed; the file stays. Raises Conflict afterwards."""
    require(actor)
    _advance(session, row, row.is_unread or row.is_ready, dibatalkan=at or now())
    audit.record(session, actor, "import:cancelled", row.id, at=at)


def _advance(session: Session, row: Import, allowed: bool, **values: object) -> None:
    open_still = (
        Import.dikonfirmasi.is_(None), Import.dibatalkan.is_(None), Import.selesai.is_(None),
    )  # fmt: skip
    statement = update(Import).where(Import.id == row.id, *open_still).values(**values)
    if not allowed or cast("CursorResult[Any]", session.execute(statement)).rowcount != 1:
        raise Conflict("Impor ini sudah diproses. Muat ulang halaman untuk melihat keadaannya.")
    session.refresh(row)


def require(actor: Actor) -> None:
    """An agency's file concerns the whole agency. Raises Forbidden for who looks after a part."""
    grants = actor.grants_for(Permission.IMPORTS_MANAGE)
    if not any(g.opd_id is None and g.instansi_id == actor.instansi_id for g in grants):
        raise Forbidden(WHOLE)
