"""The virus scanner: clamd, asked over its own protocol (INSTREAM).

Where one is configured nothing is taken unscanned: a scanner that does not answer is a reason to
wait, never to let through.
"""

from __future__ import annotations

import hashlib
import socket
import struct
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

import structlog

from portal.errors import Unavailable
from portal.settings import Settings
from portal.storage import Storage, keys

log = structlog.get_logger()
CHUNK = 256 * 1024
PORT = 3310
CONNECT_SECONDS = 3.0
SCAN_SECONDS = 30.0
"""For one file, from the first byte to the answer."""
ANSWER_BYTES = 4096
AWAY = (
    "Pemeriksa virus sedang tidak menjawab, jadi berkas belum dapat diterima. "
    "Isian Anda tersimpan; coba lagi beberapa menit lagi."
)


QUARANTINED = "upload:quarantined"
"""The line of the audit; its facts say where the bytes lie and what was found in them."""


def infected(name: str, virus: str) -> str:
    """What a person reads about a file in which something was found."""
    return (
        f"Berkas “{name}” berisi program berbahaya ({virus}), jadi tidak diterima. "
        "Pindai perangkat Anda dengan antivirus, lalu foto ulang dokumennya."
    )


class Scanner:
    """A clamd at tcp://host:3310 or unix:///path."""

    def __init__(
        self, url: str, *, connect_seconds: float = CONNECT_SECONDS, seconds: float = SCAN_SECONDS
    ) -> None:
        self._url = urlsplit(url)
        self._connect_seconds = connect_seconds
        self._seconds = seconds

    def ping(self) -> None:
        """Raises Unavailable unless the scanner answers."""
        answer = self._ask(b"zPING\0", lambda _connection, _until: None, self._connect_seconds)
        if answer != "PONG":
            raise _away(f"PING was answered by {answer!r}")

    def scan(self, path: Path) -> str | None:
        """Name of what was found in a file, None when it is clean; raises Unavailable."""
        with path.open("rb") as stream:
            answer = self._ask(b"zINSTREAM\0", _sender(stream), self._seconds)
        if answer == "stream: OK":
            return None
        if answer.startswith("stream: ") and answer.endswith(" FOUND"):
            return answer.removeprefix("stream: ").removesuffix(" FOUND")[:100]
        raise _away(f"INSTREAM was answered by {answer!r}")  # its own size limit among others

    def _ask(
        self, command: bytes, send: Callable[[socket.socket, float], None], seconds: float
    ) -> str:
        until = time.monotonic() + seconds
        try:
            with self._connect() as connection:
                _send(connection, command, until)
                send(connection, until)
                return _answer(connection, until)
        except OSError as error:
            raise _away(str(error)) from error

    def _connect(self) -> socket.socket:
        if self._url.scheme == "tcp":
            address = (self._url.hostname or "127.0.0.1", self._url.port or PORT)
            return socket.create_connection(address, self._connect_seconds)
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(self._connect_seconds)
        try:
            connection.connect(self._url.path)
        except OSError:
            connection.close()
            raise
        return connection


def connect(settings: Settings) -> Scanner | None:
    """The scanner of this installation, if there is one."""
    return Scanner(settings.clamd_url) if settings.clamd_url else None


def quarantine(storage: Storage, path: Path, file_id: uuid.UUID) -> None:
    """Keep an infected file for an examination, where nobody can open it in the portal."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
        stream.seek(0)
        storage.put(keys.quarantined(file_id), stream, "application/octet-stream", sha256=digest)


def _sender(stream: BinaryIO) -> Callable[[socket.socket, float], None]:
    def send(connection: socket.socket, until: float) -> None:
        while chunk := stream.read(CHUNK):
            _send(connection, struct.pack(">I", len(chunk)) + chunk, until)
        _send(connection, struct.pack(">I", 0), until)

    return send


def _send(connection: socket.socket, data: bytes, until: float) -> None:
    connection.settimeout(_left(until))
    connection.sendall(data)


def _answer(connection: socket.socket, until: float) -> str:
    """Up to the zero byte, the end of the connection, or more than any answer is long."""
    data = b""
    while not data.endswith(b"\0") and len(data) < ANSWER_BYTES:
        connection.settimeout(_left(until))
        piece = connection.recv(ANSWER_BYTES)
        if not piece:
            break
        data += piece
    return data.rstrip(b"\0").decode(errors="replace").strip()


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError("the scanner takes too long")
    return left


def _away(reason: str) -> Unavailable:
    log.warning("scanner_away", cause=reason)
    unavailable = Unavailable(AWAY)
    unavailable.add_note(reason)
    return unavailable
