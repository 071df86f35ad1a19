"""Where a verifikator goes after an act: to the item, to the queue, or to the next item.

A desk that replaces itself in place gets the page in the same answer; a browser without JavaScript
is led there.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TypedDict, cast

from flask import Response, current_app, flash, redirect, url_for

from portal.access import current_actor, transaction
from portal.errors import Conflict, Rejected, Unavailable
from portal.settings import Settings
from portal.verification import claims, item_page, readings
from portal.verification.item_page import DESK, filters
from portal.web.htmx import arrive, asks_for, go_to
from portal.web.pagination import Position


class Bounds(TypedDict):
    """What the settings say about claims."""

    lease: dt.timedelta
    most: int


def lease() -> dt.timedelta:
    """How long a claim lasts without presence (a setting)."""
    return dt.timedelta(minutes=_settings().lease_minutes)


def bounds() -> Bounds:
    """How long a claim lasts, and how many one person may hold."""
    return {"lease": lease(), "most": _settings().max_claims}


def to_item(document_id: uuid.UUID, *, opened: bool = False) -> Response:
    """The item's page; `opened` when its reading was noted with the act that led here."""
    address = url_for("verification.item", document_id=document_id, **filters().address())
    if asks_for(DESK):
        return arrive(item_page.show(document_id, opened=opened), address)
    return cast("Response", redirect(address, 303))


def to_queue() -> Response:
    address = url_for("verification.queue", **filters().address())
    return go_to(address) if asks_for(DESK) else cast("Response", redirect(address, 303))


def go_on(after: Position | None, *, wrap: bool) -> Response:
    """To the next free item, which the actor now holds, or to the queue when there is none."""
    actor, found = current_actor(), None
    try:
        with transaction() as session:
            found = claims.claim_next(session, actor, filters(), after=after, wrap=wrap, **bounds())
            if found and asks_for(DESK):
                readings.note(session, actor, found.id)  # its page brings the keys of its pictures
    except (Conflict, Rejected, Unavailable) as refusal:
        flash(refusal.message, "info")
    else:
        if found is None:
            flash("Tidak ada dokumen lain yang menunggu di saringan ini.", "info")
    return to_item(found.id, opened=True) if found else to_queue()


def _settings() -> Settings:
    return cast("Settings", current_app.extensions["settings"])
