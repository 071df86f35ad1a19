"""A decision taken back from the page that follows it."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from sqlalchemy import update

from portal.accounts.models import Penugasan
from portal.db import Database, now
from portal.documents.rulings import Decision
from portal.documents.transitions import Act
from portal.verification import grace
from portal.verification.decisions import UNDO
from portal.vocabulary import DocumentState, Role
from tests.support import builders
from tests.support.app import Browser
from tests.support.cast import Cast
from tests.support.database import on_sqlite_alone
from tests.verification.conftest import Make
from tests.verification.in_place import approve, in_place
from tests.verification.support import state_of

pytestmark = on_sqlite_alone
S = DocumentState


class TestTakingBack:
    def test_the_next_page_offers_it_without_a_script(
        self,
        browser: Browser,
        cast: Cast,
        database: Database,
        two: tuple[uuid.UUID, uuid.UUID],
    ) -> None:
        browser.enter(cast.vera)
        browser.get("verification.item", document_id=two[0])
        browser.submit("Setujui")

        page = browser.submit("Urungkan")

        assert page.path == f"/verifikasi/{two[0]}"
        assert "Keputusan diurungkan: Seminar Literasi Numerasi." in page.text
        assert [state_of(database, item) for item in two] == [S.DIPERIKSA, S.DIAJUKAN]

    def test_the_queue_offers_it_after_the_last_item(
        self, browser: Browser, cast: Cast, database: Database, make: Make
    ) -> None:
        item = make(cast.sari, S.DIPERIKSA, verifier=cast.vera)
        browser.enter(cast.vera)
        browser.get("verification.item", document_id=item)
        browser.submit("Setujui")

        browser.submit("Urungkan")

        assert state_of(database, item) is S.DIPERIKSA

    def test_in_place_the_item_is_back_on_the_desk_and_the_other_in_the_queue(
        self,
        browser: Browser,
        cast: Cast,
        database: Database,
        two: tuple[uuid.UUID, uuid.UUID],
    ) -> None:
        browser.enter(cast.vera)
        approve(browser, two[0])

        answer = in_place(browser, f"/verifikasi/{two[0]}/urungkan", dari=two[1])

        assert (answer.status_code, answer.headers["HX-Push-Url"]) == (200, f"/verifikasi/{two[0]}")
        assert [state_of(database, item) for item in two] == [S.DIPERIKSA, S.DIAJUKAN]

    def test_a_note_begun_on_the_other_item_is_kept(
        self, browser: Browser, cast: Cast, make: Make, two: tuple[uuid.UUID, uuid.UUID]
    ) -> None:
        browser.enter(cast.vera)
        with browser.app.extensions["database"].transaction() as session:
            builders.reason(session, Act.KEMBALIKAN)
        approve(browser, two[0])

        in_place(browser, f"/verifikasi/{two[0]}/urungkan", dari=two[1], catatan="Foto gelap")
        page = browser.post(path=f"/verifikasi/{two[1]}/ambil")

        assert page.one("#catatan-kembalikan").get_text().strip() == "Foto gelap"

    def test_after_ten_seconds_the_desk_stays_and_says_why(
        self,
        browser: Browser,
        cast: Cast,
        database: Database,
        two: tuple[uuid.UUID, uuid.UUID],
    ) -> None:
        browser.enter(cast.vera)
        approve(browser, two[0])
        self.let_pass(database)

        answer = in_place(browser, f"/verifikasi/{two[0]}/urungkan", dari=two[1])

        assert (answer.status_code, state_of(database, two[0])) == (409, S.DISETUJUI)
        assert "Sudah lewat 10 detik" in answer.text
        assert "HX-Retarget" not in answer.headers

    def test_too_late_without_a_script_leads_to_the_item_with_the_reason(
        self,
        browser: Browser,
        cast: Cast,
        database: Database,
        two: tuple[uuid.UUID, uuid.UUID],
    ) -> None:
        browser.enter(cast.vera)
        browser.get("verification.item", document_id=two[0])
        browser.submit("Setujui")
        self.let_pass(database)

        page = browser.submit("Urungkan")

        assert (page.path, "Sudah lewat 10 detik" in page.text) == (f"/verifikasi/{two[1]}", True)

    def test_too_late_without_a_script_and_without_a_next_item_leads_to_the_decided_one(
        self, browser: Browser, cast: Cast, database: Database, make: Make
    ) -> None:
        item = make(cast.sari, S.DIPERIKSA, verifier=cast.vera)
        browser.enter(cast.vera)
        browser.get("verification.item", document_id=item)
        browser.submit("Setujui")
        self.let_pass(database)

        page = browser.submit("Urungkan")

        assert (page.path, "Sudah lewat 10 detik" in page.text) == (f"/verifikasi/{item}", True)

    def test_nobody_takes_back_what_another_decided(
        self, browser: Browser, cast: Cast, database: Database, make: Make
    ) -> None:
        item = make(cast.sari, S.DISETUJUI, verifier=cast.bima)
        browser.enter(cast.vera)

        answer = in_place(browser, f"/verifikasi/{item}/urungkan")

        assert (answer.status_code, state_of(database, item)) == (409, S.DISETUJUI)

    @pytest.mark.parametrize("dari", ["", "x", "'", "6d0b1b0e-0000-4000-8000-000000000000"])
    def test_a_desk_from_nowhere_does_no_harm(
        self, browser: Browser, cast: Cast, two: tuple[uuid.UUID, uuid.UUID], dari: str
    ) -> None:
        browser.enter(cast.vera)
        approve(browser, two[0])

        answer = in_place(browser, f"/verifikasi/{two[0]}/urungkan", dari=dari)

        assert answer.status_code == 200

    def test_an_old_decision_is_told_once_without_the_button(
        self,
        browser: Browser,
        cast: Cast,
        monkeypatch: pytest.MonkeyPatch,
        two: tuple[uuid.UUID, uuid.UUID],
    ) -> None:
        browser.enter(cast.vera)
        in_the_past = now() - UNDO - dt.timedelta(seconds=1)
        monkeypatch.setattr(grace, "now", lambda: in_the_past)
        browser.client.post(
            f"/verifikasi/{two[0]}/setujui",
            data={"revisi": 1, "csrf_token": browser._csrf_token()},
        )
        monkeypatch.undo()

        first = browser.get("verification.queue")
        second = browser.get("verification.queue")

        assert "Disetujui: Seminar Literasi Numerasi" in first.text
        assert "Urungkan" not in first.texts("form button")
        assert "Disetujui: Seminar" not in second.text

    @staticmethod
    def let_pass(database: Database) -> None:
        """Ten seconds go by: the decision is older than it was."""
        with database.transaction() as session:
            session.execute(update(Decision).values(at=now() - UNDO - dt.timedelta(seconds=1)))


def test_a_first_approval_can_be_taken_back_too(
    browser: Browser, cast: Cast, database: Database, make: Make
) -> None:
    with database.transaction() as session:
        session.add(
            Penugasan(
                akun_id=cast.budi.akun_id,
                peran=Role.VERIFIKATOR_OPD,
                instansi_id=cast.budi.instansi_id,
            )
        )
    item = make(cast.sari, S.DIPERIKSA, verifier=cast.budi)
    browser.enter(cast.budi)
    approve(browser, item)

    in_place(browser, f"/verifikasi/{item}/urungkan")

    assert state_of(database, item) is S.DIPERIKSA
