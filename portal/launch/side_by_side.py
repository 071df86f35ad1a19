"""Several programs that live and die together."""

from __future__ import annotations

import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from types import FrameType

_LOOK_SECONDS = 0.3


def run(commands: Sequence[Sequence[str]]) -> int:
    """Run all until one ends or a signal comes, then end the others gracefully; returns the worst
    exit status.

    They get no signal of the terminal themselves, where each would take it in its own way: a web
    server reads the closing of the window as a wish to begin anew. `nohup` is heeded.
    """
    over = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal over
        over = True

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, stop)
    children = [subprocess.Popen([*_tied(), *command], process_group=0) for command in commands]  # noqa: S603 -- own programs
    while not over and all(child.poll() is None for child in children):
        time.sleep(_LOOK_SECONDS)
    for child in children:
        child.terminate()
    return max((child.wait() or 0 for child in children), default=0)


def _tied() -> list[str]:
    """Beginning of a command that ends with this program, even when that is killed."""
    if not shutil.which("setpriv"):  # part of util-linux; without it a kill -9 leaves orphans
        return []
    return ["setpriv", "--pdeathsig=TERM", "--"]
