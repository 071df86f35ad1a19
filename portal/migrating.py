"""Bringing a database to the newest schema, and asking how far it is."""

from __future__ import annotations

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
    with database.engine.execution_options(writes=True).begin() as connection:
        if database.engine.dialect.name == "postgresql":
            # Two processes that start together must not both migrate.
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7215801)")
        if revision == "base" or (revision != "head" and revision < (_at(connection) or "")):
            command.downgrade(config_for(connection), revision)
        else:
            command.upgrade(config_for(connection), revision)


def current(database: Database) -> str | None:
    """The revision of the database, None when it is empty."""
    with database.engine.connect() as connection:
        return _at(connection)


def _at(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
