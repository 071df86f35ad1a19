"""Uploads that no draft waits for and files in quarantine: told, and swept when it is time."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from pathlib import Path

import pytest
from sqlalchemy import func, select

from portal.accounts.models import CodePurpose, OneTimeCode
from portal.db import Database, now
from portal.documents.arrivals import Processing, Upload
from portal.documents.models import Document
from portal.operations.reconciliation import findings_of, reconcile
from portal.operations.sweep import sweep
from portal.scoring import runs
from portal.scoring.models import RecomputeRun, RuleComparison
from portal.storage import keys
from portal.storage.local import LocalStorage
from portal.vocabulary import DocumentState, FileRole, ProcessingState
from tests.support import builders
from tests.support.cast import Cast

S = DocumentState
DAY = dt.timedelta(days=1)


@pytest.fixture
def storage(tmp_path: Path) -> LocalStorage:
    return LocalStorage(tmp_path / "objects")


def put(storage: LocalStorage, key: str) -> str:
    storage.put(key, b"x", "image/jpeg", sha256=hashlib.sha256(b"x").hexdigest())
    return key


def upload(database: Database, cast: Cast, storage: LocalStorage, state: DocumentState) -> Document:
    """An item in this state with one upload, whose single part lies in the store."""
    with database.transaction() as session:
        item = builders.document(session, cast.sari, state, verifier=cast.vera, storage=storage)
        sent = Upload(
            id=uuid.uuid4(),
            document_id=item.id,
            sender_id=item.owner_id,
            name="foto.jpg",
            content_type="image/jpeg",
            size=1,
            sha256="0" * 64,
            part_size=1,
        )
        session.add(sent)
    put(storage, keys.part(sent.id, 1))
    return item


def parts(storage: LocalStorage) -> int:
    return sum(1 for _ in storage.iterate("uploads/"))


def rows(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Upload)) or 0


def kinds(database: Database, storage: LocalStorage, moment: dt.datetime) -> set[str]:
    return {finding.kode for finding in findings_of(reconcile(database, storage, moment=moment))}


@pytest.mark.parametrize("state", [S.DRAF, S.PERLU_PERBAIKAN])
def test_parts_of_a_draft_or_repair_stay_for_a_fortnight(
    database: Database, cast: Cast, storage: LocalStorage, state: DocumentState
) -> None:
    upload(database, cast, storage, state)

    sweep(database, storage, moment=now() + 13 * DAY)
    assert (parts(storage), rows(database)) == (1, 1)

    assert "unggahan-tertinggal" in kinds(database, storage, now() + 15 * DAY)
    sweep(database, storage, moment=now() + 15 * DAY)
    assert (parts(storage), rows(database)) == (0, 0)


@pytest.mark.parametrize("state", [S.DIAJUKAN, S.DISETUJUI, S.DIBATALKAN])
def test_parts_of_an_item_that_was_handed_in_go_after_a_day(
    database: Database, cast: Cast, storage: LocalStorage, state: DocumentState
) -> None:
    upload(database, cast, storage, state)

    sweep(database, storage, moment=now() + DAY / 2)
    assert (parts(storage), rows(database)) == (1, 1)

    sweep(database, storage, moment=now() + 2 * DAY)
    assert (parts(storage), rows(database)) == (0, 0)


def test_a_code_goes_long_after_it_has_run_out(
    database: Database, cast: Cast, storage: LocalStorage
) -> None:
    with database.transaction() as session:
        code = {"akun_id": cast.sari.akun_id, "hash": "x", "kedaluwarsa": now() + DAY}
        session.add(OneTimeCode(tujuan=CodePurpose.SANDI_BARU, **code))

    left = []
    for days in (2, 32):
        sweep(database, storage, moment=now() + days * DAY)
        with database.reading() as session:
            left.append(session.scalar(select(func.count()).select_from(OneTimeCode)))

    assert left == [1, 0]


def test_parts_without_a_row_go_after_a_day(
    database: Database, cast: Cast, storage: LocalStorage
) -> None:
    put(storage, keys.part(uuid.uuid4(), 1))

    sweep(database, storage)
    assert parts(storage) == 1

    sweep(database, storage, moment=now() + 2 * DAY)
    assert parts(storage) == 0


def test_the_quarantine_is_emptied_after_its_days(
    database: Database, cast: Cast, storage: LocalStorage
) -> None:
    key = put(storage, keys.quarantined(uuid.uuid4()))

    sweep(database, storage, quarantine_days=30, moment=now() + 29 * DAY)
    assert storage.exists(key)

    sweep(database, storage, quarantine_days=30, moment=now() + 31 * DAY)
    assert not storage.exists(key)


@pytest.mark.parametrize(("minutes", "found"), [(50, False), (70, True)])
def test_a_paper_that_nobody_makes_is_told(
    database: Database, cast: Cast, storage: LocalStorage, minutes: int, *, found: bool
) -> None:
    item = upload(database, cast, storage, S.DRAF)
    with database.transaction() as session:
        session.add(
            Processing(
                id=uuid.uuid4(),
                document_id=item.id,
                sender_id=item.owner_id,
                role=FileRole.SERTIFIKAT,
                pages=[],
            )
        )

    later = now() + dt.timedelta(minutes=minutes)

    assert ("pengolahan-macet" in kinds(database, storage, later)) is found


def test_a_paper_that_was_given_up_is_no_fault_of_the_portal(
    database: Database, cast: Cast, storage: LocalStorage
) -> None:
    item = upload(database, cast, storage, S.DRAF)
    with database.transaction() as session:
        session.add(
            Processing(
                id=uuid.uuid4(),
                document_id=item.id,
                sender_id=item.owner_id,
                role=FileRole.SERTIFIKAT,
                pages=[],
                state=ProcessingState.GAGAL,
                finished_at=now(),
            )
        )

    assert "pengolahan-macet" not in kinds(database, storage, now() + DAY)


def test_a_missing_page_picture_is_found_where_its_name_was_written_down(
    database: Database, cast: Cast, storage: LocalStorage
) -> None:
    with database.transaction() as session:
        item = builders.document(session, cast.sari, S.DIAJUKAN, storage=storage)
        session.refresh(item, ["files"])
        item.files[0].objects = {"file.pdf": "0", "page-001.webp": "0"}
    storage.delete(keys.page(item.files[0].id, 1))

    assert "dokumen-tanpa-berkas" in kinds(database, storage, now())


class TestComparisonsAndRuns:
    """Of two ways of measuring what was only tried goes; of recomputations what is long over."""

    @pytest.fixture
    def old(self, database: Database, cast: Cast) -> None:
        with database.transaction() as session:
            for applied in (None, now()):
                session.add(
                    RuleComparison(
                        instansi_id=cast.units.instansi_id,
                        tahun=2026,
                        aturan_a="bkn-2023",
                        aturan_b="pbkn8-2019",
                        oleh_id=cast.ani.pegawai_id,
                        diterapkan=applied,
                    )
                )
            runs.start(session, cause="belum selesai")
            runs.start(session, cause="selesai").selesai = now()

    def causes(self, database: Database) -> list[str]:
        with database.reading() as session:
            return list(session.scalars(select(RecomputeRun.sebab).order_by(RecomputeRun.sebab)))

    def comparisons(self, database: Database) -> int:
        with database.reading() as session:
            return session.scalar(select(func.count()).select_from(RuleComparison)) or 0

    @pytest.mark.parametrize(("days", "left"), [(179, 2), (181, 1)])
    def test_a_comparison_that_became_nobodys_way_goes_after_half_a_year(
        self, database: Database, storage: LocalStorage, old: None, days: int, left: int
    ) -> None:
        sweep(database, storage, moment=now() + days * DAY)
        assert self.comparisons(database) == left

    def test_a_run_that_is_over_goes_and_one_cut_short_stays(
        self, database: Database, storage: LocalStorage, old: None
    ) -> None:
        sweep(database, storage, moment=now() + 89 * DAY)
        assert self.causes(database) == ["belum selesai", "selesai"]
        sweep(database, storage, moment=now() + 91 * DAY)
        assert self.causes(database) == ["belum selesai"]
