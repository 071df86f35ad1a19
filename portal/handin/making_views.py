"""The state of papers in the making, on the pages of an item."""

from __future__ import annotations

import uuid

from flask import redirect, url_for
from werkzeug.wrappers import Response

from portal.access import current_actor, reading, requires, transaction
from portal.documents.queries import owned
from portal.handin import making
from portal.handin.blueprint import blueprint
from portal.handin.file_views import to_item
from portal.permissions import Permission
from portal.web.htmx import render, wants_partial


@blueprint.get("/dokumen/<uuid:document_id>/olahan", endpoint="making")
@requires(Permission.DOCUMENTS_READ_OWN)
def show(document_id: uuid.UUID) -> Response:
    """The part of the pages that asks for itself; opened by hand it leads to the item."""
    session = reading()
    document = owned(session, current_actor(), document_id)
    if not wants_partial():
        return to_item(document_id)
    rows = making.of_item(session, document)
    return render("documents/_processing.html", document=document, makings=rows, made=not rows)


@blueprint.post("/dokumen/<uuid:document_id>/olahan/<uuid:processing_id>/abaikan")
@requires(Permission.DOCUMENTS_HAND_IN)
def keep_paper(document_id: uuid.UUID, processing_id: uuid.UUID) -> Response:
    """Stay with the paper that is there."""
    actor = current_actor()
    with transaction() as session:
        making.dismiss(session, actor, owned(session, actor, document_id), processing_id)
    return redirect(url_for("documents.files", document_id=document_id), 303)
