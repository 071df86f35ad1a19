"""A web process makes few papers at a time: each may take 1 GiB and a processor."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from portal.errors import Unavailable

AT_ONCE = 2
WAIT_SECONDS = 10.0
"""So long a file waits for its turn; the threads that wait cannot answer other pages."""
BUSY = "Banyak berkas sedang diolah. Isian Anda tersimpan; coba lagi sebentar lagi."
_TURNS = threading.BoundedSemaphore(AT_ONCE)


@contextmanager
def turn() -> Iterator[None]:
    """The right to start a child process now; raises Unavailable when none comes free."""
    if not _TURNS.acquire(timeout=WAIT_SECONDS):
        raise Unavailable(BUSY)
    try:
        yield
    finally:
        _TURNS.release()
