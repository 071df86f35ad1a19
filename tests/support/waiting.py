"""An act that waits for a lock, in a transaction of its own (PostgreSQL)."""

from __future__ import annotations

import threading
from collections.abc import Callable

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.db import Database
from portal.errors import PortalError

_WAITING = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND backend_type = 'client backend' AND wait_event_type = 'Lock'"
)


class Late:
    """Begun while the caller holds a lock that it needs: `Late(…)` returns once it waits, or is
    over because it needs none. After the caller's commit `answer()` tells what it came to."""

    def __init__(self, database: Database, act: Callable[[Session], object]) -> None:
        self._database, self._act = database, act
        self._answer: object = None
        self._failure: Exception | None = None
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        self.waited = self._waits()

    def answer(self) -> object:
        """What the act returned, or the refusal that it raised."""
        self._thread.join()
        if self._failure is not None:
            raise self._failure
        return self._answer

    def _run(self) -> None:
        try:
            with self._database.transaction() as session:
                self._answer = self._act(session)
        except PortalError as refusal:
            self._answer = refusal
        except Exception as failure:  # noqa: BLE001 -- raised where the test asks
            self._failure = failure

    def _waits(self) -> bool:
        while self._thread.is_alive():
            with self._database.reading() as session:
                if session.scalar(_WAITING):
                    return True
            self._thread.join(0.01)
        return False
