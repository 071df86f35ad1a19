"""Reads of the tanya-jawab: the answers that were worth keeping."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session

from portal.errors import Forbidden, NotFound
from portal.permissions import Actor, Permission
from portal.questions.models import Faq, Topic
from portal.web.pagination import Page

PAGE = 20
SUGGESTED = 3
GONE = "Tanya-jawab ini tidak ada. Mungkin sudah dihapus, atau milik instansi lain."
FOR_THE_WHOLE = "Tanya-jawab berlaku bagi seluruh instansi; peran Anda terbatas pada satu unit."
LONGEST_SEARCH = 100
_MOST_WORDS = 8
_SHORTEST = 4
"""Letters of a word that says something about a question."""
_COMMON = frozenset({
    "yang", "saya", "anda", "untuk", "dari", "dengan", "kenapa", "mengapa", "bagaimana", "apakah",
    "sudah", "belum", "tidak", "bisa", "dapat", "akan", "atau", "pada", "dalam", "juga", "karena",
    "jika", "bila", "kalau", "tolong", "mohon",
})  # fmt: skip
_WORD = re.compile(r"\w+")
_ORDER = (Faq.urutan, Faq.id)


def agencies(actor: Actor, permission: Permission) -> list[uuid.UUID]:
    """The agencies that the actor looks after as a whole."""
    grants = actor.grants_for(permission)
    return sorted({grant.instansi_id for grant in grants if grant.opd_id is None})


def agency(actor: Actor, permission: Permission) -> uuid.UUID:
    """The agency whose answers the actor keeps, the own one first; raises Forbidden when the
    actor's role ends at a unit."""
    whole = agencies(actor, permission)
    if not whole:
        raise Forbidden(FOR_THE_WHOLE)
    return actor.instansi_id if actor.instansi_id in whole else whole[0]


def listing(
    session: Session,
    actor: Actor,
    search: str,
    topik: Topic | None,
    after: tuple[int, uuid.UUID] | None,
) -> Page[Faq]:
    """What everybody of the agency may read, in the order that the BKD has set. Every word of the
    search stands in the question or in the answer."""
    statement = select(Faq).where(Faq.instansi_id == actor.instansi_id, Faq.aktif)
    statement = statement.where(*(_holds(word) for word in search.split()[:_MOST_WORDS]))
    if topik is not None:
        statement = statement.where(Faq.topik == topik)
    if after is not None:
        number, key = after
        statement = statement.where(
            or_(Faq.urutan > number, and_(Faq.urutan == number, Faq.id > key))
        )
    rows = session.scalars(statement.order_by(*_ORDER).limit(PAGE + 1)).all()
    more = len(rows) > PAGE
    return Page(rows[:PAGE], place_of(rows[PAGE - 1]) if more else None)


def place_of(faq: Faq) -> str:
    """Where an answer stands, for an address."""
    return f"{faq.urutan}-{faq.id.hex}"


def place_in(text: str | None) -> tuple[int, uuid.UUID] | None:
    """Read a place from an address; nonsense is the first page."""
    number, _, key = (text or "").partition("-")
    if not (number.isascii() and number.isdecimal() and len(number) < 9):
        return None
    try:
        return int(number), uuid.UUID(hex=key)
    except ValueError:
        return None


def counts(session: Session, actor: Actor) -> dict[Topic, int]:
    """Number of answers per topic."""
    statement = (
        select(Faq.topik, func.count())
        .where(Faq.instansi_id == actor.instansi_id, Faq.aktif)
        .group_by(Faq.topik)
    )
    return dict(iter(session.execute(statement)))


def suggested(
    session: Session, instansi_id: uuid.UUID, topik: Topic, text: str, limit: int = SUGGESTED
) -> Sequence[Faq]:
    """Answers that may fit a question: those of its topic, and those that share its words, which
    weigh more. None when nothing speaks for one."""
    weight: ColumnElement[int] = case((Faq.topik == topik, 1), else_=0)
    for word in telling_words(text):
        asked = case((Faq.pertanyaan.icontains(word, autoescape=True), 3), else_=0)
        told = case((Faq.jawaban.icontains(word, autoescape=True), 1), else_=0)
        weight = weight + asked + told
    statement = (
        select(Faq)
        .where(Faq.instansi_id == instansi_id, Faq.aktif, weight > literal(0))
        .order_by(weight.desc(), *_ORDER)
    )
    return session.scalars(statement.limit(limit)).all()


def telling_words(text: str) -> list[str]:
    """The first words of a text that say what it is about."""
    found = dict.fromkeys(word.casefold() for word in _WORD.findall(text[:1000]))
    telling = [word for word in found if len(word) >= _SHORTEST and word not in _COMMON]
    return telling[:_MOST_WORDS]


def managed(session: Session, actor: Actor) -> Sequence[Faq]:
    """Everything that the agency keeps, switched off or not, in its order."""
    return all_of(session, agency(actor, Permission.FAQ_MANAGE))


def all_of(session: Session, instansi_id: uuid.UUID) -> Sequence[Faq]:
    """Every answer of an agency in its order."""
    statement = select(Faq).where(Faq.instansi_id == instansi_id).order_by(*_ORDER)
    return session.scalars(statement).all()


def managed_one(session: Session, actor: Actor, faq_id: uuid.UUID) -> Faq:
    """One of them; raises NotFound for those of other agencies."""
    faq = session.get(Faq, faq_id, populate_existing=True)
    if faq is None or faq.instansi_id not in agencies(actor, Permission.FAQ_MANAGE):
        raise NotFound(GONE)
    return faq


def shown_one(session: Session, instansi_id: uuid.UUID, faq_id: uuid.UUID | None) -> Faq | None:
    """An answer to begin one's own with; None when it is not there for this agency."""
    faq = session.get(Faq, faq_id) if faq_id else None
    return faq if faq is not None and faq.instansi_id == instansi_id and faq.aktif else None


def kept_from(session: Session, question_id: uuid.UUID) -> Faq | None:
    """The answer that was kept from a thread."""
    return session.scalar(select(Faq).where(Faq.asal_id == question_id).limit(1))


def _holds(word: str) -> ColumnElement[bool]:
    return or_(
        Faq.pertanyaan.icontains(word, autoescape=True),
        Faq.jawaban.icontains(word, autoescape=True),
    )
