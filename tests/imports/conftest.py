"""A portal in which ani imports, and its worker."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import Database
from portal.imports.models import Import
from portal.permissions import Actor
from portal.scoring.models import OfficialScore
from tests.support.app import Browser
from tests.support.cast import Cast
from tests.support.page import Page

Send = Callable[..., Page]


@pytest.fixture
def work(app: Flask) -> Callable[[], None]:
    """Let the worker do what waits."""

    def act() -> None:
        app.extensions["queue"].run_due()

    return act


@pytest.fixture
def send(browser: Browser, cast: Cast) -> Send:
    """Upload bytes as ani; returns the page that follows."""

    def act(data: bytes, name: str = "pip.csv", *, expect: int = 303, **fields: Any) -> Page:
        if browser.last is None:
            browser.enter(cast.ani)
        browser.get("imports.index")
        return browser.submit(
            "Unggah dan periksa", expect=expect, berkas=(io.BytesIO(data), name), **fields
        )

    return act


@pytest.fixture
def imported(
    browser: Browser, send: Send, work: Callable[[], None], database: Database
) -> Callable[..., Page]:
    """Upload, preview, confirm; returns the report."""

    def act(data: bytes, name: str = "pip.csv", **fields: Any) -> Page:
        page = send(data, name, **fields)
        work()
        page = browser.get(path=page.path)
        for button in page.texts("form button"):
            if button.startswith("Simpan"):
                browser.submit(button)
                work()
        return browser.get(path=page.path)

    return act


@pytest.fixture
def values(database: Database) -> Callable[[Actor], Sequence[OfficialScore]]:
    """What is kept of somebody, the newest pull first."""

    def act(actor: Actor) -> Sequence[OfficialScore]:
        with database.reading() as session:
            return session.scalars(
                select(OfficialScore)
                .where(OfficialScore.pegawai_id == actor.pegawai_id)
                .order_by(OfficialScore.ditarik.desc())
            ).all()

    return act


@pytest.fixture
def rows(database: Database) -> Callable[[], Sequence[Import]]:
    def act() -> Sequence[Import]:
        with database.reading() as session:
            return session.scalars(select(Import).order_by(Import.dibuat)).all()

    return act


def facts(page: Page) -> dict[str, str]:
    """The counts on the page of an import."""
    return dict(zip(page.texts(".facts dt"), page.texts(".facts dd"), strict=True))
