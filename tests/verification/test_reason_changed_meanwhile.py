"""Two admins at one reason: the later one is told, and loses no words."""

from __future__ import annotations

import uuid

import pytest

from portal.db import Database
from portal.documents.rulings import Reason
from portal.documents.transitions import Act
from tests.support import builders
from tests.support.app import Browser
from tests.support.cast import Cast
from tests.support.database import on_sqlite_alone
from tests.support.page import Page

pytestmark = on_sqlite_alone


@pytest.fixture
def refused(browser: Browser, cast: Cast, database: Database) -> Page:
    """What the later one is answered."""
    with database.transaction() as session:
        reason: uuid.UUID = builders.reason(session, Act.KEMBALIKAN).id
    browser.enter(cast.ani)
    browser.get(path=f"/admin/alasan/{reason}")
    with database.transaction() as session:
        session.get_one(Reason, reason).aktif = False
    return browser.submit("Simpan", expect=409, cara_memperbaiki="Foto ulang di tempat terang.")


def test_the_words_stay_in_the_form(refused: Page) -> None:
    words = refused.one("textarea[name=cara_memperbaiki]").get_text().strip()

    assert words == "Foto ulang di tempat terang."


def test_it_is_said_where_to_go_on(refused: Page) -> None:
    assert "ubah yang sekarang dipakai" in refused.one(".summary").get_text()
