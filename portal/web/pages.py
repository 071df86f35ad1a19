"""The one place where failures become pages: a full page, or an alert for htmx."""

from __future__ import annotations

import errno
from pathlib import Path

import structlog
from flask import Flask, Response, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from portal.access import logged_in
from portal.errors import (
    Conflict,
    Forbidden,
    LoginNeeded,
    NotFound,
    PortalError,
    Rejected,
    Throttled,
    Unavailable,
)
from portal.web.htmx import wants_partial

log = structlog.get_logger()
STATUS: dict[type[PortalError], int] = {
    NotFound: 404,
    Forbidden: 403,
    LoginNeeded: 401,
    Conflict: 409,
    Rejected: 422,
    Throttled: 429,
    Unavailable: 503,
}
HTTP_SENTENCES = {
    400: "Permintaan tidak dapat dibaca. Kembali ke halaman sebelumnya lalu coba lagi.",
    404: NotFound.message,
    405: "Halaman ini tidak dapat dibuka dengan cara itu. Mulai lagi dari Beranda.",
    413: "Berkas terlalu besar untuk dikirim sekaligus. Kirim lebih sedikit halaman.",
}
FORBIDDEN_ACT = "Anda tidak berwenang melakukan ini. Hubungi admin bila peran Anda keliru."
TITLES = {
    400: "Permintaan tidak terbaca",
    401: "Masuk lagi",
    403: "Tidak berwenang",
    404: "Halaman tidak ditemukan",
    409: "Data sudah berubah",
    413: "Kiriman terlalu besar",
    422: "Perlu diperbaiki",
    429: "Terlalu banyak percobaan",
    503: "Layanan sedang terganggu",
}


def error_page(status: int, message: str, title: str | None = None) -> Response:
    """A page that says what happened and what to do; for htmx only the alert."""
    title = title or TITLES.get(status, "Terjadi kesalahan")
    template = "errors/_alert.html" if wants_partial() else "errors/error.html"
    return make_response(
        render_template(template, title=title, message=message, status=status), status
    )


def install(app: Flask) -> None:
    @app.errorhandler(PortalError)
    def portal_error(error: PortalError) -> Response:
        response = error_page(STATUS.get(type(error), 500), _sentence(error))
        if isinstance(error, Throttled):
            response.headers["Retry-After"] = str(error.retry_after)
        return response

    @app.errorhandler(CSRFError)
    def csrf_error(_error: CSRFError) -> Response:
        return error_page(400, _old_form(), "Halaman ini sudah lama terbuka")

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        status = error.code or 500
        return error_page(status, HTTP_SENTENCES.get(status, PortalError.message))

    @app.errorhandler(OperationalError)
    def database_error(error: OperationalError) -> Response:
        log.error("database_unavailable", exc_info=error)
        return _failsafe(app, "503.html", 503)

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> Response:
        return _breakdown(app, error)


def _breakdown(app: Flask, error: Exception) -> Response:
    if is_full(error):
        log.error("disk_full", path=request.path, exc_info=error)
        return _failsafe(app, "503.html", 503)
    if app.testing and not app.config.get("SHOW_ERROR_PAGES"):
        raise error
    log.error("unexpected_error", path=request.path, exc_info=error)
    return _failsafe(app, "500.html", 500)


def is_full(error: Exception) -> bool:
    """Whether there was no room: mostly for what a large upload needs until it is read."""
    return isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}


def _sentence(error: PortalError) -> str:
    """The error's own words; whoever lost a right in the middle of an act opened no page."""
    if error.message != Forbidden.message or request.method in {"GET", "HEAD"}:
        return error.message
    kept = " Yang Anda ketik masih ada di halaman ini." if wants_partial() else ""
    return f"{FORBIDDEN_ACT}{kept}"


def _old_form() -> str:
    """Whoever is logged in has gone through the door again since the form was opened."""
    if wants_partial():
        return (
            "Anda masuk lagi sesudah halaman ini dibuka. Salin dahulu yang Anda ketik, muat ulang, "
            "lalu tempel dan kirim lagi."
        )
    if logged_in() is None:
        return "Tekan Kembali, muat ulang halamannya, lalu kirim lagi."
    return (
        "Anda masuk lagi sesudah halaman itu dibuka. Tekan Kembali: yang Anda ketik masih ada. "
        "Salin dahulu, muat ulang halamannya, lalu tempel dan kirim lagi."
    )


def _failsafe(app: Flask, name: str, status: int) -> Response:
    """A page made of a file alone: no database, no session, no template that could fail too."""
    text = (Path(app.root_path).parent / "templates" / "errors" / name).read_text()
    return Response(text, status, mimetype="text/html")
