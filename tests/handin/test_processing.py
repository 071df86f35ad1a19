"""The job that makes papers: every order ends, in the words of whoever waits for it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from pathlib import Path

import pytest
from sqlalchemy import select, update

from portal.accounts.models import Akun
from portal.db import Database, now
from portal.documents.arrivals import Original, Processing, Reading, Upload
from portal.documents.models import Document, DocumentFile
from portal.handin import actions, making, orders
from portal.handin.papers import READING
from portal.handin.processing import LOCKED_OUT
from portal.jobs import Job, Lane
from portal.storage import keys
from portal.storage.local import LocalStorage
from portal.vocabulary import FileRole, ProcessingState
from tests.handin.paper_desk import Desk, workshop
from tests.handin.support import SEMINAR, complete, draft, stored
from tests.support import hostile_files, sample_files
from tests.support.cast import TODAY, Cast

PHOTO = sample_files.jpeg(sample_files.certificate((400, 283)))
OTHER = sample_files.png(sample_files.certificate((400, 283), nomor="7"))


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
        other = draft(session, cast.sari).id
    order_id = desk.order(desk.upload(PHOTO, document_id=other))
    desk.queue.run_due()

    assert desk.outcome(order_id).state is ProcessingState.GAGAL


def test_files_that_another_person_sent_are_not_taken(desk: Desk, cast: Cast) -> None:
    order_id = desk.order(desk.upload(PHOTO, sender_id=cast.oki.pegawai_id))
    desk.queue.run_due()

    assert desk.outcome(order_id).state is ProcessingState.GAGAL


def test_an_order_of_a_closed_account_is_refused_and_says_so(
    desk: Desk, database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        session.get_one(Akun, cast.sari.akun_id).aktif = False

    outcome = desk.made_of(PHOTO)

    assert (outcome.state, outcome.message) == (ProcessingState.GAGAL, LOCKED_OUT)


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


def test_a_second_paper_of_other_photos_is_handed_in_too(
    desk: Desk, database: Database, cast: Cast
) -> None:
    for photo in (PHOTO, OTHER):
        with database.transaction() as session:
            desk.document_id = draft(session, cast.sari).id
        desk.made_of(photo)
        with database.transaction() as session:
            document = session.get_one(Document, desk.document_id)
            actions.fill(session, cast.sari, document, SEMINAR)
            actions.submit(session, cast.sari, document, today=TODAY)

            assert document.receipt


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
