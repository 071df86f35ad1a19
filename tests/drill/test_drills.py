"""The short form of `make drill`: the same days, a fraction of the people."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.drill import crush, fuzz, kill

pytestmark = pytest.mark.drill


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A place that the user postgres can pass, with a path short enough for a socket."""
    folder = Path(tempfile.mkdtemp(prefix="portal-drill-", dir="/tmp"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_what_people_handed_in_survives_kills_of_web_worker_and_store(short_folder: Path) -> None:
    seen = kill.drill(short_folder, 24, seed=7, pause=(0.5, 2.0), patience=100)

    assert seen.kills.total() > 0
    assert seen.clean, seen


def test_everybody_of_a_crowd_gets_a_receipt(short_folder: Path) -> None:
    seen = crush.crush(short_folder, 12, patience=60)

    assert len(seen.receipts) == 12, seen.failures
    assert seen.bad_pages == 0


def test_hostile_files_and_nonsense_find_no_fault(short_folder: Path) -> None:
    seen = fuzz.fuzz(short_folder, 10)

    assert seen.faults == []
