"""Beginning a thread: from an item, or from a row of the own score."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.access import current_actor, reading, requires, transaction
from portal.accounts.forms import refuse
from portal.agency.models import Instansi
from portal.documents.models import Document
from portal.documents.queries import owned
from portal.errors import Conflict, Rejected
from portal.permissions import Permission
from portal.questions import actions, faq_queries, queries
from portal.questions.blueprint import blueprint
from portal.questions.forms import MessageForm
from portal.questions.models import Question, Topic
from portal.questions.subjects import ScoreRow, topic_of_kind
from portal.vocabulary import DocumentState
from portal.web.htmx import render, wants_partial

SENT = "Pertanyaan terkirim. Anda diberi tahu di Notifikasi begitu dijawab."


@blueprint.get("/dokumen/<uuid:document_id>/tanya")
@requires(Permission.QUESTIONS_ASK)
def item_form(document_id: uuid.UUID) -> Response:
    """Answers that may do, and the place to ask about an item."""
    return _about_item(document_id, MessageForm.fresh())


@blueprint.post("/dokumen/<uuid:document_id>/tanya")
@requires(Permission.QUESTIONS_ASK)
def ask_item(document_id: uuid.UUID) -> AnyResponse:
    """Ask about an item."""
    actor, form = current_actor(), MessageForm()
    try:
        with transaction() as session:
            document = owned(session, actor, document_id)
            question = actions.ask(
                session, actor, document, form.tulisan.data or "", question_id=form.made_id
            )
    except Rejected as refusal:
        refuse(form, refusal)
        return _about_item(document_id, form, 422)
    return _sent(question)


@blueprint.get("/skor/tanya")
@requires(Permission.QUESTIONS_ASK)
def row_form() -> Response:
    """The same for a row of the own score (`baris`, `tahun`)."""
    return _about_row(MessageForm.fresh())


@blueprint.post("/skor/tanya")
@requires(Permission.QUESTIONS_ASK)
def ask_row() -> AnyResponse:
    """Ask about a row of the own score."""
    actor, form = current_actor(), MessageForm()
    try:
        with transaction() as session:
            row = _row_of_address()
            question = actions.ask(
                session, actor, row, form.tulisan.data or "", question_id=form.made_id
            )
    except Rejected as refusal:
        refuse(form, refusal)
        return _about_row(form, 422)
    return _sent(question)


@blueprint.post("/tanya/mungkin")
@requires(Permission.QUESTIONS_ASK)
def perhaps() -> AnyResponse:
    """Answers that fit what is being typed. A POST, because such words belong in no address."""
    if not wants_partial():
        return redirect(url_for("questions.help_"), 303)
    code = request.form.get("topik", "")
    topic = Topic(code) if code in list(Topic) else Topic.UMUM
    text = request.form.get("tulisan", "").replace("\0", " ")
    found = faq_queries.suggested(reading(), current_actor().instansi_id, topic, text)
    return Response(render_template("questions/_perhaps.html", suggested=found))


def _about_item(document_id: uuid.UUID, form: MessageForm, status: int = 200) -> Response:
    actor, session = current_actor(), reading()
    document = owned(session, actor, document_id)
    if document.state is DocumentState.DRAF:
        raise Conflict(actions.DRAFT)
    return _form_page(
        form,
        status,
        document.title,
        topic_of_kind(document.kind),
        queries.about_item(session, actor, document_id),
        url_for("documents.show", document_id=document_id),
        document,
    )


def _about_row(form: MessageForm, status: int = 200) -> Response:
    actor, session, row = current_actor(), reading(), _row_of_address()
    earlier = queries.about_row(session, actor, row)
    back = url_for("home.score", tahun=row.tahun)
    return _form_page(form, status, row.title, Topic(row.indikator.value), earlier, back, None)


def _row_of_address() -> ScoreRow:
    tahun = request.args.get("tahun", type=int)
    return queries.own_row(reading(), current_actor(), request.args.get("baris", ""), tahun)


def _form_page(
    form: MessageForm,
    status: int,
    title: str,
    topic: Topic,
    earlier: Sequence[Question],
    back: str,
    document: Document | None,
) -> Response:
    actor, session = current_actor(), reading()
    return render(
        "questions/ask.html",
        status=status,
        form=form,
        about=title,
        bkd=session.get_one(Instansi, actor.instansi_id).sebutan_bkd,
        topic=topic,
        earlier=earlier,
        back=back,
        for_colleague=document.owner
        if document is not None and document.owner_id != actor.pegawai_id
        else None,
        suggested=faq_queries.suggested(session, actor.instansi_id, topic, form.tulisan.data or ""),
        address=request.full_path.rstrip("?"),
    )


def _sent(question: Question) -> AnyResponse:
    flash(SENT, "ok")
    return redirect(url_for("questions.show", question_id=question.id), 303)
