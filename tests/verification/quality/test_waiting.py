"""The owner is told how long it takes and how many wait before, from what really happened."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from portal.agency.models import Antrean, HariLibur, Instansi
from portal.agency.working_days import WorkingDays
from portal.db import Database, now
from portal.documents.models import Document
from portal.documents.rulings import Decision
from portal.documents.transitions import Act
from portal.people.models import Pegawai
from portal.verification.quality import waiting
from portal.verification.quality.waiting import ENOUGH, Wait, mean, wait_of
from portal.vocabulary import DocumentKind, DocumentState
from tests.support import builders
from tests.support.app import Browser
from tests.support.cast import Cast

S = DocumentState
FRIDAY = dt.datetime(2026, 11, 6, 3, tzinfo=dt.UTC)
NOW = dt.datetime(2026, 11, 23, 3, tzinfo=dt.UTC)
Decide = Callable[..., Document]


@pytest.fixture
def decided(session: Session, cast: Cast) -> Decide:
    """Makes an item of Budi that was handed in on a Friday and approved so many days later."""

    def make(days: int, act: Act = Act.SETUJUI, **fields: object) -> Document:
        made = builders.document(
            session,
            cast.budi,
            S.DISETUJUI,
            verifier=cast.vera,
            **{"submitted_at": FRIDAY, **fields},
        )
        decision = session.query(Decision).where(Decision.document_id == made.id).one()
        decision.at, decision.masuk = FRIDAY + dt.timedelta(days=days), FRIDAY
        decision.act, decision.antrean_id = act, made.antrean_id
        session.flush()
        return made

    return make


def waiting_item(session: Session, cast: Cast, **fields: object) -> Document:
    return builders.document(session, cast.sari, S.DIAJUKAN, **{"submitted_at": NOW, **fields})


def queue_of(session: Session, cast: Cast, nama: str = "Ijazah") -> uuid.UUID:
    made = Antrean(instansi_id=cast.units.instansi_id, nama=nama)
    session.add(made)
    session.flush()
    return made.id


class TestAverage:
    def test_it_counts_working_days(self, session: Session, cast: Cast, decided: Decide) -> None:
        for days in (3, 3, 3, 4, 4):  # Monday, Tuesday
            decided(days)

        wait = wait_of(session, waiting_item(session, cast), at=NOW)

        assert wait is not None
        assert (wait.days, wait.decisions) == (Decimal("1.4"), 5)

    def test_days_off_of_the_agency_do_not_count(
        self, session: Session, cast: Cast, decided: Decide
    ) -> None:
        monday = HariLibur(
            instansi_id=cast.units.instansi_id, tanggal=dt.date(2026, 11, 9), nama="Cuti bersama"
        )
        session.add(monday)
        for _ in range(ENOUGH):
            decided(4)

        wait = wait_of(session, waiting_item(session, cast), at=NOW)

        assert wait is not None
        assert wait.days == 1

    def test_with_too_little_history_it_says_so(
        self, session: Session, cast: Cast, decided: Decide
    ) -> None:
        for _ in range(ENOUGH - 1):
            decided(3)

        wait = wait_of(session, waiting_item(session, cast), at=NOW)

        assert wait is not None
        assert wait.sentence() == ("Belum cukup riwayat untuk memperkirakan lamanya. Anda ke-1.")

    def test_an_undone_decision_is_no_history(
        self, session: Session, cast: Cast, decided: Decide
    ) -> None:
        for _ in range(ENOUGH):
            decided(3)
        session.query(Decision).first().undone_at = now()  # type: ignore[union-attr]
        session.flush()

        wait = wait_of(session, waiting_item(session, cast), at=NOW)

        assert wait is not None
        assert wait.days is None

    def test_a_first_approval_ends_no_wait(
        self, session: Session, cast: Cast, decided: Decide
    ) -> None:
        for _ in range(ENOUGH):
            decided(3, Act.SETUJUI_PERTAMA)

        wait = wait_of(session, waiting_item(session, cast), at=NOW)

        assert wait is not None
        assert wait.days is None

    def test_the_own_kind_comes_before_the_others(
        self, session: Session, cast: Cast, decided: Decide
    ) -> None:
        for _ in range(ENOUGH):
            decided(3)
            decided(11, kind=DocumentKind.IJAZAH)

        seminar = wait_of(session, waiting_item(session, cast), at=NOW)
        teknis = wait_of(session, waiting_item(session, cast, kind=DocumentKind.TEKNIS), at=NOW)

        assert seminar is not None
        assert teknis is not None
        assert (seminar.days, seminar.same_kind) == (1, True)
        assert (teknis.days, teknis.same_kind) == (4, False)

    def test_the_own_queue_comes_first_of_all(
        self, session: Session, cast: Cast, decided: Decide
    ) -> None:
        queue = queue_of(session, cast)
        for _ in range(ENOUGH):
            decided(3)
            decided(4, antrean_id=queue)

        wait = wait_of(session, waiting_item(session, cast, antrean_id=queue), at=NOW)

        assert wait is not None
        assert wait.days == 2

    def test_half_a_tenth_is_rounded_up(self) -> None:
        past = [
            waiting._Past(DocumentKind.SEMINAR, None, FRIDAY, FRIDAY + dt.timedelta(days=days))
            for days in [3] * 19 + [4]
        ]

        assert mean(past, WorkingDays(), dt.UTC) == Decimal("1.1")  # type: ignore[arg-type]


class TestPlace:
    def test_it_counts_who_waits_longer_in_the_same_queue(
        self, session: Session, cast: Cast
    ) -> None:
        queue = queue_of(session, cast)
        for number in range(3):
            waiting_item(session, cast, submitted_at=NOW - dt.timedelta(hours=number + 1))
        waiting_item(session, cast, submitted_at=NOW + dt.timedelta(hours=1))
        waiting_item(session, cast, submitted_at=FRIDAY, antrean_id=queue)

        wait = wait_of(session, waiting_item(session, cast))

        assert wait is not None
        assert wait.place == 4

    def test_another_agency_stands_in_another_line(self, session: Session, cast: Cast) -> None:
        elsewhere = Instansi(nama="Pemerintah Kota Lain")
        session.add(elsewhere)
        session.flush()
        session.get_one(Pegawai, cast.tono.pegawai_id).instansi_id = elsewhere.id
        builders.document(session, cast.tono, S.DIAJUKAN, submitted_at=FRIDAY)

        wait = wait_of(session, waiting_item(session, cast))

        assert wait is not None
        assert wait.place == 1

    def test_beyond_the_bound_it_is_not_counted(
        self, session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(waiting, "MOST_AHEAD", 2)
        for _ in range(2):
            waiting_item(session, cast, submitted_at=FRIDAY)

        wait = wait_of(session, waiting_item(session, cast))

        assert wait is not None
        assert wait.position() == "lebih dari 2 dokumen sebelum Anda"

    def test_in_the_hands_of_somebody_there_is_no_place(self, session: Session, cast: Cast) -> None:
        document = builders.document(session, cast.sari, S.DIPERIKSA, verifier=cast.vera)

        wait = wait_of(session, document)

        assert wait is not None
        assert (wait.place, wait.position()) == (None, "sedang diperiksa")

    def test_a_closed_item_waits_for_nothing(self, session: Session, cast: Cast) -> None:
        closed = builders.document(session, cast.sari, S.DISETUJUI, verifier=cast.vera)

        assert wait_of(session, closed) is None

    def test_at_the_first_level_the_own_opd_alone_counts(
        self, session: Session, cast: Cast
    ) -> None:
        units = cast.units
        for unit in (units.smpn, units.kesehatan):
            waiting_item(session, cast, submitted_at=FRIDAY, lapis_pertama=True, opd_id=unit.id)
        waiting_item(session, cast, submitted_at=FRIDAY, opd_id=units.smpn.id)

        document = waiting_item(session, cast, lapis_pertama=True, opd_id=units.smpn.id)

        wait = wait_of(session, document)
        assert wait is not None
        assert wait.place == 2


@pytest.mark.parametrize(
    ("wait", "own", "sentence"),
    [
        (Wait(14, False, Decimal("2.1"), 40, True), True, "Rata-rata 2,1 hari kerja; Anda ke-14."),
        (Wait(1, False, Decimal("2.0"), 40, True), True, "Rata-rata 2 hari kerja; Anda ke-1."),
        (
            Wait(14, False, Decimal("0.4"), 40, True),
            False,
            "Rata-rata pada hari yang sama; dokumen ini ke-14.",
        ),
        (
            Wait(None, True, Decimal("2.1"), 40, True),
            True,
            "Rata-rata 2,1 hari kerja; sedang diperiksa.",
        ),
        (
            Wait(None, False, None, 0, False),
            True,
            "Belum cukup riwayat untuk memperkirakan lamanya. Lebih dari 500 dokumen sebelum Anda.",
        ),
    ],
)
def test_the_sentence(wait: Wait, own: bool, sentence: str) -> None:
    assert wait.sentence(own=own) == sentence


@pytest.mark.parametrize("endpoint", ["documents.show", "documents.receipt"])
def test_the_owner_reads_it(
    database: Database, cast: Cast, browser: Browser, endpoint: str
) -> None:
    with database.transaction() as session:
        key = waiting_item(session, cast).id
    browser.enter(cast.sari)

    page = browser.get(endpoint, document_id=key)

    assert "Anda ke-1." in page.text


def item_page(
    database: Database, cast: Cast, browser: Browser, state: DocumentState, **fields: object
) -> str:
    with database.transaction() as session:
        key = builders.document(session, cast.sari, state, verifier=cast.vera, **fields).id
    browser.enter(cast.sari)
    return browser.get("documents.show", document_id=key).text


@pytest.mark.parametrize(
    ("days", "told"),
    [(0, "Diputuskan paling lambat"), (1, "Diputuskan paling lambat"), (-1, "sudah lewat")],
)
def test_a_due_day_is_promised_until_it_is_over(
    database: Database, cast: Cast, browser: Browser, days: int, told: str
) -> None:
    due = cast.sari.today + dt.timedelta(days=days)

    page = item_page(database, cast, browser, S.DIAJUKAN, tenggat=due)

    assert [one for one in ("Diputuskan paling lambat", "sudah lewat") if one in page] == [told]


def test_the_owner_reads_that_the_clock_stands_still_meanwhile(
    database: Database, cast: Cast, browser: Browser
) -> None:
    page = item_page(database, cast, browser, S.PERLU_PERBAIKAN)

    assert "Tenggat pemeriksaan berhenti dulu" in page
