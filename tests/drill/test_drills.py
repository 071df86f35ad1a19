"""The short form of `make drill`: the same days, a fraction of the people."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.drill import crush, desks, fuzz, kill
from tests.drill.day import Day
from tests.drill.scene import Scene, running

pytestmark = [pytest.mark.drill, pytest.mark.xdist_group("drill")]


PEOPLE = 12


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    """A place that the user postgres can pass, with a path short enough for a socket."""
    folder = Path(tempfile.mkdtemp(prefix="portal-drill-", dir="/tmp"))
    folder.chmod(0o711)
    with running(folder, people=PEOPLE + crush.READERS) as place:
        yield place
    shutil.rmtree(folder, ignore_errors=True)


def test_everybody_of_a_crowd_gets_a_receipt(scene: Scene) -> None:
    seen = crush.crush(scene, alone_seconds=1)

    assert len(seen.receipts) == PEOPLE, seen.failures
    assert seen.bad_pages == 0


def test_what_people_handed_in_survives_kills_of_web_worker_and_store(scene: Scene) -> None:
    seen = kill.drill(scene, 20, seed=7, pause=(0.5, 2.0))

    assert seen.kills.total() > 0
    assert seen.clean, seen


def test_every_item_is_decided_once_whoever_is_killed(tmp_path: Path, database_url: str) -> None:
    day = Day(60, verifikator=5, think=0.05, moves=0, limit=300)

    with desks.running(tmp_path, database_url, day) as place:
        seen = desks.drill(place, day)

    assert sorted(seen.kills) == ["verifikator", "web"]
    assert seen.faults == []


def test_hostile_files_and_nonsense_find_no_fault(tmp_path: Path) -> None:
    seen = fuzz.fuzz(tmp_path, rounds=3)

    assert seen.faults == []
