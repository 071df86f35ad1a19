"""What only the local folder has to withstand."""

from __future__ import annotations

import hashlib
import os
import uuid
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from portal.errors import Unavailable
from portal.storage import Storage, keys
from portal.storage.local import LocalStorage

FILE = uuid.UUID("0b0e4a3c-5b59-4f0e-9a53-2f7b6f3f9d11")
KEY = keys.stored(FILE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "objects"


@pytest.fixture
def store(folder: Path) -> LocalStorage:
    return LocalStorage(folder)


def put(store: Storage, data: bytes = b"isi") -> None:
    store.put(KEY, data, "application/pdf", sha256=hashlib.sha256(data).hexdigest())


def test_has_no_address_of_its_own(store: Storage) -> None:
    put(store)

    assert store.presign(KEY, filename="a.pdf", content_type="application/pdf") is None


def test_does_not_follow_a_link_out_of_the_folder(store: Storage, folder: Path) -> None:
    secret = folder.parent / "rahasia"
    secret.mkdir()
    (secret / "file.pdf").write_bytes(b"rahasia")
    (folder / "documents").mkdir()
    (folder / "documents" / str(FILE)).symlink_to(secret)

    with pytest.raises(ValueError, match="leaves the store"):
        store.open(KEY)


def test_does_not_write_through_a_link_to_another_file(store: Storage, folder: Path) -> None:
    target = folder.parent / "sasaran"
    target.write_bytes(b"asli")
    (folder / "documents" / str(FILE)).mkdir(parents=True)
    (folder / "documents" / str(FILE) / "file.pdf").symlink_to(target)

    with pytest.raises(ValueError, match="leaves the store"):
        put(store)


def test_a_failed_write_leaves_no_rest(store: Storage, folder: Path) -> None:
    with pytest.raises(ValueError, match="sha256"):
        store.put(KEY, b"isi", "application/pdf", sha256="0" * 64)

    assert list((folder / ".partial").iterdir()) == []


def test_a_broken_stream_leaves_no_rest(store: Storage, folder: Path) -> None:
    class Broken:
        def read(self, _size: int) -> bytes:
            raise ConnectionResetError

    with pytest.raises(Unavailable):
        store.put(KEY, Broken(), "application/pdf", sha256="0" * 64)  # type: ignore[arg-type]

    assert list((folder / ".partial").iterdir()) == []


def test_forgets_what_a_killed_process_left_days_ago(folder: Path) -> None:
    (folder / ".partial").mkdir(parents=True)
    old = folder / ".partial" / "lama"
    old.write_bytes(b"separuh")
    os.utime(old, (0, 0))

    LocalStorage(folder)

    assert not old.exists()


def test_keeps_what_another_process_is_writing_now(folder: Path) -> None:
    (folder / ".partial").mkdir(parents=True)
    fresh = folder / ".partial" / "baru"
    fresh.write_bytes(b"separuh")

    LocalStorage(folder)

    assert fresh.exists()


def test_does_not_list_half_written_or_foreign_files(store: Storage, folder: Path) -> None:
    (folder / ".partial" / "separuh").write_bytes(b"x")
    (folder / "catatan.txt").write_bytes(b"x")

    assert list(store.iterate()) == []


def test_removes_the_folder_with_its_last_object(store: Storage, folder: Path) -> None:
    put(store)

    store.delete(KEY)

    assert not (folder / "documents" / str(FILE)).exists()


def test_says_that_the_folder_is_gone(store: Storage, folder: Path) -> None:
    (folder / ".partial").rmdir()

    with pytest.raises(Unavailable, match="Penyimpanan berkas"):
        store.check()


def test_says_so_when_it_cannot_write(store: Storage, folder: Path) -> None:
    (folder / "documents").write_bytes(b"a file where the folder should be")

    with capture_logs() as logs, pytest.raises(Unavailable, match="Isian Anda tersimpan"):
        put(store)

    (line,) = logs
    assert line["event"] == "store_away"
    assert "Not a directory" in line["cause"]


def test_says_so_when_it_cannot_start(tmp_path: Path) -> None:
    (tmp_path / "objects").write_bytes(b"")

    with pytest.raises(Unavailable, match="Penyimpanan berkas"):
        LocalStorage(tmp_path / "objects")


def test_a_delete_next_door_does_not_disturb_a_write(
    store: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder that was just made is taken away as empty before the file arrives."""
    replace, taken = Path.replace, []

    def once_taken(self: Path, target: Path) -> Path:
        if not taken:
            taken.append(target.parent)
            target.parent.rmdir()
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", once_taken)

    put(store)

    assert store.exists(KEY)


def test_gives_up_when_the_folder_goes_again_and_again(
    store: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(self: Path, target: Path) -> Path:
        raise FileNotFoundError(target)

    monkeypatch.setattr(Path, "replace", never)

    with pytest.raises(Unavailable, match="Penyimpanan berkas"):
        put(store)


def test_a_folder_that_has_vanished_is_away_for_readers_too(store: Storage, folder: Path) -> None:
    put(store)
    folder.rename(folder.with_name("dicabut"))

    with pytest.raises(Unavailable):
        store.open(KEY)


def test_an_empty_mount_point_is_away_and_not_a_store_without_objects(
    store: Storage, folder: Path
) -> None:
    put(store)
    folder.rename(folder.with_name("dicabut"))
    folder.mkdir()

    with pytest.raises(Unavailable):
        store.size(KEY)


def test_a_vanished_folder_is_no_store_without_objects_for_backup_and_sweep(
    store: Storage, folder: Path
) -> None:
    put(store)
    folder.rename(folder.with_name("dicabut"))

    with pytest.raises(Unavailable):
        list(store.iterate())


def test_whether_an_object_exists_is_unknown_while_the_folder_is_away(
    store: Storage, folder: Path
) -> None:
    put(store)
    folder.rename(folder.with_name("dicabut"))

    with pytest.raises(Unavailable):
        store.exists(KEY)
