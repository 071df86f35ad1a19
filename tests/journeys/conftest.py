"""A portal that runs for all journeys, and the browsers of the people in them.

Starting web and worker takes seconds, emptying the database between two journeys does not; so the
processes are shared and the data are not. Journeys that kill a process start it again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Page

import portal.operations.tables  # noqa: F401 -- every table must be known
from portal.db import Base, Database
from portal.documents.reasons import ensure_reasons
from portal.scoring.actions import recompute
from tests.support.browser import DESKTOP, PHONE, Chromium, visit
from tests.support.cast import TODAY, Cast, assemble
from tests.support.live import LivePortal, running_portal

KEPT = {"audit", "segel_audit", "denyut"}
"""Tables that nobody empties: the audit and its seals refuse it, the last is the worker's."""
Open = Callable[..., Page]


def _score(database: Database, cast: Cast) -> None:
    """What the first night computes: everybody has a score when the day begins."""
    with database.transaction() as session:
        ensure_reasons(session)
        for actor in cast.everybody.values():
            recompute(session, actor.pegawai_id, today=TODAY, cause="Penghitungan harian")


@pytest.fixture(scope="session")
def shared_portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivePortal]:
    """As `make run` starts it: SQLite, local folder, jobs in SQLite."""
    with running_portal(tmp_path_factory.mktemp("journeys")) as live:
        yield live


@pytest.fixture
def live(shared_portal: LivePortal) -> LivePortal:
    """The shared portal with nothing in it but the cast and their scores."""
    with shared_portal.database.transaction() as session:
        for table in reversed(Base.metadata.sorted_tables):
            if table.name not in KEPT:
                session.execute(table.delete())
        # Triggers have counted the items that went, too.
        session.execute(Base.metadata.tables["hitungan_antrean"].delete())
        shared_portal.cast = assemble(session)
    _score(shared_portal.database, shared_portal.cast)
    return shared_portal


@pytest.fixture
def production(live_production: LivePortal) -> LivePortal:
    """PostgreSQL, Redis and a real S3, with the scores of the cast."""
    _score(live_production.database, live_production.cast)
    return live_production


@pytest.fixture
def open_browser(chromium: Chromium) -> Iterator[Callable[..., Page]]:
    """Function that opens one more browser: a device of tests.support.browser, and options."""
    with ExitStack() as stack:

        def open_one(
            device: dict[str, Any] = DESKTOP, *, javascript: bool = True, **options: Any
        ) -> Page:
            context = chromium.new_context(**device, java_script_enabled=javascript)
            return stack.enter_context(visit(context, **options))

        yield open_one


@pytest.fixture
def vera_desk(open_browser: Open) -> Page:
    """The screen of a verifikator."""
    return open_browser(DESKTOP)


@pytest.fixture
def bare_phone(open_browser: Open) -> Page:
    """A phone whose JavaScript is switched off."""
    return open_browser(PHONE, javascript=False)
