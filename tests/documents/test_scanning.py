"""The scanner: a real clamd for what it says, false ones for all the ways to fail."""

from __future__ import annotations

import dataclasses
import os
import socket
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from portal.documents.scanning import CHUNK, Scanner, connect, quarantine
from portal.errors import Unavailable
from portal.settings import Settings
from portal.storage import keys
from portal.storage.local import LocalStorage
from tests.support import sample_files
from tests.support.clamd import EICAR, STREAM_MAX, VIRUS, clamd

__all__ = ["clamd"]

real = pytest.mark.xdist_group("clamd")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "berkas"


@pytest.fixture(params=[0, 1], ids=["tcp", "unix"])
def scanner(clamd: tuple[str, str], request: pytest.FixtureRequest) -> Scanner:
    return Scanner(clamd[request.param])


@real
def test_answers_a_ping(scanner: Scanner) -> None:
    scanner.ping()


@real
def test_finds_nothing_in_an_honest_photo(scanner: Scanner, path: Path) -> None:
    path.write_bytes(sample_files.jpeg())

    assert scanner.scan(path) is None


@real
def test_names_what_it_finds(scanner: Scanner, path: Path) -> None:
    path.write_bytes(EICAR)

    assert scanner.scan(path) == VIRUS


@real
def test_a_file_of_several_pieces_is_scanned_whole(scanner: Scanner, path: Path) -> None:
    path.write_bytes(os.urandom(2 * CHUNK + 7))

    assert scanner.scan(path) is None


@real
def test_a_file_larger_than_the_scanner_takes_is_not_let_through(
    scanner: Scanner, path: Path
) -> None:
    path.write_bytes(bytes(STREAM_MAX + CHUNK))

    with pytest.raises(Unavailable):
        scanner.scan(path)


Answer = Callable[[socket.socket], None]


@contextmanager
def answering(answer: Answer) -> Iterator[str]:
    """Address of a scanner that hears everything and then does as it is told."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        over = threading.Event()

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(64)
                answer(connection)
                over.wait(5)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"tcp://127.0.0.1:{server.getsockname()[1]}"
        finally:
            over.set()
            thread.join()


def saying(words: bytes) -> Answer:
    """An answer of these words, after which the scanner says nothing more."""

    def answer(connection: socket.socket) -> None:
        # Who has heard enough may hang up first, and then there is nobody left to say it to.
        with suppress(OSError):
            connection.sendall(words)
            connection.shutdown(socket.SHUT_WR)

    return answer


@pytest.mark.parametrize(
    "words",
    [b"stream: OK", b"stream: OK\0"],
)
def test_only_these_words_let_a_file_through(path: Path, words: bytes) -> None:
    path.write_bytes(b"x")

    with answering(saying(words)) as url:
        assert Scanner(url).scan(path) is None


@pytest.mark.parametrize(
    "words",
    [
        b"",
        b"OK\0",
        b"stream: Can't allocate memory ERROR\0",
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: OK stream: OK\0",
        b"\xff\xfe\0",
        b"x" * 10_000,
    ],
)
def test_other_words_let_nothing_through(path: Path, words: bytes) -> None:
    path.write_bytes(b"x")

    with answering(saying(words)) as url, pytest.raises(Unavailable, match="Pemeriksa virus"):
        Scanner(url).scan(path)


def test_a_scanner_that_keeps_silent_is_not_waited_for(path: Path) -> None:
    path.write_bytes(b"x")

    with answering(lambda _connection: None) as url, pytest.raises(Unavailable):
        Scanner(url, seconds=0.05).scan(path)


def test_a_scanner_that_trickles_is_not_waited_for(path: Path) -> None:
    path.write_bytes(b"x")
    stop = threading.Event()

    def trickle(connection: socket.socket) -> None:
        while not stop.wait(0.01):
            try:
                connection.sendall(b"s")
            except OSError:
                return

    with answering(trickle) as url:
        try:
            with pytest.raises(Unavailable):
                Scanner(url, seconds=0.1).scan(path)
        finally:
            stop.set()


def test_nobody_at_the_address_is_a_scanner_away(path: Path) -> None:
    path.write_bytes(b"x")
    with socket.socket() as taken:  # so that nobody else comes to listen there
        taken.bind(("127.0.0.1", 0))

        with pytest.raises(Unavailable):
            Scanner(f"tcp://127.0.0.1:{taken.getsockname()[1]}").scan(path)


def test_a_socket_that_is_not_there_is_a_scanner_away(path: Path, tmp_path: Path) -> None:
    path.write_bytes(b"x")

    with pytest.raises(Unavailable):
        Scanner(f"unix://{tmp_path / 'tiada'}").scan(path)


@pytest.fixture
def unconfigured(tmp_path: Path) -> Settings:
    return Settings(secret_key="rahasia-untuk-uji-saja-0123456789", var_dir=tmp_path)


def test_without_a_setting_there_is_no_scanner(unconfigured: Settings) -> None:
    assert connect(unconfigured) is None


def test_with_the_setting_there_is_one(unconfigured: Settings) -> None:
    assert connect(dataclasses.replace(unconfigured, clamd_url="tcp://127.0.0.1:1")) is not None


def test_quarantine_keeps_the_bytes(path: Path, tmp_path: Path) -> None:
    path.write_bytes(EICAR)
    store, file_id = LocalStorage(tmp_path / "objects"), uuid.uuid4()
    quarantine(store, path, file_id)

    with store.open(keys.quarantined(file_id)) as stream:
        assert stream.read() == EICAR
