"""Files of imports in sweep, reconciliation, backup and in the person's own copy."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import uuid
from decimal import Decimal
from pathlib import Path

import pytest

from portal.db import Database, new_id, now
from portal.errors import Rejected
from portal.imports import actions, processing
from portal.imports.models import Import
from portal.imports.registry import OFFICIAL
from portal.imports.sheets import Limits
from portal.migrating import migrate
from portal.operations import personal_data
from portal.operations.backup import backup, restore
from portal.operations.reconciliation import Finding, findings_of, reconcile
from portal.operations.sweep import sweep
from portal.storage import keys
from portal.storage.local import LocalStorage
from tests.imports import files
from tests.support.cast import Cast

LIMITS = Limits(1024 * 1024)
LATER = now() + dt.timedelta(days=2)


@pytest.fixture
def storage(tmp_path: Path) -> LocalStorage:
    return LocalStorage(tmp_path / "objects")


@pytest.fixture
def done(database: Database, cast: Cast, storage: LocalStorage) -> Import:
    """An import that was carried through."""
    data = files.csv([files.row(cast.sari.nip), files.row(cast.budi.nip, Kinerja="x")])
    received = actions.receive(storage, actions.Upload("pip.csv", io.BytesIO(data)), LIMITS)
    with database.transaction() as session:
        row = actions.take_in(session, cast.ani, received, import_id=new_id(), jenis=OFFICIAL.name)
    processing.preview(database, storage, LIMITS, row.id)
    with database.transaction() as session:
        actions.confirm(session, cast.ani, session.get_one(Import, row.id))
    processing.apply(database, storage, LIMITS, row.id)
    return row


def found(database: Database, storage: LocalStorage) -> list[Finding]:
    return findings_of(reconcile(database, storage, moment=LATER))


def put(storage: LocalStorage, key: str) -> None:
    storage.put(key, b"yatim", "text/csv", sha256=hashlib.sha256(b"yatim").hexdigest())


def test_a_whole_import_is_no_finding(
    database: Database, storage: LocalStorage, done: Import
) -> None:
    assert found(database, storage) == []


def test_an_import_without_its_file_is_found(
    database: Database, storage: LocalStorage, done: Import
) -> None:
    storage.delete(done.kunci_objek)

    (finding,) = found(database, storage)

    assert (finding.kode, finding.contoh) == ("impor-tanpa-berkas", [str(done.id)])
    assert (finding.judul, bool(finding.langkah)) == ("Impor tanpa berkas", True)


@pytest.mark.parametrize(
    "key", [keys.imported(uuid.UUID(int=7)), keys.import_messages(uuid.UUID(int=7))]
)
def test_a_file_without_an_import_is_found_and_swept(
    database: Database, storage: LocalStorage, done: Import, key: str
) -> None:
    put(storage, key)
    (finding,) = found(database, storage)
    assert (finding.kode, finding.contoh) == ("berkas-tanpa-impor", [key])

    sweep(database, storage, moment=LATER)

    assert found(database, storage) == []
    assert storage.exists(done.kunci_objek)


def test_a_fresh_file_without_an_import_is_left_alone(
    database: Database, storage: LocalStorage, done: Import
) -> None:
    put(storage, keys.imported(uuid.UUID(int=7)))

    assert findings_of(reconcile(database, storage)) == []


def test_a_store_of_another_database_is_not_swept(
    database: Database, storage: LocalStorage, cast: Cast
) -> None:
    put(storage, keys.imported(uuid.UUID(int=7)))

    with pytest.raises(Rejected):
        sweep(database, storage, moment=LATER)


def test_a_backup_brings_values_and_files_back(
    database: Database, storage: LocalStorage, done: Import, cast: Cast, tmp_path: Path
) -> None:
    backup(database, storage, tmp_path / "cadangan")
    other = Database(f"sqlite:///{tmp_path / 'lain.db'}")
    migrate(other)
    elsewhere = LocalStorage(tmp_path / "lain")

    restore(other, elsewhere, tmp_path / "cadangan")

    with other.reading() as session:
        (value,) = personal_data.official_scores(session, cast.sari)
        row = session.get_one(Import, done.id)
        assert (value["total"], row.result["baru"]) == (Decimal("67.5"), 1)
    with elsewhere.open(done.kunci_objek) as stream:
        assert hashlib.file_digest(stream, "sha256").hexdigest() == done.sha256
    assert elsewhere.exists(keys.import_messages(done.id))
    other.dispose()


def test_the_own_copy_holds_what_bkn_says_of_oneself_alone(
    database: Database, done: Import, cast: Cast
) -> None:
    with database.reading() as session:
        assert len(personal_data.SECTIONS["nilai_bkn"](session, cast.sari)) == 1
        assert personal_data.SECTIONS["nilai_bkn"](session, cast.tono) == []
