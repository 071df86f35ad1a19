"""Acts of the people of a thread, in one line."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from portal.permissions import Actor
from portal.questions import actions, faq
from portal.questions.faq import Words
from portal.questions.models import Faq, Question, Topic


def answer(
    session: Session, actor: Actor, question: Question, words: str = "Karena daring.", **how: object
) -> Question:
    """An answer to a thread as it stands now."""
    seen = len(question.messages)
    given = {"message_id": uuid.uuid4(), "seen": seen} | how
    return actions.answer(session, actor, question.id, words, **given)  # type: ignore[arg-type]


def write_on(
    session: Session, actor: Actor, question: Question, words: str = "Lalu?", **how: object
) -> Question:
    """One more message of whoever asks."""
    seen = len(question.messages)
    given = {"message_id": uuid.uuid4(), "seen": seen} | how
    return actions.write_on(session, actor, question.id, words, **given)  # type: ignore[arg-type]


def kept(
    session: Session,
    actor: Actor,
    question: str = "Berapa JP seminar?",
    told: str = "Lihat Skor.",
    *,
    topik: Topic = Topic.SEMINAR,
) -> Faq:
    """An answer that the head of the queue wrote."""
    return faq.write(session, actor, Words(topik, question, told), faq_id=uuid.uuid4())
