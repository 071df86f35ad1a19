"""Uploads become one stored paper: isolated, joined, hashed."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import threading
from pathlib import Path

import pikepdf
import pytest

from portal.documents import merging
from portal.documents.files import Source, page_key, pdf_key, thumb_key
from portal.documents.intake import Limits, turns
from portal.documents.models import DocumentFile
from portal.documents.scanning import Scanner, infected
from portal.errors import Unavailable
from portal.handin import uploads
from portal.handin.uploads import Incoming, Intake
from portal.storage import keys
from portal.storage.local import LocalStorage
from portal.vocabulary import FileRole
from tests.handin.support import in_process
from tests.support import hostile_files, sample_files

PHOTO = sample_files.jpeg(sample_files.certificate((400, 283)))
OTHER = sample_files.png(sample_files.certificate((400, 283), nomor="7"))


@pytest.fixture
def store(tmp_path: Path) -> LocalStorage:
    return LocalStorage(tmp_path / "objects")


@pytest.fixture
def intake(store: LocalStorage, monkeypatch: pytest.MonkeyPatch) -> Intake:
    monkeypatch.setattr(uploads, "convert_isolated", in_process)
    return Intake(store, Limits())


def incoming(*contents: bytes) -> list[Incoming]:
    return [Incoming(f"IMG_{n}.jpg", io.BytesIO(one)) for n, one in enumerate(contents)]


def as_row(stored: uploads.StoredFile) -> DocumentFile:
    return DocumentFile(
        id=stored.id,
        role=FileRole.SERTIFIKAT,
        pages=stored.pages,
        sizes=[list(size) for size in stored.sizes],
        size=stored.size,
        sha256_original=stored.sha256_original,
        sha256_stored=stored.sha256_stored,
        signed=stored.signed,
        original_names=list(stored.original_names),
    )


def addition(row: DocumentFile) -> uploads.Addition:
    return uploads.Addition(row, [Source(row.sha256_original, "sertifikat.jpg", 1000)])


def test_the_decoders_work_in_a_process_of_their_own(store: LocalStorage) -> None:
    received = Intake(store, Limits()).receive(incoming(PHOTO))

    assert received.stored is not None
    assert received.stored.pages == 1


def test_everything_about_a_paper_is_stored(intake: Intake, store: LocalStorage) -> None:
    stored = intake.receive(incoming(PHOTO, OTHER)).stored

    assert stored is not None
    names = (pdf_key(stored), page_key(stored, 1), page_key(stored, 2), thumb_key(stored))
    assert [store.exists(name) for name in names] == [True] * 4


def test_the_row_knows_the_hash_of_the_stored_bytes(intake: Intake, store: LocalStorage) -> None:
    stored = intake.receive(incoming(PHOTO, OTHER)).stored

    assert stored is not None
    with store.open(pdf_key(stored)) as stream:
        assert hashlib.sha256(stream.read()).hexdigest() == stored.sha256_stored


def test_the_hash_of_a_single_original_is_its_own(intake: Intake) -> None:
    stored = intake.receive(incoming(PHOTO)).stored

    assert stored is not None
    assert stored.sha256_original == hashlib.sha256(PHOTO).hexdigest()


def test_originals_are_dropped(intake: Intake, store: LocalStorage) -> None:
    stored = intake.receive(incoming(PHOTO)).stored

    assert stored is not None
    assert not store.exists(keys.original(stored.id, 1))


def test_originals_are_kept_where_the_agency_wants_them(
    intake: Intake, store: LocalStorage
) -> None:
    stored = Intake(store, Limits(), keep_originals=True).receive(incoming(PHOTO)).stored

    assert stored is not None
    with store.open(keys.original(stored.id, 1)) as stream:
        assert stream.read() == PHOTO


def test_kept_originals_stay_when_pages_are_added(intake: Intake, store: LocalStorage) -> None:
    keeping = Intake(store, Limits(), keep_originals=True)
    first = keeping.receive(incoming(PHOTO)).stored
    assert first is not None
    row = as_row(first)
    row.originals = first.originals

    second = keeping.receive(incoming(OTHER), after=addition(row)).stored

    assert second is not None
    with (
        store.open(keys.original(second.id, 1)) as one,
        store.open(keys.original(second.id, 2)) as two,
    ):
        assert (one.read(), two.read()) == (PHOTO, OTHER)


def test_a_pdf_and_photos_make_one_paper(intake: Intake, store: LocalStorage) -> None:
    stored = intake.receive(incoming(sample_files.pdf(2), PHOTO)).stored

    assert stored is not None
    with store.open(pdf_key(stored)) as stream, pikepdf.open(stream) as pdf:
        assert len(pdf.pages) == stored.pages == 3


def test_pages_are_added_after_those_that_are_there(intake: Intake) -> None:
    first = intake.receive(incoming(PHOTO)).stored
    assert first is not None

    second = intake.receive(incoming(OTHER), after=addition(as_row(first))).stored

    assert second is not None
    assert (second.pages, second.original_names) == (2, ("IMG_0.jpg", "IMG_0.jpg"))


def test_the_sum_of_the_pages_is_bounded(store: LocalStorage, intake: Intake) -> None:
    small = Intake(store, Limits(max_pages=2))
    first = small.receive(incoming(PHOTO, OTHER)).stored
    assert first is not None

    received = small.receive(incoming(PHOTO), after=addition(as_row(first)))

    assert received.stored is None
    assert received.refusals[0].startswith("Seluruhnya 3 halaman. Paling banyak 2 halaman.")


def test_says_so_when_no_turn_comes(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "_TURNS", threading.BoundedSemaphore(1))
    monkeypatch.setattr(turns, "WAIT_SECONDS", 0.01)

    with turns.turn(), pytest.raises(Unavailable, match="Banyak berkas sedang diolah"):
        intake.receive(incoming(PHOTO))


def test_gives_the_turn_back_after_a_refusal(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "_TURNS", threading.BoundedSemaphore(1))
    monkeypatch.setattr(turns, "WAIT_SECONDS", 0.01)

    assert intake.receive(incoming(b"", PHOTO)).stored is not None


def test_a_signed_pdf_is_kept_byte_for_byte(intake: Intake, store: LocalStorage) -> None:
    signed = sample_files.signed_pdf()

    stored = intake.receive(incoming(signed)).stored

    assert stored is not None
    with store.open(pdf_key(stored)) as stream:
        assert (stored.signed, stream.read()) == (True, signed)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>",
        hostile_files.gif(),
        hostile_files.truncated(PHOTO),
        sample_files.encrypted_pdf(),
        hostile_files.pdf_without_pages(),
    ],
    ids=["empty", "html", "gif", "truncated", "encrypted", "no pages"],
)
def test_a_file_that_cannot_be_used_takes_no_other_with_it(intake: Intake, content: bytes) -> None:
    received = intake.receive(incoming(PHOTO, content))

    assert received.stored is not None
    assert [text.split(":")[0] for text in received.refusals] == ["IMG_1.jpg"]


class Finder:
    """A scanner that finds something in every file that carries its mark."""

    def scan(self, path: Path) -> str | None:
        return "Uji.Tanda" if b"JAHAT" in path.read_bytes() else None


@pytest.fixture
def watchful(intake: Intake) -> Intake:
    return dataclasses.replace(intake, scanner=Finder())


def test_an_infected_file_is_left_out_and_named(watchful: Intake) -> None:
    received = watchful.receive(incoming(PHOTO, OTHER + b"JAHAT"))

    assert received.stored is not None
    assert (received.stored.pages, received.refusals) == (1, [infected("IMG_1.jpg", "Uji.Tanda")])


def test_an_infected_file_goes_to_quarantine(watchful: Intake, store: LocalStorage) -> None:
    (found,) = watchful.receive(incoming(PHOTO + b"JAHAT")).infected

    assert [info.key for info in store.iterate()] == [keys.quarantined(found.id)]


def test_nothing_passes_a_scanner_that_is_away(intake: Intake) -> None:
    unreachable = dataclasses.replace(intake, scanner=Scanner("unix:///tiada"))

    with pytest.raises(Unavailable, match="Pemeriksa virus"):
        unreachable.receive(incoming(PHOTO))


@pytest.mark.parametrize("content", [None, b"%PDF-1.7 lain"])
def test_no_page_is_added_to_a_paper_that_is_gone_or_changed(
    intake: Intake, store: LocalStorage, content: bytes | None
) -> None:
    row = as_row(intake.receive(incoming(PHOTO)).stored)
    if content is None:
        store.delete(pdf_key(row))
    else:
        digest = hashlib.sha256(content).hexdigest()
        store.put(pdf_key(row), content, "application/pdf", sha256=digest)

    received = intake.receive(incoming(OTHER), after=addition(row))

    assert (received.stored, received.refusals) == (None, [merging.LOST])


def test_added_pages_keep_the_originals_of_those_before(intake: Intake) -> None:
    first = intake.receive(incoming(PHOTO)).stored
    assert first is not None

    second = intake.receive(incoming(OTHER), after=addition(as_row(first))).stored

    assert second is not None
    assert [source.sha256 for source in second.sources] == [
        hashlib.sha256(content).hexdigest() for content in (PHOTO, OTHER)
    ]
