"""The pages of Tanya BKD, as a browser without JavaScript sees them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlalchemy import select, update

from portal.accounts.models import Penugasan
from portal.db import Database, now
from portal.documents.models import Document
from portal.operations import personal_data
from portal.people.models import Pegawai
from portal.permissions import Actor
from portal.questions.models import Faq, Message, Question, QuestionState, Topic
from portal.scoring.actions import recompute
from portal.vocabulary import DocumentState, Role
from tests.support import builders
from tests.support.app import Browser
from tests.support.cast import TODAY, Cast
from tests.support.page import Page
from tests.support.walk import SOMETHING

HTML = "<b>tebal</b> & \"kutip\" '👩🏽‍🏫' كم"


@dataclass(frozen=True)
class Desk:
    """Ids of an item of sari's and of a thread about it that waits."""

    document_id: uuid.UUID
    question_id: uuid.UUID


@pytest.fixture
def desk(database: Database, cast: Cast) -> Desk:
    with database.transaction() as session:
        item = builders.document(session, cast.sari, DocumentState.DIAJUKAN)
        question = builders.question(session, cast.sari, item)
        return Desk(item.id, question.id)


@pytest.fixture
def opened(browser: Browser) -> Callable[..., Page]:
    """A page as somebody sees it."""

    def act(actor: Actor, endpoint: str, **values: object) -> Page:
        browser.enter(actor)
        return browser.get(endpoint, **values)

    return act


Opened = Callable[..., Page]


def of_thread(database: Database, question_id: uuid.UUID) -> tuple[QuestionState, list[str]]:
    with database.reading() as session:
        question = session.get_one(Question, question_id)
        return question.state, [message.isi for message in question.messages]


def answered(database: Database, cast: Cast, desk: Desk) -> None:
    with database.transaction() as session:
        session.add(
            Message(
                question_id=desk.question_id,
                author_id=cast.vera.pegawai_id,
                isi="Lihat halaman Skor.",
                at=now(),
            )
        )
        question = session.get_one(Question, desk.question_id)
        question.state = QuestionState.TERJAWAB


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
