"""What somebody with the rights of the database's owner can do to the audit."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import Connection, insert, text

from portal import audit
from portal.audit.checking import Check, faults
from portal.audit.findings import Fault
from portal.audit.sealing import LINE, Head, seal_committed
from portal.db import Database, now

NOW = dt.timedelta()
TABLES = ("audit", "segel_audit")


def write(database: Database, number: int, *, at: dt.datetime | None = None) -> None:
    """That many lines of the system, each its own transaction's worth of facts."""
    with database.transaction() as session:
        for place in range(number):
            audit.record(session, None, "test:written", uuid.uuid4(), at=at, nomor=place, kata="é")


def sealed(database: Database, number: int = 5, *, ago: dt.timedelta = NOW) -> None:
    """A chain of that many lines."""
    write(database, number, at=now() - ago)
    seal_committed(database, at=now() - ago)


def look(database: Database, *heads: Head) -> list[Fault]:
    return list(faults(database, Check(), heads))


def kinds(found: list[Fault]) -> list[tuple[str, int | None]]:
    """What and at which place of the chain."""
    return [(fault.kind, fault.urutan) for fault in found]


def unlock(connection: Connection) -> None:
    """Take the triggers away, which the owner of a database can."""
    for table in TABLES:
        if connection.dialect.name == "sqlite":
            for act in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{act}"))
        else:
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER {table}_append_only"))


def tamper(database: Database, *statements: str, **values: Any) -> None:
    with database.engine.execution_options(writes=True).begin() as connection:
        unlock(connection)
        for statement in statements:
            connection.execute(text(statement), values)


def slip_in(database: Database, number: int, at: dt.datetime | None = None) -> None:
    """A line with a number of its own choice, by the side of the portal."""
    with database.engine.execution_options(writes=True).begin() as connection:
        line = {"id": number, "at": at or now(), "actor_name": "Vera", "action": "test:slipped-in"}
        connection.execute(insert(LINE).values(facts={}, **line))
