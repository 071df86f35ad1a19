"""Taking an item, letting go of it, and saying that one is still there."""

from __future__ import annotations

import uuid

from flask import Response, flash, session

from portal.access import current_actor, requires, transaction
from portal.errors import Conflict, Rejected
from portal.permissions import Permission
from portal.verification import claims
from portal.verification.blueprint import blueprint
from portal.verification.forms import TakeOverForm
from portal.verification.item_page import KEPT, Attempt, again, show, typed_note
from portal.verification.messages import short_title
from portal.verification.onward import bounds, go_on, lease, to_item, to_queue
from portal.verification.queries import document_in_scope, position_of

DECIDE = Permission.VERIFY_DECIDE


@blueprint.post("/ambil")
@requires(DECIDE)
def claim_next() -> Response:
    """Hold the oldest free item of the filtered queue."""
    return go_on(None, wrap=False)


@blueprint.post("/<uuid:document_id>/ambil")
@requires(DECIDE)
def claim(document_id: uuid.UUID) -> Response:
    """Hold this item; a note that came too late for its decision is kept for the next one."""
    if note := typed_note():
        session[KEPT] = [str(document_id), note]
    actor = current_actor()
    try:
        with transaction() as writing:
            document = document_in_scope(writing, actor, document_id, DECIDE)
            claims.claim(writing, actor, document, **bounds())
    except (Conflict, Rejected) as refusal:
        return again(document_id, Attempt(note=typed_note()), refusal)
    return to_item(document_id)


@blueprint.post("/<uuid:document_id>/lepas")
@requires(DECIDE)
def release(document_id: uuid.UUID) -> Response:
    """Let go of the item and return to the queue."""
    actor = current_actor()
    with transaction() as writing:
        document = document_in_scope(writing, actor, document_id, DECIDE)
        claims.release(writing, actor, document)
        title = short_title(document)
    flash(f"Dilepas: {title}. Dokumen kembali ke antrean.", "ok")
    return to_queue()


@blueprint.post("/<uuid:document_id>/lewati")
@requires(DECIDE)
def skip(document_id: uuid.UUID) -> Response:
    """Let go of the item and hold the one after it."""
    actor = current_actor()
    with transaction() as writing:
        document = document_in_scope(writing, actor, document_id, DECIDE)
        claims.release(writing, actor, document)
        place = position_of(document)
    return go_on(place, wrap=False)


@blueprint.post("/<uuid:document_id>/hadir")
@requires(DECIDE)
def present(document_id: uuid.UUID) -> Response:
    """The page reports that its reader is at work; 409 tells who holds the item now."""
    actor = current_actor()
    with transaction() as writing:
        document = document_in_scope(writing, actor, document_id, DECIDE)
        claims.renew(writing, actor, document, lease=lease())
    return Response(status=204)


@blueprint.post("/<uuid:document_id>/pergi")
@requires(DECIDE)
def leave(document_id: uuid.UUID) -> Response:
    """The page reports that it was closed."""
    actor = current_actor()
    with transaction() as writing:
        claims.leave(writing, actor, document_in_scope(writing, actor, document_id, DECIDE))
    return Response(status=204)


@blueprint.post("/<uuid:document_id>/ambil-alih")
@requires(Permission.QUEUE_HEAD)
def take_over(document_id: uuid.UUID) -> Response:
    """The head of the queue goes on with what somebody else holds."""
    form = TakeOverForm()
    if not form.validate():
        return show(document_id, Attempt(form=form, status=422))
    actor = current_actor()
    try:
        with transaction() as writing:
            document = document_in_scope(writing, actor, document_id, DECIDE)
            claims.take_over(writing, actor, document, form.alasan.data or "", **bounds())
    except (Conflict, Rejected) as refusal:
        return again(document_id, Attempt(note=typed_note()), refusal)
    return to_item(document_id)
