"""Web and worker end together, whatever ends one of them; no process is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from portal.settings import ROOT
from tests.support.components import find

PLAIN = "import os, signal; os.write(1, b'%d\\n' % os.getpid()); signal.pause()"
"""Takes every signal as the system does: it dies of it."""
POLITE = """
import os, signal

HEEDED = {signal.SIGTERM, signal.SIGHUP}
signal.pthread_sigmask(signal.SIG_BLOCK, HEEDED)
os.write(1, b"%d\\n" % os.getpid())
while signal.sigwait(HEEDED) != signal.SIGTERM:
    os.write(1, b"mulai lagi\\n")
os.write(1, b"pamit\\n")
os._exit(3)
"""
"""Ends politely, and takes a closed window for something else, as web servers do. It waits for
what was held back, so that no signal falls between saying that it is there and waiting."""
HEEDING = "import signal; signal.signal(signal.SIGHUP, signal.SIG_DFL); "
"""Whoever starts the tests may have told them to outlive a closed window."""
PROGRAM = "import sys; from portal.launch.side_by_side import run; sys.exit(run({commands!r}))"


@dataclass
class Programs:
    """Two children side by side, both of which have said that they are there."""

    parent: subprocess.Popen[str]
    children: set[int]

    def last_words(self) -> list[str]:
        """What was said until the end; there only once nobody holds the line any more."""
        assert self.parent.stdout
        said = self.parent.stdout.read().splitlines()
        self.parent.wait(60)
        return said


@contextmanager
def running(*children: str, prefix: tuple[str, ...] = ()) -> Iterator[Programs]:
    """`prefix` starts the parent instead of the plain interpreter, which heeds every signal."""
    commands = {f"Bagian {n}": [sys.executable, "-c", child] for n, child in enumerate(children)}
    program = ("" if prefix else HEEDING) + PROGRAM.format(commands=commands)
    parent = subprocess.Popen(
        [*prefix, sys.executable, "-c", program],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert parent.stdout
    found = {int(parent.stdout.readline()) for _ in children}
    try:
        yield Programs(parent, found)
    finally:
        for pid in (parent.pid, *found):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        parent.communicate(timeout=60)


def dispositions(pid: int) -> dict[str, int]:
    """Which signals a process ignores and catches, a bit each."""
    lines = (Path("/proc") / str(pid) / "status").read_text().splitlines()
    told = dict(line.split(":", 1) for line in lines)
    return {name: int(told[name], 16) for name in ("SigIgn", "SigCgt")}


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_the_terminal_ends_all_politely(sign: signal.Signals) -> None:
    with running(POLITE, POLITE) as programs:
        os.killpg(programs.parent.pid, sign)

        assert programs.last_words() == ["pamit", "pamit"]


def test_the_end_of_one_ends_the_other() -> None:
    with running(POLITE, POLITE) as programs:
        os.kill(min(programs.children), signal.SIGKILL)

        assert programs.last_words() == ["pamit"]


def test_one_that_ends_by_itself_is_named_and_fails_the_whole() -> None:
    with running(PLAIN) as programs:
        (only,) = programs.children
        os.kill(only, signal.SIGKILL)
        programs.last_words()
        assert programs.parent.stderr
        told = programs.parent.stderr.read()

    assert told.startswith("Bagian 0 berhenti sendiri (dimatikan sistem, mungkin karena memori")
    assert programs.parent.returncode == 128 + signal.SIGKILL


def test_the_worst_status_is_told() -> None:
    with running(POLITE, PLAIN) as programs:
        programs.parent.terminate()
        programs.last_words()

    assert programs.parent.returncode == 3


def test_a_killed_parent_takes_its_children_along() -> None:
    find("setpriv")
    with running(POLITE, POLITE) as programs:
        programs.parent.kill()

        assert programs.last_words() == ["pamit", "pamit"]


def test_nohup_is_heeded() -> None:
    with running(PLAIN, prefix=("nohup",)) as programs:
        found = dispositions(programs.parent.pid)

    hang_up = 1 << (signal.SIGHUP - 1)
    assert found["SigIgn"] & hang_up
    assert not found["SigCgt"] & hang_up
