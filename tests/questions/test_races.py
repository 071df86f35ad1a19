"""Two people, or two taps, at the same moment."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.db import Database, now
from portal.documents.models import Document
from portal.errors import PortalError, Rejected
from portal.permissions import Actor, Grant
from portal.questions import actions, faq, queries, words
from portal.questions.faq import Words
from portal.questions.models import Faq, Message, Question, QuestionState, Topic
from portal.verification import claims
from portal.vocabulary import DocumentState, Role
from tests.support import builders
from tests.support.cast import Cast
from tests.support.database import on_postgresql_alone
from tests.support.waiting import Late

Act = Callable[[Session], object]


def at_once(database: Database, *acts: Act) -> list[str]:
    """Run every act in a transaction of its own, begun together; returns the refusals."""
    refusals: list[str] = []
    gate = threading.Barrier(len(acts))

    def run(act: Act) -> None:
        gate.wait()
        try:
            with database.transaction() as session:
                act(session)
        except PortalError as refusal:
            refusals.append(refusal.message)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refusals


def thread_of_sari(database: Database, cast: Cast) -> uuid.UUID:
    with database.transaction() as session:
        item = builders.document(session, cast.sari, DocumentState.DIAJUKAN)
        return builders.question(session, cast.sari, item).id


def count(database: Database, table: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def answering(actor: Actor, question_id: uuid.UUID, message_id: uuid.UUID | None = None) -> Act:
    return lambda session: actions.answer(
        session, actor, question_id, "Besok.", message_id=message_id or uuid.uuid4(), seen=1
    )


def test_of_two_answers_one_is_sent(database: Database, cast: Cast) -> None:
    question = thread_of_sari(database, cast)

    refusals = at_once(database, answering(cast.vera, question), answering(cast.bima, question))

    assert refusals == [actions.CHANGED]
    assert count(database, Message) == 2


def test_two_taps_are_one_answer(database: Database, cast: Cast) -> None:
    question, key = thread_of_sari(database, cast), uuid.uuid4()

    refusals = at_once(database, *[answering(cast.vera, question, key) for _ in range(4)])

    assert refusals == []
    assert count(database, Message) == 2


def test_two_taps_are_one_question(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        item = builders.document(session, cast.sari, DocumentState.DIAJUKAN).id
    key = uuid.uuid4()

    def ask(session: Session) -> object:
        document = session.get_one(Document, item)
        return actions.ask(session, cast.sari, document, "Kapan?", question_id=key)

    assert at_once(database, *[ask] * 4) == []
    assert count(database, Question) == 1


def test_eight_questions_at_once_leave_five_open(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        item = builders.document(session, cast.sari, DocumentState.DIAJUKAN).id

    def ask(session: Session) -> object:
        document = session.get_one(Document, item)
        return actions.ask(session, cast.sari, document, "Kapan?", question_id=uuid.uuid4())

    refusals = at_once(database, *[ask] * 8)

    assert len(refusals) == 3
    assert count(database, Question) == 5


def test_closing_and_answering_follow_each_other(database: Database, cast: Cast) -> None:
    question = thread_of_sari(database, cast)

    at_once(
        database,
        answering(cast.vera, question),
        lambda session: actions.close(session, cast.sari, question),
    )

    with database.reading() as session:
        assert session.get_one(Question, question).state is QuestionState.SELESAI


def test_a_thread_is_kept_once(database: Database, cast: Cast) -> None:
    question = thread_of_sari(database, cast)
    at_once(database, answering(cast.vera, question))
    words = Words(Topic.UMUM, "Kapan dokumen diperiksa?", "Besok.")

    def keep(actor: Actor) -> Act:
        return lambda session: faq.keep(session, actor, question, words, faq_id=uuid.uuid4())

    assert at_once(database, keep(cast.vera), keep(cast.bima)) == []
    assert count(database, Faq) == 1


def test_moves_in_two_windows_keep_every_place(database: Database, cast: Cast) -> None:
    head = replace(cast.bima, grants=(Grant(Role.KEPALA_ANTREAN, cast.units.instansi_id),))
    with database.transaction() as session:
        rows = [builders.faq(session, cast.ani, urutan=place).id for place in range(1, 7)]

    def up(faq_id: uuid.UUID, actor: Actor) -> Act:
        return lambda session: faq.move(session, actor, faq_id, up=True)

    refusals = at_once(database, up(rows[5], head), up(rows[2], cast.ani), up(rows[4], head))

    with database.reading() as session:
        places = sorted(session.scalars(select(Faq.urutan)))
    assert (refusals, places) == ([], [1, 2, 3, 4, 5, 6])


@on_postgresql_alone
def test_of_two_questions_the_one_that_had_to_wait_is_the_newer(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        item = builders.document(session, cast.sari, DocumentState.DIAJUKAN).id

    def ask(words: str) -> Act:
        return lambda session: actions.ask(
            session, cast.sari, session.get_one(Document, item), words, question_id=uuid.uuid4()
        )

    with database.transaction() as session:
        claims.lock(session, session.get_one(Document, item))
        late = Late(database, ask("Yang menunggu?"))
        ask("Yang lebih dulu?")(session)
    late.answer()

    with database.reading() as session:
        told = queries.own(session, cast.sari, None).rows
    assert (late.waited, [one.last for one in told]) == (
        True,
        ["Yang menunggu?", "Yang lebih dulu?"],
    )


@on_postgresql_alone
def test_a_line_that_waited_for_the_closing_stands_after_it(database: Database, cast: Cast) -> None:
    question = thread_of_sari(database, cast)

    with database.transaction() as session:
        closed = actions.close(session, cast.sari, question)
        late = Late(
            database,
            lambda session: actions.write_on(
                session, cast.sari, question, "Satu lagi.", message_id=uuid.uuid4(), seen=1
            ),
        )
        waited = now()
    late.answer()

    with database.reading() as session:
        again = session.get_one(Question, question)
    assert (late.waited, closed.state, again.state) == (
        True,
        QuestionState.SELESAI,
        QuestionState.MENUNGGU,
    )
    assert again.diperbarui > waited


@on_postgresql_alone
def test_an_answer_that_waited_counts_from_when_it_was_sent(database: Database, cast: Cast) -> None:
    question = thread_of_sari(database, cast)

    with database.transaction() as session:
        actions._lock(session, question)
        late = Late(database, answering(cast.vera, question))
        waited = now()
    late.answer()

    with database.reading() as session:
        assert session.get_one(Question, question).diperbarui > waited
    assert late.waited


@on_postgresql_alone
def test_two_closed_questions_do_not_both_take_the_last_place(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        item = builders.document(session, cast.sari, DocumentState.DIAJUKAN)
        for _ in range(words.MOST_OPEN - 1):
            builders.question(session, cast.sari, item)
        closed = [builders.question(session, cast.sari, item).id for _ in range(2)]
        for one in closed:
            actions.close(session, cast.sari, one)

    def again(question: uuid.UUID) -> Act:
        return lambda session: actions.write_on(
            session, cast.sari, question, "Satu lagi.", message_id=uuid.uuid4(), seen=1
        )

    with database.transaction() as session:
        again(closed[0])(session)
        late = Late(database, again(closed[1]))

    assert isinstance(late.answer(), Rejected)
    assert late.waited
