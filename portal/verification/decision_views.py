"""Setujui, Kembalikan, Tolak, Cabut, and taking them back.

Every answer is the next page (303 without JavaScript), or the page again with what was typed.
"""

from __future__ import annotations

import uuid
from contextlib import suppress

from flask import Response, flash, request, session
from sqlalchemy.orm import Session

from portal.access import current_actor, reading, requires, transaction
from portal.documents.models import Document
from portal.documents.rulings import Reason
from portal.documents.transitions import Act
from portal.errors import Conflict, PortalError, Rejected
from portal.permissions import Permission
from portal.verification import actions, corrections, grace
from portal.verification.blueprint import blueprint
from portal.verification.decisions import OUTCOMES, Outcome
from portal.verification.forms import ApproveForm, ReturnForm, RevisionForm, reason_form
from portal.verification.item_page import DESK, KEPT, Attempt, again, show, typed_note
from portal.verification.messages import short_title
from portal.verification.onward import go_on, lease, to_item
from portal.verification.queries import document_in_scope, position_of, reasons
from portal.vocabulary import DocumentState
from portal.web.htmx import asks_for
from portal.web.pagination import Position
from portal.wording import points


@blueprint.post("/<uuid:document_id>/setujui", defaults={"act": Act.SETUJUI.value})
@blueprint.post("/<uuid:document_id>/kembalikan", defaults={"act": Act.KEMBALIKAN.value})
@blueprint.post("/<uuid:document_id>/tolak", defaults={"act": Act.TOLAK.value})
@requires(Permission.VERIFY_DECIDE)
def decide(document_id: uuid.UUID, act: str) -> Response:
    """Setujui, Kembalikan, Tolak; then the next item in place."""
    answer = _judge(document_id, Act(act), Permission.VERIFY_DECIDE)
    return answer if isinstance(answer, Response) else go_on(answer, wrap=True)


@blueprint.post("/<uuid:document_id>/cabut")
@requires(Permission.VERIFY_REVOKE)
def revoke(document_id: uuid.UUID) -> Response:
    """Withdraw an approval; the page shows what came of it."""
    answer = _judge(document_id, Act.CABUT, Permission.VERIFY_REVOKE)
    return answer if isinstance(answer, Response) else to_item(document_id)


@blueprint.post("/<uuid:document_id>/urungkan")
@requires(Permission.VERIFY_DECIDE)
def undo(document_id: uuid.UUID) -> Response:
    """Take the last decision back; the item is on the desk again, the one that came by itself
    goes back to the queue. A refusal leaves the desk as it is."""
    actor, later = current_actor(), _later()
    try:
        with transaction() as writing:
            document = document_in_scope(writing, actor, document_id)
            actions.undo(writing, actor, document, lease=lease())
            said = _said_again(document)
    except Conflict as refusal:
        grace.forget()
        if asks_for(DESK):
            raise
        flash(refusal.message, "warn")
        return to_item(later or document_id)
    if later:
        _put_back(later)
    grace.forget()
    flash(said, "ok")
    return to_item(document_id)


def _said_again(document: Document) -> str:
    """Where an item stands after a decision was taken back."""
    if document.state is DocumentState.DISETUJUI:
        now_is = "Persetujuannya berlaku lagi."
    else:
        now_is = "Dokumennya Anda periksa lagi."
    return f"Keputusan diurungkan: {short_title(document)}. {now_is}"


def _later() -> uuid.UUID | None:
    """The item on the desk at the moment of taking back."""
    try:
        return uuid.UUID(request.form.get("dari", ""))
    except ValueError:
        return None


def _put_back(document_id: uuid.UUID) -> None:
    """Let go of an item that had come by itself, with the note that was begun kept for later."""
    if note := typed_note():
        session[KEPT] = [str(document_id), note]
    with suppress(PortalError), transaction() as writing:
        document = document_in_scope(writing, current_actor(), document_id)
        actions.release(writing, current_actor(), document)


def _judge(document_id: uuid.UUID, act: Act, permission: Permission) -> Response | Position:
    """Take the decision; answers with the page again, or with where the item stood."""
    actor, form = current_actor(), _form(document_id, act, permission)
    if not form.validate():
        return show(document_id, Attempt(act, form, status=422))
    try:
        with transaction() as writing:
            document = document_in_scope(writing, actor, document_id, permission)
            outcome = _take(writing, act, document, form)
            said = _said(document, act, outcome)
            place = position_of(document)
    except (Conflict, Rejected) as refusal:
        return again(document_id, Attempt(act, form, note=form["catatan"].data or ""), refusal)
    if session.get(KEPT, [""])[0] == str(document_id):
        del session[KEPT]
    if act is Act.CABUT and outcome.state is DocumentState.DISETUJUI:
        flash(said, "ok")  # only proposed: there is nothing to take back
    else:
        grace.remember(document_id, said)
    return place


def _form(document_id: uuid.UUID, act: Act, permission: Permission) -> RevisionForm:
    """What was sent, with the reasons that fit this item to choose from."""
    if act is Act.SETUJUI:
        return ApproveForm().for_act(act.value)
    document = document_in_scope(reading(), current_actor(), document_id, permission)
    form = reason_form(act, document.kind)()
    form.offer(reasons(reading(), document, [act])[act])
    return form.for_act(act.value)


def _take(writing: Session, act: Act, document: Document, form: RevisionForm) -> Outcome:
    actor, note = current_actor(), form["catatan"].data or ""
    if act is Act.SETUJUI:
        return actions.approve(writing, actor, document, note=note, revision=form.revision)
    reason = writing.get(Reason, uuid.UUID(form["alasan"].data))
    decide = {
        Act.KEMBALIKAN: actions.return_,
        Act.TOLAK: actions.refuse,
        Act.CABUT: actions.revoke,
    }[act]
    outcome = decide(writing, actor, document, reason, note=note, revision=form.revision)
    if isinstance(form, ReturnForm):
        corrections.propose(writing, actor, document, form.proposed)
    return outcome


def _said(document: Document, act: Act, outcome: Outcome) -> str:
    if outcome.state is DocumentState.MENUNGGU_KEDUA:
        act = Act.SETUJUI_PERTAMA
    if act is Act.CABUT and outcome.state is DocumentState.DISETUJUI:
        title = short_title(document)
        return f"Pencabutan diusulkan: {title}. Pemeriksa lain yang memutuskannya."
    words = OUTCOMES[act]
    sentence = f"{words[:1].upper()}{words[1:]}: {short_title(document)}, {document.owner.nama}."
    if outcome.before is not None and outcome.after not in {None, outcome.before}:
        sentence += f" Skor {points(outcome.before)} → {points(outcome.after or outcome.before)}."
    return sentence
