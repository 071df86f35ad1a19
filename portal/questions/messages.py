"""What people are told about threads: the name of the thing asked about, never the words."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from portal.notifications.actions import notify
from portal.notifications.kinds import TANYA
from portal.questions.models import Question
from portal.questions.subjects import title_of

PAGE = "questions.show"
LONGEST_TITLE = 120


def tell_of_answer(session: Session, question: Question, at: dt.datetime) -> None:
    """Tell the owner, and the operator when it was the operator who asked."""
    told = f"Jawaban atas pertanyaan tentang {_short(question)} sudah ada."
    notify(
        session,
        question.owner_id,
        "Pertanyaan Anda dijawab",
        told,
        tujuan=PAGE,
        objek_id=question.id,
        jenis=TANYA.code,
        at=at,
    )
    document = question.document
    if document is None or document.created_by_id == question.owner_id:
        return
    if any(message.author_id == document.created_by_id for message in question.messages):
        headline = "Pertanyaan untuk rekan Anda dijawab"
        notify(
            session,
            document.created_by_id,
            headline,
            told,
            tujuan=PAGE,
            objek_id=question.id,
            jenis=TANYA.code,
            at=at,
        )


def tell_of_operator(session: Session, question: Question, at: dt.datetime) -> None:
    """Tell the owner that somebody asked for them."""
    notify(
        session,
        question.owner_id,
        "Operator OPD bertanya untuk Anda",
        f"Operator OPD Anda bertanya tentang {_short(question)}.",
        tujuan=PAGE,
        objek_id=question.id,
        jenis=TANYA.code,
        at=at,
    )


def _short(question: Question) -> str:
    title = title_of(question)
    short = title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1]}…"
    return f"“{short}”"
