"""Acts on threads: ask, write on, close, answer.

A thread waits for the BKD (Menunggu jawaban), was answered (Terjawab) or closed by whoever asked
(Selesai). Every message carries the id that its form was given, so a double tap meets the same row.
"""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import audit
from portal.db import new_id, now
from portal.documents.models import Document
from portal.errors import Conflict, Forbidden, NotFound, Rejected
from portal.people.models import Pegawai
from portal.permissions import Actor, Permission
from portal.questions import messages, queries, words
from portal.questions.models import Message, Question, QuestionState
from portal.questions.subjects import ScoreRow
from portal.verification.timeline import ASKED
from portal.vocabulary import DocumentState

CHANGED = "Ada pesan baru di percakapan ini. Baca dulu di bawah; tulisan Anda masih ada."
DRAFT = "Ajukan dokumen ini dulu. Setelah itu Anda dapat bertanya tentangnya."
FULL = f"Percakapan ini sudah {words.MOST_MESSAGES} pesan. Mulai pertanyaan baru."


def ask(
    session: Session,
    actor: Actor,
    about: Document | ScoreRow,
    typed: str,
    *,
    question_id: uuid.UUID,
    at: dt.datetime | None = None,
) -> Question:
    """Begin a thread about an item within the actor's reach, or about a row of the own score.

    Raises Rejected for the words, for a draft, and when too many threads are open; Forbidden for
    somebody who only reads; NotFound when the id belongs to somebody else's thread.
    """
    text = words.message(typed)
    owner_id = about.owner_id if isinstance(about, Document) else actor.pegawai_id
    _check_may_ask(session, actor, about)
    if isinstance(about, Document):  # before its owner, as everywhere: whoever withdraws it waits
        item = select(Document.id).where(Document.id == about.id)
        session.execute(item.with_for_update(key_share=True))
    _lock_owner(session, owner_id)
    moment = at or now()
    known = _asked_before(session, actor, question_id, text)
    if known is not None:
        return known
    if session.get(Question, question_id) is not None:  # the form of a page that was gone back to
        question_id = new_id()
    _check_open(session, owner_id, moment)
    question = Question(
        id=question_id, owner_id=owner_id, state=QuestionState.MENUNGGU,
        dibuat=moment, diperbarui=moment,
    )  # fmt: skip
    if isinstance(about, Document):
        question.document_id = about.id
    else:
        question.baris_skor, question.tahun = about.code, about.tahun
    session.add(question)
    session.flush()
    _say(session, question, actor, text, question_id, moment)
    _note(session, actor, question, moment)
    if owner_id != actor.pegawai_id:
        messages.tell_of_operator(session, question, moment)
    return question


def write_on(
    session: Session,
    actor: Actor,
    question_id: uuid.UUID,
    typed: str,
    *,
    message_id: uuid.UUID,
    seen: int,
    at: dt.datetime | None = None,
) -> Question:
    """Add a message of whoever asks; an answered thread waits again, a closed one is opened again.

    Raises Conflict when a message has come that was not `seen`, or when the thread was closed too
    long ago, and Rejected for the words and when the thread is full.
    """
    text = words.message(typed)
    question = _locked(session, actor, question_id)
    moment = at or now()
    if _said_before(question, actor, message_id, text):
        return question
    _check_may_write(session, actor, question)
    _check_seen(question, seen)
    _check_room(question, words.MOST_MESSAGES - 1)
    closed = question.state is QuestionState.SELESAI
    if closed and not may_open_again(question, moment):
        raise Conflict("Pertanyaan ini sudah lama ditutup. Ajukan pertanyaan baru.")
    if closed or _is_quiet(question, moment):
        _lock_owner(session, question.owner_id)
        _check_open(session, question.owner_id, moment)
    _say(session, question, actor, text, message_id, moment)
    if question.state is not QuestionState.MENUNGGU:  # who adds a line keeps the place
        question.state, question.diperbarui = QuestionState.MENUNGGU, moment
    act = "question:reopened" if closed else "question:written-on"
    audit.record(session, actor, act, question.id, at=moment)
    session.flush()
    return question


def close(
    session: Session, actor: Actor, question_id: uuid.UUID, at: dt.datetime | None = None
) -> Question:
    """Say that nothing is left to ask; nothing happens when it was said before."""
    question = _locked(session, actor, question_id)
    _check_may_write(session, actor, question)
    if question.state is not QuestionState.SELESAI:
        moment = at or now()
        question.state, question.diperbarui = QuestionState.SELESAI, moment
        audit.record(session, actor, "question:closed", question.id, at=moment)
        session.flush()
    return question


def answer(
    session: Session,
    actor: Actor,
    question_id: uuid.UUID,
    typed: str,
    *,
    message_id: uuid.UUID,
    seen: int,
    at: dt.datetime | None = None,
) -> Question:
    """Answer for the BKD, in the reach of the actor's grants.

    Raises NotFound outside of it and for whoever is tied to the thread, Conflict when a message
    has come that was not `seen` or the thread was closed, Rejected for the words and when it is
    full.
    """
    text = words.message(typed)
    _lock(session, question_id)
    moment = at or now()
    question = queries.staff_thread(session, actor, question_id, Permission.QUESTIONS_ANSWER)
    if _said_before(question, actor, message_id, text):
        return question
    if question.state is QuestionState.SELESAI:
        raise Conflict("Pemiliknya sudah menutup pertanyaan ini. Jawaban tidak terkirim.")
    _check_seen(question, seen)
    _check_room(question, words.MOST_MESSAGES)
    _say(session, question, actor, text, message_id, moment)
    question.state, question.diperbarui = QuestionState.TERJAWAB, moment
    audit.record(session, actor, "question:answered", question.id, at=moment)
    messages.tell_of_answer(session, question, moment)
    session.flush()
    return question


def may_open_again(question: Question, at: dt.datetime) -> bool:
    """Whether a closed thread was closed a short while ago."""
    return question.state is QuestionState.SELESAI and question.diperbarui > at - words.QUIET


def may_write(question: Question, at: dt.datetime) -> bool:
    """Whether whoever asks can add a message now."""
    if len(question.messages) >= words.MOST_MESSAGES - 1:
        return False
    return question.state is not QuestionState.SELESAI or may_open_again(question, at)


def _check_may_ask(session: Session, actor: Actor, about: Document | ScoreRow) -> None:
    if not actor.may(Permission.QUESTIONS_ASK):
        raise Forbidden("Akun Anda hanya dapat membaca.")
    if not isinstance(about, Document):
        return
    if about.state is DocumentState.DRAF:
        raise Conflict(DRAFT)
    _check_on_duty(session, actor, about.owner_id)


def _check_may_write(session: Session, actor: Actor, question: Question) -> None:
    if not actor.may(Permission.QUESTIONS_ASK):
        raise Forbidden("Akun Anda hanya dapat membaca.")
    _check_on_duty(session, actor, question.owner_id)


def _check_on_duty(session: Session, actor: Actor, owner_id: uuid.UUID) -> None:
    if owner_id == actor.pegawai_id:
        return
    if session.get_one(Pegawai, owner_id).has_retired(actor.today):
        raise Forbidden("Rekan ini sudah pensiun, jadi pertanyaannya hanya dapat dibaca.")


def _check_open(session: Session, owner_id: uuid.UUID, at: dt.datetime) -> None:
    number = queries.open_threads(session, owner_id, at)
    if number >= words.MOST_OPEN:
        raise Rejected(
            f"Masih ada {number} pertanyaan yang terbuka. Tutup yang sudah terjawab di "
            "halaman Tanya, lalu kirim lagi.",
            words.FIELD,
        )


def _check_seen(question: Question, seen: int) -> None:
    if len(question.messages) > seen:
        raise Conflict(CHANGED)


def _check_room(question: Question, most: int) -> None:
    if len(question.messages) >= most:
        raise Rejected(FULL, words.FIELD)


def _is_quiet(question: Question, at: dt.datetime) -> bool:
    return question.state is QuestionState.TERJAWAB and question.diperbarui <= at - words.QUIET


def _lock(session: Session, question_id: uuid.UUID) -> None:
    """Two who write at once follow each other; SQLite has one writer anyway."""
    session.execute(select(Question.id).where(Question.id == question_id).with_for_update())


def _lock_owner(session: Session, owner_id: uuid.UUID) -> None:
    """Of two that begin or open again at once the second counts the first. After the item and the
    thread, as everywhere."""
    owner = select(Pegawai.id).where(Pegawai.id == owner_id)
    session.execute(owner.with_for_update(key_share=True))


def _locked(session: Session, actor: Actor, question_id: uuid.UUID) -> Question:
    _lock(session, question_id)
    return queries.own_thread(session, actor, question_id)


def _asked_before(
    session: Session, actor: Actor, question_id: uuid.UUID, text: str
) -> Question | None:
    """The thread that the same form began; other words under its id are another question."""
    first = session.get(Message, question_id, populate_existing=True)
    if first is None:
        return None
    if first.author_id != actor.pegawai_id:
        raise NotFound(queries.GONE)
    return first.question if first.isi == text else None


def _said_before(question: Question, actor: Actor, message_id: uuid.UUID, text: str) -> bool:
    return any(
        one.id == message_id and one.author_id == actor.pegawai_id and one.isi == text
        for one in question.messages
    )


def _note(session: Session, actor: Actor, question: Question, at: dt.datetime) -> None:
    """The line stands in the story of the item, where whoever checks it finds the thread."""
    subject_id = question.document_id or question.id
    facts = {"baris": question.baris_skor, "tahun": question.tahun} if question.tahun else {}
    audit.record(session, actor, ASKED, subject_id, at=at, tanya=question.id.hex, **facts)


def _say(
    session: Session,
    question: Question,
    actor: Actor,
    text: str,
    message_id: uuid.UUID,
    at: dt.datetime,
) -> None:
    if session.get(Message, message_id) is not None:  # of a page that was gone back to, or made up
        message_id = new_id()
    session.add(
        Message(id=message_id, question_id=question.id, author_id=actor.pegawai_id, isi=text, at=at)
    )
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict from error
    session.expire(question, ["messages"])
