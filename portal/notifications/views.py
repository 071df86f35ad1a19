"""/notifikasi: what happened to the own items."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import cast

from flask import Blueprint, Response, current_app, flash, redirect, request, url_for
from werkzeug.routing import Rule

from portal.access import current_actor, reading, requires, transaction
from portal.db import now
from portal.notifications import actions, queries
from portal.notifications.models import Notification
from portal.permissions import Permission
from portal.web.htmx import render
from portal.web.pagination import Page, Position

_LAST = uuid.UUID(int=2**128 - 1)
blueprint = Blueprint("notifications", __name__, url_prefix="/notifikasi")


@blueprint.get("")
@requires(Permission.PROFILE_OWN)
def index() -> Response:
    """Messages, newest first."""
    actor, session = current_actor(), reading()
    before = Position.decode(request.args.get("sebelum"))
    page = queries.messages(session, actor, before)
    return render(
        "notifications/index.html",
        page=page,
        first=before is None,
        newest=_newest(page, first=before is None).encode(),
    )


def _newest(page: Page[Notification], *, first: bool) -> Position:
    """Up to where messages count as seen: the newest one, or the moment of an older page."""
    if first and page.rows:
        return Position(page.rows[0].dibuat, page.rows[0].id)
    return Position(now(), _LAST)


@blueprint.post("/<uuid:notification_id>/buka")
@requires(Permission.PROFILE_OWN)
def read(notification_id: uuid.UUID) -> Response:
    """Mark one message as read and go to what it is about."""
    actor = current_actor()
    with transaction() as session:
        message = queries.own_message(session, actor, notification_id)
        actions.mark_read(session, actor, notification_id)
    return cast("Response", redirect(_target(message), 303))


def _target(message: Notification) -> str:
    """Address of what the message is about; a page that was given up since leads nowhere."""
    if message.document_id:
        return url_for("documents.show", document_id=message.document_id)
    rule = next(_rules(message.tujuan), None)
    if rule is None or (rule.arguments and not message.objek_id):
        return url_for("notifications.index")
    return url_for(message.tujuan, **dict.fromkeys(rule.arguments, message.objek_id))


def _rules(endpoint: str) -> Iterator[Rule]:
    known = endpoint in current_app.view_functions
    return current_app.url_map.iter_rules(endpoint) if known else iter(())


@blueprint.post("/semua-dibaca")
@requires(Permission.PROFILE_OWN)
def read_all() -> Response:
    """Mark every message as read, but those that came after the page was drawn."""
    actor, newest = current_actor(), Position.decode(request.form.get("sampai"))
    with transaction() as session:
        actions.mark_read(session, actor, newest=newest)
        left = queries.unread_count(session, actor)
    if left:
        flash("Yang sudah tampil ditandai dibaca; sesudah itu ada kabar baru.", "info")
    else:
        flash("Semua notifikasi sudah ditandai dibaca.", "ok")
    return cast("Response", redirect(url_for("notifications.index"), 303))
