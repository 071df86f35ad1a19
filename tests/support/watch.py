"""Ends what hangs, and says where it stood.

Most of what playwright waits for has an end of its own; a promise that a page never keeps has none.
One such test held a whole run until it was cut off from outside, and nobody was told which one.
"""

from __future__ import annotations

import faulthandler
import gc
import os
import signal
import threading
import time
import traceback
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from greenlet import greenlet  # type: ignore[import-untyped]

BROWSER_PATIENCE = 600.0
"""Seconds after which the browser of a test is killed: what waits for it then fails."""
PATIENCE = 1800.0
"""Seconds after which the process of a test ends, and the run with it."""
LOOK = 5.0


class Watch:
    """A thread beside the tests of one process; `begin` says which test runs now."""

    def __init__(self, out: TextIO, browser_patience: float = BROWSER_PATIENCE) -> None:
        self._out = out
        self._browser_patience = browser_patience
        self._now = ("", time.monotonic())
        self.killed = ""
        """The test whose browser was killed."""
        threading.Thread(target=self._look, name="watch", daemon=True).start()

    def begin(self, nodeid: str) -> None:
        self.killed = ""
        self._now = (nodeid, time.monotonic())

    def tell(self, *words: str) -> None:
        """Where everybody reads it, whatever is captured."""
        print("", *words, sep="\n", file=self._out, flush=True)

    def _look(self) -> None:
        while True:
            time.sleep(min(LOOK, self._browser_patience))
            nodeid, since = self._now
            lasted = time.monotonic() - since
            if lasted > self._browser_patience and nodeid != self.killed:
                self._kill_browsers(nodeid, lasted)
            if lasted > PATIENCE:
                self._show(nodeid, lasted)
                os._exit(os.EX_TEMPFAIL)

    def _kill_browsers(self, nodeid: str, lasted: float) -> None:
        browsers = _browsers(os.getpid())
        if not browsers:
            return
        self._show(nodeid, lasted)
        self.killed = nodeid
        for pid in browsers:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def _show(self, nodeid: str, lasted: float) -> None:
        """Stacks of all threads, and of what waits aside for playwright's loop."""
        self.tell(f"{nodeid} hangs, {lasted:.0f} s now:")
        for waiting in [one for one in gc.get_objects() if isinstance(one, greenlet)]:
            if waiting.gr_frame is not None:
                print("Waiting aside:", *traceback.format_stack(waiting.gr_frame), file=self._out)
        self._out.flush()
        faulthandler.dump_traceback(self._out, all_threads=True)


def _browsers(ancestor: int) -> list[int]:
    """Browsers below a process: the first of each family, with which the others go."""
    found, families = [], [ancestor]
    while families:
        for child in _children(families.pop()):
            families.append(child)
            with suppress(OSError):
                if Path(f"/proc/{child}/comm").read_text().startswith("chrom"):
                    found.append(child)
    return found


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += map(int, listed.read_text().split())
    return found
