"""Answering, writing on, and the queue of questions."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from portal.audit import AuditEntry
from portal.db import now
from portal.errors import Conflict, NotFound, Rejected
from portal.notifications.models import Notification
from portal.people.models import Pegawai
from portal.permissions import Grant
from portal.questions import actions, queries
from portal.questions.models import Question, QuestionState
from portal.vocabulary import DocumentState, Role
from tests.questions.acting import answer, write_on
from tests.questions.conftest import Asked
from tests.questions.support import move, texts, told
from tests.support import builders
from tests.support.cast import Cast
from tests.support.database import on_sqlite_alone

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


def acts(session: Session, question: Question) -> list[str]:
    statement = select(AuditEntry.action).where(AuditEntry.subject_id == question.id)
    return list(session.scalars(statement.order_by(AuditEntry.id)))


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
