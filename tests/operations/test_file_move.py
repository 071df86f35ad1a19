"""All objects in another store, byte for byte, whatever cuts the move off."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from portal.audit import AuditEntry
from portal.db import Database
from portal.errors import Unavailable
from portal.operations import file_move
from portal.operations.file_commands import pindah_berkas
from portal.operations.file_move import move
from portal.operations.models import FileWalk
from portal.settings import Settings
from portal.storage import ObjectInfo, Storage, connect, keys
from portal.storage.local import LocalStorage
from tests.support.database import on_sqlite_alone

NAME = "satu → dua"
DIES_SOON = """
import itertools, os, signal
from portal.cli import cli
from portal.operations import file_move

bring, calls = file_move.bring, itertools.count(1)

def bring_some(*arguments):
    if next(calls) == file_move.BATCH + 20:
        os.kill(os.getpid(), signal.SIGKILL)
    return bring(*arguments)

file_move.bring = bring_some
cli()
"""
"""The command, killed in the middle of its second batch."""


def put(store: Storage, content: bytes, key: str | None = None) -> str:
    key = key or keys.stored(uuid.uuid4())
    store.put(key, content, "application/pdf", sha256=hashlib.sha256(content).hexdigest())
    return key


def contents(store: Storage) -> dict[str, bytes]:
    found = {}
    for info in store.iterate():
        with store.open(info.key) as stream:
            found[info.key] = stream.read()
    return found


@pytest.fixture
def source(tmp_path: Path) -> LocalStorage:
    """Objects of every folder."""
    store = LocalStorage(tmp_path / "satu")
    for number in range(6):
        put(store, b"%d" % number)
    one = uuid.uuid4()
    for key in (keys.part(one, 1), keys.quarantined(one), keys.imported(one)):
        put(store, key.encode(), key)
    return store


@pytest.fixture
def target(tmp_path: Path) -> LocalStorage:
    return LocalStorage(tmp_path / "dua")


def test_every_object_arrives_and_the_source_stays(
    database: Database, source: LocalStorage, target: LocalStorage
) -> None:
    before = contents(source)

    walk = move(database, source, target, name=NAME)

    assert contents(target) == contents(source) == before
    assert (walk.counts["disalin"], walk.counts["gagal"]) == (9, 0)


def test_an_object_of_the_same_size_and_other_bytes_is_replaced(
    database: Database, source: LocalStorage, target: LocalStorage
) -> None:
    key = put(source, b"benar")
    put(target, b"salah", key)

    move(database, source, target, name=NAME)

    assert contents(target)[key] == b"benar"


class Meddling(LocalStorage):
    """A source in which something happens when the first object is read."""

    def __init__(self, root: Path, act: Any) -> None:
        super().__init__(root)
        self.act = act

    def open(self, key: str) -> BinaryIO:
        act, self.act = self.act, None
        if act:
            act(key)
        return super().open(key)


def test_what_is_written_meanwhile_comes_too(
    database: Database, source: LocalStorage, target: LocalStorage
) -> None:
    first = keys.stored(uuid.UUID(int=1))
    meddling = Meddling(source.root, lambda _: put(source, b"terlambat", first))
    put(source, b"lama", keys.stored(uuid.UUID(int=2)))

    move(database, meddling, target, name=NAME)

    assert contents(target)[first] == b"terlambat"


def test_what_is_deleted_meanwhile_is_no_fault(
    database: Database, source: LocalStorage, target: LocalStorage
) -> None:
    walk = move(database, Meddling(source.root, source.delete), target, name=NAME)

    assert (walk.counts["terhapus"], walk.counts["gagal"]) == (1, 0)
    assert contents(target) == contents(source)


def test_bytes_that_come_back_different_are_told(
    database: Database, source: LocalStorage, target: LocalStorage, tmp_path: Path
) -> None:
    class Broken(LocalStorage):
        def open(self, key: str) -> BinaryIO:
            path = self.root / key
            path.write_bytes(b"rusak")
            return super().open(key)

    walk = move(database, source, Broken(target.root), name=NAME)

    assert walk.counts["gagal"] >= 9
    assert walk.findings[0]["jenis"] == "gagal"


def test_what_came_back_different_is_brought_again(
    database: Database, source: LocalStorage, target: LocalStorage
) -> None:
    class Broken(LocalStorage):
        """Writes as many bytes as it should, and others."""

        def put(self, key: str, data: bytes | BinaryIO, *args: Any, sha256: str) -> None:
            super().put(key, data, *args, sha256=sha256)
            path = self.root / key
            path.write_bytes(bytes(path.stat().st_size))

    move(database, source, Broken(target.root), name=NAME)

    walk = move(database, source, target, name=NAME)

    assert (walk.counts["gagal"], contents(target) == contents(source)) == (0, True)


class Failing(LocalStorage):
    """Goes away after some objects."""

    left = 4

    def put(self, *arguments: Any, **named: Any) -> None:
        self.left -= 1
        if self.left < 0:
            raise Unavailable
        super().put(*arguments, **named)


def test_a_move_that_was_cut_off_goes_on_where_it_was(
    database: Database,
    source: LocalStorage,
    target: LocalStorage,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(file_move, "BATCH", 2)
    monkeypatch.setattr(file_move, "AT_ONCE", 1)
    with pytest.raises(Unavailable):
        move(database, source, Failing(target.root), name=NAME)
    read: list[str] = []
    counting = Meddling(source.root, None)
    monkeypatch.setattr(counting, "open", lambda key: (read.append(key), source.open(key))[1])

    walk = move(database, counting, target, name=NAME)

    assert walk.resumed
    assert len(read) == 5
    assert contents(target) == contents(source)


def test_the_second_move_copies_only_what_is_new(
    database: Database, source: LocalStorage, target: LocalStorage
) -> None:
    move(database, source, target, name=NAME)
    old = {info.key for info in source.iterate()}
    for key in old:
        os.utime(source.root / key, (1, 1))
    put(source, b"baru")

    walk = move(database, source, target, name=NAME)

    assert walk.counts["disalin"] == 1
    assert walk.counts["sama"] <= 1  # the new one, looked at a second time


def test_the_end_is_audited_without_keys(
    database: Database, source: LocalStorage, target: LocalStorage
) -> None:
    move(database, source, target, name=NAME)

    with database.reading() as session:
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "files:moved"))
    assert (entry.facts["tujuan"], entry.facts["disalin"]) == (NAME, 9)


def test_the_walk_holds_few_objects_at_once(
    database: Database, source: LocalStorage, target: LocalStorage
) -> None:
    """Listings are read side by side, never gathered."""

    class Watched(LocalStorage):
        ahead = 0

        def iterate(self, prefix: str = "") -> Iterator[ObjectInfo]:
            for number, info in enumerate(super().iterate(prefix)):
                self.ahead = number - sum(1 for _ in target.iterate())
                yield info

    for number in range(100):
        put(source, b"%d" % number)
    watched = Watched(source.root)

    move(database, watched, target, name=NAME)

    assert watched.ahead <= file_move.BATCH


class TestCommand:
    @pytest.fixture
    def run(self, monkeypatch: pytest.MonkeyPatch, settings: Settings, database: Database) -> Any:
        monkeypatch.setenv("VAR_DIR", str(settings.var_dir))
        monkeypatch.setenv("DATABASE_URL", settings.database_url)
        monkeypatch.setenv("PORTAL_MODE", "uji")

        def run(*arguments: str) -> Result:
            return CliRunner().invoke(pindah_berkas, arguments)

        return run

    @on_sqlite_alone
    def test_a_folder_that_is_missing_is_named(self, run: Any, tmp_path: Path) -> None:
        result = run("--dari", str(tmp_path / "tiada"), "--ke", "lokal")

        assert result.exit_code == 1
        assert "tidak ada" in result.output

    @on_sqlite_alone
    def test_an_address_that_makes_no_sense_keeps_its_secret(
        self, run: Any, settings: Settings
    ) -> None:
        LocalStorage(settings.var_dir / "objects")

        result = run("--dari", "lokal", "--ke", "http://kunci:sangatrahasia@host:9000/")

        assert result.exit_code == 1
        assert "bucket" in result.output
        assert "sangatrahasia" not in result.output

    @on_sqlite_alone
    def test_it_says_what_to_set_next(
        self, run: Any, source: LocalStorage, settings: Settings
    ) -> None:
        result = run("--dari", str(source.root), "--ke", "lokal")

        assert result.exit_code == 0, result.output
        assert "9 objek disalin" in result.output
        assert "kosongkan OBJECT_STORE_URL" in result.output
        assert contents(LocalStorage(settings.var_dir / "objects")) == contents(source)

    @pytest.mark.xdist_group("s3")
    @on_sqlite_alone
    def test_from_the_folder_to_s3_and_back(
        self,
        run: Any,
        source: LocalStorage,
        settings: Settings,
        tmp_path: Path,
        request: pytest.FixtureRequest,
        database: Database,
    ) -> None:
        url = request.getfixturevalue("bucket").url

        there = run("--dari", str(source.root), "--ke", url)
        back = run("--dari", url, "--ke", str(tmp_path / "kembali"))

        assert (there.exit_code, back.exit_code) == (0, 0), there.output + back.output
        assert "OBJECT_STORE_URL" in there.output
        s3 = connect(Settings(secret_key="x" * 40, object_store_url=url))
        assert contents(s3) == contents(LocalStorage(tmp_path / "kembali")) == contents(source)
        with database.reading() as session:
            told = session.scalars(select(FileWalk.tujuan)).all()
        assert not any("@" in words for words in told)

    @on_sqlite_alone
    def test_a_killed_move_is_finished_by_the_next(
        self, run: Any, database: Database, tmp_path: Path
    ) -> None:
        source = LocalStorage(tmp_path / "banyak")
        for number in range(400):
            put(source, b"%d" % number * 1000)
        command = [sys.executable, "-c", DIES_SOON, "pindah-berkas", "--ke", "lokal", "--dari"]
        died = subprocess.run([*command, str(source.root)], env=os.environ.copy(), check=False)
        assert (died.returncode, _reached(database) > "") == (-signal.SIGKILL, True)

        result = run("--dari", str(source.root), "--ke", "lokal")

        assert "dilanjutkan" in result.output
        assert contents(LocalStorage(tmp_path / "var" / "objects")) == contents(source)


def _reached(database: Database) -> str:
    with database.reading() as session:
        return session.scalar(select(FileWalk.sampai)) or ""
