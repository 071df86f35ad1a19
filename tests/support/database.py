"""A fresh, migrated database per test, on SQLite and on PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from portal.db import Database
from portal.migrating import migrate
from portal.settings import Settings
from tests.support.postgres import PostgresServer

DIALECTS = ("sqlite", "postgresql")
on_sqlite_alone = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For tests in which the database plays no part: routes, templates, headers."""

on_postgresql_alone = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
"""For what SQLite, with its one writer at a time, does not know: two transactions at once."""


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty database file to copy."""
    path = tmp_path_factory.mktemp("template") / "portal.db"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    settle(database)
    return path


def settle(database: Database) -> None:
    """Leave one plain file without a log beside it, so that what is copied is all there is."""
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()


@pytest.fixture(params=DIALECTS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of a fresh database; a test that asks for one runs on both dialects.

    It is as new: empty, or with the cast inside where the test asks for the cast.
    """
    peopled = "cast" in request.fixturenames
    if request.param == "sqlite":
        path = tmp_path / "portal.db"
        template = request.getfixturevalue("sqlite_with_cast" if peopled else "sqlite_template")
        shutil.copyfile(template.path if peopled else template, path)
        yield f"sqlite:///{path}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    template = request.getfixturevalue("postgresql_with_cast" if peopled else "postgres_template")
    with server.lent(template.path if peopled else template) as name:
        yield server.address(name)


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """Settings of a portal of this test's own: nothing is shared with another test."""
    return Settings(
        mode="uji",
        secret_key="rahasia-untuk-uji-saja-0123456789",
        var_dir=tmp_path / "var",
        database_url=database_url,
        cheap_hashes=True,
    )


@pytest.fixture
def database(request: pytest.FixtureRequest, database_url: str) -> Iterator[Database]:
    """Engine and sessions on this test's database, those of its application if it has one."""
    if "app" in request.fixturenames:
        yield request.getfixturevalue("app").extensions["database"]
        return
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A writing transaction for tests of actions and queries, rolled back afterwards.

    SQLite has one writer: a test that also opens pages commits its data before, by
    `with database.transaction() as session:`.
    """
    with database.transaction() as session:
        yield session
        if session.in_transaction():
            session.rollback()
