"""The pages of threads: the own ones, and answering."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from sqlalchemy import update

from portal.db import Database, now
from portal.people.models import Pegawai
from portal.questions.models import Question, QuestionState
from tests.questions.support import Desk, Opened, answered
from tests.support import builders
from tests.support.app import Browser
from tests.support.cast import Cast
from tests.support.walk import SOMETHING


def of_thread(database: Database, question_id: uuid.UUID) -> tuple[QuestionState, list[str]]:
    with database.reading() as session:
        question = session.get_one(Question, question_id)
        return question.state, [message.isi for message in question.messages]


class TestOwnThreads:
    def test_nothing_asked_says_how_to_begin(self, cast: Cast, opened: Opened) -> None:
        assert "Belum ada pertanyaan" in opened(cast.sari, "questions.index").text

    def test_the_answer_is_shown_without_a_name(
        self, database: Database, cast: Cast, desk: Desk, opened: Opened
    ) -> None:
        answered(database, cast, desk)

        page = opened(cast.sari, "questions.show", question_id=desk.question_id)

        assert "Verifikator BKPSDM" in page.text
        assert "Vera" not in page.text

    def test_a_further_message_waits_again(
        self, browser: Browser, database: Database, cast: Cast, desk: Desk, opened: Opened
    ) -> None:
        answered(database, cast, desk)
        opened(cast.sari, "questions.show", question_id=desk.question_id)

        browser.submit("Kirim", tulisan="Masih belum.")

        state, texts = of_thread(database, desk.question_id)
        assert (state, texts[-1]) == (QuestionState.MENUNGGU, "Masih belum.")

    def test_an_old_page_is_told_what_came_and_keeps_the_words(
        self, browser: Browser, database: Database, cast: Cast, desk: Desk, opened: Opened
    ) -> None:
        opened(cast.sari, "questions.show", question_id=desk.question_id)
        answered(database, cast, desk)

        page = browser.submit("Kirim", tulisan="Halo?", expect=409)

        assert "Ada pesan baru" in page.text
        assert "Lihat halaman Skor." in page.text
        assert "Halo?" in str(page.soup.select_one("textarea"))
        assert browser.submit("Kirim", tulisan="Halo lagi?")

    def test_closing_and_opening_again(
        self, browser: Browser, database: Database, cast: Cast, desk: Desk, opened: Opened
    ) -> None:
        answered(database, cast, desk)
        opened(cast.sari, "questions.show", question_id=desk.question_id)

        browser.submit("Sudah jelas, tutup pertanyaan")
        browser.submit("Buka lagi", tulisan="Ternyata belum.")

        assert of_thread(database, desk.question_id)[0] is QuestionState.MENUNGGU

    def test_long_closed_leads_to_a_new_one(
        self, database: Database, cast: Cast, desk: Desk, opened: Opened
    ) -> None:
        with database.transaction() as session:
            session.execute(
                update(Question).values(
                    state=QuestionState.SELESAI, diperbarui=now() - dt.timedelta(days=15)
                )
            )

        page = opened(cast.sari, "questions.show", question_id=desk.question_id)

        assert page.soup.select_one("textarea") is None
        assert "Pertanyaan baru" in page.text

    def test_who_is_retired_reads_and_writes_nothing(
        self, browser: Browser, database: Database, cast: Cast, desk: Desk, opened: Opened
    ) -> None:
        with database.transaction() as session:
            session.get_one(Pegawai, cast.sari.pegawai_id).pensiun_sejak = dt.date(2020, 1, 1)

        page = opened(cast.sari, "questions.show", question_id=desk.question_id)

        assert page.soup.select_one("main textarea, main button") is None
        browser.get("questions.help_")
        browser.post(
            "questions.write_on", {"tulisan": "x"}, question_id=desk.question_id, expect=403
        )

    def test_the_item_shows_its_threads(self, cast: Cast, desk: Desk, opened: Opened) -> None:
        page = opened(cast.sari, "documents.show", document_id=desk.document_id)

        assert page.soup.select_one(f'a[href="/tanya/{desk.question_id}"]')
        assert page.soup.select_one(f'a[href="/dokumen/{desk.document_id}/tanya"]')

    def test_htmx_gets_the_talk_alone(
        self, browser: Browser, cast: Cast, desk: Desk, opened: Opened
    ) -> None:
        opened(cast.sari, "questions.index")

        part = browser.get("questions.show", question_id=desk.question_id, htmx=True)

        assert part.soup.select_one("#percakapan")
        assert part.soup.select_one("main") is None

    @pytest.mark.parametrize("name", ["budi", "tono", "kepala", "vera", "ani"])
    def test_nobody_else_opens_it_as_their_own(
        self, browser: Browser, cast: Cast, desk: Desk, name: str
    ) -> None:
        browser.enter(cast.everybody[name])

        browser.get("questions.show", question_id=desk.question_id, expect=404)


class TestAnswering:
    def test_the_queue_counts_what_waits(self, cast: Cast, desk: Desk, opened: Opened) -> None:
        page = opened(cast.vera, "verification.queue")

        link = page.soup.select_one('main a[href="/verifikasi/tanya"]')
        assert link
        assert " ".join(link.text.split()) == "Pertanyaan 1"

    def test_the_desk_leads_to_the_questions_about_its_item(
        self, browser: Browser, cast: Cast, desk: Desk, opened: Opened
    ) -> None:
        opened(cast.sari, "questions.ask_item", document_id=desk.document_id)
        thread = browser.submit("Kirim pertanyaan", tulisan="Kapan?").path.rsplit("/")[-1]

        page = opened(cast.vera, "verification.item", document_id=desk.document_id)

        assert page.soup.select_one(f'a[href="/verifikasi/tanya/{thread}"]')

    def test_from_the_list_to_the_answer(
        self, browser: Browser, database: Database, cast: Cast, desk: Desk, opened: Opened
    ) -> None:
        page = opened(cast.vera, "questions.waiting")
        assert "Kapan dokumen saya diperiksa?" in page.text
        browser.get("questions.thread", question_id=desk.question_id)

        page = browser.submit("Kirim jawaban", tulisan="Besok.")

        assert "Jawaban terkirim" in page.text
        assert of_thread(database, desk.question_id) == (
            QuestionState.TERJAWAB,
            ["Kapan dokumen saya diperiksa?", "Besok."],
        )

    def test_an_earlier_answer_can_be_used(
        self, browser: Browser, database: Database, cast: Cast, desk: Desk, opened: Opened
    ) -> None:
        with database.transaction() as session:
            row = builders.faq(session, cast.ani, jawaban="Tertulis di sertifikat.").id
        page = opened(cast.vera, "questions.thread", question_id=desk.question_id)
        link = page.soup.find("a", string="Pakai jawaban ini")
        assert link

        page = browser.get(path=str(link["href"]).partition("#")[0])  # type: ignore[index]

        assert f"contoh={row}" in str(link)
        assert "Tertulis di sertifikat." in page.soup.select_one("textarea").text  # type: ignore[union-attr]

    @pytest.mark.parametrize("word", ["x", str(SOMETHING), "\0"])
    def test_an_answer_that_is_none_begins_empty(
        self, cast: Cast, desk: Desk, opened: Opened, word: str
    ) -> None:
        page = opened(cast.vera, "questions.thread", question_id=desk.question_id, contoh=word)

        assert page.soup.select_one("textarea").text.strip() == ""  # type: ignore[union-attr]

    def test_the_auditor_sees_no_form(self, cast: Cast, desk: Desk, opened: Opened) -> None:
        page = opened(cast.aud, "questions.thread", question_id=desk.question_id)

        assert page.soup.select_one("main textarea") is None

    @pytest.mark.parametrize("name", ["sari", "tono", "kepala", "ani"])
    def test_the_list_is_closed_to_others(
        self, browser: Browser, cast: Cast, desk: Desk, name: str
    ) -> None:
        browser.enter(cast.everybody[name])

        browser.get("questions.waiting", expect=403)

    def test_a_thread_leaves_the_reach_of_the_opd_when_its_owner_moves(
        self, browser: Browser, database: Database, cast: Cast, desk: Desk, opened: Opened
    ) -> None:
        opened(cast.vivi, "questions.thread", question_id=desk.question_id)
        with database.transaction() as session:
            session.get_one(Pegawai, cast.sari.pegawai_id).opd_id = cast.units.kesehatan.id

        page = browser.submit("Kirim jawaban", tulisan="Besok.", expect=404)

        assert "Mungkin pemiliknya pindah unit" in page.text
