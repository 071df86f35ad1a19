"""Asking: about an item, about the score, for a colleague."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from portal.audit import AuditEntry
from portal.db import now
from portal.documents.models import Document
from portal.errors import Conflict, Forbidden, NotFound, Rejected
from portal.people.models import Pegawai
from portal.permissions import Actor, Grant
from portal.questions import actions, queries
from portal.questions.models import Message, QuestionState
from portal.questions.subjects import ScoreRow
from portal.scoring.actions import recompute
from portal.vocabulary import DocumentKind, DocumentState, Indikator, Role
from tests.questions.acting import answer
from tests.questions.conftest import Asked
from tests.questions.support import move, texts, told
from tests.support import builders
from tests.support.cast import TODAY, Cast

HOSTILE = [
    ("emoji 👩🏽‍🏫 boleh?", "emoji 👩🏽‍🏫 boleh?"),
    ("\u202eterbalik\u202c?", "terbalik?"),
    ("nol\0di tengah", "noldi tengah"),
    ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ("baris satu\r\n\r\n  baris dua  ", "baris satu\n\nbaris dua"),
    ("lone \ud800 surrogate", "lone surrogate"),
    ("كم ساعة؟", "كم ساعة؟"),
]


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
