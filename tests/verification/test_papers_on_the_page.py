"""The papers of an item, as the desk opens them."""

from __future__ import annotations

import uuid

import pytest
from flask import Flask
from sqlalchemy import select

from portal.audit import AuditEntry
from portal.db import Database
from portal.documents.models import Document, DocumentFile
from portal.vocabulary import DocumentKind, FileRole
from tests.support import builders
from tests.support.app import Browser
from tests.support.cast import Cast
from tests.support.database import on_sqlite_alone
from tests.verification.conftest import Make

pytestmark = on_sqlite_alone


class TestPapers:
    def addresses(self, database: Database, item: uuid.UUID) -> tuple[str, str]:
        with database.reading() as session:
            file = session.scalars(
                select(DocumentFile.id).where(DocumentFile.document_id == item)
            ).one()
        pdf = f"/verifikasi/{item}/berkas/{file}"
        return pdf, f"{pdf}/halaman/1"

    def readings(self, database: Database, item: uuid.UUID) -> list[uuid.UUID | None]:
        with database.reading() as session:
            statement = select(AuditEntry.actor_id).where(
                AuditEntry.action == "document:read", AuditEntry.subject_id == item
            )
            return list(session.scalars(statement))

    def test_pages_and_pdf_are_shown_and_each_way_of_reading_is_noted_once(
        self, browser: Browser, cast: Cast, make: Make, database: Database
    ) -> None:
        item = make(cast.sari)
        browser.enter(cast.vera)

        types = []
        for address in self.addresses(database, item) * 2:
            with browser.client.get(address) as answer:
                types.append((answer.status_code, answer.mimetype))

        assert types == [(200, "application/pdf"), (200, "image/webp")] * 2
        assert self.readings(database, item) == [cast.vera.pegawai_id] * 2

    def test_each_reader_is_noted(
        self, browser: Browser, second_browser: Browser, cast: Cast, make: Make, database: Database
    ) -> None:
        item = make(cast.sari)
        for window, who in ((browser, cast.vera), (second_browser, cast.aud)):
            window.login(who)
            window.client.get(self.addresses(database, item)[1]).close()

        assert self.readings(database, item) == [cast.vera.pegawai_id, cast.aud.pegawai_id]

    def test_a_signed_pdf_is_shown_as_pictures_only(
        self, browser: Browser, cast: Cast, make: Make, database: Database
    ) -> None:
        item = make(cast.sari)
        with database.transaction() as session:
            session.scalars(
                select(DocumentFile).where(DocumentFile.document_id == item)
            ).one().signed = True
        browser.enter(cast.vera)

        desk = browser.get("verification.item", document_id=item)
        statuses = []
        for address in self.addresses(database, item):
            with browser.client.get(address) as answer:
                statuses.append(answer.status_code)

        assert (statuses, "Buka berkas" in desk.text) == ([404, 200], False)

    @pytest.mark.parametrize("who", ["sari", "tono", "oki", "ani", "kepala"])
    def test_nobody_else_reads_them_here(
        self, browser: Browser, cast: Cast, make: Make, database: Database, who: str
    ) -> None:
        item = make(cast.sari)
        browser.enter(cast.everybody[who])

        statuses = [
            browser.client.get(address).status_code for address in self.addresses(database, item)
        ]

        assert statuses == [403, 403]

    def test_out_of_reach_they_are_not_there_and_nothing_is_noted(
        self, browser: Browser, cast: Cast, make: Make, database: Database
    ) -> None:
        item = make(cast.tono)
        browser.enter(cast.vivi)

        statuses = [
            browser.client.get(address).status_code for address in self.addresses(database, item)
        ]

        assert (statuses, self.readings(database, item)) == ([404, 404], [])

    @pytest.mark.parametrize("page", [0, 2, 999])
    def test_a_page_that_is_not_in_the_file_is_not_there(
        self, browser: Browser, cast: Cast, make: Make, database: Database, page: int
    ) -> None:
        item = make(cast.sari)
        browser.enter(cast.vera)
        address = self.addresses(database, item)[0]

        assert browser.client.get(f"{address}/halaman/{page}").status_code == 404

    def test_the_papers_of_an_ijazah_have_their_names(
        self, app: Flask, browser: Browser, cast: Cast, make: Make, database: Database
    ) -> None:
        item = make(cast.sari, kind=DocumentKind.IJAZAH)
        with database.transaction() as session:
            document = session.get_one(Document, item)
            builders.file(session, document, FileRole.TRANSKRIP, storage=app.extensions["storage"])
        browser.enter(cast.vera)

        desk = browser.get("verification.item", document_id=item)

        assert "Transkrip nilai, halaman 1 dari 1" in [tag["alt"] for tag in desk.all("img[alt]")]
