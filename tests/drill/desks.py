"""Eight verifikator clear a queue while owners withdraw and hand in again, and some of them die.

Each verifikator is a program of its own with a browser; one of them is killed in the middle, and
so is one web process. Afterwards the books have to agree (tests.drill.books).
"""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select, text
from structlog.testing import capture_logs

from portal.agency.models import Opd
from portal.app import create_app
from portal.db import Database, now
from portal.documents.models import OPEN_STATES, Document
from portal.documents.rulings import Decision
from portal.documents.transitions import Act as Step
from portal.people import mobility
from portal.people.models import Pegawai
from portal.settings import Settings
from portal.verification.actions import release_expired
from tests.drill import books, stock
from tests.drill.day import Day, Outcome, untold
from tests.drill.diary import VARIABLE, Orders, acts_of
from tests.drill.stock import People, Person
from tests.support.cast import PASSWORD
from tests.support.components import child, fast_folder
from tests.support.live import LivePortal, running_portal

LOGGED = ("deadlock detected", "database is locked", "minute_act_failed", "job_failed")
"""Words that no log of the portal may hold after such a day."""
FOLLOWS = 60.0
"""Seconds in which an item has to have followed, however busy the machine is."""
PATIENCE = 300
"""Seconds for what has to come, however busy the machine is. So long a writer of SQLite waits for
the others, too: that somebody is told to come back depends on the machine, and is tried elsewhere.
"""
TICK = 1.0
"""Seconds between two ticks of the worker beside the portal's own."""
LONG_AFTER = dt.timedelta(days=1)
KILL_VERIFIKATOR, KILL_WEB, OWNERS_GO = 0.25, 0.5, 0.9
"""Share of the items decided after which something happens."""


@dataclass
class Place:
    """The portal, its people, and the programs that run beside it."""

    portal: LivePortal
    people: People


@contextmanager
def running(folder: Path, database_url: str, day: Day) -> Iterator[Place]:
    """A portal of two web processes and a worker, with the queue of the day in it."""
    if database_url.startswith("sqlite"):
        database_url += f"?timeout={PATIENCE}"
    settings = {"DATABASE_URL": database_url, "WEB_PROCESSES": "2", "LEASE_MINUTES": "1"}
    with (
        # Thousands of papers: a disk would take minutes to promise that it keeps them.
        tempfile.TemporaryDirectory(prefix="portal-desks-", dir=fast_folder()) as papers,
        running_portal(folder, VAR_DIR=papers, **settings) as portal,
    ):
        yield Place(portal, stock.fill(portal, day.items, day.verifikator))


def drill(place: Place, day: Day) -> Outcome:
    """Let the day begin; returns when nothing waits any more, or when its time is over."""
    return _Running(place.portal, place.people, day).run()


class _Running:
    def __init__(self, portal: LivePortal, people: People, day: Day) -> None:
        self.portal, self.people, self.day = portal, people, day
        self.chance = random.Random(day.seed)
        self.outcome = Outcome()
        self.begun = now()
        self._deadlocks_before = _deadlocks(portal.database)
        self._dead: Person | None = None
        self._homeless: dict[uuid.UUID, float] = {}
        self._diaries: list[Path] = []

    def run(self) -> Outcome:
        begun = time.monotonic()
        with ExitStack() as stack:
            stack.enter_context(_ticking(self.portal, self.outcome))
            desks = [
                self._start(stack, "desk", [person.nip], number)
                for number, person in enumerate(self.people.desks)
            ]
            homes = [self._start(stack, "homes", [one.nip for one in self.people.owners], 100)]
            while not self._is_done(homes) or not self._has_killed:
                time.sleep(self.chance.uniform(0.1, 0.5))
                self._look()
                self._interfere(desks)
                if self.chance.random() < self.day.moves:
                    self._move_somebody()
                if time.monotonic() > begun + self.day.limit:
                    self.outcome.wrong.append("the day was too short")
                    break
            self.outcome.seconds = time.monotonic() - begun
            self._call(homes + desks)
        for diary in self._diaries:
            self.outcome.acts += acts_of(diary)
        self._examine()
        return self.outcome

    def _start(
        self, stack: ExitStack, program: str, nips: list[str], number: int
    ) -> subprocess.Popen[bytes]:
        folder = self.portal.folder
        diary = folder / f"{program}-{number}.jsonl"
        self._diaries.append(diary)
        orders = Orders(
            self.portal.url,
            nips,
            PASSWORD,
            self.day.seed + number,
            self.day.think,
            str(diary),
            str(folder / f"{program}.over"),
        )
        command = [sys.executable, "-m", f"tests.drill.{program}"]
        environment = {"PATH": os.environ["PATH"], VARIABLE: orders.text}
        log = folder / f"{program}-{number}.log"
        return stack.enter_context(child(command, env=environment, log=log))

    def _is_done(self, homes: list[subprocess.Popen[bytes]]) -> bool:
        """Nothing waits, and no owner will bring anything more."""
        if self._share_decided() < OWNERS_GO:
            return False
        self._over("homes").touch()
        if any(home.poll() is None for home in homes):
            return False
        waiting = self._open_items()
        if waiting and self._dead and all(item == self._dead.id for item in waiting):
            with self.portal.database.transaction() as session:
                release_expired(session, now() + LONG_AFTER)  # nobody else holds anything
        return not waiting

    def _over(self, program: str) -> Path:
        return self.portal.folder / f"{program}.over"

    def _call(self, programs: list[subprocess.Popen[bytes]]) -> None:
        for name in ("homes", "desk"):
            self._over(name).touch()
        for program in programs:
            program.wait(PATIENCE)

    def _share_decided(self) -> float:
        with self.portal.database.reading() as session:
            final = select(func.count(Decision.id)).where(
                Decision.at >= self.begun, Decision.act != Step.CABUT
            )
            return (session.scalar(final) or 0) / self.day.items

    def _open_items(self) -> list[uuid.UUID | None]:
        """Who holds each item that waits."""
        with self.portal.database.reading() as session:
            waiting = select(Document.claimed_by_id).where(Document.state.in_(OPEN_STATES))
            return list(session.scalars(waiting))

    def _look(self) -> None:
        database, moment = self.portal.database, time.monotonic()
        with database.reading() as session:
            found = books.wrong_counts(session)
        homeless = books.homeless(database)
        # An item follows its owner, and a queue its people, with the next tick.
        self._homeless = {item: self._homeless.get(item, moment) for item in homeless}
        left = [i for i, since in self._homeless.items() if moment - since > FOLLOWS]
        found += [f"{item}: nobody may decide it" for item in left]
        self.outcome.wrong += found
        self.outcome.miscounted += bool(found)
        self.outcome.looks += 1

    def _move_somebody(self) -> None:
        """An admin moves an owner to another unit; the items follow."""
        with self.portal.database.transaction() as session:
            person = session.get_one(Pegawai, self.chance.choice(self.people.owners).id)
            units = session.scalars(select(Opd).where(Opd.id != person.opd_id).order_by(Opd.nama))
            mobility.transfer(session, None, person, self.chance.choice(units.all()))
        self.outcome.moved += 1

    def _interfere(self, desks: list[subprocess.Popen[bytes]]) -> None:
        share = self._share_decided()
        if share > KILL_VERIFIKATOR and self._dead is None:
            number = self.chance.randrange(len(self.people.verifikator))
            os.killpg(desks[number].pid, signal.SIGKILL)
            desks[number].wait()
            self._dead = self.people.verifikator[number]
            self.outcome.kills.append("verifikator")
            self.outcome.held_by_the_dead = self._open_items().count(self._dead.id)
        if share > KILL_WEB and "web" not in self.outcome.kills:
            children = [p for p in self.portal.web_processes() if os.getpgid(p) != p]
            os.kill(self.chance.choice(children), signal.SIGKILL)
            self.outcome.kills.append("web")

    @property
    def _has_killed(self) -> bool:
        return self._dead is not None and "web" in self.outcome.kills

    def _examine(self) -> None:
        outcome, database = self.outcome, self.portal.database
        outcome.wrong += books.faults(database, self.begun)
        with database.reading() as session:
            decisions = session.scalars(select(Decision).where(Decision.at >= self.begun)).all()
            outcome.wrong += untold(outcome, decisions, self.people)
        outcome.deadlocks = _deadlocks(database) - self._deadlocks_before
        for name in ("serve", "worker"):
            log = (self.portal.folder / f"{name}.log").read_text(errors="replace")
            outcome.logged += [f"{name}: {words}" for words in LOGGED if words in log]


def _deadlocks(database: Database) -> int:
    """How many the server has broken up in this database so far; SQLite knows none."""
    if database.engine.dialect.name == "sqlite":
        return 0
    counted = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    with database.reading() as session:
        return session.scalar(text(counted)) or 0


@contextmanager
def _ticking(portal: LivePortal, outcome: Outcome) -> Iterator[None]:
    """A second worker whose minute lasts a second."""
    app = create_app(Settings.from_env(portal.environment))
    queue, over = app.extensions["queue"], threading.Event()

    def tick() -> None:
        while not over.wait(TICK):
            with capture_logs() as lines:
                queue.minute()
            outcome.logged += [f"tick: {line}" for line in lines if line["log_level"] == "error"]

    thread = threading.Thread(target=tick)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        app.extensions["database"].dispose()
        queue.close()
