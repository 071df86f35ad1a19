"""Fixtures live in tests/support, one file per concern."""

from __future__ import annotations

import gc
import os
import re
from collections.abc import Iterator

import pytest
from _pytest.nodeid import NodeId
from hypothesis import HealthCheck, settings

from portal.settings import ROOT
from tests.support.components import fast_folder

pytest_plugins = [  # each after those that it imports
    "tests.support.rgw",
    "tests.support.processes",
    "tests.support.warm",
    "tests.support.logs",
    "tests.support.postgres",
    "tests.support.redis",
    "tests.support.database",
    "tests.support.cast",
    "tests.support.app",
    "tests.support.browser",
    "tests.support.live",
]


# An example that takes a second tells of a busy machine, not of a fault.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

# A test leaves little; looking for it took a fifth of the run. At the end all is looked through.
gc.set_threshold(50_000, 20, 1000)


def pytest_configure() -> None:
    """Folders of tests lie in memory: thousands of small databases, each flushed many times."""
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(fast_folder()))
    forget_the_surroundings()


def forget_the_surroundings() -> None:
    """Settings of another portal, or of the machine, are none of the tests; what listens on this
    machine is asked without a proxy."""
    for name in re.findall(r"^#? ?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE):
        os.environ.pop(name, None)
    for name in ("no_proxy", "NO_PROXY"):
        os.environ[name] = f"{os.environ.get(name, '')},127.0.0.1,localhost".lstrip(",")


def pytest_collection_finish() -> None:
    """What was imported stays to the end: the collector looks at it once, then never again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def nothing_left_open() -> Iterator[None]:
    """What was left open and is still around makes the last test of a process fail."""
    yield
    gc.collect()
    gc.freeze()  # pytest would search the whole heap five times more


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Tests with a real browser are marked; to xdist they are one group, with one Chromium."""
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))
    yield
    for item in items:
        # xdist 3.8 writes the group where pytest 9.2 reads no more (pytest-xdist#1386).
        if group := vars(item).pop("_nodeid", None):
            item._id = NodeId.parse(group)
