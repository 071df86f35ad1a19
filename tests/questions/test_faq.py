"""Answers worth keeping: without people, in order, findable."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.agency.models import Instansi
from portal.audit import AuditEntry
from portal.errors import Conflict, Forbidden, NotFound, Rejected
from portal.permissions import Actor, Grant
from portal.questions import faq, faq_queries
from portal.questions.faq import Words
from portal.questions.models import Faq, Topic
from portal.vocabulary import Role
from tests.questions.acting import answer, kept
from tests.questions.conftest import Asked
from tests.support.cast import Cast

GOOD = Words(Topic.SEMINAR, "Mengapa JP seminar daring lain?", "Karena aturannya lain.")


@pytest.fixture
def head(cast: Cast) -> Actor:
    """Bima leads the queue."""
    return replace(cast.bima, grants=(Grant(Role.KEPALA_ANTREAN, cast.units.instansi_id),))


def order(session: Session, actor: Actor) -> list[str]:
    return [one.pertanyaan for one in faq_queries.managed(session, actor)]


def found(
    session: Session, actor: Actor, search: str = "", topik: Topic | None = None
) -> list[str]:
    return [one.pertanyaan for one in faq_queries.listing(session, actor, search, topik, None).rows]


class TestKeeping:
    def test_an_answer_is_kept_for_everybody(
        self, session: Session, cast: Cast, asked: Asked
    ) -> None:
        question = answer(session, cast.vera, asked())

        faq.keep(session, cast.vera, question.id, GOOD, faq_id=uuid.uuid4())

        assert found(session, cast.tono) == [GOOD.pertanyaan]

    def test_the_draft_holds_neither_names_nor_numbers(
        self, session: Session, cast: Cast, asked: Asked
    ) -> None:
        question = asked(f"Saya Sari Wulandari ({cast.sari.nip}). Kapan selesai?")
        answer(session, cast.vera, question, "Bu Sari, besok. Salam, Vera")

        assert faq.draft(question) == (
            "Saya pegawai ((NIP)). Kapan selesai?",
            "Bu pegawai, besok. Salam, pegawai",
        )

    @pytest.mark.parametrize(
        ("words", "field"),
        [
            (replace(GOOD, pertanyaan="Mengapa JP Sari lain?"), "pertanyaan"),
            (replace(GOOD, jawaban="Karena NIP 19870412 201001 2 015."), "jawaban"),
            (replace(GOOD, jawaban="Salam, Vera Anggraini"), "jawaban"),
            (replace(GOOD, pertanyaan=" \0 "), "pertanyaan"),
            (replace(GOOD, jawaban="\u202e"), "jawaban"),
            (replace(GOOD, pertanyaan="a" * 301), "pertanyaan"),
            (replace(GOOD, jawaban="a" * 10_000), "jawaban"),
        ],
    )
    def test_words_that_may_not_stay_are_refused_at_their_field(
        self, session: Session, cast: Cast, asked: Asked, words: Words, field: str
    ) -> None:
        question = answer(session, cast.vera, asked())

        with pytest.raises(Rejected) as refusal:
            faq.keep(session, cast.vera, question.id, words, faq_id=uuid.uuid4())

        assert refusal.value.field == field

    def test_a_thread_is_kept_once(self, session: Session, cast: Cast, asked: Asked) -> None:
        question = answer(session, cast.vera, asked())

        rows = {
            faq.keep(session, actor, question.id, GOOD, faq_id=uuid.uuid4()).id
            for actor in (cast.vera, cast.bima)
        }

        assert len(rows) == 1

    def test_what_waits_for_an_answer_is_not_kept(
        self, session: Session, cast: Cast, asked: Asked
    ) -> None:
        with pytest.raises(Conflict, match="Jawab dulu"):
            faq.keep(session, cast.vera, asked().id, GOOD, faq_id=uuid.uuid4())

    def test_a_verifikator_opd_keeps_nothing(
        self, session: Session, cast: Cast, asked: Asked
    ) -> None:
        question = answer(session, cast.vivi, asked())

        with pytest.raises(Forbidden):
            faq.keep(session, cast.vivi, question.id, GOOD, faq_id=uuid.uuid4())

    def test_whose_role_ends_at_a_unit_keeps_nothing(
        self, session: Session, cast: Cast, asked: Asked
    ) -> None:
        unit = cast.units.pendidikan
        grant = Grant(Role.VERIFIKATOR, cast.units.instansi_id, unit.id, unit.jalur)
        question = answer(session, cast.vera, asked())

        with pytest.raises(Forbidden, match="seluruh instansi"):
            faq.keep(
                session, replace(cast.vera, grants=(grant,)), question.id, GOOD, faq_id=uuid.uuid4()
            )

    def test_nobody_keeps_the_own_thread(self, session: Session, cast: Cast, asked: Asked) -> None:
        question = answer(session, cast.vera, asked())
        both = replace(cast.sari, grants=cast.vera.grants)

        with pytest.raises(NotFound):
            faq.keep(session, both, question.id, GOOD, faq_id=uuid.uuid4())


class TestManaging:
    def test_the_head_of_the_queue_orders(self, session: Session, head: Actor) -> None:
        first, _, third = (kept(session, head, f"Tanya {n}?") for n in range(3))

        faq.move(session, head, third.id, up=True)
        faq.move(session, head, first.id, up=True)

        assert order(session, head) == ["Tanya 0?", "Tanya 2?", "Tanya 1?"]

    def test_what_is_switched_off_is_shown_to_nobody(
        self, session: Session, cast: Cast, head: Actor
    ) -> None:
        row = kept(session, head)
        faq.switch(session, head, row.id, on=False)

        assert found(session, cast.sari) == []
        assert order(session, head) == [row.pertanyaan]

    def test_the_admin_changes_words(self, session: Session, cast: Cast, head: Actor) -> None:
        row = kept(session, head)

        faq.change(session, cast.ani, row.id, GOOD)

        assert found(session, cast.sari) == [GOOD.pertanyaan]

    def test_names_of_the_thread_stay_out_also_later(
        self, session: Session, cast: Cast, asked: Asked
    ) -> None:
        question = answer(session, cast.vera, asked())
        row = faq.keep(session, cast.vera, question.id, GOOD, faq_id=uuid.uuid4())

        with pytest.raises(Rejected, match="Sari"):
            faq.change(session, cast.ani, row.id, replace(GOOD, jawaban="Seperti Sari."))

    @pytest.mark.parametrize("name", ["sari", "vera", "vivi", "aud"])
    def test_others_manage_nothing(
        self, session: Session, cast: Cast, head: Actor, name: str
    ) -> None:
        row = kept(session, head)

        with pytest.raises(NotFound):
            faq.switch(session, cast.everybody[name], row.id, on=False)

    def test_another_agency_manages_nothing_here(
        self, session: Session, cast: Cast, head: Actor
    ) -> None:
        row = kept(session, head)
        stranger = replace(cast.ani, grants=(Grant(Role.ADMIN, uuid.uuid4()),))

        with pytest.raises(NotFound):
            faq.change(session, stranger, row.id, GOOD)

    def test_the_beginning_is_loaded_once(self, session: Session, cast: Cast) -> None:
        first, second = (faq.begin(session, cast.ani) for _ in range(2))

        assert (first > 5, second) == (True, 0)
        assert not any("{" in row.jawaban for row in faq_queries.managed(session, cast.ani))

    def test_there_is_an_end(
        self, session: Session, head: Actor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(faq, "MOST", 2)
        kept(session, head, "Satu?")
        kept(session, head, "Dua?")

        with pytest.raises(Rejected, match="Sudah ada 2"):
            kept(session, head, "Tiga?")

    def test_every_act_leaves_its_line(self, session: Session, head: Actor) -> None:
        row = kept(session, head)
        kept(session, head, "Lain?")
        faq.change(session, head, row.id, GOOD)
        faq.move(session, head, row.id, up=False)
        faq.switch(session, head, row.id, on=False)
        faq.switch(session, head, row.id, on=True)

        lines = session.scalars(
            select(AuditEntry.action).where(AuditEntry.subject_id == row.id).order_by(AuditEntry.id)
        ).all()

        assert lines == [
            "faq:kept", "faq:changed", "faq:moved", "faq:switched-off", "faq:switched-on",
        ]  # fmt: skip


class TestFinding:
    @pytest.fixture(autouse=True)
    def answers(self, session: Session, head: Actor) -> None:
        kept(session, head, "Berapa JP seminar?", "Lihat Skor.")
        kept(session, head, "Di mana ijazah diunggah?", "Di Unggah.", topik=Topic.PENDIDIKAN)
        kept(session, head, "Potongan 100% itu apa?", "Lihat_Aturan.", topik=Topic.UMUM)

    @pytest.mark.parametrize(
        ("search", "number"),
        [
            ("seminar", 1),
            ("lihat", 2),
            ("ijazah unggah", 1),
            ("ijazah seminar", 0),
            ("%", 1),
            ("_", 1),
            ("'; drop table", 0),
            ("😀", 0),
        ],
    )
    def test_every_word_of_a_search_counts(
        self, session: Session, cast: Cast, search: str, number: int
    ) -> None:
        assert len(found(session, cast.sari, search)) == number

    def test_a_topic_narrows_it(self, session: Session, cast: Cast) -> None:
        assert found(session, cast.sari, topik=Topic.UMUM) == ["Potongan 100% itu apa?"]

    def test_another_agency_finds_nothing(self, session: Session, cast: Cast) -> None:
        other = Instansi(id=uuid.uuid4(), nama="Kota Lain")
        session.add(other)
        session.flush()

        assert found(session, replace(cast.tono, instansi_id=other.id)) == []

    def test_answers_of_the_topic_are_offered_before_one_asks(
        self, session: Session, cast: Cast
    ) -> None:
        offered = faq_queries.suggested(session, cast.units.instansi_id, Topic.SEMINAR, "")

        assert [one.pertanyaan for one in offered] == ["Berapa JP seminar?"]

    def test_words_weigh_more_than_the_topic(self, session: Session, cast: Cast) -> None:
        offered = faq_queries.suggested(
            session, cast.units.instansi_id, Topic.SEMINAR, "Saya mau tahu di mana ijazah diunggah"
        )

        assert offered[0].pertanyaan == "Di mana ijazah diunggah?"

    def test_pages_follow_each_other(
        self, session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(faq_queries, "PAGE", 2)
        first = faq_queries.listing(session, cast.sari, "", None, None)
        place = faq_queries.place_in(first.next)
        second = faq_queries.listing(session, cast.sari, "", None, place)

        assert (len(first.rows), len(second.rows), second.next) == (2, 1, None)

    @pytest.mark.parametrize("text", [None, "", "x", "1", "1-", "-1-aa", "9" * 30, "²-00"])
    def test_a_place_that_is_none_is_the_first_page(self, text: str | None) -> None:
        assert faq_queries.place_in(text) is None


def test_an_answer_of_another_agency_is_no_template(
    session: Session, cast: Cast, head: Actor
) -> None:
    row: Faq = kept(session, head)

    assert faq_queries.shown_one(session, uuid.uuid4(), row.id) is None
    assert faq_queries.shown_one(session, cast.units.instansi_id, row.id) is row
