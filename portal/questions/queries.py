"""Reads of threads: the own ones, and those that wait for an answer in the actor's reach."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, null, or_, select, tuple_
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from portal.documents.queries import handed_in_for_others
from portal.errors import NotFound
from portal.people.models import Pegawai
from portal.permissions import Actor, Permission
from portal.questions.models import Message, Question, QuestionState
from portal.questions.rights import KEPT, reach
from portal.questions.subjects import ScoreRow
from portal.questions.words import QUIET
from portal.scoring.queries import stored
from portal.web.pagination import Page, Position, cut

PAGE = 20
EXCERPT = 160
"""Characters of the last message that a list shows."""
BESIDE = 5
"""Threads shown on the page of what they are about."""
GONE = "Pertanyaan ini tidak ditemukan, atau bukan milik Anda."
OUT_OF_REACH = "Pertanyaan ini tidak ada dalam wewenang Anda. Mungkin pemiliknya pindah unit."
NO_SUCH_ROW = "Baris skor itu tidak ada. Buka halaman Skor, lalu pilih barisnya lagi."

# Written out in the statement: a partial index serves only a query that names its state.
_WAITING = Question.state == bindparam("menunggu", QuestionState.MENUNGGU, literal_execute=True)


# From the threads to their owners. SQLite, which keeps no statistics of its own, would begin with
# all people of the agency and ask each for threads; it cannot turn this condition round.
_OWNER = Pegawai.id == func.coalesce(Question.owner_id, null())


def _joined(statement: Select[Any]) -> Select[Any]:
    return statement.join(Pegawai, _OWNER).join(Pegawai.opd).outerjoin(Question.document)


_JOINED = _joined(select(Question)).options(
    contains_eager(Question.owner).contains_eager(Pegawai.opd),
    contains_eager(Question.document),
)
_THREAD = _JOINED.options(
    joinedload(Question.owner, Pegawai.instansi),
    selectinload(Question.messages).joinedload(Message.author),
).execution_options(populate_existing=True)


@dataclass(frozen=True)
class Told:
    """A thread in a list: its last message and how many there are."""

    question: Question
    last: str
    messages: int


_NEWEST = _JOINED.order_by(Question.dibuat.desc(), Question.id.desc()).limit(PAGE + 1)
_MINE = _NEWEST.where(Question.owner_id == bindparam("me"))


@lru_cache(KEPT)
def _of_others(actor: Actor) -> Select[Question]:
    _mine, of_others = _asked_in_both_ways(actor)
    return _NEWEST.where(of_others)


def own(
    session: Session, actor: Actor, position: Position | None, *, for_others: bool = False
) -> Page[Told]:
    """The actor's threads, newest first, or those about items handed in for colleagues."""
    statement = _of_others(actor) if for_others else _MINE
    if position is not None:
        statement = statement.where(
            tuple_(Question.dibuat, Question.id) < (position.moment, position.id)
        )
    rows = session.scalars(statement, {"me": actor.pegawai_id}).all()
    page = cut(rows, PAGE, lambda row: Position(row.dibuat, row.id))
    return Page(_told(session, page.rows), page.next)


def about_item(session: Session, actor: Actor, document_id: uuid.UUID) -> Sequence[Question]:
    """The newest threads about an item that the actor may read as its owner or operator."""
    statement = _JOINED.where(Question.document_id == document_id, or_(*_asked_in_both_ways(actor)))
    return session.scalars(statement.order_by(Question.dibuat.desc()).limit(BESIDE)).all()


def about_row(session: Session, actor: Actor, row: ScoreRow) -> Sequence[Question]:
    """The actor's newest threads about one row of the score."""
    statement = _JOINED.where(
        Question.owner_id == actor.pegawai_id,
        Question.baris_skor == row.code,
        Question.tahun == row.tahun,
    )
    return session.scalars(statement.order_by(Question.dibuat.desc()).limit(BESIDE)).all()


def about_rows(session: Session, actor: Actor, tahun: int) -> dict[str, uuid.UUID]:
    """The newest thread of each row of the actor's score of a year, by the code of the row."""
    statement = (
        select(Question.baris_skor, Question.id)
        .where(Question.owner_id == actor.pegawai_id, Question.tahun == tahun)
        .order_by(Question.dibuat)
    )
    return {row.baris_skor: row.id for row in session.execute(statement)}


def own_thread(session: Session, actor: Actor, question_id: uuid.UUID) -> Question:
    """A thread with its messages; raises NotFound unless the actor is its owner, or the operator
    who handed in the item for somebody still in reach."""
    statement = _THREAD.where(Question.id == question_id, or_(*_asked_in_both_ways(actor)))
    return _found(session.scalar(statement), GONE)


def staff_thread(
    session: Session,
    actor: Actor,
    question_id: uuid.UUID,
    permission: Permission = Permission.QUEUE_READ,
) -> Question:
    """A thread with its messages; raises NotFound outside the reach of the actor's grants."""
    statement = _thread_in_reach(actor, permission)
    return _found(session.scalar(statement, {"question_id": question_id}), OUT_OF_REACH)


@lru_cache(KEPT)
def _thread_in_reach(actor: Actor, permission: Permission) -> Select[Question]:
    return _THREAD.where(Question.id == bindparam("question_id"), reach(actor, permission))


def waiting(session: Session, actor: Actor, position: Position | None) -> Page[Told]:
    """Threads that wait for an answer in the actor's reach, the longest wait first."""
    statement = _longest_waiting(actor)
    if position is not None:
        statement = statement.where(
            tuple_(Question.diperbarui, Question.id) > (position.moment, position.id)
        )
    rows = session.scalars(statement).all()
    page = cut(rows, PAGE, lambda row: Position(row.diperbarui, row.id))
    return Page(_told(session, page.rows), page.next)


@lru_cache(KEPT)
def _longest_waiting(actor: Actor) -> Select[Question]:
    statement = _JOINED.where(_WAITING, reach(actor, Permission.QUEUE_READ))
    return statement.order_by(Question.diperbarui, Question.id).limit(PAGE + 1)


def waiting_count(session: Session, actor: Actor) -> int:
    """How many threads wait for an answer in the actor's reach."""
    return session.scalar(_number_waiting(actor)) or 0


@lru_cache(KEPT)
def _number_waiting(actor: Actor) -> Select[int]:
    """Asked by each page of the desk, so it is made once for each person at work."""
    statement = _joined(select(func.count()).select_from(Question))
    return statement.where(_WAITING, reach(actor, Permission.QUEUE_READ))


def next_waiting(session: Session, actor: Actor, after: Question) -> uuid.UUID | None:
    """The longest waiting thread besides this one that the actor may answer."""
    found: uuid.UUID | None = session.scalar(_next_waiting(actor), {"after": after.id})
    return found


@lru_cache(KEPT)
def _next_waiting(actor: Actor) -> Select[uuid.UUID]:
    statement = _joined(select(Question.id)).where(
        _WAITING, reach(actor, Permission.QUESTIONS_ANSWER), Question.id != bindparam("after")
    )
    return statement.order_by(Question.diperbarui, Question.id).limit(1)


def open_threads(session: Session, owner_id: uuid.UUID, at: dt.datetime) -> int:
    """Threads of a person that wait, or were answered a short while ago."""
    statement = (
        select(func.count()).select_from(Question).where(Question.owner_id == owner_id, is_open(at))
    )
    return session.scalar(statement) or 0


def is_open(at: dt.datetime) -> ColumnElement[bool]:
    """Condition: counts towards the open threads of its owner."""
    answered = and_(Question.state == QuestionState.TERJAWAB, Question.diperbarui > at - QUIET)
    return or_(Question.state == QuestionState.MENUNGGU, answered)


def own_row(session: Session, actor: Actor, code: str, tahun: int | None) -> ScoreRow:
    """The row of the actor's stored score that an address names; raises NotFound."""
    row = ScoreRow.parse(code, tahun)
    score = stored(session, actor.pegawai_id, row.tahun) if row else None
    if row is None or score is None or not score.diukur:
        raise NotFound(NO_SUCH_ROW)
    if not any(line["indikator"] == row.indikator.value for line in score.rincian):
        raise NotFound(NO_SUCH_ROW)
    return row


def _asked_in_both_ways(actor: Actor) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    me = actor.pegawai_id
    return Question.owner_id == me, and_(Question.owner_id != me, handed_in_for_others(actor))


def _last_messages() -> Select[Any]:
    of_thread = Message.question_id
    ranked = (
        select(
            of_thread.label("thread"),
            func.substr(Message.isi, 1, EXCERPT).label("words"),
            func.count().over(partition_by=of_thread).label("many"),
            func.row_number()
            .over(partition_by=of_thread, order_by=(Message.at.desc(), Message.id.desc()))
            .label("place"),
        )
        .where(of_thread.in_(bindparam("ids", expanding=True)))
        .subquery()
    )
    return select(ranked.c.thread, ranked.c.words, ranked.c.many).where(ranked.c.place == 1)


_LAST = _last_messages()


def _told(session: Session, questions: Sequence[Question]) -> list[Told]:
    """The threads of one page with the beginning of their last message, in one query more."""
    rows = session.execute(_LAST, {"ids": [question.id for question in questions]})
    spoken = {row.thread: (row.words, row.many) for row in rows}
    return [Told(one, *spoken.get(one.id, ("", 0))) for one in questions]


def _found(question: Question | None, sentence: str) -> Question:
    if question is None:
        raise NotFound(sentence)
    return question
