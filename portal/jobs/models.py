"""Tables of the work that waits, and of the signs of life of those who do it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import JSON, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.db import Base, new_id, now

WORKER = "pekerja"
"""Name of the worker's own sign of life."""


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
