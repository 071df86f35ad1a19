"""Where the demo of a module lives, and how much of it is filled."""

from __future__ import annotations

import pytest

from portal.demo.people import generate
from portal.settings import Settings
from tests.demo.support import SMALL


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Where the demo of this module lives."""
    folder = tmp_path_factory.mktemp("demo")
    return Settings(
        mode="uji",
        secret_key="rahasia-untuk-uji-saja-0123456789",
        var_dir=folder,
        database_url=f"sqlite:///{folder / 'portal.db'}",
        cheap_hashes=True,
    )


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fill with the people of the table and some others, and with Sari's items alone."""
    people = generate()[:40]
    monkeypatch.setattr("portal.demo.build.generate", lambda: people)
    monkeypatch.setattr("portal.demo.stories.PLOTS", ())


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fill with small papers."""
    monkeypatch.setattr("portal.demo.desk._LIMITS", SMALL)
