"""A backup restores into an empty place, on either database, and nothing else."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from portal import audit
from portal.db import Base, Database
from portal.documents.arrivals import Original, Processing, ReadCode, Reading, Upload
from portal.errors import Rejected
from portal.migrating import migrate
from portal.operations.backup import backup, restore, tables
from portal.operations.reconciliation import findings_of, reconcile
from portal.scoring.actions import recompute
from portal.storage import keys
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


def with_arrivals(database: Database, cast: Cast, storage: LocalStorage) -> None:
    """A paper on its way, and everything that is known about one that arrived."""
    upload_id = uuid.uuid4()
    with database.transaction() as session:
        draft = builders.document(session, cast.sari, storage=storage)
        session.refresh(draft, ["files"])
        (file,) = draft.files
        file.objects, file.dhash, file.dhash_a = {"file.pdf": file.sha256_stored}, "f" * 16, 7
        sender = {"document_id": draft.id, "sender_id": cast.sari.pegawai_id}
        session.add_all(
            [
                Upload(
                    id=upload_id,
                    name="foto.jpg",
                    content_type="image/jpeg",
                    size=4,
                    sha256="a" * 64,
                    part_size=4,
                    **sender,
                ),
                Processing(
                    id=uuid.uuid4(),
                    role=file.role,
                    pages=[{"unggahan": str(upload_id), "putar": 90}],
                    **sender,
                ),
                Original(file_id=file.id, number=1, sha256="b" * 64, name="f.jpg", size=4),
                Reading(file_id=file.id, fields={"nomor": "1"}, codes=["x"], text="teks"),
                ReadCode(file_id=file.id, sha256="c" * 64),
            ]
        )
    for key in (keys.part(upload_id, 1), keys.quarantined(upload_id)):
        storage.put(key, b"foto", "image/jpeg", sha256=hashlib.sha256(b"foto").hexdigest())


ARRIVALS = ("unggahan", "pengolahan", "berkas_asal", "bacaan", "kode_terbaca", "document_file")


def test_papers_on_their_way_and_what_was_read_come_back(
    database: Database,
    filled: LocalStorage,
    empty_place: tuple[Database, LocalStorage],
    cast: Cast,
    tmp_path: Path,
) -> None:
    with_arrivals(database, cast, filled)

    backup(database, filled, tmp_path / "cadangan")
    restore(*empty_place, tmp_path / "cadangan")

    for name in ARRIVALS:
        table = Base.metadata.tables[name]
        with database.reading() as old, empty_place[0].reading() as new:
            before = old.execute(select(table).order_by(*table.primary_key)).all()
            assert before
            assert new.execute(select(table).order_by(*table.primary_key)).all() == before
    assert {i.key for i in empty_place[1].iterate()} == {i.key for i in filled.iterate()}


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
        if table.name in {"audit", "segel_audit"}:  # nothing was sealed
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
