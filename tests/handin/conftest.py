"""A browser that is logged in as sari, and an intake that starts no process."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal.db import Database
from portal.handin import processing, uploads
from portal.jobs import Queue
from portal.settings import Settings
from portal.storage.local import LocalStorage
from portal.vocabulary import DocumentState
from tests.handin.paper_desk import Desk
from tests.handin.support import in_process
from tests.support import builders
from tests.support.app import Browser
from tests.support.cast import Cast


@pytest.fixture
def sari(browser: Browser, cast: Cast) -> Browser:
    browser.enter(cast.sari)
    return browser


@pytest.fixture
def quick_intake(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same conversion, in this process: its isolation has tests of its own."""
    monkeypatch.setattr(uploads, "convert_isolated", in_process)


@pytest.fixture
def make(database: Database, cast: Cast, app: Flask) -> Any:
    """Writes an item of sari's and returns its id."""

    def write(state: DocumentState = DocumentState.DIAJUKAN, **values: Any) -> uuid.UUID:
        with database.transaction() as session:
            return builders.document(
                session,
                values.pop("owner", cast.sari),
                state,
                verifier=cast.vera,
                storage=app.extensions["storage"],
                **values,
            ).id

    return write


@pytest.fixture
def store(tmp_path: Path) -> LocalStorage:
    return LocalStorage(tmp_path / "objects")


@pytest.fixture
def queue(
    settings: Settings, database: Database, store: LocalStorage, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Queue]:
    monkeypatch.setattr(processing, "convert_isolated", in_process)
    queue = Queue(settings, database)
    processing.install(queue, database, store, settings)
    yield queue
    queue.close()


@pytest.fixture
def desk(database: Database, store: LocalStorage, cast: Cast, queue: Queue) -> Desk:
    return Desk(database, store, cast, queue)
