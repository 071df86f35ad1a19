"""Two acts that meet: the first is held at a chosen statement until the second can go no further.

Whoever waits for whom is then decided by the database. Both transactions are rolled back, so that
one set of items serves every meeting.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import psycopg
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from portal.db import Database
from portal.errors import PortalError
from tests.support.components import PATIENCE

Act = Callable[[Session], object]
LOCKS = ("UPDATE", "DELETE", "INSERT", " FOR ")
"""Statements after which somebody else may have to wait."""
ENDLESS = 1_000_000
LOOK = 0.005
"""Seconds between two looks at whether somebody waits."""
WAITS = text("SELECT EXISTS (SELECT FROM pg_locks WHERE pid = :pid AND NOT granted)")
QUICKLY = "deadlock_timeout=40ms"
"""How soon the server looks for a ring."""


@dataclass
class Meeting:
    """What came of it: the error of each, None for an act that went through or was refused."""

    first: Exception | None = None
    second: Exception | None = None
    reached: bool = False
    """False when the first act has fewer statements than it was to be held at."""

    @property
    def is_ring(self) -> bool:
        return any(
            isinstance(getattr(error, "orig", None), psycopg.errors.DeadlockDetected)
            for error in (self.first, self.second)
        )


@dataclass
class _Turn:
    """One act in a thread and a transaction of its own."""

    database: Database
    act: Act
    hold_at: int = 0
    """Number of the locking statement after which it waits; 0: it never does."""
    held: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)
    error: Exception | None = None
    count: int = 0
    """Locking statements so far."""
    pid: int | None = None
    """Number of its connection at the server, from its first statement on."""

    def start(self) -> threading.Thread:
        thread = threading.Thread(target=self._run)
        thread.start()
        return thread

    def _run(self) -> None:
        def after(*arguments: Any) -> None:
            self.count += any(word in arguments[2] for word in LOCKS)
            if self.count == self.hold_at and not self.held.is_set():
                self.held.set()
                self.go_on.wait(PATIENCE)

        try:
            with self.database._writes() as session:
                connection = session.connection()
                self.pid = session.scalar(text("SELECT pg_backend_pid()"))
                if self.hold_at:
                    event.listen(connection, "after_cursor_execute", after)
                with suppress(PortalError):
                    self.act(session)
                    session.flush()
                session.rollback()
        except Exception as error:  # noqa: BLE001 -- the meeting tells
            self.error = error


def quick(url: str) -> Database:
    """A database whose server looks for rings at once."""
    option = f"options=-c%20{QUICKLY.replace('=', '%3D')}"
    return Database(f"{url}{'&' if '?' in url else '?'}{option}")


def alone(database: Database, act: Act) -> Exception | None:
    """The failure or refusal of an act that meets nobody."""
    try:
        with database.transaction() as session:
            act(session)
            session.flush()
            session.rollback()
    except Exception as error:  # noqa: BLE001 -- the caller tells
        return error
    return None


def steps(database: Database, act: Act) -> int:
    """How many statements of an act may keep somebody else waiting."""
    turn = _Turn(database, act, hold_at=ENDLESS)
    turn.start().join()
    return turn.count


def meet(database: Database, first: Act, second: Act, hold_at: int) -> Meeting:
    """Hold `first` after its locking statement number `hold_at` until `second` is over or waits."""
    one, two = _Turn(database, first, hold_at), _Turn(database, second)
    running = one.start()
    while running.is_alive() and not one.held.wait(LOOK):
        pass
    if not one.held.is_set():
        running.join()
        return Meeting(one.error)
    beside = two.start()
    try:
        while beside.is_alive() and not _waits(database, two):
            beside.join(LOOK)
    finally:
        one.go_on.set()
        running.join()
        beside.join()
    return Meeting(one.error, two.error, reached=True)


def _waits(database: Database, turn: _Turn) -> bool:
    """Whether the server lets an act wait for a lock that somebody else holds."""
    with database.reading() as session:
        return bool(session.scalar(WAITS, {"pid": turn.pid}))
