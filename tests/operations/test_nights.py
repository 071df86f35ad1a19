"""Whoever keeps the portal reads which act of the night failed, in words."""

from __future__ import annotations

import datetime as dt

from flask import Flask

from portal.db import Database, now
from portal.jobs import Heartbeat
from portal.operations.views import NIGHTS
from tests.support.app import Browser
from tests.support.cast import Cast
from tests.support.database import on_sqlite_alone

pytestmark = on_sqlite_alone


def test_a_failed_act_is_told_with_when_it_is_tried_again(
    browser: Browser, cast: Cast, database: Database
) -> None:
    with database.transaction() as session:
        again = now() + dt.timedelta(minutes=8)
        session.add(Heartbeat(nama="gagal:sweep", terlihat=again))
    browser.enter(cast.ani)

    page = browser.get("operations.reconciliation")

    assert "Gagal malam ini: Pembersihan berkas yatim" in page.text
    assert "Dicoba lagi" in page.text


def test_every_act_of_the_night_has_its_words(app: Flask) -> None:
    assert {night.name for night in app.extensions["queue"].nights} == set(NIGHTS)
