"""What every store has to keep, the local folder and a real S3 alike."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import threading
import uuid

import pytest

from portal.storage import Storage, keys

FILE = uuid.UUID("0b0e4a3c-5b59-4f0e-9a53-2f7b6f3f9d11")
OTHER = uuid.UUID("7c1f2f4e-8a4c-4a35-9b07-51b8c2f5a9aa")
KEY = keys.stored(FILE)
PDF = "application/pdf"


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def put(store: Storage, data: bytes, key: str = KEY) -> None:
    store.put(key, data, PDF, sha256=sha(data))


def read(store: Storage, key: str = KEY) -> bytes:
    with store.open(key) as stream:
        return stream.read()


def test_gives_back_the_bytes(store: Storage) -> None:
    put(store, b"%PDF-1.7 isi")

    assert read(store) == b"%PDF-1.7 isi"


def test_gives_back_an_empty_object(store: Storage) -> None:
    put(store, b"")

    assert read(store) == b""


def test_gives_back_megabytes_unchanged(store: Storage) -> None:
    data = bytes(range(256)) * 4096 * 5

    put(store, data)

    assert sha(read(store)) == sha(data)


def test_opens_a_seekable_stream(store: Storage) -> None:
    put(store, b"0123456789")

    with store.open(KEY) as stream:
        stream.seek(7)
        assert stream.read() == b"789"


def test_reads_a_stream_from_where_it_stands(store: Storage) -> None:
    stream = io.BytesIO(b"kepala|badan")
    stream.seek(7)

    store.put(KEY, stream, PDF, sha256=sha(b"badan"))

    assert read(store) == b"badan"


def test_replaces_an_object_of_the_same_key(store: Storage) -> None:
    put(store, b"lama sekali")

    put(store, b"baru")

    assert read(store) == b"baru"


def test_refuses_bytes_that_are_not_those_written_down(store: Storage) -> None:
    with pytest.raises(ValueError, match="sha256"):
        store.put(KEY, b"lain", PDF, sha256=sha(b"yang dicatat"))


def test_keeps_nothing_of_refused_bytes(store: Storage) -> None:
    with pytest.raises(ValueError, match="sha256"):
        store.put(KEY, b"lain", PDF, sha256=sha(b"yang dicatat"))

    assert not store.exists(KEY)


def test_tells_the_size(store: Storage) -> None:
    put(store, b"12345")

    assert store.size(KEY) == 5


def test_knows_what_exists(store: Storage) -> None:
    put(store, b"ada")

    assert store.exists(KEY)


def test_knows_what_does_not_exist(store: Storage) -> None:
    assert not store.exists(KEY)


def test_opening_what_is_missing_says_so(store: Storage) -> None:
    with pytest.raises(FileNotFoundError):
        store.open(KEY)


def test_measuring_what_is_missing_says_so(store: Storage) -> None:
    with pytest.raises(FileNotFoundError):
        store.size(KEY)


def test_deletes(store: Storage) -> None:
    put(store, b"hapus")

    store.delete(KEY)

    assert not store.exists(KEY)


def test_deleting_leaves_the_neighbours(store: Storage) -> None:
    put(store, b"hapus")
    put(store, b"tetap", keys.thumbnail(FILE))

    store.delete(KEY)

    assert read(store, keys.thumbnail(FILE)) == b"tetap"


def test_deleting_twice_is_no_error(store: Storage) -> None:
    put(store, b"hapus")
    store.delete(KEY)

    store.delete(KEY)

    assert not store.exists(KEY)


def test_refuses_to_write_under_a_foreign_key(store: Storage) -> None:
    with pytest.raises(ValueError, match="key"):
        put(store, b"x", f"documents/{FILE}/../../../etc/passwd")


@pytest.mark.parametrize("act", ["open", "size", "exists", "delete"])
def test_refuses_each_act_on_a_foreign_key(store: Storage, act: str) -> None:
    with pytest.raises(ValueError, match="key"):
        getattr(store, act)("../../etc/passwd")


def test_refuses_to_sign_a_foreign_key(store: Storage) -> None:
    with pytest.raises(ValueError, match="key"):
        store.presign("../rahasia", filename="a.pdf", content_type=PDF)


def test_lists_everything(store: Storage) -> None:
    for key in (KEY, keys.page(FILE, 1), keys.stored(OTHER)):
        put(store, b"isi", key)

    assert {info.key for info in store.iterate()} == {
        KEY,
        keys.page(FILE, 1),
        keys.stored(OTHER),
    }


def test_lists_one_folder(store: Storage) -> None:
    put(store, b"isi")
    put(store, b"isi", keys.stored(OTHER))

    assert [info.key for info in store.iterate(keys.folder(FILE))] == [KEY]


def test_lists_nothing_in_a_missing_folder(store: Storage) -> None:
    assert list(store.iterate(keys.folder(OTHER))) == []


def test_a_listing_tells_the_size(store: Storage) -> None:
    put(store, b"12345")

    assert [info.size for info in store.iterate("documents/")] == [5]


def test_a_listing_tells_when_in_utc(store: Storage) -> None:
    put(store, b"isi")

    (info,) = store.iterate()

    assert info.modified.utcoffset() == dt.timedelta()


def test_refuses_to_list_a_foreign_prefix(store: Storage) -> None:
    with pytest.raises(ValueError, match="prefix"):
        list(store.iterate("../"))


def test_is_ready(store: Storage) -> None:
    assert store.check() is None


def test_serves_many_threads_at_once(store: Storage) -> None:
    wrong: list[int] = []

    def write_and_read(number: int) -> None:
        data = bytes([number]) * 50_000
        put(store, data, keys.page(FILE, number))
        if read(store, keys.page(FILE, number)) != data:
            wrong.append(number)

    threads = [threading.Thread(target=write_and_read, args=(n,)) for n in range(1, 13)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []


def test_a_reader_never_sees_half_an_object(store: Storage) -> None:
    """Two whole versions replace each other while a third thread reads."""
    versions = {b"a" * 300_000, b"b" * 300_000}
    put(store, b"a" * 300_000)
    seen: set[bytes] = set()

    def write() -> None:
        for _ in range(5):
            for version in versions:
                put(store, version)

    writer = threading.Thread(target=write)
    writer.start()
    while writer.is_alive():
        seen.add(read(store))
    writer.join()

    assert seen <= versions
