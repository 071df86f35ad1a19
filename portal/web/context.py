"""What every template may ask for."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from flask import Flask, request
from flask_wtf.csrf import generate_csrf
from jinja2.environment import Template, TemplateModule
from jinja2.runtime import Context
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.access import current_actor, logged_in, optional_actor, reading
from portal.permissions import Actor
from portal.settings import Settings
from portal.web import charts, navigation

Unread = Callable[[Session, Actor], int]
_KEPT = 512
"""Navigations kept in memory, 4 KB each."""
_TOKEN = "csrf-token-of-the-request"  # noqa: S105 -- the place where it is put


class LeanTemplate(Template):
    """A template whose macros are imported at once.

    Jinja compares all globals at every import, for the sake of globals given to a single template;
    the portal has none, and a page imports ten components.
    """

    def _get_default_module(self, _ctx: Context | None = None) -> TemplateModule:
        return super()._get_default_module()


def install(app: Flask, settings: Settings, *, unread: Unread) -> None:
    """Register the globals; `unread` counts messages, and belongs to a feature above."""
    app.jinja_env.template_class = LeanTemplate

    @lru_cache(_KEPT)
    def draw(places: navigation.Navigation, unread_count: int) -> Markup:
        template = app.jinja_env.get_template("layout/_navigation.html")
        return Markup(template.render(places=places, unread=unread_count, csrf=_TOKEN))  # noqa: S704 -- made by an escaping template

    def draw_navigation() -> Markup:
        """Rail and tab bar, alike for all people with the same rights at the same place."""
        actor = current_actor()
        places = navigation.build(actor, request.path)
        return draw(places, unread(reading(), actor)).replace(_TOKEN, generate_csrf())

    app.jinja_env.globals.update(
        charts=charts,
        current_actor=optional_actor,
        logged_in=logged_in,
        htmx_url=settings.htmx_url,
        htmx_integrity=settings.htmx_integrity,
        navigation=draw_navigation,
    )
