"""Choosing, adding and taking off papers in the form."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import Database
from portal.documents.models import DocumentFile
from portal.vocabulary import DocumentKind, FileRole
from tests.handin.going import OTHER, begin, files_in, photo, write
from tests.support import hostile_files, sample_files
from tests.support.app import Browser
from tests.support.cast import Cast
from tests.support.database import on_sqlite_alone

pytestmark = [on_sqlite_alone, pytest.mark.usefixtures("quick_intake")]


def test_several_photos_become_pages_of_one_paper(sari: Browser, database: Database) -> None:
    begin(sari, sertifikat=[photo(), photo(OTHER, "belakang.jpg")])

    assert [file.pages for file in _files(database)] == [2]


def test_pages_can_be_added_photo_by_photo(sari: Browser, database: Database) -> None:
    sari.get("documents.new", jenis="seminar")
    sari.submit("Simpan, lalu tambah halaman", sertifikat=photo())

    sari.submit("Lanjut", tambah_sertifikat=photo(OTHER))

    assert [(file.pages, len(file.original_names)) for file in _files(database)] == [(2, 2)]


def test_adding_a_page_twice_by_a_double_tap_adds_it_once(
    sari: Browser, database: Database
) -> None:
    sari.get("documents.new", jenis="seminar")
    page = sari.submit("Simpan, lalu tambah halaman", sertifikat=photo())
    address = str(page.one("form[enctype]")["action"])
    seen = {"isi_sertifikat": page.one("input[name=isi_sertifikat]")["value"]}
    sari.post(path=address, data={**seen, "tambah_sertifikat": photo(OTHER)})

    sari.post(path=address, data={**seen, "tambah_sertifikat": photo(OTHER)})

    assert [file.pages for file in _files(database)] == [2]


def test_every_page_of_a_paper_can_be_looked_at(sari: Browser, database: Database) -> None:
    begin(sari, sertifikat=[photo(), photo(OTHER)])
    file = _files(database)[0]

    answer = sari.client.get(f"/dokumen/{file.document_id}/berkas/{file.id}/halaman/2")

    assert (answer.status_code, answer.mimetype) == (200, "image/webp")


def test_a_refused_file_is_named_and_the_others_are_kept(sari: Browser, database: Database) -> None:
    page = begin(
        sari, expect=422, sertifikat=[photo(), photo(b"", "kosong.jpg"), photo(OTHER, "b.jpg")]
    )

    assert [file.pages for file in _files(database)] == [2]
    assert "kosong.jpg: Berkas kosong (0 byte)" in page.text


def test_a_refused_first_file_begins_no_item(sari: Browser, database: Database) -> None:
    page = begin(sari, expect=422, sertifikat=photo(b"<html>halo</html>", "sertifikat.pdf"))

    assert files_in(database) == 0
    assert "sertifikat.pdf:" in page.text


def test_no_file_at_all_is_asked_for(sari: Browser) -> None:
    sari.get("documents.new", jenis="seminar")

    page = sari.submit("Lanjut", expect=422)

    assert "Belum ada berkas" in page.text


def test_too_many_photos_are_counted_aloud(sari: Browser) -> None:
    page = begin(sari, expect=422, sertifikat=[photo() for _ in range(21)])

    assert "Anda memilih 21 berkas. Paling banyak 20" in page.text


def test_a_signed_pdf_takes_no_further_page(sari: Browser, database: Database) -> None:
    page = begin(
        sari, expect=422, sertifikat=[photo(sample_files.signed_pdf(), "ttd.pdf"), photo()]
    )

    assert "bertanda tangan digital tidak dapat digabung" in page.text


def test_the_name_of_a_file_is_only_data(sari: Browser, database: Database) -> None:
    begin(sari, sertifikat=photo(name="../../etc/\u202egpj.<b>x</b>.jpg"))

    assert "/" not in _files(database)[0].original_names[0]


def test_an_ijazah_needs_its_transcript(sari: Browser, database: Database) -> None:
    page = begin(sari, "ijazah", expect=303, ijazah=photo(), transkrip=photo(OTHER))

    assert page.h1 == "Isi data"
    assert {file.role for file in _files(database)} == {FileRole.IJAZAH, FileRole.TRANSKRIP}


def test_the_ijazah_is_kept_when_the_transcript_is_refused(
    sari: Browser, database: Database
) -> None:
    begin(sari, "ijazah", expect=422, ijazah=photo(), transkrip=photo(hostile_files.gif()))

    assert [file.role for file in _files(database)] == [FileRole.IJAZAH]


def test_the_missing_transcript_is_asked_for_before_the_data(
    sari: Browser, database: Database, cast: Cast, app: Flask
) -> None:
    key = write(database, cast, app, kind=DocumentKind.IJAZAH, jenis=None)
    sari.get("documents.files", document_id=key)

    page = sari.submit("Lanjut", expect=422, ijazah=photo())

    assert "Transkrip nilai belum ada" in page.text


def test_a_paper_can_be_taken_off(
    sari: Browser, database: Database, cast: Cast, app: Flask
) -> None:
    key = write(database, cast, app)
    sari.get("documents.files", document_id=key)

    sari.submit("Hapus berkas ini")

    assert files_in(database) == 0


def _files(database: Database) -> list[DocumentFile]:
    with database.transaction() as session:
        rows = session.scalars(select(DocumentFile).where(DocumentFile.superseded_at.is_(None)))
        return list(rows)
