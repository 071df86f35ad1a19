"""Answers in JSON, refusals too: {"pesan": sentence, "isian": {field: sentence}?, "tautan": ?}."""

from __future__ import annotations

from typing import Any, TypeVar

import structlog
from flask import Response, current_app, jsonify, request, url_for
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from portal.access import current_actor
from portal.errors import LoginNeeded, PortalError, Rejected, Throttled, Unavailable
from portal.handin.guards import STANDING_OF_COLLEAGUE, Duplicate
from portal.handin.making import StillProcessing
from portal.handin.sending import messages
from portal.handin.sending.actions import Incomplete, TooLarge
from portal.handin.sending.blueprint import blueprint
from portal.handin.versions import ItemChanged
from portal.web.pages import STATUS, is_full

log = structlog.get_logger()
Told = TypeVar("Told")
STATUSES: dict[type[PortalError], int] = STATUS | {
    Duplicate: 409,
    TooLarge: 413,
    StillProcessing: 425,
    ItemChanged: 425,
}
SENTENCES = {
    400: "Kiriman tidak terbaca. Muat ulang halaman ini lalu coba lagi.",
    404: "Alamat ini tidak dikenal. Muat ulang halaman ini lalu coba lagi.",
    405: "Alamat ini tidak dapat dipakai dengan cara itu. Muat ulang halaman ini lalu coba lagi.",
    411: "Panjang kiriman tidak disebut. Muat ulang halaman ini lalu coba lagi.",
    413: "Kiriman terlalu besar. Muat ulang halaman ini lalu coba lagi.",
}
STALE = "Halaman ini sudah terlalu lama terbuka. Kiriman dicoba lagi."


def told(shape: type[Told]) -> Told:
    """The message of this request; raises Rejected, RequestEntityTooLarge."""
    return messages.read(request.stream.read(), shape)


def answer(status: int = 200, **content: Any) -> Response:
    """An answer in the words of the contract."""
    response = jsonify(content)
    response.status_code = status
    return response


@blueprint.errorhandler(PortalError)
def refused(error: PortalError) -> Response:
    """What the person reads, and what the script needs to go on."""
    status = next(STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES)
    content: dict[str, Any] = {"pesan": error.message} | _more(error)
    response = answer(status, **content)
    if isinstance(error, Throttled):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _more(error: PortalError) -> dict[str, Any]:
    match error:
        case ItemChanged():  # between keeping the data and handing in
            return {"lagi": 1}
        case StillProcessing():
            return {"lagi": error.seconds}
        case Duplicate():
            return _earlier(error)
        case Incomplete():
            return {"kurang": list(error.numbers)}
        case LoginNeeded():
            return {"tautan": url_for(error.endpoint)}
        case Rejected() if error.field:
            return {"isian": {error.field: error.message}}
    return {}


def _earlier(duplicate: Duplicate) -> dict[str, Any]:
    """The way to the earlier item, for its owner; an operator learns only that there is one."""
    if duplicate.owner_id != current_actor().pegawai_id:
        return {"pesan": STANDING_OF_COLLEAGUE}
    return {"tautan": url_for("documents.show", document_id=duplicate.earlier_id)}


@blueprint.errorhandler(CSRFError)
def stale_token(_error: CSRFError) -> Response:
    """The script asks for /kirim/akun anew and repeats."""
    return answer(400, pesan=STALE)


@blueprint.errorhandler(HTTPException)
def http_error(error: HTTPException) -> Response:
    status = error.code or 500
    return answer(status, pesan=SENTENCES.get(status, PortalError.message))


@blueprint.before_app_request
def unknown() -> Response | None:
    """An id that is none, another method, an address of a newer script: Flask knows no blueprint
    for them and would answer with a page."""
    error = request.routing_exception
    ours = request.path.startswith("/kirim/")
    return http_error(error) if ours and error and (error.code or 0) >= 400 else None


@blueprint.errorhandler(OperationalError)
def database_away(error: OperationalError) -> Response:
    log.error("database_unavailable", exc_info=error)
    return answer(503, pesan=Unavailable.message)


@blueprint.errorhandler(Exception)
def unexpected(error: Exception) -> Response:
    if is_full(error):
        log.error("disk_full", path=request.path, exc_info=error)
        return answer(503, pesan=Unavailable.message)
    if current_app.testing and not current_app.config.get("SHOW_ERROR_PAGES"):
        raise error
    log.error("unexpected_error", path=request.path, exc_info=error)
    return answer(500, pesan=PortalError.message)
