"""A browser that is logged in as sari, and an intake that starts no process."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from flask import Flask

from portal.db import Database
from portal.handin import uploads
from portal.vocabulary import DocumentState
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
