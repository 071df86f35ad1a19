"""An S3 that goes away in mid-flow costs nobody a word; all goes on when it is back."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import Database
from portal.documents.models import DocumentFile
from portal.settings import Settings
from portal.vocabulary import DocumentState
from scripts.rgw_local import Credentials
from tests.handin.going import DATA, OTHER, begin, files_in, only, photo
from tests.support import sample_files
from tests.support.app import Browser
from tests.support.database import on_sqlite_alone
from tests.support.line import Line, line_to

pytestmark = [
    on_sqlite_alone,
    pytest.mark.usefixtures("quick_intake"),
    pytest.mark.xdist_group("s3"),
]
AWAY = "Penyimpanan berkas sedang tidak terjangkau. Isian Anda tersimpan; coba lagi"
LARGE = sample_files.jpeg(sample_files.certificate((2400, 1697), nomor="dua megabita"))


@pytest.fixture
def line(rgw: Credentials) -> Iterator[Line]:
    """Between the portal and its store."""
    address = urlsplit(rgw.endpoint)
    assert address.hostname
    assert address.port
    with line_to(address.hostname, address.port) as line:
        yield line


@pytest.fixture
def settings(settings: Settings, bucket: Credentials, line: Line) -> Settings:
    """Of a portal whose store lies at the other end of the line."""
    through = dataclasses.replace(bucket, endpoint=f"http://127.0.0.1:{line.port}")
    return dataclasses.replace(settings, object_store_url=through.url)


def papers_in(app: Flask) -> list[str]:
    """Papers in the store; pictures of one that never came are swept after a day."""
    found = [one.key for one in app.extensions["storage"].iterate()]
    return [key for key in found if not key.endswith(".webp")]


def pages_of(database: Database) -> list[int]:
    with database.transaction() as session:
        return list(
            session.scalars(select(DocumentFile.pages).where(DocumentFile.superseded_at.is_(None)))
        )


def draft_with_data(sari: Browser, database: Database) -> None:
    begin(sari)
    sari.submit("Lanjut", **DATA)
    sari.get("documents.files", document_id=only(database).id)


def test_a_further_page_waits_until_the_store_is_back(
    sari: Browser, database: Database, line: Line
) -> None:
    draft_with_data(sari, database)
    line.cut()

    refused = sari.submit("Lanjut", expect=503, tambah_sertifikat=photo(OTHER))
    line.mend()
    sari.submit("Lanjut", tambah_sertifikat=photo(OTHER))

    assert AWAY in refused.text
    assert pages_of(database) == [2]


def test_the_draft_is_as_it_was_while_the_store_is_away(
    sari: Browser, database: Database, line: Line
) -> None:
    draft_with_data(sari, database)
    line.cut()

    sari.submit("Lanjut", expect=503, tambah_sertifikat=photo(OTHER))

    page = sari.get("documents.edit", document_id=only(database).id)
    assert {name: page.one(f"[name={name}]").get("value") for name in ("nama", "nomor")} == {
        name: DATA[name] for name in ("nama", "nomor")
    }
    assert pages_of(database) == [1]


def test_the_draft_is_handed_in_after_the_store_came_back(
    sari: Browser, database: Database, line: Line
) -> None:
    draft_with_data(sari, database)
    line.cut()
    sari.submit("Lanjut", expect=503, tambah_sertifikat=photo(OTHER))
    line.mend()

    sari.submit("Lanjut", tambah_sertifikat=photo(OTHER))
    sari.get("documents.review", document_id=only(database).id)
    sari.submit("Ajukan", benar="y")

    assert only(database).state is DocumentState.DIAJUKAN


def test_a_first_photo_finds_its_item_when_the_store_is_back(
    sari: Browser, database: Database, line: Line
) -> None:
    sari.get("documents.new", jenis="seminar")
    line.cut()
    refused = sari.submit("Lanjut", expect=503, sertifikat=photo())
    line.mend()

    sari.submit("Lanjut", sertifikat=photo())

    assert str(only(database).id) == refused.one("input[name=id]")["value"]
    assert files_in(database) == 1


def test_a_line_that_breaks_within_a_photo_leaves_no_half_of_it(
    sari: Browser, database: Database, app: Flask, line: Line
) -> None:
    sari.get("documents.new", jenis="seminar")
    line.cut_after(40_000)

    refused = sari.submit("Lanjut", expect=503, sertifikat=photo(LARGE))
    line.mend()

    assert AWAY in refused.text
    assert (files_in(database), papers_in(app)) == (0, [])


def test_the_item_opens_while_its_pictures_are_away(
    sari: Browser, database: Database, line: Line
) -> None:
    draft_with_data(sari, database)
    line.cut()

    page = sari.get("documents.show", document_id=only(database).id)

    assert DATA["nama"] in page.text


def test_the_portal_is_ready_again_when_the_store_is_back(
    sari: Browser, database: Database, line: Line
) -> None:
    line.cut()
    away = sari.client.get("/readyz")
    line.mend()

    back = sari.client.get("/readyz")

    assert (away.status_code, back.status_code) == (503, 200)
