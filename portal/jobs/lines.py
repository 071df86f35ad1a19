"""The lanes of the work, and the line to the threads of each: huey, on SQLite or Redis."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import cached_property

import structlog
from huey import Huey, RedisHuey, SqliteHuey, crontab
from huey.api import TaskWrapper
from huey.consumer import Consumer

from portal.settings import Settings

log = structlog.get_logger()
POLL_SECONDS = 0.2
"""Longest wait until a wake-up is seen in SQLite; Redis tells at once."""


class Lane(StrEnum):
    """Lanes have threads of their own: no paper waits behind a computation of minutes."""

    UMUM = "umum"
    """What nobody watches: mail, imports, recomputations, the acts of the minute."""
    BERKAS = "berkas"
    """Papers; a person looks at the screen meanwhile."""


class Line:
    """Wakes the threads of one lane, in whichever process they run.

    The broker is opened at the first need: a process that wakes nobody does without.
    """

    def __init__(
        self,
        lane: Lane,
        settings: Settings,
        *,
        run: Callable[[], object],
        minute: Callable[[], object],
        threads: int = 1,
    ) -> None:
        self.lane = lane
        self.threads = threads
        self._settings = settings
        self._run = run
        self._minute = minute

    @cached_property
    def huey(self) -> Huey:
        """The broker, with the two things that it can ask for."""
        huey = _connect(self._settings, f"portal-{self.lane}")
        huey.periodic_task(crontab(minute="*"), name="minute")(self._minute)
        return huey

    @cached_property
    def _look(self) -> TaskWrapper:
        return self.huey.task(name="run_due")(self._run)

    def wake(self, delay: float = 0.0) -> None:
        """Have the lane look for work, after `delay` seconds; a failing broker breaks nothing."""
        try:
            if delay:
                self._look.schedule(delay=delay)
            else:
                self._look()
        except Exception:  # any broker error: the minute tick finds the job
            log.warning("wake_failed", lane=self.lane, exc_info=True)

    def consumer(self, *, look_again: float) -> Consumer:
        """What runs the lane in this process. It looks at once, and again after so many seconds,
        when what a dead worker left behind may be taken over."""
        self.wake()
        self.wake(look_again)
        return Consumer(
            self.huey,
            workers=self.threads,
            worker_type="thread",
            graceful_signal="TERM",
            max_delay=POLL_SECONDS,
        )

    def close(self) -> None:
        """Let go of the broker."""
        if "huey" in vars(self):
            self.huey.storage.close()


def _connect(settings: Settings, name: str) -> Huey:
    if settings.redis_url:
        return RedisHuey(name, url=settings.redis_url)
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    return SqliteHuey(name, filename=str(settings.var_dir / "antrean.db"))
