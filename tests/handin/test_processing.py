"""The job that makes papers: every order ends, in the words of whoever waits for it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal import audit
from portal.db import Database, now
from portal.documents import scanning
from portal.documents.arrivals import Original, Processing, Reading, Upload
from portal.documents.intake import isolated
from portal.documents.models import Document, DocumentFile
from portal.errors import Unavailable
from portal.handin import actions, making, orders, processing
from portal.handin.papers import READING
from portal.handin.processing import Workshop
from portal.jobs import STALE, Job, Lane, Queue
from portal.settings import Settings
from portal.storage import keys
from portal.storage.local import LocalStorage
from portal.vocabulary import FileRole, ProcessingState
from tests.handin.support import complete, draft, in_process, stored
from tests.support import hostile_files, sample_files
from tests.support.cast import TODAY, Cast
from tests.support.database import on_postgresql_alone

PHOTO = sample_files.jpeg(sample_files.certificate((400, 283)))
OTHER = sample_files.png(sample_files.certificate((400, 283), nomor="7"))
PART = 20_000
"""Bytes of a part: the photos above have several."""


class Desk:
    """A phone that sent its files, and the worker that makes papers of them."""

    def __init__(self, database: Database, storage: LocalStorage, cast: Cast, queue: Queue) -> None:
        self.database = database
        self.storage = storage
        self.cast = cast
        self.queue = queue
        with database.transaction() as session:
            self.document_id = draft(session, cast.sari).id

    def upload(self, content: bytes, **values: object) -> Upload:
        """The parts of a file, all in the store."""
        made = {
            "id": uuid.uuid4(),
            "document_id": self.document_id,
            "sender_id": self.cast.sari.pegawai_id,
            "name": "IMG_1.jpg",
            "content_type": "image/jpeg",
            "size": len(content) or 1,
            "sha256": hashlib.sha256(content).hexdigest(),
            "part_size": PART,
            "completed_at": now(),
        }
        upload = Upload(**made | values)
        for number in range(1, upload.parts + 1):
            part = content[(number - 1) * PART : number * PART]
            digest = hashlib.sha256(part).hexdigest()
            self.storage.put(
                keys.part(upload.id, number), part, "application/octet-stream", sha256=digest
            )
        with self.database.transaction() as session:
            session.add(upload)
        return upload

    def order(self, *uploads: Upload, turn: int = 0, **values: object) -> uuid.UUID:
        """An order for a paper of these files."""
        made = Processing(
            id=uuid.uuid4(),
            document_id=self.document_id,
            sender_id=self.cast.sari.pegawai_id,
            role=FileRole.SERTIFIKAT,
            pages=[{"unggahan": str(upload.id), "putar": turn} for upload in uploads],
            **values,
        )
        with self.database.transaction() as session:
            session.add(made)
            session.flush()
            processing.order(session, made)
        return made.id

    def outcome(self, order_id: uuid.UUID) -> Processing:
        with self.database.reading() as session:
            return session.get_one(Processing, order_id)

    def made_of(self, *contents: bytes) -> Processing:
        """What became of an order for these files."""
        order_id = self.order(*(self.upload(content) for content in contents))
        self.queue.run_due(Lane.BERKAS)
        return self.outcome(order_id)

    def file(self) -> DocumentFile:
        with self.database.reading() as session:
            return session.scalars(
                select(DocumentFile).where(
                    DocumentFile.document_id == self.document_id,
                    DocumentFile.superseded_at.is_(None),
                )
            ).one()


@pytest.fixture
def store(tmp_path: Path) -> LocalStorage:
    return LocalStorage(tmp_path / "objects")


@pytest.fixture
def queue(
    settings: Settings, database: Database, store: LocalStorage, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Queue]:
    monkeypatch.setattr(processing, "convert_isolated", in_process)
    queue = Queue(settings, database)
    processing.install(queue, database, store, settings)
    yield queue
    queue.close()


@pytest.fixture
def desk(database: Database, store: LocalStorage, cast: Cast, queue: Queue) -> Desk:
    return Desk(database, store, cast, queue)


def test_a_file_in_parts_becomes_the_paper_of_the_item(desk: Desk) -> None:
    outcome = desk.made_of(PHOTO)

    assert (outcome.state, outcome.file_id) == (ProcessingState.SIAP, desk.file().id)


def test_photos_and_a_pdf_become_one_paper(desk: Desk) -> None:
    desk.made_of(PHOTO, sample_files.pdf(2), OTHER)

    assert desk.file().pages == 4


def test_the_pages_are_turned_as_ordered(desk: Desk) -> None:
    desk.order(desk.upload(PHOTO), turn=90)
    desk.queue.run_due()

    (width, height), *_ = desk.file().sizes
    assert width < height


def test_the_same_photo_turned_anew_is_another_paper(desk: Desk) -> None:
    upload = desk.upload(PHOTO)
    desk.order(upload)
    desk.queue.run_due()
    desk.order(upload, turn=180)
    desk.queue.run_due()

    with desk.database.reading() as session:
        made = session.scalars(select(Processing).order_by(Processing.created_at)).all()
    assert [one.file_id == desk.file().id for one in made] == [False, True]


def test_what_came_in_is_written_down(desk: Desk, database: Database) -> None:
    uploads = [desk.upload(PHOTO, sha256_source="a" * 64), desk.upload(OTHER, name="../DUA.PNG")]
    desk.order(*uploads)
    desk.queue.run_due()

    with database.reading() as session:
        rows = session.scalars(select(Original).order_by(Original.number)).all()
    assert [(row.sha256, row.sha256_source, row.name, row.size) for row in rows] == [
        (hashlib.sha256(PHOTO).hexdigest(), "a" * 64, "IMG_1.jpg", len(PHOTO)),
        (hashlib.sha256(OTHER).hexdigest(), None, "DUA.PNG", len(OTHER)),
    ]


def test_every_stored_object_is_written_down_with_its_hash(
    desk: Desk, database: Database, store: LocalStorage
) -> None:
    desk.made_of(PHOTO, OTHER)

    folder = keys.folder(desk.file().id)
    there = {}
    for info in store.iterate(folder):
        with store.open(info.key) as stream:
            name = info.key.removeprefix(folder)
            there[name] = hashlib.file_digest(stream, "sha256").hexdigest()
    with database.reading() as session:
        assert session.scalars(select(DocumentFile.objects)).one() == there


def test_the_look_of_the_paper_is_written_down_whole_and_in_thirds(desk: Desk) -> None:
    desk.made_of(PHOTO)

    file = desk.file()
    assert file.dhash is not None
    whole = (file.dhash_a << 42) | (file.dhash_b << 21) | file.dhash_c
    assert f"{whole:016x}" == file.dhash


def test_an_order_is_carried_out_once(desk: Desk) -> None:
    desk.made_of(PHOTO)
    first = desk.file().id
    with desk.database.transaction() as session:
        session.execute(update(Job).values(done_at=None, started_at=None))
    desk.queue.run_due()

    assert desk.file().id == first


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (hostile_files.HTML, "Berkas ini halaman web (HTML)"),
        (hostile_files.truncated(PHOTO), "Foto tidak dapat dibuka"),
        (sample_files.encrypted_pdf(), "PDF ini dikunci kata sandi"),
    ],
)
def test_a_refusal_is_told_in_its_own_sentence(desk: Desk, content: bytes, sentence: str) -> None:
    outcome = desk.made_of(content)

    assert outcome.state is ProcessingState.GAGAL
    assert outcome.message.startswith(sentence)


def test_bytes_that_changed_on_the_way_are_sent_again(desk: Desk) -> None:
    upload = desk.upload(PHOTO, sha256="0" * 64)
    order_id = desk.order(upload)
    desk.queue.run_due()

    assert desk.outcome(order_id).message == (
        "Berkas “IMG_1.jpg” berubah di perjalanan. Kirim ulang."
    )


def test_of_bytes_that_changed_no_part_stays(desk: Desk, store: LocalStorage) -> None:
    desk.order(desk.upload(PHOTO, sha256="0" * 64))
    desk.queue.run_due()

    assert list(store.iterate("uploads/")) == []


def test_a_missing_part_is_asked_for_again(
    desk: Desk, store: LocalStorage, database: Database
) -> None:
    upload = desk.upload(PHOTO)
    store.delete(keys.part(upload.id, 1))
    order_id = desk.order(upload)
    desk.queue.run_due()

    with database.reading() as session:
        completed = session.scalars(select(Upload.completed_at)).one()
    assert (desk.outcome(order_id).message, completed) == (
        "Berkas “IMG_1.jpg” belum sampai seluruhnya. Kirim ulang.",
        None,
    )


def test_files_of_another_item_are_not_taken(desk: Desk, database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        foreign = draft(session, cast.tono).id
    upload = desk.upload(PHOTO, document_id=foreign, sender_id=cast.tono.pegawai_id)
    order_id = desk.order(upload)
    desk.queue.run_due()

    assert desk.outcome(order_id).state is ProcessingState.GAGAL


def test_a_later_order_for_the_same_paper_wins(desk: Desk) -> None:
    first = desk.order(desk.upload(PHOTO), created_at=now() - dt.timedelta(seconds=5))
    second = desk.order(desk.upload(OTHER))
    desk.queue.run_due()

    assert [desk.outcome(one).state for one in (first, second)] == [
        ProcessingState.GAGAL,
        ProcessingState.SIAP,
    ]


def test_a_paper_of_the_form_wins_over_an_order_that_waited(
    desk: Desk, database: Database, cast: Cast
) -> None:
    """No worker was there, and the person found another way."""
    order_id = desk.order(desk.upload(PHOTO))
    with database.transaction() as session:
        document = session.get_one(Document, desk.document_id)
        kept = actions.attach(session, cast.sari, document, FileRole.SERTIFIKAT, stored("lain")).id
    desk.queue.run_due()

    assert (desk.outcome(order_id).message, desk.file().id) == (orders.REPLACED, kept)


def test_whoever_found_another_way_waits_for_no_order(
    desk: Desk, database: Database, cast: Cast
) -> None:
    desk.order(desk.upload(PHOTO))
    with database.transaction() as session:
        document = session.get_one(Document, desk.document_id)
        actions.attach(session, cast.sari, document, FileRole.SERTIFIKAT, stored("lain"))

        assert making.of_item(session, document) == []


def test_an_order_begun_by_a_slow_clock_is_not_overtaken_by_the_one_before(desk: Desk) -> None:
    desk.made_of(PHOTO)
    order_id = desk.order(desk.upload(OTHER), created_at=now() - dt.timedelta(milliseconds=1))
    with desk.database.transaction() as session:
        session.execute(update(DocumentFile).values(created_at=now() + dt.timedelta(seconds=1)))
    desk.queue.run_due()

    assert desk.outcome(order_id).state is ProcessingState.SIAP


def test_a_paper_that_was_handed_in_before_is_refused_with_its_receipt(
    desk: Desk, database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        earlier = complete(session, cast.sari, content="lama")
        session.add(
            Original(
                file_id=earlier.current_files[0].id,
                number=1,
                sha256=hashlib.sha256(PHOTO).hexdigest(),
                size=1,
            )
        )
        actions.submit(session, cast.sari, earlier, today=TODAY)
        receipt = earlier.receipt

    assert f"nomor terima {receipt}" in desk.made_of(PHOTO, OTHER).message


def test_an_item_that_was_handed_in_meanwhile_stays_as_it_is(
    desk: Desk, database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        document = complete(session, cast.sari)
        actions.submit(session, cast.sari, document, today=TODAY)
        desk.document_id = document.id

    assert "berstatus “Diajukan”" in desk.made_of(PHOTO).message


def test_a_deleted_draft_needs_no_paper(desk: Desk, database: Database, cast: Cast) -> None:
    order_id = desk.order(desk.upload(PHOTO))
    with database.transaction() as session:
        actions.discard(session, cast.sari, session.get_one(Document, desk.document_id))
    desk.queue.run_due()

    with database.reading() as session:
        assert (session.get(Processing, order_id), session.scalars(select(Job.error)).one()) == (
            None,
            "",
        )


def test_a_store_that_is_away_only_takes_longer(
    desk: Desk, store: LocalStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = desk.order(desk.upload(PHOTO))

    def away(*_args: object, **_options: object) -> None:
        raise Unavailable

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(LocalStorage, "put", away)
        desk.queue.run_due()
    assert desk.outcome(order_id).state is ProcessingState.DIPROSES
    with desk.database.transaction() as session:
        session.execute(update(Job).values(run_after=now()))
    desk.queue.run_due()
    assert desk.outcome(order_id).state is ProcessingState.SIAP


@pytest.fixture
def away(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Callable[[dt.timedelta], uuid.UUID]:
    """Has an order of this age meet a store that is away."""

    def unreachable(*_args: object, **_options: object) -> None:
        raise Unavailable

    def meet(age: dt.timedelta) -> uuid.UUID:
        order_id = desk.order(desk.upload(PHOTO), created_at=now() - age)
        with monkeypatch.context() as meanwhile:
            meanwhile.setattr(LocalStorage, "put", unreachable)
            desk.queue.run_due()
        return order_id

    return meet


def waits(desk: Desk) -> list[dt.timedelta]:
    """How long the orders that are left rest."""
    with desk.database.reading() as session:
        jobs = session.scalars(select(Job.run_after).where(Job.done_at.is_(None)))
        return [moment - now() for moment in jobs]


@pytest.mark.parametrize(
    ("age", "least", "most"), [(0, 4, 6), (60, 58, 62), (600, 590, 610), (30_000, 890, 910)]
)
def test_the_longer_a_store_is_away_the_longer_an_order_rests(
    desk: Desk, away: Callable[[dt.timedelta], uuid.UUID], age: int, least: int, most: int
) -> None:
    away(dt.timedelta(seconds=age))

    (rest,) = waits(desk)

    assert least <= rest.total_seconds() <= most


def test_who_waits_for_a_store_is_told_that_the_portal_tries_again(
    desk: Desk, away: Callable[[dt.timedelta], uuid.UUID]
) -> None:
    order_id = away(dt.timedelta(hours=3))

    outcome = desk.outcome(order_id)

    assert (outcome.state, outcome.message) == (ProcessingState.DIPROSES, processing.WAITING)


def test_a_store_that_is_back_after_hours_still_makes_the_paper(
    desk: Desk, away: Callable[[dt.timedelta], uuid.UUID]
) -> None:
    order_id = away(dt.timedelta(hours=11))
    with desk.database.transaction() as session:
        session.execute(update(Job).where(Job.done_at.is_(None)).values(run_after=now()))

    desk.queue.run_due()

    outcome = desk.outcome(order_id)
    assert (outcome.state, outcome.message) == (ProcessingState.SIAP, "")


def test_a_store_that_stays_away_ends_the_order_after_half_a_day(
    desk: Desk, away: Callable[[dt.timedelta], uuid.UUID]
) -> None:
    order_id = away(processing.WAIT)

    outcome = desk.outcome(order_id)

    assert (outcome.state, outcome.message) == (ProcessingState.GAGAL, processing.GIVEN_UP)
    assert waits(desk) == []


def test_an_order_that_killed_its_workers_is_answered(desk: Desk) -> None:
    order_id = desk.order(desk.upload(PHOTO))
    with desk.database.transaction() as session:
        long_ago = now() - STALE - dt.timedelta(seconds=1)
        session.execute(update(Job).values(started_at=long_ago, attempts=processing.ATTEMPTS))
    desk.queue.run_due()

    outcome = desk.outcome(order_id)
    assert (outcome.state, outcome.message) == (ProcessingState.GAGAL, processing.GIVEN_UP)


def test_a_worker_that_was_killed_is_followed_by_another_soon(desk: Desk) -> None:
    order_id = desk.order(desk.upload(PHOTO))
    with desk.database.transaction() as session:
        long_ago = now() - STALE - dt.timedelta(seconds=1)
        session.execute(update(Job).values(started_at=long_ago, attempts=1))
    desk.queue.run_due()

    assert desk.outcome(order_id).state is ProcessingState.SIAP


@on_postgresql_alone
def test_of_two_workers_at_once_one_attaches_the_paper(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = desk.order(desk.upload(PHOTO))
    convert = processing.convert_isolated

    def overtaken(*args: object, **options: object) -> object:
        monkeypatch.setattr(processing, "convert_isolated", convert)
        workshop(desk).run({"id": str(order_id)})
        return convert(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(processing, "convert_isolated", overtaken)
    workshop(desk).run({"id": str(order_id)})

    assert desk.outcome(order_id).file_id == desk.file().id


def workshop(desk: Desk) -> Workshop:
    return Workshop(desk.database, desk.storage, processing.Limits(), desk.queue)


def test_the_reading_is_ordered_where_somebody_reads(desk: Desk, database: Database) -> None:
    seen: list[dict[str, object]] = []
    desk.queue.handle(READING, seen.append, lane=Lane.BERKAS, rank=1)
    desk.made_of(PHOTO)

    with database.reading() as session:
        waiting = session.scalars(select(Reading.file_id)).all()
    assert ([{"file_id": str(one)} for one in waiting], len(seen)) == (seen, 1)


def test_nothing_is_ordered_where_nobody_reads(desk: Desk, database: Database) -> None:
    desk.made_of(PHOTO)

    with database.reading() as session:
        assert session.scalars(select(Reading)).all() == []


def test_the_originals_are_kept_by_a_setting(desk: Desk, store: LocalStorage) -> None:
    keeping = dataclasses.replace(workshop(desk), keep_originals=True)
    order_id = desk.order(desk.upload(PHOTO), desk.upload(OTHER))
    keeping.run({"id": str(order_id)})

    kept = [key for key in (one.key for one in store.iterate("documents/")) if "original-" in key]
    assert (len(kept), desk.file().originals) == (2, 2)


def test_no_paper_stays_in_the_temporary_folder(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "sementara"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    desk.made_of(PHOTO, b"rusak")

    assert list(folder.iterdir()) == []


def test_a_conversion_has_a_process_of_its_own(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processing, "convert_isolated", isolated.convert_isolated)

    assert desk.made_of(PHOTO, OTHER).state is ProcessingState.SIAP


class Finder:
    """A scanner that finds something in every file that carries its mark."""

    def scan(self, path: Path) -> str | None:
        return "Uji.Tanda" if b"JAHAT" in path.read_bytes() else None


@pytest.fixture
def scanned(desk: Desk) -> Callable[[bytes], Processing]:
    """What a workshop with a scanner makes of a file."""

    def act(content: bytes) -> Processing:
        order_id = desk.order(desk.upload(content))
        watchful = dataclasses.replace(workshop(desk), scanner=Finder())
        watchful.run({"id": str(order_id)})
        return desk.outcome(order_id)

    return act


Scanned = Callable[[bytes], Processing]


def test_a_clean_file_passes_the_scanner(scanned: Scanned) -> None:
    assert scanned(PHOTO).state is ProcessingState.SIAP


def test_an_infected_file_is_told_plainly(scanned: Scanned) -> None:
    outcome = scanned(PHOTO + b"JAHAT")

    assert (outcome.state, outcome.message) == (
        ProcessingState.KARANTINA,
        scanning.infected("IMG_1.jpg", "Uji.Tanda"),
    )


def test_an_infected_file_lies_in_quarantine_alone(scanned: Scanned, store: LocalStorage) -> None:
    scanned(PHOTO + b"JAHAT")

    (info,) = store.iterate()
    assert info.key.startswith("quarantine/")


def test_an_infected_file_stands_in_the_audit(
    scanned: Scanned, desk: Desk, session: Session
) -> None:
    scanned(PHOTO + b"JAHAT")

    line = audit.history(session, desk.document_id)[-1]
    assert (line.action, line.facts["temuan"]) == ("upload:quarantined", "Uji.Tanda")


def test_a_find_is_told_before_its_parts_go(
    scanned: Scanned, desk: Desk, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that is killed on the way leaves a line about what lies in quarantine."""

    def killed(*_args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(processing, "drop_parts", killed)
    with pytest.raises(KeyboardInterrupt):
        scanned(PHOTO + b"JAHAT")

    assert audit.history(session, desk.document_id)[-1].action == "upload:quarantined"
