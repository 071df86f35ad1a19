"""The form without JavaScript asks the scanner too: a real clamd finds, tells, and locks away."""

from __future__ import annotations

import dataclasses

import pytest
from flask import Flask
from sqlalchemy import select

from portal.audit import AuditEntry
from portal.db import Database
from portal.documents.scanning import QUARANTINED, infected
from portal.settings import Settings
from tests.handin.going import begin, photo
from tests.support.app import Browser
from tests.support.cast import Cast
from tests.support.clamd import EICAR, VIRUS, clamd
from tests.support.database import on_sqlite_alone

__all__ = ["clamd"]
pytestmark = [
    on_sqlite_alone,
    pytest.mark.usefixtures("quick_intake"),
    pytest.mark.xdist_group("clamd"),
]
AWAY = "Pemeriksa virus"


@pytest.fixture
def settings(settings: Settings, clamd: tuple[str, str]) -> Settings:
    return dataclasses.replace(settings, clamd_url=clamd[1])


def test_an_honest_photo_passes(sari: Browser) -> None:
    assert begin(sari).h1


def test_an_infected_file_is_told(sari: Browser) -> None:
    page = begin(sari, expect=422, sertifikat=photo(EICAR))

    assert infected("foto.jpg", VIRUS) in page.text


def test_an_infected_file_is_locked_away_and_noted(
    sari: Browser, app: Flask, database: Database, cast: Cast
) -> None:
    begin(sari, expect=422, sertifikat=photo(EICAR))

    (info,) = app.extensions["storage"].iterate()
    with database.reading() as session:
        line = session.scalars(select(AuditEntry).where(AuditEntry.action == QUARANTINED)).one()
    assert (info.key, line.actor_id, line.facts["temuan"]) == (
        f"quarantine/{line.facts['berkas']}/file",
        cast.sari.pegawai_id,
        VIRUS,
    )


def test_the_admin_reads_nothing_of_a_scanner_that_answers(browser: Browser, cast: Cast) -> None:
    browser.enter(cast.ani)

    assert AWAY not in browser.get("operations.reconciliation").text


class TestAway:
    """Nobody answers at the address of the scanner."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return dataclasses.replace(settings, clamd_url="unix:///tiada")

    def test_nothing_is_taken(self, sari: Browser, app: Flask) -> None:
        page = begin(sari, expect=503)

        assert (AWAY in page.text, list(app.extensions["storage"].iterate())) == (True, [])

    def test_the_admin_is_told(self, browser: Browser, cast: Cast) -> None:
        browser.enter(cast.ani)

        assert f"{AWAY} tidak menjawab" in browser.get("operations.reconciliation").text
