"""The copy for SIASN: made once, written down, handed to whoever may read the paper."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import Database, now
from portal.documents import siasn_copy
from portal.documents.models import DocumentFile
from portal.documents.siasn_copy import key_of_copy
from portal.errors import NotFound, Rejected
from portal.operations.file_examination import examine, findings_of
from portal.operations.sweep import sweep
from portal.settings import Settings
from portal.storage import Storage, keys
from portal.verification import readings
from tests.handin.support import handed_in
from tests.support.app import Browser
from tests.support.cast import Cast
from tests.support.database import on_sqlite_alone

pytestmark = on_sqlite_alone
PAPER = b"%PDF-1.7 besar " + bytes(2000)
LIMIT = 1000
SMALL = b"%PDF-1.7 kecil"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return dataclasses.replace(settings, siasn_max_bytes=LIMIT)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What was made smaller, without the process that does it."""
    seen: list[bytes] = []

    def shrink(source: Path, target: Path, _max_bytes: int) -> None:
        seen.append(source.read_bytes())
        target.write_bytes(SMALL)

    monkeypatch.setattr(siasn_copy, "shrink_isolated", shrink)
    return seen


@pytest.fixture
def store(app: Flask) -> Storage:
    store: Storage = app.extensions["storage"]
    return store


@pytest.fixture
def file(database: Database, store: Storage, cast: Cast) -> DocumentFile:
    """Sari's paper, larger than SIASN takes, waiting for a verifikator."""
    with database.transaction() as session:
        file = handed_in(session, cast.sari).current_files[0]
        file.size = len(PAPER)
    put(store, keys.stored(file.id), PAPER)
    return file


def put(store: Storage, key: str, content: bytes) -> None:
    store.put(key, content, "application/pdf", sha256=hashlib.sha256(content).hexdigest())


def copied(database: Database, store: Storage, file: DocumentFile) -> str:
    return key_of_copy(database, store, file, max_bytes=LIMIT)


def test_a_small_paper_is_its_own_copy(
    database: Database, store: Storage, file: DocumentFile, made: list[bytes]
) -> None:
    file.size = LIMIT

    assert (copied(database, store, file), made) == (keys.stored(file.id), [])


def test_a_large_paper_is_made_smaller(
    database: Database, store: Storage, file: DocumentFile, made: list[bytes]
) -> None:
    with store.open(copied(database, store, file)) as stream:
        assert (stream.read(), made) == (SMALL, [PAPER])


def test_it_is_made_once(
    database: Database, store: Storage, file: DocumentFile, made: list[bytes]
) -> None:
    copied(database, store, file)
    copied(database, store, file)

    assert len(made) == 1


def test_a_copy_that_is_too_large_by_now_is_made_anew(
    database: Database, store: Storage, file: DocumentFile, made: list[bytes]
) -> None:
    put(store, keys.siasn(file.id), bytes(LIMIT + 1))
    copied(database, store, file)

    assert len(made) == 1


def test_it_is_written_down_with_its_hash(
    database: Database, store: Storage, file: DocumentFile, made: list[bytes]
) -> None:
    copied(database, store, file)

    with database.reading() as session:
        objects = session.scalars(
            select(DocumentFile.objects).where(DocumentFile.id == file.id)
        ).one()
    assert objects["siasn.pdf"] == hashlib.sha256(SMALL).hexdigest()


def test_a_paper_from_before_the_hashes_of_all_objects_loses_nothing(
    database: Database, store: Storage, file: DocumentFile, made: list[bytes]
) -> None:
    put(store, keys.page(file.id, 1), b"x")
    put(store, keys.thumbnail(file.id), b"x")
    copied(database, store, file)

    sweep(database, store, moment=now() + dt.timedelta(days=30))

    left = {info.key.rpartition("/")[2] for info in store.iterate(keys.folder(file.id))}
    assert left == {"file.pdf", "page-001.webp", "thumbnail.webp", "siasn.pdf"}


def test_a_copy_of_such_a_paper_is_no_fault_of_it(
    database: Database, store: Storage, file: DocumentFile, made: list[bytes]
) -> None:
    with database.transaction() as session:
        row = session.get_one(DocumentFile, file.id)
        row.sha256_stored = hashlib.sha256(PAPER).hexdigest()
    put(store, keys.page(file.id, 1), b"x")
    put(store, keys.thumbnail(file.id), b"x")
    copied(database, store, file)

    assert findings_of(examine(database, store)) == []


def test_a_signed_paper_is_never_changed(
    database: Database, store: Storage, file: DocumentFile, made: list[bytes]
) -> None:
    file.signed = True

    with pytest.raises(Rejected, match="Memperkecilnya merusak tanda tangan"):
        copied(database, store, file)


def test_a_paper_that_is_gone_is_said_to_be_gone(
    database: Database, store: Storage, file: DocumentFile, made: list[bytes]
) -> None:
    store.delete(keys.stored(file.id))

    with pytest.raises(NotFound):
        copied(database, store, file)


def address(file: DocumentFile, place: str = "dokumen") -> str:
    return f"/{place}/{file.document_id}/berkas/{file.id}/siasn"


def fetched(browser: Browser, path: str) -> tuple[int, bytes]:
    with browser.client.get(path) as answer:
        return answer.status_code, answer.get_data()


def test_the_owner_gets_it(
    browser: Browser, cast: Cast, file: DocumentFile, made: list[bytes]
) -> None:
    browser.enter(cast.sari)

    assert fetched(browser, address(file)) == (200, SMALL)


def test_somebody_else_gets_nothing(
    browser: Browser, cast: Cast, file: DocumentFile, made: list[bytes]
) -> None:
    browser.enter(cast.tono)

    assert (fetched(browser, address(file))[0], made) == (404, [])


def test_a_verifikator_gets_it_and_is_noted(
    browser: Browser, cast: Cast, file: DocumentFile, made: list[bytes], database: Database
) -> None:
    browser.enter(cast.vera)
    answer = fetched(browser, address(file, "verifikasi"))

    with database.reading() as session:
        noted = readings.is_noted(session, cast.vera, file.document_id, readings.Way.SIASN)
    assert (answer, noted) == ((200, SMALL), True)


def test_a_refusal_is_a_page_with_its_sentence(
    browser: Browser,
    cast: Cast,
    file: DocumentFile,
    made: list[bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(_source: Path, _target: Path, _max_bytes: int) -> None:
        raise Rejected("Berkas ini tidak dapat diperkecil.")

    monkeypatch.setattr(siasn_copy, "shrink_isolated", refuse)
    browser.enter(cast.sari)
    status, page = fetched(browser, address(file))

    assert (status, b"tidak dapat diperkecil" in page) == (422, True)


def test_the_item_offers_it(browser: Browser, cast: Cast, file: DocumentFile) -> None:
    browser.enter(cast.sari)

    page = browser.get("documents.show", document_id=file.document_id)
    assert page.link("PDF untuk SIASN Sertifikat").endswith("/siasn")
