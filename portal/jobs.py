"""Background work. A job is a row written in the transaction of the act that needs it; huey only
wakes the worker, and the minute tick starts whatever was never woken. Jobs are idempotent.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from huey import Huey, RedisHuey, SqliteHuey, crontab
from huey.consumer import Consumer
from sqlalchemy import JSON, Index, Integer, String, Text, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.db import Base, Database, new_id, now
from portal.settings import Settings

log = structlog.get_logger()
MAX_ATTEMPTS = 5
STALE = dt.timedelta(minutes=10)


class Job(Base):
    """One piece of work: waiting (`started_at` empty), running, or done."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_done_at_run_after", "done_at", "run_after"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(40))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[dt.datetime] = mapped_column(default=now)
    run_after: Mapped[dt.datetime] = mapped_column(default=now)
    started_at: Mapped[dt.datetime | None]
    done_at: Mapped[dt.datetime | None]
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    error: Mapped[str] = mapped_column(Text, default="")


class Heartbeat(Base):
    """When something was last done: by a worker at all, and each act of the night."""

    __tablename__ = "denyut"

    nama: Mapped[str] = mapped_column(String(40), primary_key=True)
    terlihat: Mapped[dt.datetime]


Handler = Callable[[dict[str, Any]], None]
WORKER = "pekerja"
"""Name of the worker's own sign of life."""


@dataclass(frozen=True)
class Night:
    """An act of every night, from `hour` (UTC) on."""

    name: str
    act: Callable[[], object]
    hour: int


def enqueue(
    session: Session,
    kind: str,
    payload: dict[str, Any],
    *,
    delay: dt.timedelta | None = None,
) -> Job:
    """Write a job into the caller's transaction; call `Queue.wake` after the commit."""
    job = Job(kind=kind, payload=payload, run_after=now() + (delay or dt.timedelta()))
    session.add(job)
    return job


class Queue:
    """Runs jobs by handlers that the application registers; owns the huey instance."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.database = database
        self.handlers: dict[str, Handler] = {}
        self.huey = _connect(settings)
        self._wake = self.huey.task(name="run_due")(self.run_due)
        self._every_minute: list[Callable[[], object]] = [self.beat, self.run_due]
        self._nights: list[Night] = []
        self.huey.periodic_task(crontab(minute="*"), name="minute")(self.minute)

    def close(self) -> None:
        """Let go of the broker."""
        self.huey.storage.close()

    def handle(self, kind: str, handler: Handler) -> None:
        self.handlers[kind] = handler

    def every_minute(self, act: Callable[[], object]) -> None:
        """Register an act of the minute tick."""
        self._every_minute.append(act)

    def minute(self) -> None:
        """The tick: each act by itself, so that one failure stops no other."""
        for act in self._every_minute:
            self._try(act, getattr(act, "__name__", "?"))
        for night in self._nights:
            self._try(partial(self._run_night, night), night.name)

    def _try(self, act: Callable[[], object], name: str) -> None:
        try:
            act()
        except Exception:  # logged; the next tick tries again
            log.exception("minute_act_failed", act=name)

    def work(self) -> None:
        """Run jobs in this process until SIGTERM, which lets the running job end."""
        Consumer(self.huey, workers=1, worker_type="thread", graceful_signal="TERM").run()

    def beat(self) -> None:
        """Leave a sign that a worker lives."""
        with self.database.transaction() as session:
            session.merge(Heartbeat(nama=WORKER, terlihat=now()))

    def nightly(self, name: str, act: Callable[[], object], *, hour: int) -> None:
        """Register a daily act (UTC hour). A night that no worker saw is made up for as soon as
        one is back; of many machines one runs it."""
        self._nights.append(Night(name, act, hour))

    def _run_night(self, night: Night) -> None:
        if self._take(night, now()):
            log.info("nightly", act=night.name)
            night.act()

    def _take(self, night: Night, moment: dt.datetime) -> bool:
        """True for whoever may run the act now; a new installation has missed no night."""
        due = moment.replace(hour=night.hour, minute=0, second=0, microsecond=0)
        if due > moment:
            due -= dt.timedelta(days=1)
        with self.database.transaction() as session:
            last = session.get(Heartbeat, f"malam:{night.name}", with_for_update=True)
            if last is None:
                session.add(Heartbeat(nama=f"malam:{night.name}", terlihat=moment))
                return False
            if last.terlihat >= due:
                return False
            last.terlihat = moment
            return True

    def wake(self) -> None:
        """Tell the worker that there is work; a failing broker never breaks the act."""
        try:
            self._wake()
        except Exception:  # any broker error: the minute tick finds the job
            log.warning("wake_failed", exc_info=True)

    def run_due(self) -> int:
        """Run every job that is due; returns how many were run."""
        count = 0
        while (job := self._claim()) is not None:
            self._run(job)
            count += 1
        return count

    def _claim(self) -> Job | None:
        moment = now()
        free = Job.done_at.is_(None) & (
            Job.started_at.is_(None) | (Job.started_at < moment - STALE)
        )
        with self.database.transaction() as session:
            job = session.scalar(
                select(Job)
                # One that took every worker along never came to be marked as given up.
                .where(free, Job.run_after <= moment, Job.attempts < MAX_ATTEMPTS)
                .order_by(Job.run_after)
                .limit(1)
                .with_for_update(skip_locked=True)
            )
            if job is not None:
                # The row is locked (PostgreSQL) or nobody else writes (SQLite).
                job.started_at = moment
                job.attempts += 1
            return job

    def _run(self, job: Job) -> None:
        error = ""
        try:
            self.handlers[job.kind](job.payload)
        except Exception as failure:  # a job of any kind may fail in any way
            log.exception("job_failed", kind=job.kind, job=str(job.id))
            error = type(failure).__name__
        final = not error or job.attempts >= MAX_ATTEMPTS
        values: dict[str, Any] = {"error": error, "done_at": now() if final else None}
        if not final:
            pause = dt.timedelta(seconds=30 * 2**job.attempts)
            values |= {"started_at": None, "run_after": now() + pause}
        with self.database.transaction() as session:
            session.execute(update(Job).where(Job.id == job.id).values(**values))


def _connect(settings: Settings) -> Huey:
    if settings.redis_url:
        return RedisHuey("portal", url=settings.redis_url)
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    return SqliteHuey("portal", filename=str(settings.var_dir / "antrean.db"))
