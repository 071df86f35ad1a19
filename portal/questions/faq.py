"""Acts on the tanya-jawab: keep an answer, write one, change, order, switch off."""

from __future__ import annotations

import datetime as dt
import tomllib
import uuid
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import audit
from portal.agency.models import Instansi
from portal.db import new_id, now
from portal.errors import Conflict, Forbidden, NotFound, Rejected
from portal.permissions import Actor, Permission
from portal.questions import anonymous, faq_queries, queries, words
from portal.questions.models import Faq, Question, QuestionState, Topic
from portal.web.typed import clean, clean_lines

MOST = 300
"""Of one agency; more are found by nobody."""
_BEGINNING = Path(__file__).with_name("awal.toml")


@dataclass(frozen=True)
class Words:
    """What an answer consists of."""

    topik: Topic
    pertanyaan: str
    jawaban: str


def draft(question: Question) -> tuple[str, str]:
    """First question and last answer of a thread, with numbers and names taken out."""
    names = people_of(question)
    asking = {question.owner_id, question.document.created_by_id if question.document else None}
    asked = question.messages[0].isi if question.messages else ""
    told = [message.isi for message in question.messages if message.author_id not in asking]
    short = anonymous.without_people(clean(asked), names)[: words.LONGEST_QUESTION]
    return short, anonymous.without_people(told[-1] if told else "", names)[: words.LONGEST]


def people_of(question: Question) -> list[str]:
    """Names that may not stand in what is kept: of the owner and of everybody who wrote."""
    names = [question.owner.nama, *(message.author.nama for message in question.messages)]
    return list(dict.fromkeys(names))


def keep(
    session: Session,
    actor: Actor,
    question_id: uuid.UUID,
    chosen: Words,
    *,
    faq_id: uuid.UUID,
    at: dt.datetime | None = None,
) -> Faq:
    """Keep the answer of a thread for everybody. The same form twice, and two people with the
    same thread, meet one row.

    Raises Rejected while a NIP or a name of the thread stands in the words, Conflict when the
    thread has no answer yet.
    """
    instansi_id = _agency(session, actor, Permission.FAQ_KEEP)
    question = queries.staff_thread(session, actor, question_id, Permission.FAQ_KEEP)
    if question.owner.instansi_id != instansi_id:
        raise NotFound(queries.OUT_OF_REACH)
    known = faq_queries.kept_from(session, question_id)
    if known is not None:
        return known
    if question.state is QuestionState.MENUNGGU:
        raise Conflict("Jawab dulu pertanyaan ini, lalu simpan jawabannya.")
    return _add(session, actor, instansi_id, chosen, faq_id, at, people_of(question), question.id)


def write(
    session: Session,
    actor: Actor,
    chosen: Words,
    *,
    faq_id: uuid.UUID,
    at: dt.datetime | None = None,
) -> Faq:
    """Write an answer that nobody has asked for yet."""
    instansi_id = _agency(session, actor, Permission.FAQ_MANAGE)
    known = session.get(Faq, faq_id)
    if known is not None and known.instansi_id == instansi_id:
        return known
    return _add(session, actor, instansi_id, chosen, faq_id, at, [], None)


def change(session: Session, actor: Actor, faq_id: uuid.UUID, chosen: Words) -> Faq:
    """Word an answer otherwise; the names of the thread that it came from stay out."""
    faq = _managed(session, actor, faq_id)
    kept = _checked(chosen, _names_behind(session, faq))
    if (faq.topik, faq.pertanyaan, faq.jawaban) != (kept.topik, kept.pertanyaan, kept.jawaban):
        faq.topik, faq.pertanyaan, faq.jawaban = kept.topik, kept.pertanyaan, kept.jawaban
        audit.record(session, actor, "faq:changed", faq.id, pertanyaan=kept.pertanyaan)
    session.flush()
    return faq


def switch(session: Session, actor: Actor, faq_id: uuid.UUID, *, on: bool) -> Faq:
    """Show an answer to everybody, or to nobody."""
    faq = _managed(session, actor, faq_id)
    if faq.aktif != on:
        faq.aktif = on
        audit.record(session, actor, "faq:switched-on" if on else "faq:switched-off", faq.id)
    session.flush()
    return faq


def move(session: Session, actor: Actor, faq_id: uuid.UUID, *, up: bool) -> Faq:
    """Change places with the neighbour; at the end of the list nothing happens."""
    faq = _managed(session, actor, faq_id)
    everything = list(faq_queries.all_of(session, faq.instansi_id))
    here = everything.index(faq)
    there = here - 1 if up else here + 1
    if 0 <= there < len(everything):
        everything[here], everything[there] = everything[there], everything[here]
        for number, one in enumerate(everything, start=1):
            one.urutan = number
        audit.record(session, actor, "faq:moved", faq.id, ke=there + 1)
    session.flush()
    return faq


def begin(session: Session, actor: Actor, at: dt.datetime | None = None) -> int:
    """Add the questions of awal.toml that the agency has not; returns how many."""
    instansi_id = _agency(session, actor, Permission.FAQ_MANAGE)
    known = set(session.scalars(select(Faq.pertanyaan).where(Faq.instansi_id == instansi_id)))
    bkd = session.get_one(Instansi, instansi_id).sebutan_bkd
    added = 0
    for entry in tomllib.loads(_BEGINNING.read_text("utf-8"))["tanya"]:
        asked, told = (entry[part].replace("{bkd}", bkd) for part in ("pertanyaan", "jawaban"))
        if asked in known:
            continue
        chosen = Words(Topic(entry["topik"]), asked, told)
        _add(session, actor, instansi_id, chosen, new_id(), at, [], None)
        added += 1
    return added


def _add(
    session: Session,
    actor: Actor,
    instansi_id: uuid.UUID,
    chosen: Words,
    faq_id: uuid.UUID,
    at: dt.datetime | None,
    names: list[str],
    asal_id: uuid.UUID | None,
) -> Faq:
    kept = _checked(chosen, names)
    last, many = session.execute(
        select(func.max(Faq.urutan), func.count()).where(Faq.instansi_id == instansi_id)
    ).one()
    if many >= MOST:
        raise Rejected(f"Sudah ada {many} tanya-jawab. Gabungkan atau ganti salah satunya.")
    if session.get(Faq, faq_id) is not None:
        faq_id = new_id()
    moment = at or now()
    faq = Faq(
        id=faq_id, instansi_id=instansi_id, topik=kept.topik, pertanyaan=kept.pertanyaan,
        jawaban=kept.jawaban, urutan=(last or 0) + 1, aktif=True, asal_id=asal_id,
        penulis_id=actor.pegawai_id, dibuat=moment,
    )  # fmt: skip
    session.add(faq)
    session.flush()
    asal = asal_id.hex if asal_id else None
    audit.record(
        session, actor, "faq:kept", faq.id, at=moment, pertanyaan=kept.pertanyaan, asal=asal
    )
    return faq


def _checked(chosen: Words, names: list[str]) -> Words:
    asked, told = clean(chosen.pertanyaan), clean_lines(chosen.jawaban)
    for text, field, missing in (
        (asked, "pertanyaan", "Tulis pertanyaannya."),
        (told, "jawaban", "Tulis jawabannya."),
    ):
        if not any(sign.isalnum() for sign in text):
            raise Rejected(missing, field)
        somebody = anonymous.person_in(text, names)
        if somebody is not None:
            raise Rejected(
                f"Masih memuat “{somebody}”. Semua orang membaca tanya-jawab: hapus NIP dan nama, "
                "atau tulis “pegawai”.",
                field,
            )
    words.within(asked, words.LONGEST_QUESTION, "Pertanyaan", "pertanyaan")
    words.within(told, words.LONGEST, "Jawaban", "jawaban")
    return Words(chosen.topik, asked, told)


def _names_behind(session: Session, faq: Faq) -> list[str]:
    """Names of the thread that an answer came from, whoever may read that thread today."""
    question = session.get(Question, faq.asal_id) if faq.asal_id else None
    return people_of(question) if question else []


def _agency(session: Session, actor: Actor, permission: Permission) -> uuid.UUID:
    """The actor's agency, locked: who keeps at the same moment gets the next place."""
    if not actor.may(permission):
        raise Forbidden
    instansi_id = faq_queries.agency(actor, permission)
    locked = select(Instansi.id).where(Instansi.id == instansi_id)
    session.execute(locked.with_for_update(key_share=True))
    return instansi_id


def _managed(session: Session, actor: Actor, faq_id: uuid.UUID) -> Faq:
    faq = faq_queries.managed_one(session, actor, faq_id)
    session.execute(
        select(Faq.id).where(Faq.instansi_id == faq.instansi_id).order_by(Faq.id).with_for_update()
    )
    session.refresh(faq)
    return faq
