"""The demo agency is what the first screen, the README and the journeys promise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import storage
from portal.accounts.models import Akun, Penugasan
from portal.accounts.passwords import hasher
from portal.agency.models import Instansi, MeasuringYear, Opd
from portal.audit import AuditEntry
from portal.db import Database
from portal.demo import build, files
from portal.demo.accounts import list_accounts
from portal.demo.history import SARI
from portal.demo.people import generate
from portal.documents.models import Document, DocumentFile
from portal.imports.models import Import
from portal.jobs import Job
from portal.notifications.letters import KIND
from portal.notifications.models import Notification
from portal.operations.people_import import import_people
from portal.operations.reconciliation import reconcile
from portal.people.models import Hukdis, Kinerja, Pegawai, Pengembangan
from portal.scoring.models import OfficialScore, StoredScore
from portal.scoring.plans import steps as plans
from portal.settings import Settings
from portal.vocabulary import (
    DocumentKind,
    DocumentState,
    JenisPegawai,
    Kategori,
    KelompokJabatan,
    Role,
)
from tests.demo.support import SMALL, TODAY, count, sari, score

ZONE = ZoneInfo("Asia/Makassar")

pytestmark = pytest.mark.xdist_group("demo")  # filled once, not once per process


@pytest.fixture(scope="module")
def filled(place: Settings, sqlite_template: Path) -> Iterator[Database]:
    """The demo as it stands on TODAY; the tests only read it."""
    (place.var_dir / "portal.db").write_bytes(sqlite_template.read_bytes())
    database = Database(place.database_url)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("portal.demo.desk._LIMITS", SMALL)
        assert build.fill(database, storage.connect(place), place, TODAY)
    yield database
    database.dispose()


@pytest.fixture
def story(filled: Database) -> Iterator[Session]:
    with filled.reading() as session:
        yield session


def test_sari_has_the_figures_of_the_first_screen(story: Session) -> None:
    found = score(story)

    assert (found.kualifikasi, found.kompetensi, found.kinerja, found.disiplin) == (20, 21, 25, 5)
    assert (found.total, found.kategori) == (Decimal("71.00"), Kategori.SEDANG)
    assert found.aturan == "bkn-2023"


def test_the_waiting_seminar_would_lift_sari_to_81(story: Session) -> None:
    found = score(story)

    assert (found.bisa["total"], found.bisa["kategori"]) == ("81", "Tinggi")
    assert found.bisa["indikator"] == {"seminar": "10"}


def test_the_best_step_of_sari_are_twelve_hours(story: Session) -> None:
    step = score(story).langkah

    assert step
    assert (step["jp"], step["gain"], step["total"]) == (12, "9", "80")


def test_sari_has_planned_the_two_lightest_steps(story: Session) -> None:
    steps = plans.steps_of(story, sari(story).id, TODAY.year)

    assert [(step.kunci, step.poin, step.selesai) for step in steps] == [
        ("seminar", 10, None),
        ("teknis:20", 9, None),
    ]


def test_sari_has_two_items_in_progress_and_two_approved(story: Session) -> None:
    items = story.scalars(select(Document).where(Document.owner_id == sari(story).id)).all()

    assert {item.title: item.state for item in items} == {
        "Diklat Fungsional Guru": DocumentState.DISETUJUI,
        "Bimbingan Teknis Asesmen Formatif": DocumentState.DISETUJUI,
        "Bimtek Kurikulum": DocumentState.PERLU_PERBAIKAN,
        "Seminar Literasi Numerasi": DocumentState.DIAJUKAN,
    }


def test_sari_reads_why_her_item_came_back(story: Session) -> None:
    returned = story.scalars(select(Document).where(Document.nama == "Bimtek Kurikulum")).one()

    assert returned.reason
    assert returned.reason.label == "Nomor sertifikat tidak terbaca"
    assert returned.jp == 12


def test_two_messages_wait_for_sari(story: Session) -> None:
    unread = story.scalars(
        select(Notification).where(
            Notification.pegawai_id == sari(story).id, Notification.dibaca.is_(None)
        )
    ).all()

    assert len(unread) == build.UNREAD


def test_sari_sees_an_old_seminar_outside_the_window(story: Session) -> None:
    (row,) = [row for row in score(story).rincian if row["indikator"] == "seminar"]

    (excluded,) = row["tidak_dihitung"]
    assert "2024" in excluded["alasan"]


def test_the_agency_has_600_people_in_12_opd(story: Session) -> None:
    opd = story.scalars(select(Opd).where(Opd.kedalaman == 0)).all()

    assert (count(story, Instansi), count(story, Pegawai), len(opd)) == (1, 600, 12)


def test_every_group_of_posts_and_kind_of_employee_occurs(story: Session) -> None:
    assert set(story.scalars(select(Pegawai.kelompok_jabatan))) == set(KelompokJabatan)
    assert set(story.scalars(select(Pegawai.jenis_pegawai))) == set(JenisPegawai)


def test_items_stand_in_every_state_and_are_of_every_kind(story: Session) -> None:
    assert set(story.scalars(select(Document.state))) == set(DocumentState)
    assert set(story.scalars(select(Document.kind))) == set(DocumentKind)


def test_three_years_are_scored(story: Session) -> None:
    years = story.execute(select(StoredScore.tahun, func.count()).group_by(StoredScore.tahun)).all()

    assert [tuple(row) for row in sorted(years)] == [(2024, 600), (2025, 600), (2026, 600)]


def test_every_category_occurs(story: Session) -> None:
    found = story.scalars(
        select(StoredScore.kategori).where(
            StoredScore.tahun == TODAY.year, StoredScore.diukur.is_(True)
        )
    )

    assert set(found) == set(Kategori)


def test_a_few_were_punished(story: Session) -> None:
    assert 2 <= count(story, Hukdis) <= 20


def test_each_year_since_2018_has_its_rule_set(story: Session) -> None:
    years = {row.tahun: row for row in story.scalars(select(MeasuringYear))}

    assert sorted(years) == list(range(2018, 2027))
    assert (years[2022].aturan, years[2023].aturan) == ("pbkn8-2019", "bkn-2023")
    assert years[2026].target == 80


def test_nothing_lies_after_the_present(story: Session) -> None:
    end = dt.datetime.combine(TODAY, dt.time(23, 59), ZONE)

    assert all(file.created_at <= end for file in story.scalars(select(DocumentFile)))
    assert all(
        entry.at <= end
        for entry in story.scalars(select(AuditEntry))
        if entry.action.startswith("document:")
    )
    assert all(note.dibuat <= end for note in story.scalars(select(Notification)))


def test_no_record_came_in_before_what_it_tells(story: Session) -> None:
    results = story.scalars(select(Kinerja).where(Kinerja.sumber != "portal")).all()
    courses = story.scalars(select(Pengembangan).where(Pengembangan.document_id.is_(None))).all()

    early = [one for one in results if one.dicatat and one.dicatat.year <= one.tahun]
    early += [
        one
        for one in courses
        if one.dicatat and one.tanggal_selesai and one.dicatat.date() < one.tanggal_selesai
    ]

    assert early == []


def test_an_item_tells_its_story_in_the_order_of_time(story: Session) -> None:
    told: dict[object, list[dt.datetime]] = {}
    for entry in story.scalars(select(AuditEntry).order_by(AuditEntry.id)):
        if entry.action.startswith("document:"):
            told.setdefault(entry.subject_id, []).append(entry.at)

    assert all(moments == sorted(moments) for moments in told.values())


def test_nobody_decided_an_own_item(story: Session) -> None:
    items = story.scalars(select(Document).where(Document.claimed_by_id.is_not(None)))

    assert all(item.claimed_by_id != item.owner_id for item in items)


def test_the_reconciliation_finds_nothing(filled: Database, place: Settings) -> None:
    report = reconcile(filled, storage.connect(place))

    assert report.temuan == []


def test_an_operator_handed_in_for_colleagues(story: Session) -> None:
    for_others = story.scalars(
        select(Document).where(Document.created_by_id != Document.owner_id)
    ).all()

    assert for_others


def test_each_printed_password_opens_its_account(story: Session) -> None:
    hashes = dict(story.execute(select(Pegawai.nip, Akun.kata_sandi).join(Akun.pegawai)).all())

    for entry in list_accounts():
        assert hasher(cheap=True).matches(hashes[entry["nip"]], entry["kata_sandi"])


def test_every_account_is_marked_as_demo(story: Session) -> None:
    assert story.scalars(select(Akun).where(Akun.demo.is_(False))).all() == []


def test_one_person_waits_for_the_activation(story: Session) -> None:
    waiting = story.scalars(
        select(Pegawai.nama).where(~select(Akun.id).where(Akun.pegawai_id == Pegawai.id).exists())
    ).all()

    assert waiting == ["Kartika"]


def test_roles_hold_where_they_should(story: Session) -> None:
    given = story.scalars(select(Penugasan)).all()

    with_unit = {row.peran for row in given if row.opd_id}
    assert with_unit == {Role.OPERATOR_OPD, Role.VERIFIKATOR_OPD, Role.PIMPINAN}


def test_a_second_fill_changes_nothing(filled: Database, place: Settings) -> None:
    with filled.reading() as session:
        before = count(session, AuditEntry)

    assert build.fill(filled, storage.connect(place), place, TODAY) is False
    with filled.reading() as session:
        assert count(session, AuditEntry) == before


def test_importing_the_generated_files_again_changes_nothing(
    filled: Database, place: Settings
) -> None:
    sources = files.write(place.var_dir / "lagi", generate(), TODAY)

    with filled.transaction() as session:
        outcome = import_people(session, None, sources, today=lambda _: TODAY)
        session.rollback()

    assert outcome.counts.tetap == 600
    assert outcome.changed == set()


def test_bkn_says_of_sari_what_the_first_screen_shows(story: Session) -> None:
    value = story.scalars(select(OfficialScore).join(Pegawai).where(Pegawai.nip == SARI)).one()

    assert (value.total, value.tahun) == (Decimal("67.5"), None)
    assert value.dihitung == dt.date(2026, 2, 12)
    assert value.ditarik.astimezone(ZONE).date() == dt.date(2026, 11, 3)


def test_the_values_of_bkn_came_through_an_import(story: Session) -> None:
    row = story.scalars(select(Import)).one()

    assert row.result["baru"] == story.scalar(select(func.count()).select_from(OfficialScore))
    assert row.selesai is not None


def test_nothing_of_the_story_is_told_outside(story: Session) -> None:
    waiting = select(func.count()).where(Notification.disurel.is_(None))

    assert story.scalar(waiting) == 0
    assert story.scalars(select(Job).where(Job.kind == KIND)).all() == []
