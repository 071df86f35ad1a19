"""/tanya: the own threads, one of them, and what whoever asks can do there."""

from __future__ import annotations

import uuid

from flask import Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.access import current_actor, reading, requires, transaction
from portal.accounts.forms import refuse
from portal.db import now
from portal.errors import Conflict, Rejected
from portal.permissions import Permission
from portal.questions import (
    actions,
    answer_views,
    ask_views,
    faq_admin_views,
    faq_views,
    queries,
    voices,
)
from portal.questions.blueprint import blueprint
from portal.questions.forms import MessageForm
from portal.questions.models import QuestionState
from portal.questions.subjects import title_of
from portal.web.htmx import render, swap_anyway
from portal.web.pagination import Position

# The other views declare their pages on the same blueprint by being imported.
__all__ = ["answer_views", "ask_views", "blueprint", "faq_admin_views", "faq_views"]

TALK = "percakapan"
"""Element that an answer for htmx replaces."""


@blueprint.get("/tanya")
@requires(Permission.QUESTIONS_READ_OWN)
def index() -> Response:
    """The own threads, newest first; an operator's about items of colleagues apart."""
    actor, session = current_actor(), reading()
    serves = actor.may(Permission.DOCUMENTS_HAND_IN_FOR)
    for_others = serves and request.args.get("untuk") == "rekan"
    position = Position.decode(request.args.get("sebelum"))
    return render(
        "questions/index.html",
        page=queries.own(session, actor, position, for_others=for_others),
        first=position is None,
        for_others=for_others,
        serves=serves,
        title_of=title_of,
        may_ask=actor.may(Permission.QUESTIONS_ASK),
    )


@blueprint.get("/tanya/<uuid:question_id>")
@requires(Permission.QUESTIONS_READ_OWN)
def show(question_id: uuid.UUID) -> Response:
    """One thread and the place to write on."""
    return _page(question_id, None)


@blueprint.post("/tanya/<uuid:question_id>/balas")
@requires(Permission.QUESTIONS_ASK)
def write_on(question_id: uuid.UUID) -> AnyResponse:
    """One more message; it opens a closed thread again."""
    actor, form = current_actor(), MessageForm()
    try:
        with transaction() as session:
            actions.write_on(
                session, actor, question_id, form.tulisan.data or "",
                message_id=form.made_id, seen=form.seen,
            )  # fmt: skip
    except Rejected as refusal:
        refuse(form, refusal)
        return _page(question_id, form, status=422)
    except Conflict as conflict:
        return _page(question_id, form, status=409, message=conflict.message)
    return redirect(url_for("questions.show", question_id=question_id, _anchor="terakhir"), 303)


@blueprint.post("/tanya/<uuid:question_id>/selesai")
@requires(Permission.QUESTIONS_ASK)
def close(question_id: uuid.UUID) -> AnyResponse:
    """Nothing is left to ask."""
    with transaction() as session:
        actions.close(session, current_actor(), question_id)
    flash("Pertanyaan ditutup. Anda dapat membukanya lagi dalam 14 hari.", "ok")
    return redirect(url_for("questions.show", question_id=question_id), 303)


def _page(
    question_id: uuid.UUID, form: MessageForm | None, *, status: int = 200, message: str = ""
) -> Response:
    actor, session = current_actor(), reading()
    question = queries.own_thread(session, actor, question_id)
    number = len(question.messages)
    form = form or MessageForm.fresh()
    form.dilihat.data = str(number)
    own = question.owner_id == actor.pegawai_id
    may_ask = actor.may(Permission.QUESTIONS_ASK)
    response = render(
        "questions/show.html",
        partial="questions/_talk.html",
        status=status,
        question=question,
        title=title_of(question),
        lines=voices.for_owner(question, actor.pegawai_id),
        form=form if may_ask and actions.may_write(question, now()) else None,
        message=message,
        own=own,
        may_close=may_ask and question.state is not QuestionState.SELESAI,
        may_ask=may_ask,
    )
    return swap_anyway(response, TALK)
