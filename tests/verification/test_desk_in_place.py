"""The desk that replaces itself: one answer per act."""

from __future__ import annotations

import dataclasses
import uuid

from sqlalchemy import update

from portal.accounts.models import Penugasan
from portal.db import Database, now
from portal.documents.transitions import Act
from portal.settings import Settings
from portal.vocabulary import DocumentState
from tests.support import builders
from tests.support.app import Browser, MakeApp
from tests.support.cast import Cast
from tests.support.database import on_sqlite_alone
from tests.verification.conftest import Make
from tests.verification.in_place import approve, in_place
from tests.verification.support import state_of

pytestmark = on_sqlite_alone
S = DocumentState


class TestOneAnswer:
    def test_a_decision_is_answered_with_the_next_desk(
        self, browser: Browser, cast: Cast, two: tuple[uuid.UUID, uuid.UUID]
    ) -> None:
        browser.enter(cast.vera)

        answer = approve(browser, two[0])

        assert (answer.status_code, answer.headers["HX-Push-Url"]) == (200, f"/verifikasi/{two[1]}")
        assert "Budi Santoso" in answer.text

    def test_only_the_desk_is_sent(
        self, browser: Browser, cast: Cast, two: tuple[uuid.UUID, uuid.UUID]
    ) -> None:
        browser.enter(cast.vera)

        answer = approve(browser, two[0]).text

        assert ("<body" in answer, answer.count('id="meja"'), "<title>" in answer) == (
            False,
            1,
            True,
        )

    def test_the_filters_stay_in_the_address(
        self, browser: Browser, cast: Cast, two: tuple[uuid.UUID, uuid.UUID]
    ) -> None:
        browser.enter(cast.vera)

        answer = in_place(browser, f"/verifikasi/{two[0]}/setujui?jenis=seminar", revisi=1)

        assert answer.headers["HX-Push-Url"] == f"/verifikasi/{two[1]}?jenis=seminar"

    def test_after_the_last_item_the_window_opens_the_queue(
        self, browser: Browser, cast: Cast, make: Make
    ) -> None:
        item = make(cast.sari, S.DIPERIKSA, verifier=cast.vera)
        browser.enter(cast.vera)

        assert approve(browser, item).headers["HX-Redirect"] == "/verifikasi"

    def test_a_verifikator_who_lost_the_role_is_told_and_keeps_the_page(
        self,
        browser: Browser,
        cast: Cast,
        database: Database,
        two: tuple[uuid.UUID, uuid.UUID],
    ) -> None:
        browser.enter(cast.vera)
        with database.transaction() as session:
            session.execute(
                update(Penugasan)
                .where(Penugasan.akun_id == cast.vera.akun_id)
                .values(berakhir=now())
            )

        answer = approve(browser, two[0])

        assert (answer.status_code, state_of(database, two[0])) == (403, S.DIPERIKSA)
        assert "Anda tidak berwenang melakukan ini." in answer.text
        assert "Yang Anda ketik masih ada di halaman ini." in answer.text
        assert 'id="meja"' not in answer.text

    def test_who_reads_only_is_told_that_the_act_is_refused(
        self, browser: Browser, cast: Cast, two: tuple[uuid.UUID, uuid.UUID]
    ) -> None:
        browser.enter(cast.aud)

        page = browser.post(path=f"/verifikasi/{two[0]}/setujui", expect=403)

        assert "Anda tidak berwenang melakukan ini." in page.text
        assert "Yang Anda ketik" not in page.text

    def test_ten_thousand_letters_come_back_whole_with_the_limit(
        self, browser: Browser, cast: Cast, database: Database, make: Make
    ) -> None:
        item = make(cast.sari, S.DIPERIKSA, verifier=cast.vera)
        with database.transaction() as session:
            reason = builders.reason(session, Act.TOLAK).id
        browser.enter(cast.vera)

        answer = in_place(
            browser, f"/verifikasi/{item}/tolak", revisi=1, alasan=reason, catatan="é" * 10_000
        )

        assert answer.status_code == 422
        assert "Catatan paling panjang 1000 huruf." in answer.text
        assert "é" * 10_000 in answer.text


class TestBounds:
    def test_how_many_may_be_held_is_a_setting(
        self, settings: Settings, make_app: MakeApp, cast: Cast
    ) -> None:
        app = make_app(dataclasses.replace(settings, max_claims=1))
        with app.extensions["database"].transaction() as session:
            builders.document(session, cast.sari, S.DIPERIKSA, verifier=cast.vera)
            other = builders.document(session, cast.budi, S.DIAJUKAN).id
        browser = Browser(app)
        browser.enter(cast.vera)

        page = browser.post(path=f"/verifikasi/{other}/ambil", expect=422)

        assert "Anda sedang memegang 1 dokumen" in page.text
