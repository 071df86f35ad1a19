"""The protocol that every store speaks, and what they share."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO, Protocol

import structlog

from portal.errors import Unavailable

log = structlog.get_logger()
CHUNK = 1024 * 1024
AWAY = (
    "Penyimpanan berkas sedang tidak terjangkau. "
    "Isian Anda tersimpan; coba lagi beberapa menit lagi."
)


@dataclass(frozen=True)
class ObjectInfo:
    """One stored object, as a listing shows it."""

    key: str
    size: int
    """Bytes."""
    modified: dt.datetime
    """Aware, UTC."""


@dataclass(frozen=True)
class PartRequest:
    """The one request that a browser may send to the store: exactly this, for a short time."""

    url: str
    method: str
    headers: Mapping[str, str]
    """To be sent as they are; the browser adds Content-Length by itself, which is signed too."""


class Storage(Protocol):
    """Objects under generated keys (portal.storage.keys).

    In every backend a missing object raises FileNotFoundError, a key that was not generated
    here raises ValueError before anything is touched, and a store that does not answer raises
    portal.errors.Unavailable. All methods may be called from several threads.
    """

    def put(self, key: str, data: bytes | BinaryIO, content_type: str, *, sha256: str) -> None:
        """Store the bytes, whole or not at all; an object of the same key is replaced.

        `data` is read from its present position and, when a stream, must be seekable. `sha256`
        is the hexadecimal hash that the caller has written down: other bytes raise ValueError.
        """

    def open(self, key: str) -> BinaryIO:
        """The object as a seekable stream; the caller closes it."""

    def size(self, key: str) -> int:
        """Length in bytes."""

    def exists(self, key: str) -> bool:
        """Whether the object is there."""

    def delete(self, key: str) -> None:
        """Remove the object; removing what is gone already is no error."""

    def presign(
        self,
        key: str,
        *,
        seconds: int = 60,
        filename: str,
        content_type: str,
        disposition: str = "inline",
    ) -> str | None:
        """An address that serves the object for `seconds`; None where the app must stream it."""

    def presign_part(
        self, key: str, *, size: int, content_type: str, seconds: int
    ) -> PartRequest | None:
        """A request that puts `size` bytes under this key, and nothing else; None where the app
        has to take the bytes. Sent twice it writes the same object again."""

    def allow_browser(self, origins: Sequence[str]) -> None:
        """Let pages of these origins send what `presign_part` signs, besides whatever the store
        allows already. Raises Unavailable when the store refuses or does not answer."""

    def iterate(self, prefix: str = "") -> Iterator[ObjectInfo]:
        """All objects whose key starts with `prefix` ("", "documents/", "documents/<uuid>/"), in
        the order of keys; long walks go on after the last key that they finished."""

    def check(self) -> None:
        """Raises Unavailable unless objects can be read and written now."""


def away(error: Exception) -> Unavailable:
    """What a person reads when the store fails; raised `from` the cause, which is logged."""
    log.warning("store_away", cause=str(error))
    unavailable = Unavailable(AWAY)
    unavailable.add_note(str(error))
    return unavailable


def as_stream(data: bytes | BinaryIO) -> BinaryIO:
    """A stream to read from, whatever the caller handed over."""
    return BytesIO(data) if isinstance(data, bytes) else data


def verify_hash(actual: str, expected: str, key: str) -> None:
    """Raises ValueError when the bytes are not those that the caller has written down."""
    if actual != expected.lower():
        raise ValueError(f"bytes of {key} have sha256 {actual}, not {expected}")


def digests(stream: BinaryIO) -> tuple[str, bytes, int]:
    """sha256 (hexadecimal), MD5 (raw) and length from the present position, which is restored."""
    start = stream.tell()
    sha256, length = hashlib.sha256(), 0
    md5 = hashlib.md5(usedforsecurity=False)  # what S3 calls Content-MD5: transport, not trust
    while chunk := stream.read(CHUNK):
        sha256.update(chunk)
        md5.update(chunk)
        length += len(chunk)
    stream.seek(start)
    return sha256.hexdigest(), md5.digest(), length
