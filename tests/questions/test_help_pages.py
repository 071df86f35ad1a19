"""What is kept of answers: keeping, Bantuan, managing."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from portal.accounts.models import Penugasan
from portal.db import Database
from portal.questions.models import Faq, Topic
from portal.vocabulary import Role
from tests.questions.support import Desk, Opened, answered
from tests.support import builders
from tests.support.app import Browser
from tests.support.cast import Cast

HTML = "<b>tebal</b> & \"kutip\" '👩🏽‍🏫' كم"


class TestKeeping:
    def test_from_the_thread_to_bantuan(
        self, browser: Browser, database: Database, cast: Cast, desk: Desk, opened: Opened
    ) -> None:
        answered(database, cast, desk)
        opened(cast.vera, "questions.thread", question_id=desk.question_id)
        browser.get("questions.keep", question_id=desk.question_id)
        page = browser.submit(
            "Simpan sebagai tanya-jawab", pertanyaan="Kapan Sari selesai?", expect=422
        )
        assert "Masih memuat “Sari”" in page.text

        browser.submit("Simpan sebagai tanya-jawab", pertanyaan="Kapan dokumen saya diperiksa?")

        assert "Kapan dokumen saya diperiksa?" in opened(cast.tono, "questions.help_").text

    def test_a_kept_thread_says_so(
        self, browser: Browser, database: Database, cast: Cast, desk: Desk, opened: Opened
    ) -> None:
        answered(database, cast, desk)
        with database.transaction() as session:
            builders.faq(session, cast.ani, asal_id=desk.question_id)

        page = opened(cast.vera, "questions.keep", question_id=desk.question_id)

        assert page.path == f"/verifikasi/tanya/{desk.question_id}"
        assert "Sudah menjadi tanya-jawab" in page.text

    def test_a_verifikator_opd_is_not_offered_it(
        self, browser: Browser, database: Database, cast: Cast, desk: Desk, opened: Opened
    ) -> None:
        answered(database, cast, desk)

        page = opened(cast.vivi, "questions.thread", question_id=desk.question_id)

        assert "Jadikan tanya-jawab" not in page.text
        browser.get("questions.keep", question_id=desk.question_id, expect=403)


class TestHelp:
    def test_it_is_searched_by_words_and_topic(
        self, browser: Browser, database: Database, cast: Cast, opened: Opened
    ) -> None:
        with database.transaction() as session:
            builders.faq(session, cast.ani)
            builders.faq(session, cast.ani, topik=Topic.KINERJA, pertanyaan="Predikat keliru?")

        by_words = opened(cast.sari, "questions.help_", cari="predikat")
        by_topic = browser.get("questions.help_", topik="seminar")

        assert "Predikat keliru?" in by_words.text
        assert "Berapa JP" not in by_words.text
        assert "Berapa JP" in by_topic.text
        assert "Predikat keliru?" not in by_topic.text

    @pytest.mark.parametrize(
        "query", ["cari=%00", "cari=" + "x" * 5000, "topik=aneh", "setelah=zz", "cari=%25%5f'\""]
    )
    def test_nonsense_in_the_address_is_a_page(
        self, browser: Browser, cast: Cast, query: str
    ) -> None:
        browser.enter(cast.sari)

        browser.get(path=f"/bantuan?{query}")

    def test_nothing_found_says_what_to_do(
        self, database: Database, cast: Cast, opened: Opened
    ) -> None:
        with database.transaction() as session:
            builders.faq(session, cast.ani)

        assert "Tidak ada yang cocok" in opened(cast.sari, "questions.help_", cari="zzz").text


class TestManaging:
    def test_the_admin_begins_writes_orders_and_hides(
        self, browser: Browser, database: Database, cast: Cast, opened: Opened
    ) -> None:
        opened(cast.ani, "questions.faq_index")
        browser.submit("Muat tanya-jawab awal")
        browser.get("questions.faq_new")
        browser.submit("Simpan", pertanyaan="Di mana BKPSDM?", jawaban="Jalan Melati 1.")

        page = browser.submit("Naikkan: Di mana BKPSDM?")
        asked = page.texts(".ordered b")
        link = page.soup.find("a", string="Di mana BKPSDM?")
        assert link
        browser.get(path=str(link["href"]))  # type: ignore[index]
        page = browser.submit("Sembunyikan dari Bantuan")

        assert asked[-2] == "Di mana BKPSDM?"
        assert page.texts(".ordered .off b") == ["Di mana BKPSDM?"]
        assert "Di mana BKPSDM?" not in opened(cast.sari, "questions.help_").text

    def test_words_are_changed_in_place(
        self, browser: Browser, database: Database, cast: Cast, opened: Opened
    ) -> None:
        with database.transaction() as session:
            row = builders.faq(session, cast.ani).id
        opened(cast.ani, "questions.faq_edit", faq_id=row)
        page = browser.submit("Simpan", jawaban=f"NIP {cast.sari.nip}", expect=422)
        assert "Masih memuat" in page.text

        browser.submit("Simpan", jawaban=HTML, topik="aneh")

        with database.reading() as session:
            kept = session.get_one(Faq, row)
            assert (kept.jawaban, kept.topik) == (HTML, Topic.UMUM)

    def test_the_head_of_the_queue_may_too(
        self, browser: Browser, database: Database, cast: Cast, opened: Opened
    ) -> None:
        with database.transaction() as session:
            session.execute(
                update(Penugasan)
                .where(Penugasan.akun_id == cast.bima.akun_id)
                .values(peran=Role.KEPALA_ANTREAN)
            )

        assert "Belum ada tanya-jawab" in opened(cast.bima, "questions.faq_index").text

    @pytest.mark.parametrize("name", ["sari", "vera", "vivi", "aud"])
    def test_others_may_not(self, browser: Browser, cast: Cast, name: str) -> None:
        browser.enter(cast.everybody[name])

        browser.get("questions.faq_index", expect=403)

    def test_whose_role_ends_at_a_unit_may_not(
        self, browser: Browser, database: Database, cast: Cast
    ) -> None:
        with database.transaction() as session:
            session.execute(
                update(Penugasan)
                .where(Penugasan.akun_id == cast.ani.akun_id)
                .values(opd_id=cast.units.bkd.id)
            )
        browser.enter(cast.ani)

        browser.get("questions.faq_index", expect=403)
