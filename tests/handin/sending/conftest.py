"""A phone in sari's hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from portal.documents.intake import Converted, Limits
from portal.documents.intake.conversion import convert
from portal.handin import processing
from tests.handin.sending.phone import Phone
from tests.support.app import Browser
from tests.support.cast import Cast


@pytest.fixture
def phone(browser: Browser, cast: Cast) -> Phone:
    browser.enter(cast.sari)
    return Phone(browser)


@pytest.fixture
def hers(second_browser: Browser, cast: Cast) -> Phone:
    """Somebody else's phone: that of the operator who serves sari's OPD."""
    second_browser.enter(cast.oki)
    return Phone(second_browser)


@pytest.fixture
def quick_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same conversion in this process: its isolation has tests of its own."""

    def quickly(
        paths: Sequence[Path], limits: Limits, workdir: Path, turns: Sequence[int] = (), **_: Any
    ) -> Converted:
        return convert(paths, limits, workdir, turns)

    monkeypatch.setattr(processing, "convert_isolated", quickly)
