"""Asking on the pages of Tanya BKD, as a browser without JavaScript sees them."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from portal.db import Database, now
from portal.documents.models import Document
from portal.operations import personal_data
from portal.questions.models import Question, Topic
from portal.scoring.actions import recompute
from portal.vocabulary import DocumentState
from tests.questions.support import Desk, Opened, answered
from tests.support import builders
from tests.support.app import Browser
from tests.support.cast import TODAY, Cast

HTML = "<b>tebal</b> & \"kutip\" '👩🏽‍🏫' كم"


class TestAsking:
    def test_from_the_page_of_an_item_to_the_thread(
        self, browser: Browser, database: Database, cast: Cast, desk: Desk, opened: Opened
    ) -> None:
        opened(cast.sari, "documents.show", document_id=desk.document_id)
        browser.get("questions.ask_item", document_id=desk.document_id)

        page = browser.submit("Kirim pertanyaan", tulisan=HTML)

        assert HTML in page.text
        assert "Pertanyaan terkirim" in page.text
        assert "Menunggu jawaban" in page.text

    def test_a_double_tap_makes_one_thread(
        self, browser: Browser, database: Database, cast: Cast, desk: Desk, opened: Opened
    ) -> None:
        page = opened(cast.sari, "questions.ask_item", document_id=desk.document_id)
        form = page.soup.select_one("main form[method=post]")
        assert form
        sent = {"id": form.select_one("[name=id]")["value"], "tulisan": "Kapan?"}  # type: ignore[index]

        for _ in range(2):
            browser.post("questions.ask_item", sent, document_id=desk.document_id)

        with database.reading() as session:
            assert len(session.scalars(select(Question.id)).all()) == 2

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [("", "Tulis pertanyaan"), ("a" * 10_000, "10.000 huruf"), ("\0", "Tulis pertanyaan")],
    )
    def test_a_refused_message_comes_back_with_its_words(
        self,
        browser: Browser,
        cast: Cast,
        desk: Desk,
        opened: Opened,
        words: str,
        sentence: str,
    ) -> None:
        opened(cast.sari, "questions.ask_item", document_id=desk.document_id)

        page = browser.submit("Kirim pertanyaan", tulisan=words, expect=422)

        assert sentence in page.text
        assert words.strip("\0") in str(page.soup.select_one("textarea"))

    def test_a_tampered_id_is_replaced(
        self, browser: Browser, cast: Cast, desk: Desk, opened: Opened
    ) -> None:
        opened(cast.sari, "questions.ask_item", document_id=desk.document_id)

        page = browser.submit("Kirim pertanyaan", tulisan="Kapan?", id="bukan-id")

        assert "Pertanyaan terkirim" in page.text

    def test_answers_that_may_do_stand_before_the_question(
        self, database: Database, cast: Cast, desk: Desk, opened: Opened
    ) -> None:
        with database.transaction() as session:
            builders.faq(session, cast.ani, topik=Topic.SEMINAR)
            builders.faq(session, cast.ani, topik=Topic.DISIPLIN, pertanyaan="Apa itu hukdis?")

        page = opened(cast.sari, "questions.ask_item", document_id=desk.document_id)

        assert "Mungkin ini jawabannya" in page.text
        assert "Berapa JP seminar sehari?" in page.text
        assert "hukdis" not in page.text

    def test_they_follow_what_is_typed(
        self, browser: Browser, database: Database, cast: Cast, desk: Desk, opened: Opened
    ) -> None:
        with database.transaction() as session:
            builders.faq(session, cast.ani, topik=Topic.DISIPLIN, pertanyaan="Apa itu hukdis?")
        opened(cast.sari, "questions.ask_item", document_id=desk.document_id)

        part = browser.post(
            "questions.perhaps", {"topik": "seminar", "tulisan": "hukdis\0"}, expect=200, htmx=True
        )

        assert "Apa itu hukdis?" in part.text

    def test_without_htmx_they_are_in_bantuan(
        self, browser: Browser, cast: Cast, desk: Desk, opened: Opened
    ) -> None:
        opened(cast.sari, "questions.ask_item", document_id=desk.document_id)

        page = browser.post("questions.perhaps", {"topik": "x", "tulisan": "y"})

        assert page.soup.h1
        assert page.soup.h1.text == "Bantuan"

    def test_a_draft_says_what_to_do_first(
        self, browser: Browser, database: Database, cast: Cast
    ) -> None:
        with database.transaction() as session:
            draft = builders.document(session, cast.sari).id
        browser.enter(cast.sari)

        page = browser.get("questions.ask_item", document_id=draft, expect=409)

        assert "Ajukan dokumen ini dulu" in page.text

    def test_an_operator_is_told_that_the_owner_reads_along(
        self, database: Database, cast: Cast, opened: Opened
    ) -> None:
        with database.transaction() as session:
            item = builders.document(
                session, cast.sari, DocumentState.DIAJUKAN, created_by_id=cast.oki.pegawai_id
            ).id

        page = opened(cast.oki, "questions.ask_item", document_id=item)

        assert "juga dibaca pemiliknya" in page.text


class TestAskingAboutTheScore:
    @pytest.fixture(autouse=True)
    def measured(self, database: Database, cast: Cast) -> None:
        with database.transaction() as session:
            recompute(session, cast.sari.pegawai_id, today=TODAY, cause="Uji")

    def test_a_row_leads_to_its_question(
        self, browser: Browser, database: Database, cast: Cast, opened: Opened
    ) -> None:
        page = opened(cast.sari, "home.score")
        link = page.soup.select_one('a[href*="baris=kompetensi:teknis"]')
        assert link
        browser.get(path=str(link["href"]))

        page = browser.submit("Kirim pertanyaan", tulisan="Mengapa 8 JP?")

        assert f"Skor {TODAY.year}: Diklat teknis 20 JP" in page.text

    def test_whoever_answers_sees_the_row(
        self, browser: Browser, cast: Cast, opened: Opened
    ) -> None:
        opened(cast.sari, "questions.ask_row", baris="kompetensi:teknis", tahun=TODAY.year)
        number = browser.submit("Kirim pertanyaan", tulisan="Mengapa 8 JP?").path.rsplit("/")[-1]

        page = opened(cast.vera, "questions.thread", question_id=number)

        assert "dari 15 poin" in page.text
        assert "Bimtek Asesmen" in page.text

    @pytest.mark.parametrize(
        "query", ["", "baris=x&tahun=2026", "baris=kompetensi:teknis&tahun=abc", "tahun=1"]
    )
    def test_a_row_that_is_none_is_not_found(
        self, browser: Browser, cast: Cast, query: str
    ) -> None:
        browser.enter(cast.sari)

        assert (
            "Baris skor itu tidak ada" in browser.get(path=f"/skor/tanya?{query}", expect=404).text
        )


def test_long_words_and_many_threads_stay_a_page(
    database: Database, cast: Cast, opened: Opened
) -> None:
    with database.transaction() as session:
        item: Document = builders.document(
            session, cast.sari, DocumentState.DIAJUKAN, nama="Panjang" * 40
        )
        for number in range(25):
            talk = [(cast.sari, f"{number} " + "a" * 998), (cast.vera, "b" * 1000)]
            question = builders.question(session, cast.sari, item, *talk)
            question.dibuat = now() - dt.timedelta(minutes=number)

    page = opened(cast.sari, "questions.index")

    assert len(page.soup.select(".item")) == 20
    assert "Lebih lama" in page.text


def test_the_own_copy_of_data_holds_the_talk_without_names(
    database: Database, cast: Cast, desk: Desk
) -> None:
    answered(database, cast, desk)

    with database.reading() as session:
        (thread,) = personal_data.questions(session, cast.sari)

    assert [(line["oleh"], line["isi"]) for line in thread["pesan"]] == [
        ("Anda", "Kapan dokumen saya diperiksa?"),
        ("Verifikator BKPSDM", "Lihat halaman Skor."),
    ]
