"""The queue and the desk, as a browser without JavaScript meets them."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask

from portal.accounts.models import Akun
from portal.db import Database, now
from portal.documents.models import Document
from portal.documents.transitions import Act
from portal.people.models import Pegawai
from portal.vocabulary import DocumentKind, DocumentState
from tests.support import builders
from tests.support.app import Browser
from tests.support.cast import Cast
from tests.support.database import on_sqlite_alone
from tests.support.queries import statements
from tests.verification.conftest import Make
from tests.verification.support import state_of

pytestmark = on_sqlite_alone
S = DocumentState
DESK_QUERIES = 16
"""Of one item with everything around it: data, twins, queue, threads, what keeps from deciding."""


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

    def test_what_speaks_against_an_item_is_counted_and_stands_before_its_data(
        self, browser: Browser, cast: Cast, make: Make
    ) -> None:
        item = make(cast.sari, jp=90)
        browser.enter(cast.vera)

        page = browser.get("verification.item", document_id=item)

        parts = page.all(".standing .pill.bad, .checks li.bad, table.compare")
        assert [part.name for part in parts] == ["span", "li", "table"]

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
