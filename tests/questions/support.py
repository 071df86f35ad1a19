"""A thread before the desk, and what stands there after somebody has written."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.db import Database, now
from portal.notifications.models import Notification
from portal.people.models import Pegawai
from portal.permissions import Actor
from portal.questions.models import Message, Question, QuestionState
from tests.support.cast import Cast
from tests.support.page import Page

Opened = Callable[..., Page]


@dataclass(frozen=True)
class Desk:
    """Ids of an item of sari's and of a thread about it that waits."""

    document_id: uuid.UUID
    question_id: uuid.UUID


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


def texts(question: Question) -> list[str]:
    return [message.isi for message in question.messages]


def told(session: Session, actor: Actor) -> list[str]:
    statement = select(Notification.judul).where(Notification.pegawai_id == actor.pegawai_id)
    return list(session.scalars(statement))


def move(session: Session, cast: Cast, actor: Actor, opd_id: uuid.UUID) -> None:
    session.execute(update(Pegawai).where(Pegawai.id == actor.pegawai_id).values(opd_id=opd_id))
    session.expire_all()
