"""Several programs that live and die together."""

from __future__ import annotations

import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from types import FrameType

import click

_LOOK_SECONDS = 0.3
_KILLED = 128
"""And the number of the signal: the status that a shell gives a program that was killed."""


def run(commands: Mapping[str, Sequence[str]]) -> int:
    """Run all, by name, until one ends or a signal comes, then end the others gracefully; returns
    the worst exit status. One that ends by itself is named on standard error.

    They get no signal of the terminal themselves, where each would take it in its own way: a web
    server reads the closing of the window as a wish to begin anew. `nohup` is heeded.
    """
    asked = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal asked
        asked = True

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, stop)
    children = {
        name: subprocess.Popen([*_tied(), *command], process_group=0)  # noqa: S603 -- own programs
        for name, command in commands.items()
    }
    while not asked and all(child.poll() is None for child in children.values()):
        time.sleep(_LOOK_SECONDS)
    failed = 0
    if not asked:
        name, failed = next(
            (n, c.returncode) for n, c in children.items() if c.returncode is not None
        )
        click.echo(f"{name} berhenti sendiri ({_how(failed)}), jadi portal dihentikan.", err=True)
    for child in children.values():
        child.terminate()
    worst = max(child.wait() for child in children.values())
    return max(worst, _KILLED - failed if failed < 0 else failed, 0)


def _how(status: int) -> str:
    """Of a process that ended: by a signal (negative), or by itself."""
    if status == -signal.SIGKILL:
        return "dimatikan sistem, mungkin karena memori habis"
    return f"sinyal {-status}" if status < 0 else f"kode {status}"


def _tied() -> list[str]:
    """Beginning of a command that ends with this program, even when that is killed."""
    if not shutil.which("setpriv"):  # part of util-linux; without it a kill -9 leaves orphans
        return []
    return ["setpriv", "--pdeathsig=TERM", "--"]
