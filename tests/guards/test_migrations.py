"""The schema grows in one line, both ways, and is what the models say, on both databases."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, inspect, select

import portal.operations.tables
from portal.accounts.models import Penugasan
from portal.accounts.queries import holds
from portal.audit import AuditEntry
from portal.db import Base, Database, now
from portal.documents.arrivals import Original
from portal.documents.models import Document, DocumentFile
from portal.documents.rulings import Decision
from portal.documents.transitions import Act
from portal.migrating import MIGRATIONS, config_for, current, head, migrate
from portal.people.models import Pegawai
from portal.vocabulary import DocumentState
from tests.support import builders
from tests.support.cast import assemble
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
        opts = {"compare_type": True, "include_name": without_trigrams}
        context = MigrationContext.configure(connection, opts=opts)

        assert compare_metadata(context, Base.metadata) == []


def without_trigrams(name: str | None, kind: str, _parents: object) -> bool:
    """The index of names stands only where the server has pg_trgm; no model knows it."""
    return (kind, name) != ("index", "ix_pegawai_nama_trgm")


def test_rows_survive_the_way_down_and_up_again(empty: Database) -> None:
    """The first steps only add what a release needs; what people handed in stays."""
    migrate(empty)
    with empty.transaction() as session:
        cast = assemble(session)
        for state in (DocumentState.DISETUJUI, DocumentState.DITOLAK):
            item = builders.document(session, cast.sari, state, verifier=cast.vera)
            item.nomor = " 12/AB-C/2024 "
        session.add(Original(file_id=item.files[0].id, number=1, sha256="0" * 64, size=1))
    before = numbers(empty)
    migrate(empty, "0003_ledger")
    migrate(empty)

    assert numbers(empty) == before
    with empty.reading() as session:
        assert set(session.scalars(select(Document.nomor_kunci))) == {"12abc2024"}


def test_a_role_for_one_queue_does_not_grow_when_queues_go(empty: Database) -> None:
    """An older portal knows no queues and would read it as a role for all of them."""
    migrate(empty)
    with empty.transaction() as session:
        cast = assemble(session)
        queue = builders.queue(session, cast.ani, cast.bima)
        bound = session.scalars(select(Penugasan.id).where(Penugasan.antrean_id == queue.id)).all()
        free = set(session.scalars(select(Penugasan.id).where(Penugasan.antrean_id.is_(None))))
    migrate(empty, "0004_capture")
    migrate(empty)

    with empty.reading() as session:
        held = set(session.scalars(select(Penugasan.id).where(holds(now()))))
    assert bound
    assert held == free


def test_a_decision_that_was_taken_back_does_not_come_to_life_again(empty: Database) -> None:
    """An older portal knows no undoing; that it happened stays in the audit."""
    migrate(empty)
    with empty.transaction() as session:
        cast = assemble(session)
        item = builders.document(session, cast.sari, DocumentState.DITOLAK, verifier=cast.vera)
        made = {"document_id": item.id, "owner_id": item.owner_id, "revision": 1}
        made["decider_id"] = cast.vera.pegawai_id
        session.add(Decision(act=Act.SETUJUI, undone_at=now(), **made))
        stands = Decision(act=Act.TOLAK, **made)
        session.add(stands)
        session.flush()
        kept = set(session.scalars(select(Decision.id).where(Decision.undone_at.is_(None))))
    migrate(empty, "0004_capture")
    migrate(empty)

    with empty.reading() as session:
        assert set(session.scalars(select(Decision.id))) == kept


def test_what_refers_to_nothing_stops_a_migration(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'portal.db'}")
    migrate(database)
    with database.transaction() as session:
        builders.document(session, assemble(session).sari, DocumentState.DRAF)
    with closing(sqlite3.connect(tmp_path / "portal.db")) as connection, connection:
        connection.execute("DELETE FROM document")

    with pytest.raises(RuntimeError, match="document_file"):
        migrate(database, "0003_ledger")
    assert current(database) == head()
    database.dispose()


def numbers(database: Database) -> dict[str, int]:
    """How many rows the tables of people and papers have."""
    kept = (Pegawai, Document, DocumentFile, Decision, AuditEntry)
    with database.reading() as session:
        return {
            table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0
            for table in kept
        }
