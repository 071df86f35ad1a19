"""Several processes for the tests, all forked from one that has collected them.

pytest-xdist starts Python, imports everything and collects anew in every process, and tells of a
test in five messages; that took a tenth of the run. `--processes 2` shares the tests out instead.
"""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import groupby
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from typing import Any

import pytest
from _pytest.faulthandler import fault_handler_stderr_fd_key

from tests.support.rgw import started_beside
from tests.support.watch import Watch

CHUNK = 8
"""Tests of a file that stay together: they share its fixtures, and the end comes evenly."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--processes", type=int, default=1, help="number of processes for the tests")


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Share the tests out; None leaves them to pytest, which also tells of faulty collections."""
    number: int = session.config.getoption("processes")
    if number < 2 or session.testsfailed or session.config.getoption("collectonly"):
        return None
    run = Run(session, list(chunks(session.items)))
    try:
        run.start(number)
        with started_beside(session.items):  # a thread, so only once the others are forked
            run.follow()
    finally:
        run.end()
    if session.shouldfail:
        raise session.Failed(session.shouldfail)
    return True


def chunks(items: list[pytest.Item]) -> Iterator[list[pytest.Item]]:
    """What one process runs in one go; groups of `xdist_group` are whole and come first, but for
    that of the browser: who starts it is settled by `Run`."""

    def group(item: pytest.Item) -> str:
        mark = item.get_closest_marker("xdist_group")
        return str(mark.args[0]) if mark and not with_browser(item) else ""

    for _, together in groupby(sorted(filter(group, items), key=group), group):
        yield list(together)
    free = (item for item in items if not group(item))
    for _, of_file in groupby(free, lambda item: (item.path, with_browser(item))):
        listed = list(of_file)
        yield from (listed[at : at + CHUNK] for at in range(0, len(listed), CHUNK))


def with_browser(item: pytest.Item) -> bool:
    return item.get_closest_marker("browser") is not None


@dataclass(eq=False)
class Run:
    """The process that collected: gives out chunks and tells what came of them.

    The first process begins with the tests that need a browser, the others with all the rest, so
    that one Chromium runs while there is other work; whoever has none left helps the others.
    """

    session: pytest.Session
    chunks: list[list[pytest.Item]]
    _left: dict[bool, deque[int]] = field(init=False)
    """Numbers of the chunks that nobody has yet, with a browser and without."""
    _first: Connection | None = field(default=None, init=False)
    _running: dict[Connection, tuple[int, str]] = field(default_factory=dict)
    """Number of each process, and the test that it is at."""

    def __post_init__(self) -> None:
        self._left = {True: deque(), False: deque()}
        for number, chunk in enumerate(self.chunks):
            self._left[with_browser(chunk[0])].append(number)

    def start(self, number: int) -> None:
        base = self.session.config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]
        for own in range(number):
            here, there = Pipe()
            sys.stdout.flush()
            sys.stderr.flush()
            if (pid := os.fork()) == 0:
                here.close()
                for other in self._running:  # else their ends would never come
                    other.close()
                factory = self.session.config._tmp_path_factory  # type: ignore[attr-defined]
                factory._basetemp = base / f"proses{own}"
                factory._basetemp.mkdir()
                Worker(self.session, self.chunks, there).work()
            there.close()
            self._running[here] = (pid, "")
            self._first = self._first or here
            self._give(here)

    def follow(self) -> None:
        """Until every process has ended."""
        while self._running:
            for line in wait(list(self._running)):
                assert isinstance(line, Connection)
                try:
                    kind, said = line.recv()
                except (EOFError, ConnectionError):
                    self._lost(line)
                else:
                    getattr(self, f"_{kind}")(line, said)

    def end(self) -> None:
        for line, (pid, _) in self._running.items():
            line.close()  # whoever waits for more finds nobody
            os.waitpid(pid, 0)

    def _give(self, line: Connection) -> None:
        browser_first = line is self._first
        left = self._left[browser_first] or self._left[not browser_first]
        number = left.popleft() if left and not self.session.shouldfail else None
        with suppress(OSError):  # it has just died, as will be read
            line.send(number)

    def _more(self, line: Connection, _said: None) -> None:
        self._give(line)

    def _begun(self, line: Connection, said: tuple[str, Any]) -> None:
        self._running[line] = (self._running[line][0], said[0])
        self.session.ihook.pytest_runtest_logstart(nodeid=said[0], location=said[1])

    def _report(self, _line: Connection, said: dict[str, Any]) -> None:
        config = self.session.config
        report = config.hook.pytest_report_from_serializable(config=config, data=said)
        config.hook.pytest_runtest_logreport(report=report)

    def _done(self, line: Connection, said: str) -> None:
        pid, _ = self._running.pop(line)
        os.waitpid(pid, 0)
        line.close()
        if said:
            pytest.exit(f"a process of the tests ended early: {said}", 1)

    def _lost(self, line: Connection) -> None:
        """Nothing is known of what the process held: the run ends."""
        pid, nodeid = self._running.pop(line)
        _, status = os.waitpid(pid, 0)
        line.close()
        code = os.waitstatus_to_exitcode(status)
        pytest.exit(f"the process that ran {nodeid or 'no test yet'} died with {code}", 1)


@dataclass(eq=False)
class Worker:
    """A forked process: runs what it is given."""

    session: pytest.Session
    chunks: list[list[pytest.Item]]
    line: Connection
    _held: deque[pytest.Item] = field(default_factory=deque)
    _over: bool = False
    _reports: list[pytest.TestReport] = field(default_factory=list)
    """Of the test that runs; told once it is over."""

    def work(self) -> None:
        """Never returns."""
        said = ""
        try:
            self._turn_over()
            self._run()
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 -- the parent tells it
            said = f"{type(error).__name__}: {error}"
        finally:
            with suppress(Exception):
                self.session._setupstate.teardown_exact(None)
            with suppress(OSError):
                self.line.send(("done", said))
            os._exit(0)

    def _turn_over(self) -> None:
        """From here on nothing is written to the terminal or into the files of the parent."""
        manager = self.session.config.pluginmanager
        capture: Any = manager.getplugin("capturemanager")
        capture.stop_global_capturing()
        capture.start_global_capturing()
        manager.unregister(name="terminalreporter")
        manager.register(self, "process-of-the-tests")

    def _run(self) -> None:
        watch = Watch(os.fdopen(self.session.config.stash[fault_handler_stderr_fd_key], "w"))
        item = self._take()
        while item is not None and not self.session.shouldfail:
            following = self._take()
            self.line.send(("begun", (item.nodeid, item.location)))
            self._test(item, following, watch)
            item = following

    def _test(self, item: pytest.Item, following: pytest.Item | None, watch: Watch) -> None:
        """Run a test; one with a browser once more if it failed or if Chromium stood still.

        On a machine that others use, a browser now and then is late for what it waits for. What
        fails twice has failed; what failed once is told in full.
        """
        for again in (False, True):
            watch.begin(item.nodeid)
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            failures = [report for report in self._reports if report.failed]
            unsteady = failures and item.get_closest_marker("browser")
            if again or not (watch.killed or unsteady):
                break
            watch.tell(
                f"{item.nodeid} runs once more, for it failed:",
                *(report.longreprtext for report in failures),
            )
            self._reports.clear()
            # Else its fixtures stay as they fell.
            item._initrequest()  # type: ignore[attr-defined]
        for report in self._reports:
            said = item.config.hook.pytest_report_to_serializable(config=item.config, report=report)
            self.line.send(("report", said))
        self._reports.clear()

    def _take(self) -> pytest.Item | None:
        if not self._held and not self._over:
            number = self.line.recv()
            self._over = number is None
            if number is not None:
                self._held.extend(self.chunks[number])
        item = self._held.popleft() if self._held else None
        if not self._held and not self._over:
            self.line.send(("more", None))  # comes while the test before this one runs
        return item

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._reports.append(report)
