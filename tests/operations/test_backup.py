"""A backup restores into an empty place, on either database, and nothing else."""

from __future__ import annotations

import hashlib
import json
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from portal import audit
from portal.agency.models import HariLibur, PerguruanTinggi
from portal.audit.checking import Check, faults
from portal.audit.sealing import Head, seal_committed
from portal.db import Base, Database, now
from portal.documents.arrivals import Original, Processing, ReadCode, Reading, Upload
from portal.documents.models import Document
from portal.documents.transitions import Act
from portal.errors import Rejected
from portal.notifications.models import MailChoice
from portal.operations.backup import backup, restore, tables
from portal.operations.reconciliation import findings_of, reconcile
from portal.people.models import Pegawai
from portal.people.ties import set_ties
from portal.scoring.actions import recompute
from portal.storage import keys
from portal.storage.local import LocalStorage
from portal.verification.models import Correction, RevocationProposal
from portal.verification.queueing import guard
from portal.verification.queueing.rerouting import reroute
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
def empty_place(tmp_path: Path, sqlite_template: Path) -> Iterator[tuple[Database, LocalStorage]]:
    shutil.copyfile(sqlite_template, tmp_path / "kosong.db")
    database = Database(f"sqlite:///{tmp_path / 'kosong.db'}")
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


def with_a_workbench(database: Database, cast: Cast) -> None:
    """A row in every table of the verifier's workbench, and everything that refers to them."""
    with database.transaction() as session:
        queue = builders.queue(session, cast.ani, cast.bima)
        builders.absence(session, cast.vera, cast.bima, recorder=cast.ani)
        sari, budi, kepala = (
            session.get_one(Pegawai, one.pegawai_id) for one in (cast.sari, cast.budi, cast.kepala)
        )
        set_ties(session, cast.ani, sari, pasangan=budi, atasan=kepala)
        agency = {"instansi_id": cast.units.instansi_id}
        session.add_all(
            [
                HariLibur(tanggal=TODAY, nama="Cuti bersama", **agency),
                PerguruanTinggi(kunci="universitasbanua", nama="Universitas Banua", **agency),
                MailChoice(pegawai_id=sari.id, jenis="dokumen", cara="tidak"),
            ]
        )
        builders.notification(session, cast.sari, jenis="tanya", disurel=now())
        waits = builders.document(session, cast.sari, DocumentState.DIAJUKAN, antrean_id=queue.id)
        words = (cast.sari, "Kapan?"), (cast.vera, "Besok.")
        asked = builders.question(session, cast.sari, waits, *words)
        builders.faq(session, cast.vera, asal_id=asked.id)
        proposer = {"document_id": waits.id, "pengusul_id": cast.vera.pegawai_id}
        session.add(Correction(revision=1, field="jp", lama="4", baru="8", **proposer))
        reason = builders.reason(session, Act.CABUT)
        session.add(RevocationProposal(reason_id=reason.id, **proposer))
        refused = builders.document(session, cast.sari, DocumentState.DITOLAK, verifier=cast.vera)
        builders.spot_check(session, refused)
        audit.record(session, cast.vera, "document:refused", refused.id)
    seal_committed(database)


WORKBENCH = (
    *("antrean", "penugasan", "ketidakhadiran", "hari_libur", "perguruan_tinggi", "pegawai"),
    *("pilihan_surel", "notifikasi", "pertanyaan", "pesan_tanya", "tanya_jawab", "usul_koreksi"),
    *("usul_cabut", "uji_petik", "keputusan", "document", "audit", "segel_audit"),
)


def test_the_workbench_comes_back_with_its_numbers_and_its_chain(
    database: Database,
    filled: LocalStorage,
    empty_place: tuple[Database, LocalStorage],
    cast: Cast,
    tmp_path: Path,
) -> None:
    with_a_workbench(database, cast)

    manifest = backup(database, filled, tmp_path / "cadangan")
    restore(*empty_place, tmp_path / "cadangan")

    for name in WORKBENCH:
        table = Base.metadata.tables[name]
        with database.reading() as old, empty_place[0].reading() as new:
            before = old.execute(select(table).order_by(*table.primary_key)).all()
            assert before, name
            assert new.execute(select(table).order_by(*table.primary_key)).all() == before
    with empty_place[0].reading() as session:
        assert list(guard.wrong_numbers(session)) == []
    check = Check()
    assert list(faults(empty_place[0], check, [Head(**manifest["audit"])])) == []
    assert check.heads == 1


def test_who_had_just_moved_is_followed_after_the_restore(
    database: Database,
    filled: LocalStorage,
    empty_place: tuple[Database, LocalStorage],
    cast: Cast,
    tmp_path: Path,
) -> None:
    """The worker had not come round to it when the backup was made."""
    with database.transaction() as session:
        session.get_one(Pegawai, cast.sari.pegawai_id).opd_id = cast.units.kesehatan.id

    backup(database, filled, tmp_path / "cadangan")
    restore(*empty_place, tmp_path / "cadangan")
    reroute(empty_place[0])

    with empty_place[0].reading() as session:
        assert set(session.scalars(select(Document.opd_id))) == {cast.units.kesehatan.id}


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
