"""Deciding on the page of an item."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from sqlalchemy import func, select

from portal.db import Database, now
from portal.documents.rulings import Decision, Reason
from portal.documents.transitions import Act
from portal.scoring.actions import recompute
from portal.vocabulary import DocumentKind, DocumentState
from tests.support.app import Browser
from tests.support.cast import TODAY, Cast
from tests.support.database import on_sqlite_alone
from tests.verification.conftest import Make
from tests.verification.support import state_of

pytestmark = on_sqlite_alone
S = DocumentState


class TestDeciding:
    def test_the_next_item_follows_in_place_with_the_filters(
        self, browser: Browser, cast: Cast, make: Make, database: Database
    ) -> None:
        start = now()
        first = make(cast.sari, submitted_at=start - dt.timedelta(days=3))
        make(cast.tono, submitted_at=start - dt.timedelta(days=2), kind=DocumentKind.TEKNIS)
        third = make(cast.budi, submitted_at=start - dt.timedelta(days=1))
        browser.enter(cast.vera)
        browser.post(path=f"/verifikasi/{first}/ambil?jenis=seminar")

        page = browser.submit("Setujui")

        assert page.path == f"/verifikasi/{third}?jenis=seminar"
        assert state_of(database, third) is S.DIPERIKSA

    def test_it_says_what_was_decided_and_what_came_of_it(
        self, browser: Browser, cast: Cast, make: Make, database: Database
    ) -> None:
        item = make(cast.sari)
        with database.transaction() as session:
            recompute(session, cast.sari.pegawai_id, today=TODAY, cause="Awal")
        browser.enter(cast.vera)
        browser.post(path=f"/verifikasi/{item}/ambil")

        page = browser.submit("Setujui")

        assert (
            "Disetujui: Seminar Literasi Numerasi, Sari Wulandari. Skor 71,00 → 81,00." in page.text
        )

    def test_after_the_last_item_comes_the_queue(
        self, browser: Browser, cast: Cast, make: Make
    ) -> None:
        item = make(cast.sari)
        browser.enter(cast.vera)
        browser.post(path=f"/verifikasi/{item}/ambil")

        assert browser.submit("Setujui").path == "/verifikasi"

    def test_for_htmx_the_queue_is_another_page(self, browser: Browser, cast: Cast) -> None:
        browser.enter(cast.vera)

        answer = browser.client.get(
            "/verifikasi?jenis=teknis", headers={"HX-Request": "true", "HX-Target": "meja"}
        )

        assert answer.headers["HX-Redirect"] == "/verifikasi?jenis=teknis"

    @pytest.mark.parametrize("act", ["kembalikan", "tolak"])
    def test_without_a_reason_the_page_stays_with_the_note(
        self, browser: Browser, cast: Cast, make: Make, reasons: dict[Act, str], act: str
    ) -> None:
        item = make(cast.sari, S.DIPERIKSA, verifier=cast.vera)
        browser.enter(cast.vera)

        page = browser.post(
            path=f"/verifikasi/{item}/{act}",
            data={"revisi": 1, "alasan": "", "catatan": "Halaman dua gelap"},
            expect=422,
        )

        assert "Pilih alasannya" in page.text
        assert page.one(f"#catatan-{act}").get_text().strip() == "Halaman dua gelap"
        assert page.one("details[open]").select_one("summary") is not None

    @pytest.mark.parametrize("act", ["kembalikan", "tolak"])
    def test_the_reason_that_must_be_given_is_not_called_optional(
        self, browser: Browser, cast: Cast, make: Make, reasons: dict[Act, str], act: str
    ) -> None:
        item = make(cast.sari, S.DIPERIKSA, verifier=cast.vera)
        browser.enter(cast.vera)

        page = browser.get("verification.item", document_id=item)

        assert page.one(f"label[for=alasan-{act}]").get_text(strip=True) == "Alasan"

    @pytest.mark.parametrize(
        "alasan",
        ["1", "'", "6d0b1b0e-0000-4000-8000-000000000000", "tolak", "😀"],
    )
    def test_a_reason_from_nowhere_is_refused(
        self, browser: Browser, cast: Cast, make: Make, reasons: dict[Act, str], alasan: str
    ) -> None:
        item = make(cast.sari, S.DIPERIKSA, verifier=cast.vera)
        browser.enter(cast.vera)

        browser.post(
            path=f"/verifikasi/{item}/kembalikan", data={"revisi": 1, "alasan": alasan}, expect=422
        )

    def test_a_reason_that_was_put_away_meanwhile_is_told_as_such(
        self,
        browser: Browser,
        cast: Cast,
        make: Make,
        reasons: dict[Act, str],
        database: Database,
    ) -> None:
        item = make(cast.sari, S.DIPERIKSA, verifier=cast.vera)
        with database.transaction() as session:
            session.get_one(Reason, uuid.UUID(reasons[Act.KEMBALIKAN])).aktif = False
        browser.enter(cast.vera)

        page = browser.post(
            path=f"/verifikasi/{item}/kembalikan",
            data={"revisi": 1, "alasan": reasons[Act.KEMBALIKAN], "catatan": "Foto gelap"},
            expect=422,
        )

        assert "Alasan yang Anda pilih baru saja diubah admin. Pilih lagi." in page.text

    def test_after_being_told_of_a_newer_revision_the_next_press_is_about_that(
        self, browser: Browser, cast: Cast, make: Make, database: Database
    ) -> None:
        item = make(cast.sari, S.DIPERIKSA, verifier=cast.vera, revision=2)
        browser.enter(cast.vera)
        browser.post(path=f"/verifikasi/{item}/setujui", data={"revisi": 1}, expect=409)

        browser.submit("Setujui")

        assert state_of(database, item) is S.DISETUJUI

    @pytest.mark.parametrize("revisi", ["", "x", "-1", "1e3", "٣", "9" * 40])
    def test_a_revision_that_is_none_decides_nothing(
        self, browser: Browser, cast: Cast, make: Make, database: Database, revisi: str
    ) -> None:
        item = make(cast.sari, S.DIPERIKSA, verifier=cast.vera)
        browser.enter(cast.vera)

        answer = browser.client.post(
            f"/verifikasi/{item}/setujui",
            data={"revisi": revisi, "csrf_token": browser._csrf_token()},
        )

        assert answer.status_code in {409, 422}
        assert state_of(database, item) is S.DIPERIKSA

    def test_a_lost_claim_is_told_with_the_name_and_the_note_kept(
        self, browser: Browser, cast: Cast, make: Make, reasons: dict[Act, str]
    ) -> None:
        item = make(cast.sari, S.DIPERIKSA, verifier=cast.bima)
        browser.enter(cast.vera)

        page = browser.post(
            path=f"/verifikasi/{item}/kembalikan",
            data={"revisi": 1, "alasan": reasons[Act.KEMBALIKAN], "catatan": "Foto gelap"},
            expect=409,
        )

        assert "Sedang diperiksa Bima Nugraha" in page.text
        assert "Foto gelap" in page.text

    def test_taking_the_item_again_brings_the_note_back(
        self, browser: Browser, cast: Cast, make: Make, reasons: dict[Act, str]
    ) -> None:
        item = make(cast.sari)
        browser.enter(cast.vera)
        browser.post(
            path=f"/verifikasi/{item}/tolak",
            data={"revisi": 1, "alasan": reasons[Act.TOLAK], "catatan": "Bukan sertifikat"},
            expect=409,
        )

        page = browser.submit("Ambil")

        assert page.one("#catatan-tolak").get_text().strip() == "Bukan sertifikat"

    def test_from_an_item_that_was_lost_the_next_is_one_press_away(
        self, browser: Browser, cast: Cast, make: Make
    ) -> None:
        item = make(cast.sari, S.DIPERIKSA, verifier=cast.bima)
        following = make(cast.budi)
        browser.enter(cast.vera)
        browser.get(path=f"/verifikasi/{item}?jenis=seminar")

        page = browser.submit("Ambil dokumen berikutnya")

        assert page.path == f"/verifikasi/{following}?jenis=seminar"
        assert page.one(".decide .btn.ok").get_text(strip=True).startswith("Setujui")

    def test_who_may_not_decide_is_offered_no_next_item(
        self, browser: Browser, cast: Cast, make: Make
    ) -> None:
        item = make(cast.sari, S.DIPERIKSA, verifier=cast.bima)
        browser.enter(cast.aud)

        page = browser.get(path=f"/verifikasi/{item}")

        assert "Ambil dokumen berikutnya" not in page.text

    def test_htmx_gets_the_whole_desk_after_a_conflict(
        self, browser: Browser, cast: Cast, make: Make
    ) -> None:
        item = make(cast.sari, S.DIPERIKSA, verifier=cast.bima)
        browser.enter(cast.vera)

        answer = browser.client.post(
            f"/verifikasi/{item}/setujui",
            data={"revisi": 1, "csrf_token": browser._csrf_token()},
            headers={"HX-Request": "true", "HX-Target": "meja"},
        )

        names = ("HX-Retarget", "HX-Reselect", "HX-Push-Url")
        assert [answer.headers[name] for name in names] == ["#meja", "#meja", "false"]

    def test_skipping_frees_this_item_and_takes_the_one_after(
        self, browser: Browser, cast: Cast, make: Make, database: Database
    ) -> None:
        start = now()
        first = make(cast.sari, submitted_at=start - dt.timedelta(days=3))
        second = make(cast.budi, submitted_at=start - dt.timedelta(days=2))
        browser.enter(cast.vera)
        browser.post(path=f"/verifikasi/{first}/ambil")

        page = browser.submit("Lewati")

        assert page.path == f"/verifikasi/{second}"
        assert state_of(database, first) is S.DIAJUKAN

    def test_letting_go_leads_to_the_queue(
        self, browser: Browser, cast: Cast, make: Make, database: Database
    ) -> None:
        item = make(cast.sari)
        browser.enter(cast.vera)
        browser.post(path=f"/verifikasi/{item}/ambil")

        page = browser.submit("Lepas ke antrean")

        assert ("Dilepas: Seminar Literasi Numerasi" in page.text, state_of(database, item)) == (
            True,
            S.DIAJUKAN,
        )

    def test_an_approval_can_be_revoked_with_a_reason(
        self,
        browser: Browser,
        cast: Cast,
        make: Make,
        database: Database,
        reasons: dict[Act, str],
    ) -> None:
        item = make(cast.sari, S.DISETUJUI, verifier=cast.bima)
        browser.enter(cast.vera)
        browser.get("verification.item", document_id=item)

        browser.submit("Cabut", alasan=reasons[Act.CABUT])

        assert state_of(database, item) is S.DICABUT


def test_a_decision_is_taken_once_by_a_double_tap(
    browser: Browser, cast: Cast, make: Make, database: Database
) -> None:
    item = make(cast.sari, S.DIPERIKSA, verifier=cast.vera)
    browser.enter(cast.vera)

    browser.post(path=f"/verifikasi/{item}/setujui", data={"revisi": 1})
    again = browser.post(path=f"/verifikasi/{item}/setujui", data={"revisi": 1}, expect=409)

    assert "sudah disetujui oleh Anda" in again.text
    with database.reading() as session:
        assert session.scalar(select(func.count(Decision.id))) == 1
