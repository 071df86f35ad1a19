"""What every template may ask for."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, request
from sqlalchemy.orm import Session

from portal.access import current_actor, logged_in, optional_actor, reading
from portal.permissions import Actor
from portal.settings import Settings
from portal.web import charts, navigation

Unread = Callable[[Session, Actor], int]


def install(app: Flask, settings: Settings, *, unread: Unread) -> None:
    """Register the globals; `unread` counts messages, and belongs to a feature above."""
    app.jinja_env.globals.update(
        charts=charts,
        current_actor=optional_actor,
        logged_in=logged_in,
        htmx_url=settings.htmx_url,
        htmx_integrity=settings.htmx_integrity,
        navigation=lambda: navigation.build(current_actor(), request.path),
        unread_count=lambda: unread(reading(), current_actor()),
    )
