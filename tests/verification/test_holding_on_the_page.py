"""Taking items, being there, taking over, on the pages of the desk."""

from __future__ import annotations

import datetime as dt

from portal.accounts.models import Penugasan
from portal.db import Database, now
from portal.documents.models import Document
from portal.permissions import Actor
from portal.vocabulary import DocumentState, Role
from tests.support.app import Browser
from tests.support.cast import Cast
from tests.support.database import on_sqlite_alone
from tests.verification.conftest import Make

pytestmark = on_sqlite_alone
S = DocumentState


def grant(database: Database, actor: Actor, role: Role) -> None:
    with database.transaction() as session:
        session.add(Penugasan(akun_id=actor.akun_id, peran=role, instansi_id=actor.instansi_id))


class TestPresence:
    def test_presence_is_silent(
        self, browser: Browser, cast: Cast, make: Make, database: Database
    ) -> None:
        item = make(cast.sari, S.DIPERIKSA, verifier=cast.vera, claimed_until=now())
        browser.enter(cast.vera)

        browser.post(path=f"/verifikasi/{item}/hadir", expect=204)

        with database.reading() as session:
            until = session.get_one(Document, item).claimed_until
        assert until is not None
        assert until > now() + dt.timedelta(minutes=10)

    def test_presence_after_the_loss_names_the_holder(
        self, browser: Browser, cast: Cast, make: Make
    ) -> None:
        item = make(cast.sari, S.DIPERIKSA, verifier=cast.bima)
        browser.enter(cast.vera)

        page = browser.post(path=f"/verifikasi/{item}/hadir", expect=409, htmx=True)

        assert "Bima Nugraha" in page.text

    def test_leaving_the_page_leaves_a_minute_to_come_back(
        self, browser: Browser, cast: Cast, make: Make, database: Database
    ) -> None:
        item = make(cast.sari, S.DIPERIKSA, verifier=cast.vera)
        browser.enter(cast.vera)

        browser.post(path=f"/verifikasi/{item}/pergi", expect=204)

        with database.reading() as session:
            until = session.get_one(Document, item).claimed_until
        assert until is not None
        assert now() < until < now() + dt.timedelta(seconds=61)

    def test_leaving_never_takes_from_another(
        self, browser: Browser, cast: Cast, make: Make, database: Database
    ) -> None:
        item = make(cast.sari, S.DIPERIKSA, verifier=cast.bima)
        browser.enter(cast.vera)

        browser.post(path=f"/verifikasi/{item}/pergi", expect=204)

        with database.reading() as session:
            until = session.get_one(Document, item).claimed_until
        assert until is not None
        assert until > now() + dt.timedelta(minutes=10)


class TestTaking:
    def test_what_another_holds_is_not_given(
        self, browser: Browser, cast: Cast, make: Make
    ) -> None:
        item = make(cast.sari, S.DIPERIKSA, verifier=cast.bima)
        browser.enter(cast.vera)

        page = browser.post(path=f"/verifikasi/{item}/ambil", expect=409)

        assert "Sedang diperiksa Bima Nugraha" in page.text

    def test_a_sixth_item_is_refused_with_a_way_on(
        self, browser: Browser, cast: Cast, make: Make
    ) -> None:
        for _ in range(5):
            make(cast.sari, S.DIPERIKSA, verifier=cast.vera)
        make(cast.budi)
        browser.enter(cast.vera)
        browser.get("verification.queue")

        page = browser.submit("Ambil dokumen terlama")

        assert "Selesaikan atau lepas salah satunya dahulu" in page.text


class TestTakingOver:
    def test_the_head_of_the_queue_gives_a_reason(
        self, browser: Browser, cast: Cast, make: Make, database: Database
    ) -> None:
        grant(database, cast.vera, Role.KEPALA_ANTREAN)
        item = make(cast.sari, S.DIPERIKSA, verifier=cast.bima)
        browser.enter(cast.vera)
        browser.get("verification.item", document_id=item)

        page = browser.submit("Ambil alih", alasan="Bima sakit")

        assert "Setujui" in " ".join(page.texts("button"))

    def test_without_a_reason_it_stays(
        self, browser: Browser, cast: Cast, make: Make, database: Database
    ) -> None:
        grant(database, cast.vera, Role.KEPALA_ANTREAN)
        item = make(cast.sari, S.DIPERIKSA, verifier=cast.bima)
        browser.enter(cast.vera)
        browser.get("verification.item", document_id=item)

        page = browser.submit("Ambil alih", alasan=" ", expect=422)

        assert "Tulis alasan mengambil alih" in page.text
