"""/dokumen/foto: the shell of the phone's way, the page without a connection, the service worker.

Each is the same for everybody and kept on phones: no personal word, no token, no session.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import cast

from flask import current_app, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.access import public
from portal.handin import fields, jp_hints
from portal.handin.blueprint import blueprint
from portal.handin.forms import ROLE_HINTS, DataForm
from portal.handin.kinds import CARDS, FILES, REQUIRED_FILES
from portal.handin.sending.actions import CONTENT_TYPES
from portal.settings import Settings
from portal.vocabulary import DocumentKind, JenisDiklat

FOLDER = "js/capture"
MODULES = ("outbox.js", "pages.js")
"""Loaded by page.js, and announced in the page so that they come at the same time."""
KEPT = ("css/portal.css", "css/capture.css", "js/portal.js", "vendor/htmx-2.0.11.min.js",
        "img/favicon.svg", "img/icons.svg", "img/icon-192.png", "manifest.webmanifest")  # fmt: skip
"""Static files of the shell and of the page without a connection, by their lasting addresses."""


@blueprint.get("/dokumen/foto")
@public
def capture() -> Response:
    """The shell; which item it works on, scripts read from the address."""
    return make_response(_shell())


@blueprint.get("/luring")
@public
def offline() -> Response:
    """What the service worker shows when a page cannot be reached."""
    return make_response(render_template("documents/offline.html"))


@blueprint.get("/sw.js")
@public
def service_worker() -> Response:
    """The worker, with the list of what it keeps; another content is another worker."""
    modules = [f"{FOLDER}/{name}" for name in (*MODULES, "page.js")]
    asset = cast("Callable[[str], str]", current_app.jinja_env.globals["asset"])
    addresses = [url_for("documents.capture"), url_for("documents.offline")]
    addresses += [url_for("static", filename=name) for name in modules]
    addresses += [asset(name) for name in KEPT]
    script = _static("js/sw.js").read_text()
    content = [script, _shell(), *(_static(name).read_text() for name in modules)]
    version = hashlib.sha256("".join([*content, *addresses]).encode()).hexdigest()[:12]
    head = f"const VERSION = {json.dumps(version)}, KEPT = {json.dumps(addresses)};\n"
    response = current_app.response_class(head + script, mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    return response.make_conditional(request)


def _static(name: str) -> Path:
    return Path(current_app.static_folder or "") / name


def _shell() -> str:
    """The same words for everybody, made once by each process."""
    kept = current_app.extensions.get("capture_shell")
    if kept is None:
        kept = current_app.extensions["capture_shell"] = _render_shell()
    return cast("str", kept)


def _render_shell() -> str:
    settings: Settings = current_app.extensions["settings"]
    kinds = dict.fromkeys(card.kind for card in CARDS)
    only = {card.kind: card.only_jenis for card in CARDS if card.only_jenis}
    return render_template(
        "documents/capture.html",
        modules=[f"{FOLDER}/{name}" for name in MODULES],
        cards=CARDS,
        roles={kind: _roles(kind) for kind in kinds},
        forms=[DataForm.blank(kind, only.get(kind)) for kind in kinds],
        missing={kind: _missing(kind) for kind in kinds},
        jp_hints=[(jenis.value, jp_hints.sentence(jenis)) for jenis in JenisDiklat],
        max_bytes=settings.max_file_bytes,
        max_pages=settings.max_pages,
        types=" ".join(sorted(CONTENT_TYPES)),
    )


@cache
def _roles(kind: DocumentKind) -> list[tuple[str, str, bool, str]]:
    """Code, name, whether it must be there, and a hint, for every paper of a kind."""
    required = REQUIRED_FILES[kind]
    return [
        (role.value, role.label, role in required, ROLE_HINTS.get(role, "")) for role in FILES[kind]
    ]


@cache
def _missing(kind: DocumentKind) -> dict[str, str]:
    """What to say at each field that must not be empty; other faults only the portal can tell."""
    return fields.faults(kind, {}, today=dt.date.max)
