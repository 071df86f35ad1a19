"""A sent file out of its parts: the announced bytes and no others, scanned."""

from __future__ import annotations

import hashlib
from pathlib import Path

from portal.documents import scanning
from portal.documents.arrivals import Upload
from portal.documents.intake import display_name
from portal.documents.scanning import Scanner
from portal.errors import Rejected
from portal.storage import Storage, keys

CHANGED = "Berkas “{name}” berubah di perjalanan. Kirim ulang."
INCOMPLETE = "Berkas “{name}” belum sampai seluruhnya. Kirim ulang."
CHUNK = 1024 * 1024


class Damaged(Rejected):
    """The parts are not the announced file: it has to be sent again, wholly or in part."""

    def __init__(self, upload: Upload, sentence: str, *, wholly: bool) -> None:
        self.upload = upload
        self.wholly = wholly
        super().__init__(sentence.format(name=display_name(upload.name)))


class Infected(Rejected):
    """The scanner found something; the bytes lie in quarantine."""

    def __init__(self, upload: Upload, virus: str) -> None:
        self.upload = upload
        self.virus = virus
        super().__init__(scanning.infected(display_name(upload.name), virus))


def fetch(storage: Storage, scanner: Scanner | None, upload: Upload, target: Path) -> Path:
    """Write the file to `target`, which is returned; nothing happens when it is there.

    Raises Damaged, Infected, and Unavailable when the store or the scanner is away.
    """
    if target.exists():
        return target
    digest = _join(storage, upload, target)
    if target.stat().st_size != upload.size or digest != upload.sha256:
        raise Damaged(upload, CHANGED, wholly=True)
    if scanner is not None and (virus := scanner.scan(target)):
        scanning.quarantine(storage, target, upload.id)
        raise Infected(upload, virus)
    return target


def drop_parts(storage: Storage, upload: Upload) -> None:
    """Of a file that nobody will make anything of."""
    for number in range(1, upload.parts + 1):
        storage.delete(keys.part(upload.id, number))


def _join(storage: Storage, upload: Upload, target: Path) -> str:
    """The parts one behind the other; returns the sha256 of all."""
    digest = hashlib.sha256()
    with target.open("wb") as copy:
        for number in range(1, upload.parts + 1):
            try:
                part = storage.open(keys.part(upload.id, number))
            except FileNotFoundError as error:
                raise Damaged(upload, INCOMPLETE, wholly=False) from error
            with part:
                while chunk := part.read(CHUNK):
                    digest.update(chunk)
                    copy.write(chunk)
    return digest.hexdigest()
