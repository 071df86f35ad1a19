"""The next item's pictures, fetched ahead: nothing is claimed, and nothing can be seen yet."""

from __future__ import annotations

import uuid

from flask import Response, current_app, jsonify, url_for

from portal.access import current_actor, reading, requires
from portal.documents.files import page_key
from portal.documents.models import Document
from portal.documents.queries import file_of
from portal.documents.serving import storage
from portal.errors import NotFound
from portal.permissions import Permission
from portal.verification import sealed
from portal.verification.blueprint import blueprint
from portal.verification.queries import GONE, document_in_scope
from portal.verification.rights import obstacle

DECIDE = Permission.VERIFY_DECIDE


@blueprint.get("/<uuid:document_id>/di-depan")
@requires(DECIDE)
def ahead(document_id: uuid.UUID) -> Response:
    """Addresses of the sealed pictures that the desk shows first."""
    document = _waiting(document_id)
    return jsonify(
        [
            url_for(
                "verification.sealed_page",
                document_id=document_id,
                file_id=file_id,
                number=number,
            )
            for file_id, number in sealed.first_pages(document)
        ]
    )


@blueprint.get("/<uuid:document_id>/berkas/<uuid:file_id>/halaman/<int:number>/tersegel")
@requires(DECIDE)
def sealed_page(document_id: uuid.UUID, file_id: uuid.UUID, number: int) -> Response:
    """The picture of one page under a key that its reader gets with the claim. No reading: what
    goes out cannot be read."""
    file = file_of(_waiting(document_id), file_id)
    if not 1 <= number <= file.pages:
        raise NotFound("Halaman ini tidak ada di berkas.")
    try:
        with storage().open(page_key(file, number)) as stream:
            content = stream.read()
    except FileNotFoundError as error:
        raise NotFound("Berkas ini tidak ditemukan di penyimpanan.") from error
    return Response(sealed.seal(content, key(file_id, number)), mimetype="application/octet-stream")


def key(file_id: uuid.UUID, number: int) -> bytes:
    """That of a page for whoever is asking."""
    secret = current_app.extensions["settings"].secret_key
    return sealed.key_of(secret, current_actor().pegawai_id, file_id, number)


def _waiting(document_id: uuid.UUID) -> Document:
    """An open item that the actor could hold."""
    actor, session = current_actor(), reading()
    document = document_in_scope(session, actor, document_id, DECIDE)
    if not document.is_open or obstacle(session, actor, document):
        raise NotFound(GONE)
    return document
