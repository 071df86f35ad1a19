"""/verifikasi: the queue, an item, and its papers. Reading begins no claim."""

from __future__ import annotations

import uuid

from flask import Response, request, url_for

from portal.access import current_actor, reading, requires, transaction
from portal.db import now
from portal.documents.files import PDF, PICTURE, page_key, pdf_key
from portal.documents.models import DocumentFile
from portal.documents.queries import file_of
from portal.documents.serving import send_object, send_siasn_copy
from portal.errors import NotFound
from portal.permissions import Permission
from portal.verification import (
    ahead_views,
    bulk_views,
    claim_views,
    decision_views,
    item_page,
    queries,
    queue_page,
    readings,
    revocation_views,
)
from portal.verification.blueprint import blueprint
from portal.verification.item_page import DESK, filters
from portal.verification.quality import share_views, spot_check_views, statistics_views
from portal.verification.readings import Way
from portal.web.htmx import asks_for, go_to, render, wants_partial
from portal.web.pagination import Position

# The acts declare their addresses on the same blueprint by being imported.
__all__ = [
    "ahead_views",
    "blueprint",
    "bulk_views",
    "claim_views",
    "decision_views",
    "revocation_views",
    "share_views",
    "spot_check_views",
    "statistics_views",
]


@blueprint.get("")
@requires(Permission.QUEUE_READ)
def queue() -> Response:
    """Open items in the actor's reach, oldest first."""
    actor, session, chosen = current_actor(), reading(), filters()
    if asks_for(DESK):  # the last item of the queue was decided in place
        return go_to(url_for("verification.queue", **chosen.address()))
    after = Position.decode(request.args.get("setelah"))
    counts, around = queries.counts(session, actor, chosen), queries.surroundings(session, actor)
    decides = actor.may(Permission.VERIFY_DECIDE)
    return render(
        "verification/queue.html",
        partial="verification/_queue.html",
        page=queries.queue(session, actor, chosen, after),
        counts=counts,
        told=queue_page.found_words(chosen, counts),
        choices=queue_page.main_choices(chosen, counts, around),
        anew=wants_partial(),
        further=queue_page.further_choices(chosen),
        around=around,
        filters=chosen,
        first=after is None,
        tabs=queue_page.tabs(chosen, counts, mine=decides),
        may_decide=decides,
        moment=now(),
        today=actor.today,
    )


@blueprint.get("/<uuid:document_id>")
@requires(Permission.QUEUE_READ)
def item(document_id: uuid.UUID) -> Response:
    """The paper beside the data, what was checked, and the decisions that are open."""
    return item_page.show(document_id)


@blueprint.get("/<uuid:document_id>/berkas/<uuid:file_id>")
@requires(Permission.QUEUE_READ)
def pdf(document_id: uuid.UUID, file_id: uuid.UUID) -> Response:
    """The PDF itself; a signed one is kept byte for byte and shown as pictures only."""
    file = _file(document_id, file_id, Way.BERKAS)
    if file.signed:
        raise NotFound("PDF bertanda tangan digital hanya ditampilkan per halaman.")
    return send_object(pdf_key(file), f"{file.role.value}.pdf", PDF)


@blueprint.get("/<uuid:document_id>/berkas/<uuid:file_id>/siasn")
@requires(Permission.QUEUE_READ)
def siasn(document_id: uuid.UUID, file_id: uuid.UUID) -> Response:
    """The paper as small as SIASN wants it, to keep; what is sent there by hand."""
    file = _file(document_id, file_id, Way.SIASN)
    return send_siasn_copy(file, f"{file.role.value}-siasn.pdf")


@blueprint.get("/<uuid:document_id>/berkas/<uuid:file_id>/halaman/<int:number>")
@requires(Permission.QUEUE_READ)
def page(document_id: uuid.UUID, file_id: uuid.UUID, number: int) -> Response:
    """The picture of one page."""
    file = _file(document_id, file_id)
    if not 1 <= number <= file.pages:
        raise NotFound("Halaman ini tidak ada di berkas.")
    return send_object(page_key(file, number), f"{file.role.value}-{number}.webp", PICTURE)


def _file(document_id: uuid.UUID, file_id: uuid.UUID, way: Way = Way.LAYAR) -> DocumentFile:
    """A file within reach; its reading is noted before any of its bytes go out."""
    actor, session = current_actor(), reading()
    file = file_of(queries.document_in_scope(session, actor, document_id), file_id)
    if not readings.is_noted(session, actor, document_id, way):
        with transaction() as writing:
            readings.note(writing, actor, document_id, way)
    return file
