"""What hangs is ended and told: no run of the tests waits until somebody outside cuts it off."""

from __future__ import annotations

import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import Mock

import pytest

from tests.support.components import PATIENCE
from tests.support.processes import Worker
from tests.support.watch import Watch


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process below this one that bears the browser's name and does nothing: a script keeps its
    own name, and no other program has to be one that goes by any name."""
    program = tmp_path / "chromium"
    program.write_text("#!/bin/sh\nread line\n")
    program.chmod(0o755)
    with subprocess.Popen([program], stdin=subprocess.PIPE) as process:
        yield process
        process.kill()


def test_the_browser_of_a_test_that_hangs_is_killed_and_the_test_named(
    browser: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    with (tmp_path / "told").open("w+") as out:
        watch = Watch(out, browser_patience=0.05)

        watch.begin("a test that waits")

        assert browser.wait(PATIENCE) == -signal.SIGKILL
        assert watch.killed == "a test that waits"
        assert re.search(r"a test that waits hangs, \d+ s now:", (tmp_path / "told").read_text())


@pytest.mark.parametrize(
    ("hangs", "runs"), [([], 1), ([1], 2), ([1, 2], 2)], ids=["never", "once", "always"]
)
def test_a_test_whose_browser_stood_still_runs_once_more(hangs: list[int], runs: int) -> None:
    watch = Mock(killed="")
    line = Mock()
    worker = Worker(Mock(), [], line)
    done: list[int] = []

    def run(**_items: object) -> None:
        done.append(1)
        watch.killed = "it" if len(done) in hangs else ""
        worker.pytest_runtest_logreport(Mock(failed=False))

    item = Mock()
    item.get_closest_marker.return_value = None
    item.config.hook.pytest_runtest_protocol = run

    worker._test(item, None, watch)

    assert (len(done), line.send.call_count) == (runs, 1)


@pytest.mark.parametrize(
    ("marker", "fails", "runs"),
    [("browser", [], 1), ("browser", [1], 2), ("browser", [1, 2], 2), (None, [1], 1)],
    ids=["passes", "once", "always", "without a browser"],
)
def test_a_failure_with_a_browser_is_told_and_tried_once_more(
    marker: str | None, fails: list[int], runs: int
) -> None:
    watch, line = Mock(killed=""), Mock()
    worker = Worker(Mock(), [], line)
    done: list[int] = []

    def run(**_items: object) -> None:
        done.append(1)
        failed = len(done) in fails
        worker.pytest_runtest_logreport(Mock(failed=failed, longreprtext="too late"))

    item = Mock(nodeid="it")
    item.get_closest_marker.return_value = marker
    item.config.hook.pytest_runtest_protocol = run

    worker._test(item, None, watch)

    assert (len(done), line.send.call_count) == (runs, 1)
    assert watch.tell.call_count == runs - 1
