"""/verifikasi/tanya: what waits for an answer, a thread, the answer, and what is kept of it."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, flash, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from portal.access import current_actor, reading, requires, transaction
from portal.accounts.forms import refuse
from portal.errors import Conflict, Rejected
from portal.permissions import Actor, Permission
from portal.questions import actions, faq, faq_queries, queries, voices, words
from portal.questions.blueprint import blueprint
from portal.questions.forms import FaqForm, MessageForm
from portal.questions.models import Question, QuestionState
from portal.questions.rights import may_answer
from portal.questions.subjects import title_of, topic_of
from portal.scoring.queries import stored
from portal.web.htmx import render, swap_anyway
from portal.web.pagination import Position

TALK = "percakapan"
TEMPLATES = 5
"""Earlier answers offered to begin with."""


@blueprint.app_template_global()
def questions_waiting() -> int:
    """How many threads wait in the actor's reach; for the page of the queue, which stands below
    this feature."""
    return queries.waiting_count(reading(), current_actor())


@blueprint.get("/verifikasi/tanya")
@requires(Permission.QUEUE_READ)
def waiting() -> Response:
    """What waits for an answer in the actor's reach, the longest wait first."""
    actor, session = current_actor(), reading()
    position = Position.decode(request.args.get("setelah"))
    return render(
        "questions/waiting.html",
        page=queries.waiting(session, actor, position),
        first=position is None,
        title_of=title_of,
    )


@blueprint.get("/verifikasi/tanya/<uuid:question_id>")
@requires(Permission.QUEUE_READ)
def thread(question_id: uuid.UUID) -> Response:
    """A thread with what it is about; `contoh` names an answer to begin with."""
    return _page(question_id, None)


@blueprint.post("/verifikasi/tanya/<uuid:question_id>/jawab")
@requires(Permission.QUESTIONS_ANSWER)
def answer(question_id: uuid.UUID) -> AnyResponse:
    """Answer for the BKD."""
    actor, form = current_actor(), MessageForm()
    try:
        with transaction() as session:
            actions.answer(
                session, actor, question_id, form.tulisan.data or "",
                message_id=form.made_id, seen=form.seen,
            )  # fmt: skip
    except Rejected as refusal:
        refuse(form, refusal)
        return _page(question_id, form, status=422)
    except Conflict as conflict:
        return _page(question_id, form, status=409, message=conflict.message)
    flash("Jawaban terkirim. Pemiliknya diberi tahu.", "ok")
    return redirect(url_for("questions.thread", question_id=question_id), 303)


@blueprint.get("/verifikasi/tanya/<uuid:question_id>/tanya-jawab")
@requires(Permission.FAQ_KEEP)
def keep_form(question_id: uuid.UUID) -> AnyResponse:
    """The words of a thread without people, to be read and worded for everybody."""
    actor, session = current_actor(), reading()
    faq_queries.agency(actor, Permission.FAQ_KEEP)
    question = queries.staff_thread(session, actor, question_id, Permission.FAQ_KEEP)
    if faq_queries.kept_from(session, question_id) or question.state is QuestionState.MENUNGGU:
        return redirect(url_for("questions.thread", question_id=question_id), 303)
    asked, told = faq.draft(question)
    topic = topic_of(question).value
    return _keep_page(question, FaqForm.fresh(topik=topic, pertanyaan=asked, jawaban=told))


@blueprint.post("/verifikasi/tanya/<uuid:question_id>/tanya-jawab")
@requires(Permission.FAQ_KEEP)
def keep(question_id: uuid.UUID) -> AnyResponse:
    """Jadikan tanya-jawab."""
    actor, form = current_actor(), FaqForm()
    try:
        with transaction() as session:
            faq.keep(session, actor, question_id, form.words, faq_id=form.made_id)
    except Rejected as refusal:
        refuse(form, refusal)
        question = queries.staff_thread(reading(), actor, question_id, Permission.FAQ_KEEP)
        return _keep_page(question, form, 422)
    flash("Tersimpan sebagai tanya-jawab. Semua pegawai dapat membacanya di Bantuan.", "ok")
    return redirect(url_for("questions.thread", question_id=question_id), 303)


def _keep_page(question: Question, form: FaqForm, status: int = 200) -> Response:
    return render("questions/keep.html", status=status, question=question, form=form)


def _page(
    question_id: uuid.UUID, form: MessageForm | None, *, status: int = 200, message: str = ""
) -> Response:
    actor, session = current_actor(), reading()
    question = queries.staff_thread(session, actor, question_id)
    answering = may_answer(actor, question) and question.state is not QuestionState.SELESAI
    form = form or MessageForm.fresh(tulisan=_template(session, question))
    form.dilihat.data = str(len(question.messages))
    response = render(
        "questions/thread.html",
        partial="questions/_talk.html",
        status=status,
        question=question,
        title=title_of(question),
        lines=voices.for_staff(question, actor.pegawai_id),
        form=form if answering and len(question.messages) < words.MOST_MESSAGES else None,
        message=message,
        templates=_templates(session, question) if answering else [],
        row=_row(session, question),
        following=queries.next_waiting(session, actor, question),
        **_keeping(session, actor, question),
    )
    return swap_anyway(response, TALK)


def _template(session: Session, question: Question) -> str:
    try:
        chosen = uuid.UUID(request.args.get("contoh", ""))
    except ValueError:
        return ""
    found = faq_queries.shown_one(session, question.owner.instansi_id, chosen)
    return found.jawaban if found else ""


def _templates(session: Session, question: Question) -> Any:
    asked = " ".join(line.isi for line in question.messages if voices.is_asking(line, question))
    return faq_queries.suggested(
        session, question.owner.instansi_id, topic_of(question), asked, TEMPLATES
    )


def _row(session: Session, question: Question) -> dict[str, Any] | None:
    """The row of the score that is asked about, as it is stored now."""
    if question.tahun is None:
        return None
    score = stored(session, question.owner_id, question.tahun)
    word = question.baris_skor.partition(":")[2]
    rows = score.rincian if score else []
    return next((row for row in rows if row["indikator"] == word), None)


def _keeping(session: Session, actor: Actor, question: Question) -> dict[str, Any]:
    """Whether the thread was kept, and whether the actor may keep it."""
    whole = faq_queries.agencies(actor, Permission.FAQ_KEEP)
    kept = faq_queries.kept_from(session, question.id)
    answered = question.state is not QuestionState.MENUNGGU and any(
        not voices.is_asking(line, question) for line in question.messages
    )
    return {
        "kept": kept,
        "may_keep": answered and not kept and question.owner.instansi_id in whole,
    }
