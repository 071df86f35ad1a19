"""Every reading of papers by staff is recorded, told apart by its way, and shown to the owner."""

from __future__ import annotations

import datetime as dt
import uuid
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select

from portal import audit
from portal.audit import AuditEntry
from portal.db import Database, now
from portal.documents.models import DocumentFile
from portal.operations.person_file_command import ekspor_berkas
from portal.permissions import Actor
from portal.settings import Settings
from portal.verification import readings
from portal.verification.readings import ACTION, Way
from portal.vocabulary import DocumentState
from tests.support import builders
from tests.support.app import Browser
from tests.support.cast import Cast
from tests.support.database import on_sqlite_alone

pytestmark = on_sqlite_alone


@pytest.fixture
def item(app: Flask, database: Database, cast: Cast) -> uuid.UUID:
    """An item of sari's that waits, with its papers."""
    with database.transaction() as session:
        return builders.document(
            session, cast.sari, DocumentState.DIAJUKAN, storage=app.extensions["storage"]
        ).id


def ways(database: Database, item: uuid.UUID) -> list[tuple[str, str]]:
    with database.reading() as session:
        lines = session.scalars(
            select(AuditEntry).where(AuditEntry.action == ACTION, AuditEntry.subject_id == item)
        )
        return sorted((line.actor_name, line.facts["lewat"]) for line in lines)


def opens(browser: Browser, database: Database, item: uuid.UUID, who: Actor, part: str) -> None:
    with database.reading() as session:
        file = session.scalars(
            select(DocumentFile.id).where(DocumentFile.document_id == item)
        ).one()
    browser.login(who)
    browser.client.get(f"/verifikasi/{item}/berkas/{file}{part}").close()


def read_by(database: Database, item: uuid.UUID, who: Actor, way: Way = Way.LAYAR) -> None:
    with database.transaction() as session:
        readings.note(session, who, item, way)


@pytest.mark.parametrize(
    ("part", "way"), [("/halaman/1", "layar"), ("", "berkas"), ("/siasn", "salinan-siasn")]
)
def test_each_way_is_told_apart(
    browser: Browser, database: Database, cast: Cast, item: uuid.UUID, part: str, way: str
) -> None:
    opens(browser, database, item, cast.vera, part)

    assert ways(database, item) == [(cast.vera.nama, way)]


def test_a_pdf_that_is_opened_after_its_pages_is_another_reading(
    browser: Browser, database: Database, cast: Cast, item: uuid.UUID
) -> None:
    for part in ("/halaman/1", "", "/halaman/1", ""):
        opens(browser, database, item, cast.vera, part)
        browser.logout()

    assert ways(database, item) == [(cast.vera.nama, "berkas"), (cast.vera.nama, "layar")]


def test_an_hour_later_it_is_another_reading(
    database: Database, cast: Cast, item: uuid.UUID
) -> None:
    with database.transaction() as session:
        before = now() - dt.timedelta(hours=2)
        audit.record(session, cast.vera, ACTION, item, at=before, lewat="layar")

    read_by(database, item, cast.vera)

    assert len(ways(database, item)) == 2


def test_a_line_from_before_ways_were_told_is_one_of_pages(
    database: Database, cast: Cast, item: uuid.UUID
) -> None:
    with database.transaction() as session:
        audit.record(session, cast.vera, ACTION, item)

    with database.reading() as session:
        assert readings.is_noted(session, cast.vera, item)
        assert not readings.is_noted(session, cast.vera, item, Way.BERKAS)


def test_an_export_at_the_command_line_is_a_reading(
    app: Flask,
    settings: Settings,
    database: Database,
    cast: Cast,
    item: uuid.UUID,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    browser: Browser,
) -> None:
    monkeypatch.setenv("VAR_DIR", str(settings.var_dir))
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    monkeypatch.setenv("PORTAL_MODE", "uji")

    CliRunner().invoke(ekspor_berkas, [cast.sari.nip, str(tmp_path / "sari.zip")])

    assert ways(database, item) == [("Sistem", "ekspor")]
    browser.enter(cast.sari)
    page = browser.get("accounts.my_data")
    assert page.texts("#pembaca tbody td")[1:] == [
        "Admin server",
        "Seminar Literasi Numerasi",
        "Mengekspor seluruh berkas",
    ]


class TestOwner:
    def test_the_item_tells_who_looked_and_how(
        self, browser: Browser, database: Database, cast: Cast, item: uuid.UUID
    ) -> None:
        read_by(database, item, cast.vera)
        read_by(database, item, cast.aud, Way.BERKAS)
        browser.enter(cast.sari)

        text = browser.get("documents.show", document_id=item).text

        assert "Siapa melihat berkas saya" in text
        assert f"{cast.aud.nama} Membuka berkas PDF" in text
        assert f"{cast.vera.nama} Melihat halamannya" in text

    def test_nobody_yet_is_told_so(self, browser: Browser, cast: Cast, item: uuid.UUID) -> None:
        browser.enter(cast.sari)

        text = browser.get("documents.show", document_id=item).text

        assert "Belum ada petugas yang membuka berkas dokumen ini." in text

    def test_of_very_many_the_newest_are_shown(
        self, browser: Browser, database: Database, cast: Cast, item: uuid.UUID
    ) -> None:
        with database.transaction() as session:
            for hours in range(12):
                at = now() - dt.timedelta(hours=hours)
                audit.record(session, cast.vera, ACTION, item, at=at, lewat="layar")
        browser.enter(cast.sari)

        text = browser.get("documents.show", document_id=item).text

        assert "Ini 10 yang terbaru dari 12." in text

    def test_a_way_that_is_not_known_any_more_breaks_no_page(
        self, browser: Browser, database: Database, cast: Cast, item: uuid.UUID
    ) -> None:
        with database.transaction() as session:
            audit.record(session, cast.vera, ACTION, item, lewat="teleskop")
        browser.enter(cast.sari)

        assert "Melihat halamannya" in browser.get("documents.show", document_id=item).text
