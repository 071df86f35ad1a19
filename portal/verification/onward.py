"""Where a verifikator goes after an act: to the item, to the queue, or to the next item."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import cast

from flask import Response, current_app, flash, redirect, url_for

from portal.access import current_actor, transaction
from portal.errors import Conflict, Rejected, Unavailable
from portal.verification import claims
from portal.verification.item_page import filters
from portal.web.pagination import Position


def lease() -> dt.timedelta:
    """How long a claim lasts without presence (a setting)."""
    return dt.timedelta(minutes=current_app.extensions["settings"].lease_minutes)


def to_item(document_id: uuid.UUID) -> Response:
    address = url_for("verification.item", document_id=document_id, **filters().address())
    return cast("Response", redirect(address, 303))


def to_queue() -> Response:
    return cast("Response", redirect(url_for("verification.queue", **filters().address()), 303))


def go_on(after: Position | None, *, wrap: bool) -> Response:
    """To the next free item, which the actor now holds, or to the queue when there is none."""
    found = None
    try:
        with transaction() as session:
            found = claims.claim_next(
                session, current_actor(), filters(), after=after, wrap=wrap, lease=lease()
            )
    except (Conflict, Rejected, Unavailable) as refusal:
        flash(refusal.message, "info")
    else:
        if found is None:
            flash("Tidak ada dokumen lain yang menunggu di saringan ini.", "info")
    return to_item(found.id) if found else to_queue()
