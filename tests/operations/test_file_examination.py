"""Every stored byte is read, every fault named with its remedy, and a walk goes on where it was."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from pathlib import Path
from typing import BinaryIO

import pytest
from sqlalchemy import func, select, update

from portal.audit import AuditEntry
from portal.db import Database, now
from portal.documents.models import Document, DocumentFile
from portal.errors import Unavailable
from portal.operations import file_examination, walks
from portal.operations.file_examination import examine, findings_of
from portal.operations.models import FileWalk
from portal.operations.walks import Walk
from portal.storage import Storage, keys
from portal.storage.local import LocalStorage
from portal.vocabulary import DocumentState
from tests.support import builders
from tests.support.app import Browser
from tests.support.cast import Cast

OLD = now() - dt.timedelta(days=3)


@pytest.fixture
def storage(tmp_path: Path) -> LocalStorage:
    return LocalStorage(tmp_path / "objects")


@pytest.fixture
def item(database: Database, cast: Cast, storage: LocalStorage) -> Document:
    """An approved item whose files are as they were sealed."""
    return kept(database, cast, storage)


def kept(database: Database, cast: Cast, storage: Storage) -> Document:
    with database.transaction() as session:
        made = builders.document(
            session, cast.sari, DocumentState.DISETUJUI, verifier=cast.vera, storage=storage
        )
        session.refresh(made, ["files"])
        return made


def write_hashes_down(database: Database, storage: Storage, file: DocumentFile) -> None:
    """Make it a file of today, which knows the hash of each of its objects."""
    names = {}
    for info in storage.iterate(keys.folder(file.id)):
        with storage.open(info.key) as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]
        names[info.key.rpartition("/")[2]] = digest
    with database.transaction() as session:
        session.execute(
            update(DocumentFile).where(DocumentFile.id == file.id).values(objects=names)
        )


def damage(storage: LocalStorage, key: str) -> None:
    path = storage.root / key
    path.write_bytes(path.read_bytes() + b"!")


def kinds(walk: Walk) -> list[tuple[str, int]]:
    return [(finding.kind, finding.number) for finding in findings_of(walk)]


def test_what_is_well_kept_gives_no_finding(
    database: Database, storage: LocalStorage, item: Document
) -> None:
    write_hashes_down(database, storage, item.files[0])

    walk = examine(database, storage)

    assert kinds(walk) == []
    assert (walk.counts["berkas"], walk.counts["objek"], walk.counts["keputusan"]) == (1, 3, 1)


@pytest.mark.parametrize("name", ["file.pdf", "page-001.webp", "thumbnail.webp"])
@pytest.mark.parametrize("written_down", [True, False])
def test_a_missing_object_is_named_with_its_receipt(
    database: Database, storage: LocalStorage, item: Document, name: str, *, written_down: bool
) -> None:
    if written_down:
        write_hashes_down(database, storage, item.files[0])
    key = keys.folder(item.files[0].id) + name
    storage.delete(key)

    (finding,) = findings_of(examine(database, storage))

    assert (finding.kind, finding.cases) == ("hilang", [f"{key} (nomor terima {item.receipt})"])


@pytest.mark.parametrize("name", ["file.pdf", "page-001.webp", "thumbnail.webp"])
def test_a_changed_object_is_found(
    database: Database, storage: LocalStorage, item: Document, name: str
) -> None:
    write_hashes_down(database, storage, item.files[0])
    damage(storage, keys.folder(item.files[0].id) + name)

    assert kinds(examine(database, storage)) == [("berubah", 1)]


def test_of_a_file_from_before_the_pdf_is_still_compared(
    database: Database, storage: LocalStorage, item: Document
) -> None:
    damage(storage, keys.stored(item.files[0].id))

    assert kinds(examine(database, storage)) == [("berubah", 1)]


def test_a_row_that_was_changed_with_its_bytes_breaks_the_seal(
    database: Database, storage: LocalStorage, item: Document
) -> None:
    key = keys.stored(item.files[0].id)
    other = hashlib.sha256(b"lain").hexdigest()
    storage.put(key, b"lain", "application/pdf", sha256=other)
    with database.transaction() as session:
        session.execute(update(DocumentFile).values(sha256_stored=other))

    (finding,) = findings_of(examine(database, storage))

    assert (finding.kind, finding.cases) == ("segel", [f"{key} (nomor terima {item.receipt})"])


def test_an_object_without_a_row_is_an_orphan_after_a_day(
    database: Database, storage: LocalStorage, item: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = keys.stored(uuid.uuid4())
    storage.put(key, b"x", "application/pdf", sha256=hashlib.sha256(b"x").hexdigest())

    young = examine(database, storage)
    monkeypatch.setattr(file_examination, "now", lambda: now() + dt.timedelta(days=2))
    old = examine(database, storage)

    assert (kinds(young), young.counts["baru"]) == ([], 1)
    assert kinds(old) == [("yatim", 1)]


def test_an_object_that_its_row_does_not_name_is_an_orphan(
    database: Database, storage: LocalStorage, item: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_hashes_down(database, storage, item.files[0])
    key = keys.original(item.files[0].id, 1)
    storage.put(key, b"x", "application/pdf", sha256=hashlib.sha256(b"x").hexdigest())
    monkeypatch.setattr(file_examination, "now", lambda: now() + dt.timedelta(days=2))

    assert kinds(examine(database, storage)) == [("yatim", 1)]


def test_erased_papers_are_not_missed(
    database: Database, storage: LocalStorage, item: Document
) -> None:
    with database.transaction() as session:
        session.execute(update(DocumentFile).values(erased_at=now()))
    for info in list(storage.iterate()):
        storage.delete(info.key)

    assert kinds(examine(database, storage)) == []


def test_a_finding_that_was_erased_meanwhile_is_none(
    database: Database, storage: LocalStorage, item: Document
) -> None:
    class Late(LocalStorage):
        """Retention comes by while the file is read."""

        def open(self, key: str) -> BinaryIO:
            with database.transaction() as session:
                session.execute(update(DocumentFile).values(erased_at=now()))
            raise FileNotFoundError(key)

    assert "hilang" not in dict(kinds(examine(database, Late(storage.root))))


def test_a_walk_that_was_cut_off_goes_on_after_the_last_file(
    database: Database, cast: Cast, storage: LocalStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        kept(database, cast, storage)
    monkeypatch.setattr(file_examination, "BATCH", 2)
    opened: list[str] = []

    class Counting(LocalStorage):
        def open(self, key: str) -> BinaryIO:
            opened.append(key)
            return super().open(key)

    class Failing(Counting):
        def open(self, key: str) -> BinaryIO:
            if len(opened) >= 2:
                raise Unavailable
            return super().open(key)

    with pytest.raises(Unavailable):
        examine(database, Failing(storage.root))
    walk = examine(database, Counting(storage.root))

    assert walk.resumed
    assert (walk.counts["berkas"], len(opened)) == (5, 5)


def test_a_walk_begun_afresh_reads_everything(
    database: Database, storage: LocalStorage, item: Document
) -> None:
    cut_off = walks.begin(database, "periksa", "segel")

    walk = examine(database, storage, afresh=True)

    assert (walk.resumed, walk.counts["berkas"]) == (False, 1)
    with database.reading() as session:
        assert session.get(FileWalk, cut_off.id) is None


def test_the_end_is_audited(database: Database, storage: LocalStorage, item: Document) -> None:
    walk = examine(database, storage)

    with database.reading() as session:
        (entry,) = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "files:examined")
        ).all()
    assert (entry.subject_id, entry.facts["berkas"]) == (walk.id, 1)


def test_few_findings_are_kept_and_all_are_counted(
    database: Database, storage: LocalStorage, item: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walks, "KEPT", 1)
    for name in ("file.pdf", "thumbnail.webp"):
        storage.delete(keys.folder(item.files[0].id) + name)

    (finding,) = findings_of(examine(database, storage))

    assert (finding.number, len(finding.cases)) == (2, 1)


def test_the_admin_sees_the_last_examination_as_red_lines(
    database: Database, browser: Browser, cast: Cast, item: Document, storage: LocalStorage
) -> None:
    storage.delete(keys.thumbnail(item.files[0].id))
    examine(database, storage)
    browser.enter(cast.ani)

    page = browser.get("operations.reconciliation")

    assert "Berkas hilang dari penyimpanan (1)" in page.text
    assert str(item.receipt) in page.text


def test_nothing_is_written_but_the_walk_itself(
    database: Database, storage: LocalStorage, item: Document
) -> None:
    before = list(storage.iterate())

    examine(database, storage)

    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(FileWalk)) == 1
    assert list(storage.iterate()) == before


def test_a_finding_that_was_mended_meanwhile_is_none(
    database: Database, storage: LocalStorage, item: Document
) -> None:
    write_hashes_down(database, storage, item.files[0])

    class Changing(LocalStorage):
        """An object is replaced just when it is read for the first time."""

        first = True

        def open(self, key: str) -> BinaryIO:
            if self.first:
                self.first = False
                raise FileNotFoundError(key)
            return super().open(key)

    assert kinds(examine(database, Changing(storage.root))) == []
