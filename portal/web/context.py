"""What every template may ask for."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import cast

from flask import Flask, g, request
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.access import current_actor, logged_in, optional_actor, reading
from portal.permissions import Actor
from portal.settings import Settings
from portal.web import charts, fields, navigation, templates

Unread = Callable[[Session, Actor], int]
_KEPT = 512
"""Navigations kept in memory, 4 KB each."""
_TOKEN = "csrf-token-of-the-request"  # noqa: S105 -- the place where it is put


def install(app: Flask, settings: Settings, *, unread: Unread) -> None:
    """Register the globals; `unread` counts messages, and belongs to a feature above."""
    templates.install(app)
    fields.install(app)

    @lru_cache(_KEPT)
    def draw(places: navigation.Navigation, unread_count: int) -> Markup:
        template = app.jinja_env.get_template("layout/_navigation.html")
        return Markup(template.render(places=places, unread=unread_count, csrf=_TOKEN))  # noqa: S704 -- made by an escaping template

    def unread_messages() -> int:
        """Asked once for a page, however many of its parts tell it."""
        if "unread" not in g:
            g.unread = unread(reading(), current_actor())
        return cast("int", g.unread)

    def draw_navigation() -> Markup:
        """Rail and tab bar, alike for all people with the same rights at the same place."""
        actor = current_actor()
        places = navigation.build(actor, request.path)
        return draw(places, unread_messages()).replace(_TOKEN, templates.csrf_token())

    app.jinja_env.globals.update(
        charts=charts,
        current_actor=optional_actor,
        logged_in=logged_in,
        htmx_url=settings.htmx_url,
        htmx_integrity=settings.htmx_integrity,
        navigation=draw_navigation,
        unread_messages=unread_messages,
    )
