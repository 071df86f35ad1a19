"""Marks of pages on their way through the browser: a hidden field, and a cookie that tells which
page has itself written what stands there now.

A page that was left by the way back, or a phone that saves while somebody types, carries the mark
of long ago; what it has written since is nothing foreign to it.
"""

from __future__ import annotations

import datetime as dt
import re
import secrets
import uuid
from typing import TypeVar, cast

from flask import current_app, request
from werkzeug.wrappers import Response

from portal.documents.models import Document
from portal.handin.versions import Seen, mark
from portal.settings import Settings

R = TypeVar("R", bound=Response)
FIELD = "versi"
COOKIE = "isian"
KEPT = 8
"""Pages that are remembered."""
DAYS = dt.timedelta(days=14)
"""As long as drafts stay on a phone."""
_ENTRY = re.compile(r"([\w-]{8})\.([\w.-]{1,120})", re.ASCII)


def fresh(document: Document) -> str:
    """The hidden field of a page that shows this item now."""
    return fresh_of(mark(document))


def fresh_of(seen: str) -> str:
    """The same by the mark of what it shows."""
    return f"{secrets.token_urlsafe(6)}.{seen}"


def shown() -> Seen:
    """What the page of this form has shown."""
    found = _ENTRY.fullmatch(request.form.get(FIELD, ""))
    return Seen.read(found[2] if found else None)


def known() -> Seen:
    """The same, or what this very page has written since."""
    found = _ENTRY.fullmatch(request.form.get(FIELD, ""))
    if found is None:
        return Seen()
    return Seen.read(_entries().get(found[1], found[2]))


def known_to_phone(document_id: uuid.UUID) -> Seen:
    """What the phone's way has got or written last for this item."""
    return Seen.read(_entries().get(_phone(document_id)))


def is_known_to_phone(document_id: uuid.UUID) -> bool:
    return _phone(document_id) in _entries()


def remember(response: R, seen: str) -> R:
    """Note that the page of this form has written the item of this mark."""
    found = _ENTRY.fullmatch(request.form.get(FIELD, ""))
    return _note(response, found[1], seen) if found else response


def remember_phone(response: R, document_id: uuid.UUID, seen: str) -> R:
    """Note that the phone's way knows the item of this mark."""
    return _note(response, _phone(document_id), seen)


def _phone(document_id: uuid.UUID) -> str:
    return document_id.hex[:8]


def _entries() -> dict[str, str]:
    found = map(_ENTRY.fullmatch, request.cookies.get(COOKIE, "")[:2000].split("~")[:KEPT])
    return {entry[1]: entry[2] for entry in found if entry}


def _note(response: R, page: str, seen: str) -> R:
    others = {name: known for name, known in _entries().items() if name != page}
    entries = {page: seen} | others
    settings = cast("Settings", current_app.extensions["settings"])
    response.set_cookie(
        COOKIE,
        "~".join(f"{name}.{seen}" for name, seen in list(entries.items())[:KEPT]),
        max_age=DAYS,
        secure=settings.production,
        httponly=True,
        samesite="Lax",
    )
    return response
