"""The copy of a paper that SIASN takes: at most so many bytes, made when it is first wanted."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path

from sqlalchemy import select

from portal.db import Database
from portal.documents.files import PDF, pdf_key
from portal.documents.intake import shrink_isolated
from portal.documents.intake.isolated import PREFIX
from portal.documents.intake.limits import megabytes
from portal.documents.intake.turns import turn
from portal.documents.models import DocumentFile
from portal.errors import NotFound, Rejected
from portal.storage import Storage, keys


def key_of_copy(database: Database, storage: Storage, file: DocumentFile, *, max_bytes: int) -> str:
    """Where the copy lies; the paper itself when that is small enough.

    Raises Rejected when it cannot be made small enough, a signed PDF in particular, whose bytes
    nobody may change; NotFound when the paper is gone; Unavailable when the store is away.
    """
    if file.size <= max_bytes:
        return pdf_key(file)
    if file.signed:
        raise Rejected(
            f"PDF bertanda tangan digital ini {megabytes(file.size)}, sedangkan SIASN menerima "
            f"paling besar {megabytes(max_bytes)}. Memperkecilnya merusak tanda tangan; minta "
            "penerbit mengirim PDF yang lebih kecil."
        )
    key = keys.siasn(file.id)
    if not _is_there(storage, key, max_bytes):
        _make(database, storage, file, key, max_bytes)
    return key


def _is_there(storage: Storage, key: str, max_bytes: int) -> bool:
    """Whether a copy was made before, under no looser limit."""
    try:
        return storage.size(key) <= max_bytes
    except FileNotFoundError:
        return False


def _make(
    database: Database, storage: Storage, file: DocumentFile, key: str, max_bytes: int
) -> None:
    with turn(), tempfile.TemporaryDirectory(prefix=PREFIX) as name:
        source, target = Path(name) / "berkas.pdf", Path(name) / "siasn.pdf"
        try:
            with storage.open(pdf_key(file)) as stored, source.open("wb") as copy:
                shutil.copyfileobj(stored, copy)
        except FileNotFoundError as error:
            raise NotFound("Berkas ini tidak ditemukan di penyimpanan.") from error
        shrink_isolated(source, target, max_bytes)
        with target.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
            stream.seek(0)
            storage.put(key, stream, PDF, sha256=digest)
    _write_down(database, file, key, digest)


def _write_down(database: Database, file: DocumentFile, key: str, digest: str) -> None:
    """Beside the other objects of the paper, so that an examination knows it. For a paper from
    before they were written down the copy stands alone; readers of the list know that."""
    with database.transaction() as session:
        row = session.scalar(
            select(DocumentFile).where(DocumentFile.id == file.id).with_for_update()
        )
        if row is not None:
            row.objects = row.objects | {key.removeprefix(keys.folder(file.id)): digest}
