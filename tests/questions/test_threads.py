"""Asking, writing on, closing, answering."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event, func, select, update
from sqlalchemy.orm import Session

from portal.audit import AuditEntry
from portal.db import now
from portal.documents.models import Document
from portal.errors import Conflict, Forbidden, NotFound, Rejected
from portal.notifications.models import Notification
from portal.people.models import Pegawai
from portal.permissions import Actor, Grant
from portal.questions import actions, queries
from portal.questions.models import Message, Question, QuestionState
from portal.questions.subjects import ScoreRow
from portal.scoring.actions import recompute
from portal.vocabulary import DocumentKind, DocumentState, Indikator, Role
from tests.questions.acting import answer, write_on
from tests.questions.conftest import Asked
from tests.support import builders
from tests.support.cast import TODAY, Cast
from tests.support.database import on_sqlite_alone

HOSTILE = [
    ("emoji 👩🏽‍🏫 boleh?", "emoji 👩🏽‍🏫 boleh?"),
    ("\u202eterbalik\u202c?", "terbalik?"),
    ("nol\0di tengah", "noldi tengah"),
    ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ("baris satu\r\n\r\n  baris dua  ", "baris satu\n\nbaris dua"),
    ("lone \ud800 surrogate", "lone surrogate"),
    ("كم ساعة؟", "كم ساعة؟"),
]
LATER = dt.timedelta(days=1)


@contextmanager
def statements_of(session: Session) -> Iterator[list[tuple[str, Any]]]:
    """What the session sends meanwhile, with the values."""
    seen: list[tuple[str, Any]] = []

    def keep(_c: Any, _cursor: Any, sql: str, values: Any, *_more: Any) -> None:
        seen.append((sql, values))

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", keep)
    yield seen
    event.remove(connection, "before_cursor_execute", keep)


def texts(question: Question) -> list[str]:
    return [message.isi for message in question.messages]


def told(session: Session, actor: Actor) -> list[str]:
    statement = select(Notification.judul).where(Notification.pegawai_id == actor.pegawai_id)
    return list(session.scalars(statement))


def acts(session: Session, question: Question) -> list[str]:
    statement = select(AuditEntry.action).where(AuditEntry.subject_id == question.id)
    return list(session.scalars(statement.order_by(AuditEntry.id)))


class TestAsking:
    def test_a_question_waits_for_the_bkd(self, asked: Asked, item: Document) -> None:
        question = asked("Mengapa JP saya dihitung separuh?")

        assert question.state is QuestionState.MENUNGGU
        assert question.document_id == item.id
        assert texts(question) == ["Mengapa JP saya dihitung separuh?"]

    def test_a_double_tap_meets_the_same_thread(
        self, session: Session, cast: Cast, item: Document
    ) -> None:
        key = uuid.uuid4()

        first, second = (
            actions.ask(session, cast.sari, item, "Kapan selesai?", question_id=key)
            for _ in range(2)
        )

        assert first.id == second.id == key
        assert session.scalar(select(func.count()).select_from(Message)) == 1

    def test_other_words_from_a_page_gone_back_to_are_another_question(
        self, session: Session, cast: Cast, item: Document
    ) -> None:
        key = uuid.uuid4()
        actions.ask(session, cast.sari, item, "Kapan selesai?", question_id=key)

        second = actions.ask(session, cast.sari, item, "Siapa pemeriksanya?", question_id=key)

        assert second.id != key
        assert texts(second) == ["Siapa pemeriksanya?"]

    def test_the_id_of_somebody_elses_thread_is_not_found(
        self, session: Session, cast: Cast, asked: Asked
    ) -> None:
        hers = asked()
        his = builders.document(session, cast.tono, DocumentState.DIAJUKAN)

        with pytest.raises(NotFound):
            actions.ask(session, cast.tono, his, "Milik saya?", question_id=hers.id)

    def test_a_draft_cannot_be_asked_about(
        self, session: Session, cast: Cast, asked: Asked
    ) -> None:
        draft = builders.document(session, cast.sari)

        with pytest.raises(Conflict, match="Ajukan dokumen ini dulu"):
            asked(about=draft)

    @pytest.mark.parametrize("words", ["", "   \n ", "\0\0", "\u202e\u202c", "???", "😀"])
    def test_a_message_without_words_is_refused(self, asked: Asked, words: str) -> None:
        with pytest.raises(Rejected, match="Tulis pertanyaan"):
            asked(words)

    def test_a_message_of_ten_thousand_characters_is_refused_with_both_numbers(
        self, asked: Asked
    ) -> None:
        with pytest.raises(Rejected, match=r"10\.000 huruf. Paling panjang 1\.000"):
            asked("a" * 10_000)

    def test_a_message_of_a_thousand_characters_is_kept_whole(self, asked: Asked) -> None:
        assert texts(asked("é" * 1000)) == ["é" * 1000]

    @pytest.mark.parametrize(("typed", "kept"), HOSTILE)
    def test_what_was_typed_is_kept_without_what_nobody_can_see(
        self, asked: Asked, typed: str, kept: str
    ) -> None:
        assert texts(asked(typed)) == [kept]

    def test_a_sixth_open_thread_is_refused(self, asked: Asked) -> None:
        for number in range(5):
            asked(f"Pertanyaan {number}")

        with pytest.raises(Rejected, match="Masih ada 5 pertanyaan yang terbuka"):
            asked("Satu lagi?")

    def test_closing_one_makes_room(self, session: Session, cast: Cast, asked: Asked) -> None:
        first, *_ = [asked(f"Pertanyaan {number}") for number in range(5)]
        actions.close(session, cast.sari, first.id)

        assert asked("Satu lagi?").state is QuestionState.MENUNGGU

    def test_an_answer_of_weeks_ago_no_longer_counts_as_open(
        self, session: Session, cast: Cast, asked: Asked
    ) -> None:
        long_ago = now() - dt.timedelta(days=15)
        for number in range(5):
            answer(session, cast.vera, asked(f"Pertanyaan {number}"), at=long_ago)

        assert asked("Satu lagi?").state is QuestionState.MENUNGGU

    def test_who_is_retired_only_reads(self, asked: Asked, cast: Cast) -> None:
        with pytest.raises(Forbidden):
            asked(actor=replace(cast.sari, retired=True))

    def test_the_audit_holds_the_act_and_not_the_words(
        self, session: Session, asked: Asked
    ) -> None:
        question = asked("Rahasia saya")

        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.subject_id == question.document_id)
        ).one()

        assert (entry.action, entry.facts["tanya"]) == ("question:asked", question.id.hex)
        assert "Rahasia" not in str(entry.facts)


class TestAskingAboutTheScore:
    ROW = ScoreRow(TODAY.year, Indikator.TEKNIS)

    @pytest.fixture(autouse=True)
    def measured(self, session: Session, cast: Cast) -> None:
        recompute(session, cast.sari.pegawai_id, today=TODAY, cause="Uji")
        session.flush()

    def test_a_row_of_the_own_score_can_be_asked_about(self, asked: Asked) -> None:
        question = asked(about=self.ROW)

        assert (question.baris_skor, question.tahun) == ("kompetensi:teknis", TODAY.year)

    def test_the_address_of_a_row_is_read_back(self, session: Session, cast: Cast) -> None:
        assert queries.own_row(session, cast.sari, "kompetensi:teknis", TODAY.year) == self.ROW

    @pytest.mark.parametrize(
        ("code", "tahun"),
        [
            ("kompetensi:teknis", None),
            ("kompetensi:teknis", 1900),
            ("disiplin:teknis", TODAY.year),
            ("kompetensi:", TODAY.year),
            ("teknis", TODAY.year),
            ("kompetensi:kepemimpinan", TODAY.year),
            ("😀:\0", TODAY.year),
        ],
    )
    def test_a_row_that_the_score_has_not_is_not_found(
        self, session: Session, cast: Cast, code: str, tahun: int | None
    ) -> None:
        with pytest.raises(NotFound):
            queries.own_row(session, cast.sari, code, tahun)

    def test_a_grant_for_some_kinds_covers_the_rows_that_they_feed(
        self, session: Session, cast: Cast, asked: Asked
    ) -> None:
        question = asked(about=self.ROW)

        reached = {
            kind: queries.waiting_count(session, of_kind(cast, kind))
            for kind in (DocumentKind.TEKNIS, DocumentKind.IJAZAH)
        }

        assert reached == {DocumentKind.TEKNIS: 1, DocumentKind.IJAZAH: 0}
        assert question.document_id is None

    def test_a_row_without_a_kind_reaches_every_verifikator(
        self, session: Session, cast: Cast, asked: Asked
    ) -> None:
        asked(about=ScoreRow(TODAY.year, Indikator.DISIPLIN))

        assert queries.waiting_count(session, of_kind(cast, DocumentKind.IJAZAH)) == 1


def of_kind(cast: Cast, kind: DocumentKind) -> Actor:
    """Vera, for one kind of document alone."""
    grant = Grant(Role.VERIFIKATOR, cast.units.instansi_id, kinds=frozenset({kind}))
    return replace(cast.vera, grants=(grant,))


class TestOperator:
    @pytest.fixture
    def handed_in(self, session: Session, cast: Cast) -> Document:
        return builders.document(
            session, cast.sari, DocumentState.DIAJUKAN, created_by_id=cast.oki.pegawai_id
        )

    def test_asks_about_the_item_of_a_colleague(
        self, session: Session, cast: Cast, asked: Asked, handed_in: Document
    ) -> None:
        question = asked(actor=cast.oki, about=handed_in)

        assert question.owner_id == cast.sari.pegawai_id
        assert told(session, cast.sari) == ["Operator OPD bertanya untuk Anda"]
        assert queries.own_thread(session, cast.oki, question.id)

    def test_and_the_owner_are_both_told_of_the_answer(
        self, session: Session, cast: Cast, asked: Asked, handed_in: Document
    ) -> None:
        answer(session, cast.vera, asked(actor=cast.oki, about=handed_in))

        assert "Pertanyaan Anda dijawab" in told(session, cast.sari)
        assert told(session, cast.oki) == ["Pertanyaan untuk rekan Anda dijawab"]

    def test_sees_nothing_once_the_colleague_has_moved_away(
        self, session: Session, cast: Cast, asked: Asked, handed_in: Document
    ) -> None:
        question = asked(actor=cast.oki, about=handed_in)
        move(session, cast, cast.sari, cast.units.kesehatan.id)

        with pytest.raises(NotFound):
            queries.own_thread(session, cast.oki, question.id)

    def test_asks_nothing_for_a_colleague_who_has_retired(
        self, session: Session, cast: Cast, asked: Asked, handed_in: Document
    ) -> None:
        session.execute(
            update(Pegawai)
            .where(Pegawai.id == cast.sari.pegawai_id)
            .values(pensiun_sejak=dt.date(2020, 1, 1))
        )
        session.expire_all()

        with pytest.raises(Forbidden, match="pensiun"):
            asked(actor=cast.oki, about=handed_in)

    def test_who_verifies_too_does_not_answer_it(
        self, session: Session, cast: Cast, asked: Asked, handed_in: Document
    ) -> None:
        question = asked(about=handed_in)
        both = replace(cast.oki, grants=(*cast.oki.grants, *cast.vera.grants))

        with pytest.raises(NotFound):
            answer(session, both, question)


def move(session: Session, cast: Cast, actor: Actor, opd_id: uuid.UUID) -> None:
    session.execute(update(Pegawai).where(Pegawai.id == actor.pegawai_id).values(opd_id=opd_id))
    session.expire_all()


class TestAnswering:
    def test_an_answer_is_told_to_the_owner(
        self, session: Session, cast: Cast, asked: Asked
    ) -> None:
        question = answer(session, cast.vera, asked(), "Karena daring.")

        assert question.state is QuestionState.TERJAWAB
        assert texts(question)[-1] == "Karena daring."
        assert told(session, cast.sari) == ["Pertanyaan Anda dijawab"]

    def test_the_message_to_the_owner_holds_none_of_the_words(
        self, session: Session, cast: Cast, asked: Asked
    ) -> None:
        answer(session, cast.vera, asked(), "Ijazah Anda palsu.")

        assert "palsu" not in str(session.scalars(select(Notification.isi)).all())

    def test_it_is_told_as_news_about_questions(
        self, session: Session, cast: Cast, asked: Asked
    ) -> None:
        answer(session, cast.vera, asked())

        assert session.scalars(select(Notification.jenis)).all() == ["tanya"]

    def test_the_message_leads_to_the_thread(
        self, session: Session, cast: Cast, asked: Asked
    ) -> None:
        question = answer(session, cast.vera, asked())

        told = session.scalars(select(Notification)).one()
        assert (told.tujuan, told.objek_id) == ("questions.show", question.id)

    def test_a_double_tap_answers_once(self, session: Session, cast: Cast, asked: Asked) -> None:
        question, key = asked(), uuid.uuid4()

        for _ in range(2):
            answer(session, cast.vera, question, message_id=key, seen=1)

        assert len(question.messages) == 2
        assert told(session, cast.sari) == ["Pertanyaan Anda dijawab"]

    def test_whoever_comes_second_reads_first(
        self, session: Session, cast: Cast, asked: Asked
    ) -> None:
        question = asked()
        answer(session, cast.vera, question, seen=1)

        with pytest.raises(Conflict, match="Ada pesan baru"):
            answer(session, cast.bima, question, seen=1)

    def test_a_closed_thread_is_not_answered(
        self, session: Session, cast: Cast, asked: Asked
    ) -> None:
        question = asked()
        actions.close(session, cast.sari, question.id)

        with pytest.raises(Conflict, match="sudah menutup"):
            answer(session, cast.vera, question)

    def test_nobody_answers_the_own_thread(self, session: Session, cast: Cast) -> None:
        own = builders.document(session, cast.vera, DocumentState.DIAJUKAN)
        question = actions.ask(session, cast.vera, own, "Kapan?", question_id=uuid.uuid4())

        with pytest.raises(NotFound):
            answer(session, cast.vera, question)

    @pytest.mark.parametrize("tie", ["spouse", "spouse of", "superior", "superior of"])
    def test_nobody_answers_husband_wife_superior_or_staff(
        self, session: Session, cast: Cast, asked: Asked, tie: str
    ) -> None:
        question = asked()
        sari = session.get_one(Pegawai, cast.sari.pegawai_id)
        vera = session.get_one(Pegawai, cast.vera.pegawai_id)
        one, other = (vera, sari) if tie in {"spouse", "superior"} else (sari, vera)
        setattr(one, "pasangan_id" if "spouse" in tie else "atasan_id", other.id)
        session.flush()

        with pytest.raises(NotFound):
            answer(session, cast.vera, question)

    def test_the_auditor_reads_and_does_not_answer(
        self, session: Session, cast: Cast, asked: Asked
    ) -> None:
        question = asked()

        assert queries.staff_thread(session, cast.aud, question.id)
        with pytest.raises(NotFound):
            answer(session, cast.aud, question)

    def test_a_verifikator_opd_answers_the_own_opd_alone(
        self, session: Session, cast: Cast, asked: Asked
    ) -> None:
        his = builders.document(session, cast.tono, DocumentState.DIAJUKAN)
        elsewhere = asked(actor=cast.tono, about=his)

        assert answer(session, cast.vivi, asked()).state is QuestionState.TERJAWAB
        with pytest.raises(NotFound):
            answer(session, cast.vivi, elsewhere)

    def test_a_thread_moves_with_its_owner(
        self, session: Session, cast: Cast, asked: Asked
    ) -> None:
        question = asked()
        move(session, cast, cast.sari, cast.units.kesehatan.id)

        with pytest.raises(NotFound, match="pindah unit"):
            answer(session, cast.vivi, question)
        assert answer(session, cast.vera, question).state is QuestionState.TERJAWAB

    def test_a_grant_of_another_agency_reaches_nothing(
        self, session: Session, cast: Cast, asked: Asked
    ) -> None:
        asked()
        stranger = replace(cast.vera, grants=(Grant(Role.VERIFIKATOR, uuid.uuid4()),))

        assert queries.waiting_count(session, stranger) == 0

    def test_a_verifikator_who_lost_the_role_answers_no_more(
        self, session: Session, cast: Cast, asked: Asked
    ) -> None:
        with pytest.raises(NotFound):
            answer(session, replace(cast.vera, grants=()), asked())


class TestWritingOn:
    def test_an_answered_thread_waits_again(
        self, session: Session, cast: Cast, asked: Asked
    ) -> None:
        question = answer(session, cast.vera, asked())

        assert write_on(session, cast.sari, question).state is QuestionState.MENUNGGU

    def test_a_further_line_keeps_the_place_in_the_queue(
        self, session: Session, cast: Cast, asked: Asked
    ) -> None:
        question = asked(at=now() - LATER)
        since = question.diperbarui

        write_on(session, cast.sari, question, "Ini nomornya: 12.")

        assert question.diperbarui == since

    def test_it_is_refused_when_an_answer_has_come_meanwhile(
        self, session: Session, cast: Cast, asked: Asked
    ) -> None:
        question = asked()
        answer(session, cast.vera, question)

        with pytest.raises(Conflict, match="Ada pesan baru"):
            write_on(session, cast.sari, question, seen=1)

    def test_a_colleague_finds_nothing(self, session: Session, cast: Cast, asked: Asked) -> None:
        with pytest.raises(NotFound):
            write_on(session, cast.budi, asked())

    def test_the_last_place_of_a_thread_is_left_to_the_bkd(
        self, session: Session, cast: Cast, asked: Asked
    ) -> None:
        question = asked()
        for number in range(18):
            write_on(session, cast.sari, question, f"Tambahan {number}")

        with pytest.raises(Rejected, match="sudah 20 pesan"):
            write_on(session, cast.sari, question)
        assert len(answer(session, cast.vera, question).messages) == 20

    def test_a_full_thread_takes_nothing_more(
        self, session: Session, cast: Cast, asked: Asked
    ) -> None:
        question = asked()
        for number in range(19):
            answer(session, cast.vera, question, f"Tambahan {number}")

        with pytest.raises(Rejected, match="sudah 20 pesan"):
            answer(session, cast.vera, question)

    def test_a_thread_closed_a_while_ago_is_opened_again(
        self, session: Session, cast: Cast, asked: Asked
    ) -> None:
        question = asked()
        actions.close(session, cast.sari, question.id, at=now() - dt.timedelta(days=13))

        write_on(session, cast.sari, question, "Masih belum jelas.")

        assert question.state is QuestionState.MENUNGGU
        assert acts(session, question)[-1] == "question:reopened"

    def test_a_thread_closed_long_ago_stays_closed(
        self, session: Session, cast: Cast, asked: Asked
    ) -> None:
        question = asked()
        actions.close(session, cast.sari, question.id, at=now() - dt.timedelta(days=15))

        with pytest.raises(Conflict, match="sudah lama ditutup"):
            write_on(session, cast.sari, question)

    def test_opening_again_counts_towards_the_open_ones(
        self, session: Session, cast: Cast, asked: Asked
    ) -> None:
        question = asked()
        actions.close(session, cast.sari, question.id)
        for number in range(5):
            asked(f"Pertanyaan {number}")

        with pytest.raises(Rejected, match="Masih ada 5"):
            write_on(session, cast.sari, question)

    def test_closing_twice_is_one_act(self, session: Session, cast: Cast, asked: Asked) -> None:
        question = asked()

        for _ in range(2):
            actions.close(session, cast.sari, question.id)

        assert acts(session, question) == ["question:closed"]


class TestQueue:
    def test_the_longest_wait_comes_first(self, session: Session, cast: Cast, asked: Asked) -> None:
        newer = asked("Baru", at=now())
        older = asked("Lama", at=now() - LATER)

        page = queries.waiting(session, cast.vera, None)

        assert [told.question.id for told in page.rows] == [older.id, newer.id]
        assert [(told.last, told.messages) for told in page.rows] == [("Lama", 1), ("Baru", 1)]

    def test_pages_follow_each_other_without_gap(
        self, session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch, asked: Asked
    ) -> None:
        monkeypatch.setattr(queries, "PAGE", 2)
        made = [asked(f"Pertanyaan {n}", at=now() - LATER * (9 - n)).id for n in range(5)]

        seen: list[uuid.UUID] = []
        place = None
        while True:
            page = queries.waiting(session, cast.vera, place)
            seen += [told.question.id for told in page.rows]
            place = queries.Position.decode(page.next)
            if place is None:
                break

        assert seen == made

    @on_sqlite_alone
    def test_it_is_read_in_the_order_of_its_index(self, session: Session, cast: Cast) -> None:
        with statements_of(session) as seen:
            queries.waiting(session, cast.vera, queries.Position(now(), uuid.uuid4()))
        sql, values = seen[0]

        plan = str(session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values).all())

        assert "ix_pertanyaan_menunggu" in plan
        assert "TEMP B-TREE" not in plan

    def test_what_is_answered_waits_no_more(
        self, session: Session, cast: Cast, asked: Asked
    ) -> None:
        answered, other = asked("Satu"), asked("Dua")
        answer(session, cast.vera, answered)

        assert queries.waiting_count(session, cast.vera) == 1
        assert queries.next_waiting(session, cast.vera, answered) == other.id

    def test_own_threads_do_not_wait_for_oneself(self, session: Session, cast: Cast) -> None:
        own = builders.document(session, cast.vera, DocumentState.DIAJUKAN)
        actions.ask(session, cast.vera, own, "Kapan?", question_id=uuid.uuid4())

        waiting = {
            name: queries.waiting_count(session, actor)
            for name, actor in {"vera": cast.vera, "bima": cast.bima}.items()
        }

        assert waiting == {"vera": 0, "bima": 1}
