"""The queue and the desk, as a browser without JavaScript meets them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.accounts.models import Akun, Penugasan
from portal.audit import AuditEntry
from portal.db import Database, now
from portal.documents.models import Document, DocumentFile
from portal.documents.rulings import Decision
from portal.documents.transitions import Act
from portal.people.models import Pegawai
from portal.permissions import Actor
from portal.scoring.actions import recompute
from portal.vocabulary import DocumentKind, DocumentState, FileRole, Role
from tests.support import builders
from tests.support.app import Browser
from tests.support.cast import TODAY, Cast
from tests.support.database import on_sqlite_alone
from tests.support.queries import statements

pytestmark = on_sqlite_alone
S = DocumentState
MOST_QUERIES = 12
DESK_QUERIES = 16
"""Of one item with everything around it: data, twins, queue, threads, what keeps from deciding."""
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
def reasons(database: Database, cast: Cast) -> dict[Act, str]:
    """One reason per act; returns their ids."""
    with database.transaction() as session:
        return {
            act: str(builders.reason(session, act).id)
            for act in (Act.KEMBALIKAN, Act.TOLAK, Act.CABUT)
        }


def state_of(database: Database, document_id: uuid.UUID) -> DocumentState:
    with database.reading() as session:
        return session.get_one(Document, document_id).state


def grant(database: Database, actor: Actor, role: Role) -> None:
    with database.transaction() as session:
        session.add(Penugasan(akun_id=actor.akun_id, peran=role, instansi_id=actor.instansi_id))


class TestQueue:
    def test_it_names_who_what_and_how_many(self, browser: Browser, cast: Cast, make: Make) -> None:
        make(cast.sari)
        make(cast.budi, S.DIPERIKSA, verifier=cast.bima)
        browser.enter(cast.vera)

        page = browser.get("verification.queue")

        assert "2 dokumen, terlama lebih dulu" in page.text
        assert "Diperiksa Bima Nugraha" in page.text

    def test_it_marks_an_objection(self, browser: Browser, cast: Cast, make: Make) -> None:
        make(cast.sari, objected=True)
        browser.enter(cast.vera)

        assert "Keberatan" in browser.get("verification.queue").text

    def test_an_empty_queue_is_good_news(self, browser: Browser, cast: Cast) -> None:
        browser.enter(cast.vera)

        assert "Antrean kosong" in browser.get("verification.queue").text

    def test_a_filter_without_a_match_says_how_to_go_on(
        self, browser: Browser, cast: Cast, make: Make
    ) -> None:
        make(cast.sari)
        browser.enter(cast.vera)

        page = browser.get("verification.queue", cari="tidak-ada")

        assert "Tidak ada yang cocok" in page.text
        assert page.link("Tampilkan semua") == "/verifikasi"

    def test_the_auditor_reads_and_has_no_buttons(
        self, browser: Browser, cast: Cast, make: Make
    ) -> None:
        item = make(cast.sari)
        browser.enter(cast.aud)

        queue, desk = browser.get("verification.queue"), browser.get(path=f"/verifikasi/{item}")

        assert "Ambil" not in " ".join(queue.texts("button") + desk.texts("button"))

    def test_a_claim_that_ran_out_can_be_taken(
        self, browser: Browser, cast: Cast, make: Make, database: Database
    ) -> None:
        past = now() - dt.timedelta(minutes=1)
        item = make(cast.sari, S.DIPERIKSA, verifier=cast.bima, claimed_until=past)
        browser.enter(cast.vera)
        browser.get("verification.queue")

        browser.submit("Ambil")

        with database.reading() as session:
            assert session.get_one(Document, item).claimed_by_id == cast.vera.pegawai_id

    def test_typing_replaces_the_rows_alone(self, browser: Browser, cast: Cast, make: Make) -> None:
        make(cast.sari)
        browser.enter(cast.vera)

        part = browser.get("verification.queue", htmx=True, cari="sari")

        assert not part.is_whole
        assert "Sari Wulandari" in part.text

    def test_a_name_of_sixty_letters_with_emoji_and_right_to_left_stays_a_name(
        self, browser: Browser, cast: Cast, make: Make, database: Database
    ) -> None:
        name = "محمد 😀 " + "Kusumawardhani " * 3
        make(cast.sari)
        with database.transaction() as session:
            session.get_one(Pegawai, cast.sari.pegawai_id).nama = name
        browser.enter(cast.vera)

        page = browser.get("verification.queue")

        assert page.one("td b").get("dir") == "auto"

    @pytest.mark.parametrize("people", [1, 40])
    def test_it_costs_the_same_for_few_and_many(
        self,
        app: Flask,
        browser: Browser,
        cast: Cast,
        make: Make,
        database: Database,
        people: int,
    ) -> None:
        with database.transaction() as session:
            for person in builders.colleagues(session, cast.sari, people):
                item = builders.document(session, cast.sari, S.DIAJUKAN)
                item.owner_id = item.created_by_id = person.id
        browser.enter(cast.vera)

        with statements(app) as seen:
            browser.get("verification.queue")

        assert len(seen) == 10  # session, grants, numbers, held, units, queues, agency, rows, …


class TestDesk:
    def test_looking_holds_nothing_and_writes_nothing(
        self, app: Flask, browser: Browser, cast: Cast, make: Make, database: Database
    ) -> None:
        item = make(cast.sari)
        browser.enter(cast.vera)

        browser.get("verification.item", document_id=item)

        assert state_of(database, item) is S.DIAJUKAN

    @pytest.mark.parametrize("who", ["vera", "bima"])
    def test_it_stays_within_its_queries(
        self,
        app: Flask,
        browser: Browser,
        cast: Cast,
        make: Make,
        reasons: dict[Act, str],
        who: str,
    ) -> None:
        item = make(cast.sari, S.DIPERIKSA, verifier=cast.vera, objected=True)
        for _ in range(3):
            make(cast.tono, nomor="1")
        browser.enter(cast.everybody[who])

        with statements(app) as seen:
            browser.get("verification.item", document_id=item)

        assert len(seen) <= DESK_QUERIES, "\n".join(seen)

    def test_it_says_what_an_approval_would_bring(
        self, browser: Browser, cast: Cast, make: Make
    ) -> None:
        item = make(cast.sari)
        browser.enter(cast.vera)

        page = browser.get("verification.item", document_id=item)

        assert "Bila disetujui: +10,00 poin → 81,00 Tinggi" in page.text

    @pytest.mark.parametrize("kind", DocumentKind)
    def test_every_kind_has_its_page_with_whatever_is_missing(
        self, browser: Browser, cast: Cast, make: Make, kind: DocumentKind
    ) -> None:
        bare = dict.fromkeys(("jenis", "jp", "tanggal_mulai", "tanggal_selesai", "tingkat"))
        item = make(cast.sari, kind=kind, nama="", nomor="", **bare)
        browser.enter(cast.vera)

        browser.get("verification.item", document_id=item)

    def test_an_own_item_is_not_there(self, browser: Browser, cast: Cast, make: Make) -> None:
        item = make(cast.vera)
        browser.enter(cast.vera)

        browser.get("verification.item", document_id=item, expect=404)

    def test_shortcuts_can_be_switched_off(
        self, browser: Browser, cast: Cast, make: Make, database: Database
    ) -> None:
        item = make(cast.sari)
        with database.transaction() as session:
            session.get_one(Akun, cast.vera.akun_id).pintasan = False
        browser.enter(cast.vera)

        page = browser.get("verification.item", document_id=item)

        assert page.one("body").get("data-shortcuts") == "off"

    def test_a_note_with_markup_is_only_text(
        self, browser: Browser, cast: Cast, make: Make, reasons: dict[Act, str]
    ) -> None:
        item = make(cast.sari, S.DIPERIKSA, verifier=cast.vera)
        browser.enter(cast.vera)
        browser.post(
            path=f"/verifikasi/{item}/kembalikan",
            data={"revisi": 1, "alasan": reasons[Act.KEMBALIKAN], "catatan": "<script>x</script>"},
        )

        page = browser.get("verification.item", document_id=item)

        assert "<script>x" in page.text
        assert page.all("script:not([src])") == []


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


class TestPapers:
    def addresses(self, database: Database, item: uuid.UUID) -> tuple[str, str]:
        with database.reading() as session:
            file = session.scalars(
                select(DocumentFile.id).where(DocumentFile.document_id == item)
            ).one()
        pdf = f"/verifikasi/{item}/berkas/{file}"
        return pdf, f"{pdf}/halaman/1"

    def readings(self, database: Database, item: uuid.UUID) -> list[uuid.UUID | None]:
        with database.reading() as session:
            statement = select(AuditEntry.actor_id).where(
                AuditEntry.action == "document:read", AuditEntry.subject_id == item
            )
            return list(session.scalars(statement))

    def test_pages_and_pdf_are_shown_and_each_way_of_reading_is_noted_once(
        self, browser: Browser, cast: Cast, make: Make, database: Database
    ) -> None:
        item = make(cast.sari)
        browser.enter(cast.vera)

        types = []
        for address in self.addresses(database, item) * 2:
            with browser.client.get(address) as answer:
                types.append((answer.status_code, answer.mimetype))

        assert types == [(200, "application/pdf"), (200, "image/webp")] * 2
        assert self.readings(database, item) == [cast.vera.pegawai_id] * 2

    def test_each_reader_is_noted(
        self, browser: Browser, second_browser: Browser, cast: Cast, make: Make, database: Database
    ) -> None:
        item = make(cast.sari)
        for window, who in ((browser, cast.vera), (second_browser, cast.aud)):
            window.login(who)
            window.client.get(self.addresses(database, item)[1]).close()

        assert self.readings(database, item) == [cast.vera.pegawai_id, cast.aud.pegawai_id]

    def test_a_signed_pdf_is_shown_as_pictures_only(
        self, browser: Browser, cast: Cast, make: Make, database: Database
    ) -> None:
        item = make(cast.sari)
        with database.transaction() as session:
            session.scalars(
                select(DocumentFile).where(DocumentFile.document_id == item)
            ).one().signed = True
        browser.enter(cast.vera)

        desk = browser.get("verification.item", document_id=item)
        statuses = []
        for address in self.addresses(database, item):
            with browser.client.get(address) as answer:
                statuses.append(answer.status_code)

        assert (statuses, "Buka berkas" in desk.text) == ([404, 200], False)

    @pytest.mark.parametrize("who", ["sari", "tono", "oki", "ani", "kepala"])
    def test_nobody_else_reads_them_here(
        self, browser: Browser, cast: Cast, make: Make, database: Database, who: str
    ) -> None:
        item = make(cast.sari)
        browser.enter(cast.everybody[who])

        statuses = [
            browser.client.get(address).status_code for address in self.addresses(database, item)
        ]

        assert statuses == [403, 403]

    def test_out_of_reach_they_are_not_there_and_nothing_is_noted(
        self, browser: Browser, cast: Cast, make: Make, database: Database
    ) -> None:
        item = make(cast.tono)
        browser.enter(cast.vivi)

        statuses = [
            browser.client.get(address).status_code for address in self.addresses(database, item)
        ]

        assert (statuses, self.readings(database, item)) == ([404, 404], [])

    @pytest.mark.parametrize("page", [0, 2, 999])
    def test_a_page_that_is_not_in_the_file_is_not_there(
        self, browser: Browser, cast: Cast, make: Make, database: Database, page: int
    ) -> None:
        item = make(cast.sari)
        browser.enter(cast.vera)
        address = self.addresses(database, item)[0]

        assert browser.client.get(f"{address}/halaman/{page}").status_code == 404

    def test_the_papers_of_an_ijazah_have_their_names(
        self, app: Flask, browser: Browser, cast: Cast, make: Make, database: Database
    ) -> None:
        item = make(cast.sari, kind=DocumentKind.IJAZAH)
        with database.transaction() as session:
            document = session.get_one(Document, item)
            builders.file(session, document, FileRole.TRANSKRIP, storage=app.extensions["storage"])
        browser.enter(cast.vera)

        desk = browser.get("verification.item", document_id=item)

        assert "Transkrip nilai, halaman 1 dari 1" in [tag["alt"] for tag in desk.all("img[alt]")]


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
