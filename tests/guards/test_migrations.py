"""The schema grows in one line, both ways, and is what the models say, on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

import portal.operations.tables
from portal.db import Base, Database
from portal.migrating import MIGRATIONS, config_for, current, head, migrate
from tests.support.postgres import PostgresServer

__all__ = ["portal"]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """A database without a single table."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path_factory.mktemp('empty') / 'portal.db'}")
        yield database
        database.dispose()
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    with server.database() as name:
        database = Database(server.address(name))
        yield database
        database.dispose()


def tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names()) - {"alembic_version"}


def scripts(database: Database) -> ScriptDirectory:
    with database.engine.connect() as connection:
        return ScriptDirectory.from_config(config_for(connection))


def test_there_is_one_head_and_the_file_head_names_it(empty: Database) -> None:
    assert scripts(empty).get_heads() == [head()]


def test_a_file_is_named_after_its_revision(empty: Database) -> None:
    names = {revision.revision for revision in scripts(empty).walk_revisions()}

    assert {path.stem for path in (MIGRATIONS / "versions").glob("*.py")} == names


def test_the_schema_goes_up_down_and_up_again(empty: Database) -> None:
    migrate(empty)
    first = tables(empty)
    migrate(empty, "base")
    between = tables(empty)
    migrate(empty)

    assert (between, tables(empty), current(empty)) == (set(), first, head())


def test_migrating_twice_changes_nothing(empty: Database) -> None:
    migrate(empty)
    migrate(empty)

    assert current(empty) == head()


def test_the_migrated_schema_is_what_the_models_say(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, Base.metadata) == []
