"""Who runs which job, when it is tried again, and when it is given up."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from sqlalchemy import ColumnElement, case, literal, select, update

from portal.db import Database, now
from portal.jobs import nights
from portal.jobs.lines import Lane, Line
from portal.jobs.models import WORKER, Heartbeat, Job
from portal.jobs.nights import Night
from portal.settings import Settings

log = structlog.get_logger()
MAX_ATTEMPTS = 5
STALE = dt.timedelta(seconds=30)
"""A running job that has shown no sign of life for so long is one of a dead worker."""
SIGN_SECONDS = 5.0
"""Between two signs of life of a running job."""
PAUSE = dt.timedelta(seconds=30)
"""Doubled with each failure before the next attempt."""
DIED = "WorkerDied"
"""Error of a job that took every worker along."""

Handler = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Work:
    """How the jobs of one kind are run."""

    act: Handler
    lane: Lane = Lane.UMUM
    rank: int = 0
    """Of the jobs of a lane that are due, the lowest rank goes first."""
    at_once: int = 0
    """Most jobs of the kind that one process runs at the same time; 0 is any number."""
    attempts: int = MAX_ATTEMPTS
    pause: dt.timedelta = PAUSE
    give_up: Handler | None = None
    """Told the payload of a job that nobody will try again."""


class Queue:
    """Runs jobs by handlers that the application registers."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.database = database
        self._works: dict[str, Work] = {}
        self._running: Counter[str] = Counter()
        self._claiming = threading.Lock()
        self._every_minute: list[Callable[[], object]] = [self.beat, self._run_general]
        self.nights: list[Night] = []
        self.lines = {
            Lane.UMUM: Line(Lane.UMUM, settings, run=self._run_general, minute=self.minute),
            Lane.BERKAS: Line(
                Lane.BERKAS,
                settings,
                run=self._run_papers,
                minute=self._run_papers,
                threads=settings.conversions_at_once + 1,  # one paper more is read meanwhile
            ),
        }

    def close(self) -> None:
        """Let go of the broker."""
        for line in self.lines.values():
            line.close()

    def handle(self, kind: str, handler: Handler, **options: Any) -> None:
        """Register who runs jobs of a kind; `options` are those of `Work`."""
        self._works[kind] = Work(handler, **options)

    def knows(self, kind: str) -> bool:
        """Whether anybody would run jobs of this kind."""
        return kind in self._works

    def every_minute(self, act: Callable[[], object]) -> None:
        """Register an act of the minute tick."""
        self._every_minute.append(act)

    def minute(self) -> None:
        """The tick: each act by itself, so that one failure stops no other."""
        for act in self._every_minute:
            self._try(act, getattr(act, "__name__", "?"))
        for night in self.nights:
            self._try(partial(nights.run, self.database, night), night.name)

    def _try(self, act: Callable[[], object], name: str) -> None:
        try:
            act()
        except Exception:  # logged; the next tick tries again
            log.exception("minute_act_failed", act=name)

    def work(self) -> None:
        """Run jobs in this process until SIGTERM, which lets the running ones end."""
        later = (STALE + dt.timedelta(seconds=1)).total_seconds()
        papers = self.lines[Lane.BERKAS].consumer(look_again=later)
        papers.start()
        try:
            # Started last, it keeps the signals.
            self.lines[Lane.UMUM].consumer(look_again=later).run()
        finally:
            papers.stop(graceful=True)

    def beat(self) -> None:
        """Leave a sign that a worker lives."""
        with self.database.transaction() as session:
            session.merge(Heartbeat(nama=WORKER, terlihat=now()))

    def nightly(self, name: str, act: Callable[[], object], *, hour: int) -> None:
        """Register a daily act (UTC hour). A night that no worker saw is made up for as soon as
        one is back, one that failed is tried again; of many machines one runs it."""
        self.nights.append(Night(name, act, hour))

    def wake(self, lane: Lane = Lane.UMUM) -> None:
        """Tell the worker that there is work; a failing broker never breaks the act."""
        self.lines[lane].wake()

    def _run_general(self) -> None:
        self.run_due(Lane.UMUM)

    def _run_papers(self) -> None:
        self.run_due(Lane.BERKAS)

    def run_due(self, lane: Lane | None = None) -> int:
        """Run every job that is due, of one lane or of all; returns how many were run."""
        self._bury(lane)
        count = 0
        while (job := self._claim(lane)) is not None:
            try:
                with self._alive(job):
                    self._run(job)
            finally:
                with self._claiming:
                    self._running[job.kind] -= 1
            count += 1
        return count

    def _claim(self, lane: Lane | None) -> Job | None:
        with self._claiming:
            full = [
                k for k, w in self._works.items() if w.at_once and self._running[k] >= w.at_once
            ]
            job = self._claim_but(full, lane)
            if job is not None:
                self._running[job.kind] += 1
            return job

    def _claim_but(self, full: list[str], lane: Lane | None) -> Job | None:
        """The next job of a kind that this process may begin another one of."""
        moment = now()
        free = Job.started_at.is_(None) | _left_behind(moment)
        with self.database.transaction() as session:
            job = session.scalar(
                select(Job)
                .where(self._waiting(lane), free, Job.run_after <= moment)
                .where(Job.kind.not_in(full))
                .where(Job.attempts < self._each("attempts"))
                .order_by(self._each("rank"), Job.run_after)
                .limit(1)
                .with_for_update(skip_locked=True)
            )
            if job is not None:
                # The row is locked (PostgreSQL) or nobody else writes (SQLite).
                job.started_at = moment
                job.attempts += 1
            return job

    @contextmanager
    def _alive(self, job: Job) -> Iterator[None]:
        """Show that the job is being worked on, until it ends."""
        over = threading.Event()

        def show() -> None:
            while not over.wait(SIGN_SECONDS):
                self._try(partial(self._show, job), "sign_of_life")

        thread = threading.Thread(target=show, daemon=True, name=f"sign-{job.kind}")
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _show(self, job: Job) -> None:
        """Worked on still, unless it has failed meanwhile."""
        self._write(job, _is_own(job), Job.started_at.is_not(None), started_at=now())

    def _run(self, job: Job) -> None:
        error = ""
        work = self._works.get(job.kind, _UNKNOWN)
        try:
            work.act(job.payload)
        except Exception as failure:  # a job of any kind may fail in any way
            log.exception("job_failed", kind=job.kind, job=str(job.id))
            error = type(failure).__name__
        if not error:
            self._write(job, error="", done_at=now())
        elif job.attempts >= work.attempts:
            self._try(partial(self._give_up, job, error), job.kind)
        else:
            pause = work.pause * 2**job.attempts
            values = {"error": error, "started_at": None, "run_after": now() + pause}
            self._write(job, _is_own(job), **values)
            self.lines[work.lane].wake(pause.total_seconds())

    def _bury(self, lane: Lane | None) -> None:
        """End what took every worker along and so never came to be given up."""
        dead = (
            select(Job)
            .where(self._waiting(lane), _left_behind(now()))
            .where(Job.attempts >= self._each("attempts"))
        )
        with self.database.reading() as session:
            jobs = session.scalars(dead).all()
        for job in jobs:
            self._try(partial(self._give_up, job, DIED), job.kind)

    def _give_up(self, job: Job, error: str) -> None:
        """Tell whoever waits, then mark; when that fails the next tick tells again."""
        work = self._works.get(job.kind, _UNKNOWN)
        if work.give_up is not None:
            work.give_up(job.payload)
        self._write(job, error=error, done_at=now())

    def _write(self, job: Job, *conditions: ColumnElement[bool], **values: Any) -> None:
        with self.database.transaction() as session:
            session.execute(update(Job).where(Job.id == job.id, *conditions).values(**values))

    def _waiting(self, lane: Lane | None) -> ColumnElement[bool]:
        """Unfinished jobs of a lane; the general one also takes what nobody knows."""
        unfinished = Job.done_at.is_(None)
        if lane is None:
            return unfinished
        papers = [kind for kind, work in self._works.items() if work.lane is Lane.BERKAS]
        of_papers = Job.kind.in_(papers)
        return unfinished & (of_papers if lane is Lane.BERKAS else ~of_papers)

    def _each(self, name: str) -> ColumnElement[int]:
        """An option of the kind of each job, for SQL."""
        usual = getattr(_UNKNOWN, name)
        special = {kind: getattr(work, name) for kind, work in self._works.items()}
        special = {kind: value for kind, value in special.items() if value != usual}
        return case(special, value=Job.kind, else_=usual) if special else literal(usual)


def _left_behind(moment: dt.datetime) -> ColumnElement[bool]:
    """Whose worker must be dead."""
    return Job.started_at < moment - STALE


def _is_own(job: Job) -> ColumnElement[bool]:
    """Nobody has taken the job over since it was claimed: each claim is an attempt more."""
    return Job.attempts == job.attempts


def _refuse(_payload: dict[str, Any]) -> None:
    raise LookupError("no handler")


_UNKNOWN = Work(_refuse)
