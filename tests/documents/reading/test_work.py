"""The job that reads a paper: written once, whatever happens meanwhile."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from portal.db import Database
from portal.documents.arrivals import ReadCode, Reading
from portal.documents.models import Document, DocumentFile
from portal.documents.reading import Paper
from portal.documents.reading.work import KIND, ReadingDesk, install
from portal.errors import Unavailable
from portal.jobs import Job, Lane, Queue, enqueue
from portal.storage import Storage
from portal.storage.local import LocalStorage
from portal.vocabulary import FileRole, ReadingState
from tests.support import builders
from tests.support.builders import PDF
from tests.support.cast import Cast

PAPER = Paper({"jp": "32"}, ["https://contoh.go.id/1", "https://contoh.go.id/1"], "32 JP", "uji 1")


@pytest.fixture
def storage(tmp_path: Path) -> LocalStorage:
    return LocalStorage(tmp_path / "objects")


@pytest.fixture
def file_id(database: Database, cast: Cast, storage: Storage) -> uuid.UUID:
    with database.transaction() as session:
        made = builders.document(session, cast.sari, storage=storage)
        file = made.current_files[0]
        session.add(Reading(file_id=file.id))
        return file.id


class Reader:
    """Answers what it is told, and remembers what it was asked."""

    def __init__(self, answer: Paper | None = PAPER) -> None:
        self.answer = answer
        self.asked: list[tuple[bytes, int, FileRole]] = []

    def __call__(self, pdf: Path, pages: int, role: FileRole) -> Paper | None:
        self.asked.append((pdf.read_bytes(), pages, role))
        return self.answer


def reading_of(database: Database, file_id: uuid.UUID) -> Reading:
    with database.reading() as session:
        return session.get_one(Reading, file_id)


def test_keeps_what_was_read(database: Database, storage: Storage, file_id: uuid.UUID) -> None:
    reader = Reader()

    ReadingDesk(database, storage, reader).run({"file_id": str(file_id)})

    reading = reading_of(database, file_id)
    assert (reading.state, reading.fields, reading.engine) == (
        ReadingState.SELESAI,
        {"jp": "32"},
        "uji 1",
    )
    assert reader.asked == [(PDF, 1, FileRole.SERTIFIKAT)]


def test_finds_codes_by_their_hash_once_each(
    database: Database, storage: Storage, file_id: uuid.UUID
) -> None:
    ReadingDesk(database, storage, Reader()).run({"file_id": str(file_id)})

    with database.reading() as session:
        assert session.query(ReadCode).count() == 1


def test_a_second_run_reads_nothing(
    database: Database, storage: Storage, file_id: uuid.UUID
) -> None:
    desk = ReadingDesk(database, storage, reader := Reader())
    desk.run({"file_id": str(file_id)})

    desk.run({"file_id": str(file_id)})

    assert len(reader.asked) == 1


def test_a_run_that_was_overtaken_writes_the_same(
    database: Database, storage: Storage, file_id: uuid.UUID
) -> None:
    def overtaken(_pdf: Path, _pages: int, _role: FileRole) -> Paper:
        ReadingDesk(database, storage, Reader()).run({"file_id": str(file_id)})
        return PAPER

    ReadingDesk(database, storage, overtaken).run({"file_id": str(file_id)})

    assert reading_of(database, file_id).state is ReadingState.SELESAI


def test_what_cannot_be_read_says_so(
    database: Database, storage: Storage, file_id: uuid.UUID
) -> None:
    ReadingDesk(database, storage, Reader(None)).run({"file_id": str(file_id)})

    assert reading_of(database, file_id).state is ReadingState.GAGAL


def test_a_paper_without_bytes_cannot_be_read(
    database: Database, tmp_path: Path, file_id: uuid.UUID
) -> None:
    ReadingDesk(database, LocalStorage(tmp_path / "empty"), reader := Reader()).run(
        {"file_id": str(file_id)}
    )

    assert reading_of(database, file_id).state is ReadingState.GAGAL
    assert not reader.asked


def test_a_paper_thrown_away_meanwhile_is_left_alone(
    database: Database, storage: Storage, file_id: uuid.UUID
) -> None:
    def thrown_away(_pdf: Path, _pages: int, _role: FileRole) -> Paper:
        with database.transaction() as session:
            file = session.get_one(DocumentFile, file_id)
            document = session.get_one(Document, file.document_id)
            session.delete(file)
            session.flush()
            session.expire(document)
            session.delete(document)
        return PAPER

    ReadingDesk(database, storage, thrown_away).run({"file_id": str(file_id)})

    with database.reading() as session:
        assert session.get(Reading, file_id) is None


def test_an_unknown_paper_is_no_fault(database: Database, storage: Storage) -> None:
    ReadingDesk(database, storage, reader := Reader()).run({"file_id": str(uuid.uuid4())})

    assert not reader.asked


def test_a_store_that_is_away_is_asked_again(database: Database, file_id: uuid.UUID) -> None:
    class Away:
        def open(self, _key: str) -> object:
            raise Unavailable

    desk = ReadingDesk(database, Away(), Reader())  # type: ignore[arg-type]

    with pytest.raises(Unavailable):
        desk.run({"file_id": str(file_id)})
    assert reading_of(database, file_id).state is ReadingState.MENUNGGU


def test_giving_up_is_said(database: Database, storage: Storage, file_id: uuid.UUID) -> None:
    ReadingDesk(database, storage, Reader()).give_up({"file_id": str(file_id)})

    assert reading_of(database, file_id).state is ReadingState.GAGAL


def test_runs_in_the_lane_of_papers(
    app: object,
    database: Database,
    storage: Storage,
    file_id: uuid.UUID,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    queue: Queue = app.extensions["queue"]  # type: ignore[attr-defined]
    monkeypatch.setattr(ReadingDesk, "_read", lambda _desk, _file: PAPER)
    install(queue, database, storage)
    with database.transaction() as session:
        enqueue(session, KIND, {"file_id": str(file_id)})

    queue.run_due(Lane.BERKAS)

    with database.reading() as session:
        assert session.query(Job).filter(Job.done_at.is_(None)).count() == 0
    assert reading_of(database, file_id).state is ReadingState.SELESAI
