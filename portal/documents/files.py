"""From converted uploads to objects in the store, and the keys under which they are found.

Objects are written first, the row afterwards (`portal.handin.actions.attach`); what a failed
act leaves behind belongs to no row and is swept away.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from portal.db import new_id
from portal.documents.intake import Converted
from portal.storage import Storage, keys
from portal.vocabulary import SignatureState

PDF = "application/pdf"
PICTURE = "image/webp"


class HasId(Protocol):
    """A file of a document, stored already or about to be."""

    @property
    def id(self) -> uuid.UUID: ...


@dataclass(frozen=True)
class Source:
    """One of the files that a paper was made of, as it came in."""

    sha256: str
    name: str
    size: int
    """Bytes."""
    sha256_source: str | None = None
    """Before the device shrank it, as the device said."""


@dataclass(frozen=True)
class StoredFile:
    """Objects that wait for their row; the fields are those of DocumentFile."""

    id: uuid.UUID
    pages: int
    sizes: tuple[tuple[int, int], ...]
    """Width and height of the picture of each page."""
    size: int
    """Bytes of the PDF."""
    sha256_original: str
    sha256_stored: str
    signed: bool
    original_names: tuple[str, ...]
    originals: int = 0
    dhash: str = ""
    """Look of the first page; empty where it was not taken."""
    objects: Mapping[str, str] = field(default_factory=dict)
    """Name of each object below the file's folder → sha256."""
    sources: tuple[Source, ...] = ()
    tanda_tangan: SignatureState | None = None


def pdf_key(file: HasId) -> str:
    return keys.stored(file.id)


def page_key(file: HasId, number: int) -> str:
    """The picture of a page; the first page is 1."""
    return keys.page(file.id, number)


def thumb_key(file: HasId) -> str:
    return keys.thumbnail(file.id)


def store_converted(
    storage: Storage,
    converted: Converted,
    *,
    names: Sequence[str],
    sources: Sequence[Source] = (),
    originals: Sequence[Path] = (),
) -> StoredFile:
    """Put everything under a new id; raises Unavailable when the store does not answer.

    `originals` are the uploads themselves where the agency keeps them (a setting).
    """
    file_id = new_id()
    objects: dict[str, str] = {}

    def put(key: str, path: Path, content_type: str) -> None:
        objects[key.removeprefix(keys.folder(file_id))] = _put(storage, key, path, content_type)

    for number, path in enumerate(originals, 1):
        put(keys.original(file_id, number), path, "application/octet-stream")
    for number, path in enumerate(converted.previews, 1):
        put(keys.page(file_id, number), path, PICTURE)
    put(keys.thumbnail(file_id), converted.thumbnail, PICTURE)
    put(keys.stored(file_id), converted.pdf, PDF)
    return StoredFile(
        id=file_id,
        pages=converted.pages,
        sizes=tuple(converted.sizes),
        size=converted.size,
        sha256_original=converted.fingerprint,
        sha256_stored=converted.sha256_stored,
        signed=converted.signed,
        tanda_tangan=converted.signature,
        original_names=tuple(names),
        originals=len(originals),
        dhash=converted.dhash,
        objects=objects,
        sources=tuple(sources),
    )


def _put(storage: Storage, key: str, path: Path, content_type: str) -> str:
    """The hash of what was stored."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
        stream.seek(0)
        storage.put(key, stream, content_type, sha256=digest)
    return digest
