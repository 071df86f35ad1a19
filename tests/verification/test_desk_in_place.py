"""The desk that replaces itself: one answer per act, pictures under seal, and the way back."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import uuid
from base64 import b64decode
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from portal.accounts.models import Penugasan
from portal.audit import AuditEntry
from portal.db import Database, now
from portal.documents.models import Document, DocumentFile
from portal.documents.rulings import Decision
from portal.documents.transitions import Act
from portal.permissions import Actor
from portal.settings import Settings
from portal.storage import keys
from portal.verification import grace, sealed
from portal.verification.decisions import UNDO
from portal.vocabulary import DocumentState, Role
from tests.support import builders
from tests.support.app import Browser, MakeApp
from tests.support.cast import Cast
from tests.support.database import on_sqlite_alone

pytestmark = on_sqlite_alone
S = DocumentState
IN_PLACE = {"HX-Request": "true", "HX-Target": "meja"}
Make = Callable[..., uuid.UUID]


@pytest.fixture
def make(app: Flask, database: Database) -> Make:
    """Puts an item with its file into the running portal; returns its id."""

    def build(owner: Actor, state: DocumentState = S.DIAJUKAN, **fields: Any) -> uuid.UUID:
        with database.transaction() as session:
            storage = app.extensions["storage"]
            return builders.document(session, owner, state, storage=storage, **fields).id

    return build


@pytest.fixture
def two(cast: Cast, make: Make) -> tuple[uuid.UUID, uuid.UUID]:
    """An item of Sari that Vera holds, and the one of Budi that follows."""
    start = now()
    first = make(
        cast.sari, S.DIPERIKSA, verifier=cast.vera, submitted_at=start - dt.timedelta(days=3)
    )
    return first, make(cast.budi, submitted_at=start - dt.timedelta(days=2))


def in_place(browser: Browser, address: str, **fields: object) -> TestResponse:
    """A form as htmx sends it from the desk."""
    data = {"csrf_token": browser._csrf_token(), **fields}
    return browser.client.post(address, data=data, headers=IN_PLACE)


def approve(browser: Browser, item: uuid.UUID) -> TestResponse:
    return in_place(browser, f"/verifikasi/{item}/setujui", revisi=1)


def state_of(database: Database, item: uuid.UUID) -> DocumentState:
    with database.reading() as session:
        return session.get_one(Document, item).state


def readers(database: Database, item: uuid.UUID) -> list[uuid.UUID | None]:
    with database.reading() as session:
        statement = select(AuditEntry.actor_id).where(
            AuditEntry.action == "document:read", AuditEntry.subject_id == item
        )
        return list(session.scalars(statement))


def picture(app: Flask, item: uuid.UUID) -> tuple[str, bytes]:
    """Address of the first page of an item, and its bytes."""
    with app.extensions["database"].reading() as session:
        file_id = session.scalars(
            select(DocumentFile.id).where(DocumentFile.document_id == item)
        ).one()
    with app.extensions["storage"].open(keys.page(file_id, 1)) as stream:
        return f"/verifikasi/{item}/berkas/{file_id}/halaman/1", stream.read()


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


class TestAhead:
    def test_fetching_ahead_takes_nothing_and_is_no_reading(
        self,
        app: Flask,
        browser: Browser,
        cast: Cast,
        database: Database,
        two: tuple[uuid.UUID, uuid.UUID],
    ) -> None:
        browser.enter(cast.vera)
        address, content = picture(app, two[1])

        (path,) = browser.client.get(f"/verifikasi/{two[1]}/di-depan").get_json()
        hidden = browser.client.get(path).data

        assert (path, len(hidden)) == (f"{address}/tersegel", len(content))
        assert hidden != content
        assert (state_of(database, two[1]), readers(database, two[1])) == (S.DIAJUKAN, [])

    def test_the_desk_names_the_item_that_will_follow(
        self, browser: Browser, cast: Cast, two: tuple[uuid.UUID, uuid.UUID]
    ) -> None:
        browser.enter(cast.vera)

        desk = browser.get("verification.item", document_id=two[0])

        assert desk.one("[data-presence]")["data-ahead"] == f"/verifikasi/{two[1]}/di-depan"

    def test_the_key_comes_with_the_claim_and_the_reading_is_noted(
        self,
        app: Flask,
        browser: Browser,
        cast: Cast,
        database: Database,
        two: tuple[uuid.UUID, uuid.UUID],
    ) -> None:
        browser.enter(cast.vera)
        address, content = picture(app, two[1])
        hidden = browser.client.get(f"{address}/tersegel").data

        answer = approve(browser, two[0]).text

        found = re.search(rf'data-src="{address}" data-seal="([^"]+)"', answer)
        assert found is not None
        assert sealed.seal(hidden, b64decode(found[1])) == content
        assert readers(database, two[1]) == [cast.vera.pegawai_id]

    @pytest.mark.parametrize("held", [True, False])
    def test_opening_an_item_brings_no_key(
        self, browser: Browser, cast: Cast, two: tuple[uuid.UUID, uuid.UUID], held: bool
    ) -> None:
        browser.enter(cast.vera)

        answer = browser.client.get(f"/verifikasi/{two[0 if held else 1]}", headers=IN_PLACE)

        assert "data-seal" not in answer.text

    def test_the_key_of_another_reader_opens_nothing(
        self,
        app: Flask,
        browser: Browser,
        second_browser: Browser,
        cast: Cast,
        two: tuple[uuid.UUID, uuid.UUID],
    ) -> None:
        address, _ = picture(app, two[1])
        browser.enter(cast.vera)
        second_browser.enter(cast.bima)

        ours, theirs = (
            window.client.get(f"{address}/tersegel").data for window in (browser, second_browser)
        )

        assert ours != theirs

    @pytest.mark.parametrize(
        ("who", "status"), [("sari", 403), ("oki", 403), ("ani", 403), ("aud", 403), ("vivi", 404)]
    )
    def test_only_who_could_hold_it_may_fetch(
        self, app: Flask, browser: Browser, cast: Cast, make: Make, who: str, status: int
    ) -> None:
        item = make(cast.tono)
        address, _ = picture(app, item)
        browser.enter(cast.everybody[who])

        answers = [
            browser.client.get(path).status_code
            for path in (f"/verifikasi/{item}/di-depan", f"{address}/tersegel")
        ]

        assert answers == [status, status]

    @pytest.mark.parametrize("fields", [{"created_by": True}, {"state": S.DISETUJUI}])
    def test_what_cannot_be_taken_is_not_there(
        self, app: Flask, browser: Browser, cast: Cast, make: Make, fields: dict[str, Any]
    ) -> None:
        if "state" in fields:
            item = make(cast.sari, S.DISETUJUI, verifier=cast.bima)
        else:
            item = make(cast.sari, created_by_id=cast.vera.pegawai_id)
        browser.enter(cast.vera)

        assert browser.client.get(f"/verifikasi/{item}/di-depan").status_code == 404

    @pytest.mark.parametrize("number", [0, 2, 99])
    def test_a_page_that_is_none_is_not_there(
        self, app: Flask, browser: Browser, cast: Cast, make: Make, number: int
    ) -> None:
        address, _ = picture(app, make(cast.sari))
        browser.enter(cast.vera)

        assert browser.client.get(f"{address[:-1]}{number}/tersegel").status_code == 404

    def test_a_lost_object_is_not_there(
        self, app: Flask, browser: Browser, cast: Cast, database: Database
    ) -> None:
        with database.transaction() as session:
            item = builders.document(session, cast.sari, S.DIAJUKAN)
            address = f"/verifikasi/{item.id}/berkas/{item.files[0].id}/halaman/1/tersegel"
        browser.enter(cast.vera)

        assert browser.client.get(address).status_code == 404


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


def test_boxes_are_offered_for_green_items_that_can_be_taken(
    browser: Browser, cast: Cast, make: Make
) -> None:
    green = make(cast.sari, lampu="ok")
    make(cast.budi, lampu="warn")
    make(cast.tono)
    make(cast.oki, S.DIPERIKSA, verifier=cast.bima, lampu="ok")
    browser.enter(cast.vera)

    page = browser.get("verification.queue")

    assert [box["value"] for box in page.all("input[name=id]")] == [f"{green}.1"]


def test_who_only_reads_gets_no_boxes(browser: Browser, cast: Cast, make: Make) -> None:
    make(cast.sari, lampu="ok")
    browser.enter(cast.aud)

    assert browser.get("verification.queue").all("input[name=id]") == []


def test_the_boxes_lead_to_the_page_that_looks_again(
    browser: Browser, cast: Cast, make: Make
) -> None:
    make(cast.sari, lampu="ok")
    browser.enter(cast.vera)
    box = browser.get("verification.queue", jenis="seminar").one("input[name=id]")

    page = browser.get(path=f"/verifikasi/massal?jenis=seminar&id={box['value']}")

    assert "Setujui bersama" in page.text


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
