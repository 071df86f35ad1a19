"""A backup restores into an empty place, on either database, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from portal import audit
from portal.db import Base, Database
from portal.errors import Rejected
from portal.migrating import migrate
from portal.operations.backup import backup, restore, tables
from portal.operations.reconciliation import findings_of, reconcile
from portal.scoring.actions import recompute
from portal.storage.local import LocalStorage
from portal.vocabulary import DocumentState
from tests.support import builders
from tests.support.cast import TODAY, Cast


@pytest.fixture
def filled(database: Database, cast: Cast, tmp_path: Path) -> LocalStorage:
    """Documents with files, a replaced one, audit lines and scores."""
    storage = LocalStorage(tmp_path / "objects")
    with database.transaction() as session:
        first = builders.document(session, cast.sari, DocumentState.DIAJUKAN, storage=storage)
        builders.document(
            session,
            cast.sari,
            DocumentState.DIPERIKSA,
            verifier=cast.vera,
            storage=storage,
            replaces_id=first.id,
        )
        audit.record(session, cast.sari, "document:submitted", first.id, revisi=1)
        recompute(session, cast.sari.pegawai_id, today=TODAY, cause="Uji")
    return storage


@pytest.fixture
def empty_place(tmp_path: Path) -> Iterator[tuple[Database, LocalStorage]]:
    database = Database(f"sqlite:///{tmp_path / 'kosong.db'}")
    migrate(database)
    yield database, LocalStorage(tmp_path / "objects-kosong")
    database.dispose()


def rows_of(database: Database) -> dict[str, int]:
    with database.reading() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table)) or 0
            for table in tables()
        }


def test_every_row_and_object_comes_back(
    database: Database,
    filled: LocalStorage,
    empty_place: tuple[Database, LocalStorage],
    tmp_path: Path,
) -> None:
    backup(database, filled, tmp_path / "cadangan")
    restore(*empty_place, tmp_path / "cadangan")
    assert rows_of(empty_place[0]) == rows_of(database)
    assert {i.key for i in empty_place[1].iterate()} == {i.key for i in filled.iterate()}


def test_values_of_every_type_are_the_same_after_the_restore(
    database: Database,
    filled: LocalStorage,
    empty_place: tuple[Database, LocalStorage],
    tmp_path: Path,
) -> None:
    backup(database, filled, tmp_path / "cadangan")
    restore(*empty_place, tmp_path / "cadangan")
    for name in ("pegawai", "document", "skor", "audit", "opd"):
        table = Base.metadata.tables[name]
        key = list(table.primary_key)
        with database.reading() as old, empty_place[0].reading() as new:
            before = old.execute(select(table).order_by(*key)).all()
            assert new.execute(select(table).order_by(*key)).all() == before


def test_the_restored_portal_reconciles_clean(
    database: Database,
    filled: LocalStorage,
    empty_place: tuple[Database, LocalStorage],
    tmp_path: Path,
) -> None:
    backup(database, filled, tmp_path / "cadangan")
    restore(*empty_place, tmp_path / "cadangan")
    assert findings_of(reconcile(*empty_place)) == []


def test_the_audit_goes_on_after_the_last_number(
    database: Database, filled: LocalStorage, cast: Cast, tmp_path: Path
) -> None:
    backup(database, filled, tmp_path / "cadangan")
    for table in reversed(tables()):
        if table.name == "audit":
            continue
        with database.transaction() as session:
            session.execute(table.delete())
    forget = {
        "sqlite": ("DROP TRIGGER audit_no_delete", "DELETE FROM audit"),
        "postgresql": (
            "ALTER TABLE audit DISABLE TRIGGER USER",
            "TRUNCATE audit RESTART IDENTITY",
            "ALTER TABLE audit ENABLE TRIGGER USER",
        ),
    }
    with database.transaction() as session:
        for statement in forget[database.engine.dialect.name]:
            session.execute(text(statement))
    restore(database, LocalStorage(tmp_path / "baru"), tmp_path / "cadangan")
    with database.transaction() as session:
        audit.record(session, cast.sari, "uji:lanjut", None)


def test_login_sessions_are_left_out(
    database: Database, filled: LocalStorage, tmp_path: Path
) -> None:
    manifest = backup(database, filled, tmp_path / "cadangan")
    assert "sesi" not in manifest["tabel"]


def test_refuses_a_folder_that_holds_something(
    database: Database, filled: LocalStorage, tmp_path: Path
) -> None:
    with pytest.raises(Rejected, match="tidak kosong"):
        backup(database, filled, tmp_path / "objects")


def test_refuses_to_restore_over_existing_people(
    database: Database, filled: LocalStorage, tmp_path: Path
) -> None:
    backup(database, filled, tmp_path / "cadangan")
    with pytest.raises(Rejected, match="kosong"):
        restore(database, filled, tmp_path / "cadangan")


def test_a_damaged_object_stops_the_restore_before_anything_is_written(
    database: Database,
    filled: LocalStorage,
    empty_place: tuple[Database, LocalStorage],
    tmp_path: Path,
) -> None:
    folder = tmp_path / "cadangan"
    backup(database, filled, folder)
    next(path for path in (folder / "objek").rglob("*.pdf")).write_bytes(b"rusak")
    with pytest.raises(Rejected, match="rusak"):
        restore(*empty_place, folder)
    assert rows_of(empty_place[0])["pegawai"] == 0
    assert list(empty_place[1].iterate()) == []


def test_a_backup_of_another_schema_is_refused(
    database: Database,
    filled: LocalStorage,
    empty_place: tuple[Database, LocalStorage],
    tmp_path: Path,
) -> None:
    folder = tmp_path / "cadangan"
    manifest = backup(database, filled, folder)
    (folder / "manifest.json").write_text(json.dumps(manifest | {"versi": "0000"}))
    with pytest.raises(Rejected, match="Versi"):
        restore(*empty_place, folder)


def test_a_folder_that_is_no_backup_is_named(
    empty_place: tuple[Database, LocalStorage], tmp_path: Path
) -> None:
    with pytest.raises(Rejected, match="bukan cadangan"):
        restore(*empty_place, tmp_path)
