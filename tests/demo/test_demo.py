"""The demo agency is what the first screen, the README and the journeys promise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import storage
from portal.accounts.models import Akun, Penugasan
from portal.accounts.passwords import check, hasher
from portal.agency.models import Instansi, MeasuringYear, Opd
from portal.audit import AuditEntry
from portal.db import Database
from portal.demo import build, files
from portal.demo.accounts import list_accounts
from portal.demo.clock import Clock
from portal.demo.commands import announce, demo
from portal.demo.crowd import multiply
from portal.demo.history import SARI, history
from portal.demo.people import generate
from portal.documents.intake import Limits
from portal.documents.models import Document, DocumentFile
from portal.imports.models import Import
from portal.jobs import Job
from portal.nip import Nip
from portal.notifications.letters import KIND
from portal.notifications.models import Notification
from portal.operations.people_import import import_people
from portal.operations.reconciliation import reconcile
from portal.people.models import Hukdis, Kinerja, Pegawai, Pengembangan
from portal.questions.models import Question, QuestionState
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

TODAY = dt.date(2026, 11, 22)
ZONE = ZoneInfo("Asia/Makassar")
SMALL = Limits(picture_side=280, preview_side=160, thumbnail_side=80)
"""Nobody looks at the papers here; in their full size they would take half of the time."""

pytestmark = pytest.mark.xdist_group("demo")  # filled once, not once per process


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Where the demo of this module lives."""
    folder = tmp_path_factory.mktemp("demo")
    return Settings(
        mode="uji",
        secret_key="rahasia-untuk-uji-saja-0123456789",
        var_dir=folder,
        database_url=f"sqlite:///{folder / 'portal.db'}",
        cheap_hashes=True,
    )


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
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fill with the people of the table and some others, and with Sari's items alone."""
    people = generate()[:40]
    monkeypatch.setattr("portal.demo.build.generate", lambda: people)
    monkeypatch.setattr("portal.demo.stories.PLOTS", ())


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fill with small papers."""
    monkeypatch.setattr("portal.demo.desk._LIMITS", SMALL)


@pytest.fixture
def story(filled: Database) -> Iterator[Session]:
    with filled.reading() as session:
        yield session


def sari(session: Session) -> Pegawai:
    return session.scalars(select(Pegawai).where(Pegawai.nip == SARI)).one()


def score(session: Session, year: int = TODAY.year) -> StoredScore:
    return session.get_one(StoredScore, (sari(session).id, year))


def count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


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


@pytest.mark.parametrize("day", [24, 25], ids=["Tuesday", "Wednesday"])
def test_sari_has_an_answer_also_where_a_weekend_came_between(
    place: Settings, tmp_path: Path, sqlite_template: Path, few: None, small: None, day: int
) -> None:
    (tmp_path / "portal.db").write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{tmp_path / 'portal.db'}")
    build.fill(database, storage.connect(place), place, dt.date(2026, 11, day))

    with database.reading() as session:
        mine = select(Question.state).where(Question.owner_id == sari(session).id)
        assert QuestionState.TERJAWAB in session.scalars(mine).all()
    database.dispose()


def test_importing_the_generated_files_again_changes_nothing(
    filled: Database, place: Settings
) -> None:
    sources = files.write(place.var_dir / "lagi", generate(), TODAY)

    with filled.transaction() as session:
        outcome = import_people(session, None, sources, today=lambda _: TODAY)
        session.rollback()

    assert outcome.counts.tetap == 600
    assert outcome.changed == set()


def test_the_first_account_is_sari(place: Settings) -> None:
    first = list_accounts()[0]

    assert (first["peran"], first["nip"], first["nama"]) == ("asn", SARI, "Sari Rahmawati, S.Pd.")
    assert list(first) == ["peran", "nip", "nama", "kata_sandi"]


def test_every_role_of_this_release_has_an_account() -> None:
    roles = [entry["peran"] for entry in list_accounts()]

    assert set(roles) == set(Role) - {Role.PIMPINAN_PROVINSI, Role.PENYELENGGARA}
    assert roles.count(Role.VERIFIKATOR) == roles.count(Role.ASN) == 2


def test_the_printed_passwords_keep_the_rules_and_differ() -> None:
    accounts = list_accounts()

    for entry in accounts:
        lahir = Nip(entry["nip"]).birth_date
        check(entry["kata_sandi"], nip=entry["nip"], nama=entry["nama"], lahir=lahir)
    assert len({entry["kata_sandi"] for entry in accounts}) == len(accounts)


def test_people_are_the_same_every_time() -> None:
    generate.cache_clear()
    first = generate()
    generate.cache_clear()

    assert generate() == first


def test_numbers_are_true_to_birth_sex_and_kind() -> None:
    for person in generate():
        number = Nip.parse(person.nip)
        assert number.birth_date == person.lahir
        assert number.sex
        assert (int(person.nip[12:14]) > 12) is (person.status == "PPPK")


def test_some_names_are_long_and_some_in_another_script() -> None:
    names = [person.nama for person in generate()]

    assert max(map(len, names)) >= 55
    assert any("عائشة" in name for name in names)


@pytest.mark.parametrize("today", [dt.date(2027, 1, 1), dt.date(2028, 2, 29), TODAY])
def test_no_history_lies_after_its_day(today: dt.date) -> None:
    for person in generate():
        found = history(person, today)
        for item in found.get("pengembangan", []):
            assert item["tanggal_selesai"] <= today.isoformat()
            assert item.get("tanggal_mulai", "") <= item["tanggal_selesai"]


@pytest.mark.parametrize("day", [dt.date(2027, 1, 1), dt.date(2027, 1, 2), dt.date(2028, 2, 29)])
def test_the_figures_hold_on_the_first_days_of_a_year(
    place: Settings, sqlite_template: Path, tmp_path: Path, day: dt.date, few: None, small: None
) -> None:  # fmt: skip
    (tmp_path / "portal.db").write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{tmp_path / 'portal.db'}")

    build.fill(database, storage.connect(place), place, day)

    with database.reading() as session:
        found = score(session, day.year)
    database.dispose()
    assert (found.total, found.bisa["total"]) == (71, "81")
    assert found.langkah
    assert found.langkah["total"] == "80"


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_fills_postgresql_too(database: Database, place: Settings, few: None) -> None:
    build.fill(database, storage.connect(place), place, TODAY)

    with database.reading() as session:
        assert score(session).total == 71


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_crowd_has_records_and_scores_of_its_own(
    database: Database, place: Settings, few: None
) -> None:
    build.fill(database, storage.connect(place), place, TODAY, documents=False)

    multiply(database, 1300)

    with database.reading() as session:
        assert count(session, Pegawai) == 1300
        assert count(session, StoredScore) == 3 * 1300
        assert count(session, Document) == 0
        assert len(set(session.scalars(select(Kinerja.pegawai_id)))) > 1200


def test_the_story_ends_now_or_in_the_afternoon() -> None:
    present = dt.datetime(2026, 11, 22, 1, 30, tzinfo=dt.UTC)

    assert Clock.upto(TODAY, ZONE, present).end == present
    assert Clock.upto(dt.date(2025, 3, 1), ZONE, present).end.hour == 16


@pytest.mark.parametrize("mode", ["uji", "produksi"])
def test_no_demo_outside_demo_mode(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, mode: str
) -> None:
    values = {
        "PORTAL_MODE": mode,
        "VAR_DIR": str(tmp_path),
        "DATABASE_URL": "postgresql://localhost/tidak-ada",
        "OBJECT_STORE_URL": "https://kunci:rahasia@localhost:9/ember",
        "SECRET_KEY": "abcdefghijklmnopqrstuvwxyz0123456789",
        "PUBLIC_URL": "https://portal.contoh.go.id",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)

    result = CliRunner().invoke(demo, ["--akun"])

    assert result.exit_code == 1
    assert "hanya ada di mode demo" in result.output


def test_prints_the_accounts_as_json(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    monkeypatch.delenv("PORTAL_MODE", raising=False)

    result = CliRunner().invoke(demo, ["--akun"])

    assert result.exit_code == 0
    assert '"peran": "asn"' in result.output


def test_announces_address_and_accounts(
    place: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    announce(place)

    told = capsys.readouterr().out
    assert "http://127.0.0.1:8000/masuk" in told
    assert all(entry["kata_sandi"] in told for entry in list_accounts())


def test_the_command_fills_once_and_refuses_a_second_time(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, few: None
) -> None:
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    monkeypatch.delenv("PORTAL_MODE", raising=False)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr("portal.demo.accounts.hasher", lambda **_: hasher(cheap=True))

    first = CliRunner().invoke(demo, ["--tanpa-dokumen", "--orang", "700"])
    second = CliRunner().invoke(demo)

    assert first.exit_code == 0, first.output
    assert "Sari Rahmawati" in first.output
    assert (second.exit_code, "make reset-demo" in second.output) == (1, True)


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
