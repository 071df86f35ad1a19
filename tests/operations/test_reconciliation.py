"""Each kind of fault is found once, named, and nothing is found where all is well."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from portal import audit
from portal.accounts.models import Penugasan
from portal.agency.models import MeasuringYear
from portal.db import Database, now
from portal.documents.models import Document, DocumentFile
from portal.documents.rulings import Decision
from portal.documents.transitions import Act
from portal.errors import Rejected
from portal.operations.reconciliation import Finding, findings_of, reconcile
from portal.operations.sweep import sweep
from portal.people.models import Pegawai, Pengembangan
from portal.scoring.actions import recompute
from portal.scoring.models import StoredScore
from portal.storage import keys
from portal.storage.local import LocalStorage
from portal.verification import actions as verification
from portal.verification.queueing.rerouting import look_for_astray, reroute
from portal.vocabulary import DocumentState, JenisDiklat
from tests.support import builders
from tests.support.cast import TODAY, Cast


@pytest.fixture
def storage(tmp_path: Path) -> LocalStorage:
    return LocalStorage(tmp_path / "objects")


@pytest.fixture
def document(database: Database, cast: Cast, storage: LocalStorage) -> Document:
    """A well-kept item that waits in the queue."""
    with database.transaction() as session:
        recompute(session, cast.sari.pegawai_id, today=TODAY, cause="Uji")
        return builders.document(session, cast.sari, DocumentState.DIAJUKAN, storage=storage)


def found(database: Database, storage: LocalStorage) -> list[Finding]:
    return findings_of(reconcile(database, storage))


def test_nothing_is_found_where_all_is_well(
    database: Database, storage: LocalStorage, document: Document
) -> None:
    assert found(database, storage) == []


def test_a_missing_object_is_found(
    database: Database, storage: LocalStorage, document: Document
) -> None:
    for info in list(storage.iterate()):
        storage.delete(info.key)
    (finding,) = found(database, storage)
    assert (finding.kode, finding.contoh) == ("dokumen-tanpa-berkas", [str(document.id)])


def test_an_item_without_any_file_is_found(
    database: Database, storage: LocalStorage, document: Document
) -> None:
    with database.transaction() as session:
        session.execute(delete(DocumentFile))
    kinds = {finding.kode for finding in found(database, storage)}
    assert "dokumen-tanpa-berkas" in kinds


def test_an_old_object_without_a_row_is_found_and_swept(
    database: Database, storage: LocalStorage, document: Document
) -> None:
    key = keys.stored(uuid.uuid4())
    storage.put(key, b"yatim", "application/pdf", sha256=hashlib.sha256(b"yatim").hexdigest())
    later = now() + dt.timedelta(days=2)
    (finding,) = findings_of(reconcile(database, storage, moment=later))
    assert (finding.kode, finding.contoh) == ("berkas-tanpa-dokumen", [key])
    assert sweep(database, storage, moment=later).objects == 1
    assert not storage.exists(key)


def test_a_database_without_any_file_sweeps_nothing(
    database: Database, storage: LocalStorage
) -> None:
    key = keys.stored(uuid.uuid4())
    storage.put(key, b"lama", "application/pdf", sha256=hashlib.sha256(b"lama").hexdigest())

    with pytest.raises(Rejected, match="DATABASE_URL"):
        sweep(database, storage, moment=now() + dt.timedelta(days=2))

    assert storage.exists(key)


def test_a_fresh_upload_is_no_orphan(
    database: Database, storage: LocalStorage, document: Document
) -> None:
    key = keys.stored(uuid.uuid4())
    storage.put(key, b"baru", "application/pdf", sha256=hashlib.sha256(b"baru").hexdigest())
    assert found(database, storage) == []
    sweep(database, storage)
    assert storage.exists(key)


def test_an_item_that_nobody_may_decide_is_found(
    database: Database, storage: LocalStorage, document: Document
) -> None:
    with database.transaction() as session:
        session.execute(delete(Penugasan))
    (finding,) = found(database, storage)
    assert (finding.kode, finding.contoh) == ("tanpa-antrean", [str(document.id)])


def test_an_item_left_with_the_former_unit_of_its_owner_is_found_and_brought_along(
    database: Database, storage: LocalStorage, document: Document, cast: Cast
) -> None:
    with database.transaction() as session:
        session.execute(
            update(Document)
            .where(Document.id == document.id)
            .values(opd_id=cast.units.kesehatan.id)
        )
    (finding,) = found(database, storage)

    look_for_astray(database)
    reroute(database)

    assert (finding.kode, finding.contoh) == ("unit-lama", [str(document.id)])
    assert found(database, storage) == []


def test_whoever_moved_a_moment_ago_is_no_fault(
    database: Database, storage: LocalStorage, document: Document, cast: Cast
) -> None:
    with database.transaction() as session:
        session.get_one(Pegawai, cast.sari.pegawai_id).opd_id = cast.units.kesehatan.id

    assert found(database, storage) == []


def test_who_has_retired_decides_nothing(
    database: Database, storage: LocalStorage, document: Document
) -> None:
    with database.transaction() as session:
        session.execute(update(Pegawai).values(pensiun_sejak=TODAY - dt.timedelta(days=1)))
    (finding,) = found(database, storage)
    assert (finding.kode, finding.contoh) == ("tanpa-antrean", [str(document.id)])


def test_a_replacement_leaves_nothing_to_find(
    database: Database, storage: LocalStorage, document: Document, cast: Cast
) -> None:
    with database.transaction() as session:
        old = builders.document(session, cast.sari, DocumentState.DIAJUKAN, storage=storage)
        new = builders.document(
            session, cast.sari, DocumentState.DIAJUKAN, storage=storage, replaces_id=old.id
        )
        for item in (old, new):
            verification.claim(session, cast.vera, item)
            verification.approve(session, cast.vera, item)
    assert found(database, storage) == []


def test_a_decision_without_an_audit_line_is_found(
    database: Database, storage: LocalStorage, document: Document, cast: Cast
) -> None:
    with database.transaction() as session:
        session.add(
            Decision(
                document_id=document.id,
                owner_id=document.owner_id,
                decider_id=cast.vera.pegawai_id,
                act=Act.KEMBALIKAN,
                revision=1,
            )
        )
    (finding,) = found(database, storage)
    assert finding.kode == "keputusan-tanpa-audit"
    with database.transaction() as session:
        audit.record(session, cast.vera, "document:returned", document.id)
    assert found(database, storage) == []


def test_an_approval_that_wrote_no_record_is_found(
    database: Database, storage: LocalStorage, document: Document
) -> None:
    with database.transaction() as session:
        session.execute(
            update(Document).where(Document.id == document.id).values(state="disetujui")
        )
    (finding,) = found(database, storage)
    assert finding.kode == "disetujui-tanpa-riwayat"


def test_a_record_of_an_item_that_is_not_approved_is_found(
    database: Database, storage: LocalStorage, document: Document
) -> None:
    with database.transaction() as session:
        session.add(
            Pengembangan(
                pegawai_id=document.owner_id, jenis=JenisDiklat.SEMINAR, document_id=document.id
            )
        )
    (finding,) = found(database, storage)
    assert finding.kode == "disetujui-tanpa-riwayat"


def test_a_dimension_unlike_its_rows_is_found_with_person_and_year(
    database: Database, storage: LocalStorage, document: Document, cast: Cast
) -> None:
    with database.transaction() as session:
        row = session.get_one(StoredScore, (cast.sari.pegawai_id, TODAY.year))
        row.rincian = [{**entry, "poin": "0"} for entry in row.rincian[:1]] + row.rincian[1:]
    (finding,) = found(database, storage)
    assert (finding.kode, finding.contoh) == (
        "skor-tidak-cocok",
        [f"pegawai {cast.sari.pegawai_id}, {TODAY.year}: kualifikasi 20,00, rincian 0,00"],
    )


def test_a_year_whose_rule_set_is_gone_is_found(
    database: Database, storage: LocalStorage, cast: Cast
) -> None:
    year = MeasuringYear(instansi_id=cast.units.instansi_id, tahun=2031, aturan="hilang", saklar={})
    with database.transaction() as session:
        session.add(year)
    (finding,) = found(database, storage)
    (told,) = finding.contoh
    assert finding.kode == "aturan-hilang"
    assert told.startswith("Pemerintah Kabupaten Cendana, 2031: aturan 'hilang' tidak dikenal")


def test_points_moved_between_dimensions_are_found_though_the_total_stays(
    database: Database, storage: LocalStorage, document: Document, cast: Cast
) -> None:
    with database.transaction() as session:
        row = session.get_one(StoredScore, (cast.sari.pegawai_id, TODAY.year))
        row.kualifikasi, row.kinerja = Decimal(25), Decimal(20)
    (finding,) = found(database, storage)
    assert [case.split(": ")[1].split()[0] for case in finding.contoh] == [
        "kualifikasi",
        "kinerja",
    ]


def test_the_table_refuses_a_total_that_is_not_the_sum(
    database: Database, document: Document
) -> None:
    with pytest.raises(IntegrityError), database.transaction() as session:
        session.execute(update(StoredScore).values(total=99))


def test_the_table_refuses_points_of_whoever_is_not_measured(
    database: Database, document: Document
) -> None:
    with pytest.raises(IntegrityError), database.transaction() as session:
        session.execute(update(StoredScore).values(diukur=False))


def test_the_audit_refuses_every_change(database: Database, document: Document) -> None:
    with database.transaction() as session:
        audit.record(session, None, "uji:baris", document.id)
    for statement in (update(audit.AuditEntry).values(action="lain"), delete(audit.AuditEntry)):
        with pytest.raises(Exception, match="append-only"), database.transaction() as session:
            session.execute(statement)
