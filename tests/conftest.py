"""Fixtures live in tests/support, one file per concern."""

from __future__ import annotations

import pytest

pytest_plugins = [  # each after those that it imports
    "tests.support.postgres",
    "tests.support.redis",
    "tests.support.rgw",
    "tests.support.database",
    "tests.support.cast",
    "tests.support.app",
    "tests.support.browser",
    "tests.support.rgw",
    "tests.support.live",
]

CHROMIUM = {"chromium", "phone", "desktop"}
"""Fixtures that need a real browser."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests with a real browser share one process, so that one Chromium runs at a time.

    xdist gives out the largest group first: the slow journeys start at once, the rest fills up.
    """
    for item in items:
        if CHROMIUM & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))
