"""/notifikasi: what happened to the own items."""

from __future__ import annotations

import uuid
from typing import cast

from flask import Blueprint, Response, current_app, flash, redirect, request, url_for

from portal.access import current_actor, reading, requires, transaction
from portal.notifications import actions, queries
from portal.permissions import Permission
from portal.web.htmx import render
from portal.web.pagination import Position

blueprint = Blueprint("notifications", __name__, url_prefix="/notifikasi")


@blueprint.get("")
@requires(Permission.PROFILE_OWN)
def index() -> Response:
    """Messages, newest first."""
    actor, session = current_actor(), reading()
    before = Position.decode(request.args.get("sebelum"))
    return render(
        "notifications/index.html",
        page=queries.messages(session, actor, before),
        first=before is None,
    )


@blueprint.post("/<uuid:notification_id>/buka")
@requires(Permission.PROFILE_OWN)
def read(notification_id: uuid.UUID) -> Response:
    """Mark one message as read and go to what it is about."""
    actor = current_actor()
    with transaction() as session:
        message = queries.own_message(session, actor, notification_id)
        actions.mark_read(session, actor, notification_id)
    if message.document_id:
        target = url_for("documents.show", document_id=message.document_id)
    else:  # a page that was given up since leads nowhere
        known = message.tujuan in current_app.view_functions
        target = url_for(message.tujuan if known else "notifications.index")
    return cast("Response", redirect(target, 303))


@blueprint.post("/semua-dibaca")
@requires(Permission.PROFILE_OWN)
def read_all() -> Response:
    """Mark every message as read."""
    with transaction() as session:
        actions.mark_read(session, current_actor())
    flash("Semua notifikasi sudah ditandai dibaca.", "ok")
    return cast("Response", redirect(url_for("notifications.index"), 303))
