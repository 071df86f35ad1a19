"""Handing stored bytes to a browser, after the view has checked the scope.

A noun file of the view level: used by the pages of the owner and those of the verifikator.
"""

from __future__ import annotations

from io import BytesIO
from typing import BinaryIO, cast

import structlog
from flask import Response, current_app, redirect, send_file

from portal.documents.files import PDF
from portal.documents.models import DocumentFile
from portal.documents.siasn_copy import key_of_copy
from portal.errors import NotFound
from portal.settings import Settings
from portal.storage import Storage
from portal.storage.disposition import content_disposition

log = structlog.get_logger()
# A file is shown alone, never inside a page, and has nothing to load.
FILE_POLICY = "default-src 'none'; frame-ancestors 'none'"
SECONDS = 60
AT_ONCE = 512 * 1024


def storage() -> Storage:
    """The store of this application."""
    return cast("Storage", current_app.extensions["storage"])


def send_object(
    key: str, filename: str, content_type: str, disposition: str = "inline"
) -> Response:
    """The object itself: a redirect to an address of 60 seconds (S3), or a stream (local).

    Raises NotFound when the object is missing, Unavailable when the store is away.
    """
    store = storage()
    address = store.presign(
        key,
        seconds=SECONDS,
        filename=filename,
        content_type=content_type,
        disposition=disposition,
    )
    if address is not None:
        return cast("Response", redirect(address, 303))
    try:
        content = _content(store, key)
    except FileNotFoundError as error:
        log.error("object_missing", key=key)  # noqa: TRY400 -- the key says it all
        raise NotFound(
            "Berkas ini tidak ditemukan di penyimpanan. Beri tahu admin; dokumennya tetap tercatat."
        ) from error
    response = send_file(content, mimetype=content_type)
    response.headers["Cache-Control"] = "no-store"  # Flask's own says that it may be kept
    response.headers["Content-Disposition"] = content_disposition(disposition, filename)
    response.headers["Content-Security-Policy"] = FILE_POLICY
    return response


def send_siasn_copy(file: DocumentFile, filename: str) -> Response:
    """The paper as SIASN takes it, made now when it was not wanted before.

    Raises Rejected when it cannot be made small enough, and as `send_object`.
    """
    settings: Settings = current_app.extensions["settings"]
    key = key_of_copy(
        current_app.extensions["database"], storage(), file, max_bytes=settings.siasn_max_bytes
    )
    return send_object(key, filename, PDF, "attachment")


def _content(store: Storage, key: str) -> BinaryIO:
    """A stream of the object; a small one is read at once, so that no file stays open while a
    slow phone takes its time."""
    stream = store.open(key)
    if store.size(key) > AT_ONCE:
        return stream
    with stream:
        return BytesIO(stream.read())
