"""Runs of the recomputation: begun once, carried on by any number of processes, never done twice.

A run is cut into parts of the key space. A transaction takes a part that nobody holds, computes its
next range and notes how far it is: all of that happens, or nothing. A killed process leaves its
part to whoever comes next.
"""

from __future__ import annotations

import datetime as dt
import gc
import multiprocessing
import os
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from portal.db import Database, now
from portal.errors import Unavailable
from portal.jobs import Handler, enqueue
from portal.people.models import Pegawai
from portal.permissions import Actor
from portal.scoring.alike.agencies import forget
from portal.scoring.bulk import Wanted, on_duty, recompute_range
from portal.scoring.engine import rules
from portal.scoring.models import RecomputePart, RecomputeRun

log = structlog.get_logger()
KIND = "hitung-ulang"
"""Kind of the job that carries on a run."""
PARTS = 16
"""More than any machine here has processors for, so that none is idle before the end."""
ATTEMPTS = 5
PAUSE = 1.0
"""Seconds before a range that met a lock is tried again; longer each time."""
REST = 0.15
"""Of the time that a range took, so much is left to others before the next: the database server
computes at the same rank as for a page, however far this process stands back."""
WORTH_PROCESSES = 20_000
"""People from which on further processes save more than their start costs."""
_KEYS = 1 << 128


@dataclass(frozen=True)
class Progress:
    """How far a run is."""

    jumlah: int
    dihitung: int
    berubah: int
    selesai: dt.datetime | None

    @property
    def percent(self) -> int:
        """0 to 100; 100 only once everything is done."""
        if self.selesai:
            return 100
        return min(99, self.dihitung * 100 // self.jumlah) if self.jumlah else 0


def start(
    session: Session,
    *,
    cause: str,
    instansi_id: uuid.UUID | None = None,
    tahun: int | None = None,
    actor: Actor | None = None,
) -> RecomputeRun:
    """Write a run and its parts in the caller's transaction; nothing is computed yet.

    `tahun` None means the running year and every stored one.
    """
    people = select(func.count()).select_from(Pegawai).where(on_duty(now()))
    if instansi_id:
        people = people.where(Pegawai.instansi_id == instansi_id)
    run = RecomputeRun(
        instansi_id=instansi_id,
        tahun=tahun,
        sebab=cause,
        oleh_id=actor.pegawai_id if actor else None,
        jumlah=session.scalar(people) or 0,
    )
    session.add(run)
    session.flush()
    bounds = [_KEYS * number // PARTS for number in range(PARTS + 1)]
    session.add_all(
        RecomputePart(
            run_id=run.id,
            nomor=number,
            terakhir=uuid.UUID(int=max(bounds[number] - 1, 0)),
            sampai=uuid.UUID(int=bounds[number + 1] - 1),
        )
        for number in range(PARTS)
    )
    return run


def order(
    session: Session, actor: Actor, *, cause: str, instansi_id: uuid.UUID, tahun: int
) -> RecomputeRun:
    """A run that the worker computes after the commit; wake the queue then."""
    run = start(session, cause=cause, instansi_id=instansi_id, tahun=tahun, actor=actor)
    enqueue(session, KIND, {"run": run.id.hex})
    return run


def handler(database: Database) -> Handler:
    """What the worker does with an order."""
    return lambda payload: carry_on(database, uuid.UUID(hex=payload["run"]))


def order_everybody(database: Database, *, cause: str) -> None:
    """The same for everybody, after whatever earlier run was cut short; run the queue then, which
    starts a job anew whose worker was killed.

    Ordered every night: windows slide with the date, and the turn of the year begins a new row.
    """
    with database.transaction() as session:
        for run_id in (*unfinished(session), start(session, cause=cause).id):
            enqueue(session, KIND, {"run": run_id.hex})


def recompute_all(database: Database, *, cause: str) -> int:
    """Recompute everybody at once; returns the number of people. Whatever earlier run was cut
    short is ended first."""
    with database.transaction() as session:
        earlier = unfinished(session)
        run_id = start(session, cause=cause).id
    for known in (*earlier, run_id):
        carry_on(database, known)
    with database.reading() as session:
        return progress(session, session.get_one(RecomputeRun, run_id)).dihitung


def progress(session: Session, run: RecomputeRun) -> Progress:
    """How far the run is; one query."""
    done, changed = session.execute(
        select(func.sum(RecomputePart.dihitung), func.sum(RecomputePart.berubah)).where(
            RecomputePart.run_id == run.id
        )
    ).one()
    return Progress(run.jumlah, done or 0, changed or 0, run.selesai)


def unfinished(session: Session) -> list[uuid.UUID]:
    """Runs that were begun and are not done, oldest first."""
    statement = select(RecomputeRun.id).where(RecomputeRun.selesai.is_(None))
    return list(session.scalars(statement.order_by(RecomputeRun.dibuat, RecomputeRun.id)))


def carry_on(database: Database, run_id: uuid.UUID, processes: int | None = None) -> None:
    """Compute until nothing of the run is left that this caller could do.

    `processes` None takes every processor when PostgreSQL holds many people, one otherwise. Raises
    Unavailable when a range could not be computed again and again; the run stays to be carried on.
    """
    wanted = processes or _processes(database, run_id)
    url = database.engine.url.render_as_string(hide_password=False)
    context = multiprocessing.get_context("spawn")
    others = [
        context.Process(target=_help, args=(url, run_id, rules.own_folder()), daemon=True)
        for _ in range(wanted - 1)
    ]
    for other in others:
        other.start()
    try:
        _work(database, run_id)
    finally:
        forget()
        for other in others:
            other.join()
    if any(other.exitcode for other in others):
        _work(database, run_id)  # what a lost process left


def _processes(database: Database, run_id: uuid.UUID) -> int:
    if database.engine.dialect.name != "postgresql":
        return 1  # one writer at a time
    with database.reading() as session:
        many = session.get_one(RecomputeRun, run_id).jumlah >= WORTH_PROCESSES
    return (os.cpu_count() or 1) if many else 1


def give_way() -> None:
    """For a process that does nothing but compute: people who wait for a page come first, and the
    garbage collector looks seldom, since a range leaves next to nothing behind."""
    os.nice(15)
    gc.freeze()
    gc.set_threshold(200_000, 20, 20)


def _help(url: str, run_id: uuid.UUID, own_rules: Path | None) -> None:
    give_way()
    rules.look_in(own_rules)
    database = Database(url, pool_size=1)
    parent = multiprocessing.parent_process()
    try:
        # Whoever ended the command, however hard, wants no more of it.
        _work(database, run_id, wanted=lambda: parent is None or parent.is_alive())
    finally:
        database.dispose()


def _work(database: Database, run_id: uuid.UUID, wanted: Callable[[], bool] = lambda: True) -> None:
    attempts = 0
    while wanted():
        begun = time.monotonic()
        try:
            with database.transaction() as session:
                if not advance(session, run_id):
                    return
        except Unavailable:
            attempts += 1
            log.warning("recompute_range_failed", run=str(run_id), attempt=attempts, exc_info=True)
            if attempts == ATTEMPTS:
                raise
            time.sleep(PAUSE * attempts)
        else:
            attempts = 0
            time.sleep((time.monotonic() - begun) * REST)


def advance(session: Session, run_id: uuid.UUID) -> bool:
    """Compute the next range of a part that nobody holds; False when there is none.

    Ends the run with its last part.
    """
    run = session.get_one(RecomputeRun, run_id)
    statement = (
        select(RecomputePart)
        .where(RecomputePart.run_id == run_id, RecomputePart.selesai.is_(None))
        .order_by(RecomputePart.nomor)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    part = session.scalar(statement)
    if part is None:
        return False
    if session.get_bind().dialect.name == "postgresql":
        # A run is computed once more when the server loses its last moments.
        session.connection().exec_driver_sql("SET LOCAL synchronous_commit = off")
    wanted = Wanted(run.sebab, run.instansi_id, run.tahun, part.sampai)
    done = recompute_range(session, wanted, part.terakhir, now())
    part.dihitung += done.people
    part.berubah += done.changed
    if done.last:
        part.terakhir = done.last
    else:
        part.selesai = now()
        session.flush()
        _end(session, run_id)
    return True


def _end(session: Session, run_id: uuid.UUID) -> None:
    """Close the run when no part is left. Its row is locked first: of two processes that end their
    last parts at the same moment, the second must see what the first has done."""
    session.execute(select(RecomputeRun.id).where(RecomputeRun.id == run_id).with_for_update())
    open_parts = select(RecomputePart.nomor).where(
        RecomputePart.run_id == run_id, RecomputePart.selesai.is_(None)
    )
    session.execute(
        update(RecomputeRun)
        .where(RecomputeRun.id == run_id, ~open_parts.exists())
        .values(selesai=now())
    )
