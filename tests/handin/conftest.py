"""A browser that is logged in as sari, and an intake that starts no process."""

from __future__ import annotations

import pytest

from portal.handin import uploads
from tests.handin.support import in_process
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
