"""/kirim/olahan: have a paper made of uploads, and ask how far it is."""

from __future__ import annotations

import uuid
from typing import cast

from flask import Response, current_app

from portal.access import current_actor, for_programs, reading, requires, transaction
from portal.documents.queries import owned
from portal.handin import page_marks
from portal.handin.sending import actions, messages, queries
from portal.handin.sending.answers import answer, refused, told
from portal.handin.sending.blueprint import blueprint
from portal.handin.sending.upload_views import bounds
from portal.handin.versions import PaperChanged, mark
from portal.jobs import Lane, Queue
from portal.permissions import Permission
from portal.vocabulary import ProcessingState


@blueprint.post("/kirim/olahan")
@requires(Permission.DOCUMENTS_HAND_IN)
@for_programs(largest=messages.LARGEST)
def order() -> Response:
    """Order a paper; the same order again only asks how far it is."""
    actor, message = current_actor(), told(messages.Order)
    seen = page_marks.known_to_phone(message.dokumen)
    try:
        with transaction() as session:
            new = actions.order(session, actor, message, bounds().max_pages, seen=seen)
    except PaperChanged as newer:
        # Once this answer has arrived the phone knows; sending again is its person's choice.
        present = mark(owned(reading(), actor, message.dokumen))
        return page_marks.remember_phone(refused(newer), message.dokumen, present)
    if new:
        cast("Queue", current_app.extensions["queue"]).wake(Lane.BERKAS)
    return _state(message.id, 202)


@blueprint.get("/kirim/olahan/<uuid:processing_id>")
@requires(Permission.DOCUMENTS_HAND_IN)
@for_programs(largest=0)
def state(processing_id: uuid.UUID) -> Response:
    """Where the paper stands, and what was read in it so far."""
    return _state(processing_id)


def _state(processing_id: uuid.UUID, status: int = 200) -> Response:
    making = queries.making_of(reading(), current_actor(), processing_id)
    read = None
    if making.reading is not None:
        read = {"keadaan": making.reading.value, "isian": making.read or {}}
    if making.state is ProcessingState.DIPROSES and making.message:
        status = 503  # the store is away: phones ask more and more seldom
    return answer(
        status,
        keadaan=making.state.value,
        pesan=making.message,
        halaman=making.pages,
        bacaan=read,
    )
