"""Who speaks in a thread, in the words of whoever reads it."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from portal.questions.models import Message, Question


@dataclass(frozen=True)
class Line:
    """One message as a page shows it."""

    by: str
    at: dt.datetime
    text: str
    mine: bool
    """Stands on the reader's side of the talk."""


def for_owner(question: Question, reader_id: uuid.UUID) -> list[Line]:
    """Whoever answers stays unnamed, as in the story of an item."""
    bkd = f"Verifikator {question.owner.instansi.sebutan_bkd}"
    return [
        Line(_asking(one, question, reader_id) or bkd, one.at, one.isi, is_asking(one, question))
        for one in question.messages
    ]


def for_staff(question: Question, reader_id: uuid.UUID) -> list[Line]:
    """Here everybody has a name."""
    lines = []
    for one in question.messages:
        by = "Anda" if one.author_id == reader_id else one.author.nama
        if is_asking(one, question) and one.author_id != question.owner_id:
            by = f"{by} (operator OPD)"
        lines.append(Line(by, one.at, one.isi, not is_asking(one, question)))
    return lines


def is_asking(message: Message, question: Question) -> bool:
    """Whether a message is of the owner or of the operator; nobody else can ask, and neither of
    them can answer."""
    document = question.document
    asking = {question.owner_id, document.created_by_id if document else question.owner_id}
    return message.author_id in asking


def _asking(message: Message, question: Question, reader_id: uuid.UUID) -> str:
    if not is_asking(message, question):
        return ""
    if message.author_id == reader_id:
        return "Anda"
    if message.author_id == question.owner_id:
        return message.author.nama
    return f"{message.author.nama} (operator OPD)"
