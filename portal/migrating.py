"""Bringing a database to the newest schema, and asking how far it is."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection

from portal.db import Database
from portal.settings import ROOT

MIGRATIONS = ROOT / "migrations"


def config_for(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def head() -> str:
    """The newest revision; a file, so that two branches of work collide in version control."""
    return (MIGRATIONS / "HEAD").read_text().strip()


def migrate(database: Database, revision: str = "head") -> None:
    """Upgrade (or, with an older revision, downgrade) in one transaction."""
    engine = database.engine.execution_options(writes=True)
    with engine.connect() as connection, _free_of_references(connection), connection.begin():
        if database.engine.dialect.name == "postgresql":
            # Two processes that start together must not both migrate.
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7215801)")
        before = _at(connection)
        if revision == "base" or (revision != "head" and revision < (before or "")):
            command.downgrade(config_for(connection), revision)
        else:
            command.upgrade(config_for(connection), revision)
        if _at(connection) != before:
            _check_references(connection)


@contextmanager
def _free_of_references(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by copying and dropping it; rows of other tables that refer to it
    would forbid that, or be deleted along. It heeds the switch only outside of a transaction."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = cast("sqlite3.Connection", connection.connection.driver_connection)
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def _check_references(connection: Connection) -> None:
    """What PostgreSQL checked all along; raises before anything is committed."""
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise RuntimeError(f"a row of {broken[0]} refers to a missing row of {broken[2]}")


def current(database: Database) -> str | None:
    """The revision of the database, None when it is empty."""
    with database.engine.connect() as connection:
        return _at(connection)


def _at(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
