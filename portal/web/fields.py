"""Fields of a form as HTML: controls tied to their words, blank forms drawn once for everybody."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, cast

from flask import Flask, get_template_attribute
from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import Field

Blank = Callable[[], FlaskForm]
"""Makes the form as nobody has filled it in; one of the program's own, it is remembered."""


def drawn(template: str, macro: str, blank: Blank, sent: FlaskForm | None = None) -> Markup:
    """The fields of a form that is shown again with its input, else those of the blank one.

    The macro shows nothing but the form that it is given.
    """
    return draw(template, macro, sent) if sent else _blank(template, macro, blank)


@cache
def _blank(template: str, macro: str, blank: Blank) -> Markup:
    return draw(template, macro, blank())


def described(field: Field, hint: object, note: object = None) -> str:
    """Ids of what is said about a field; "" when nothing is."""
    said = (("petunjuk", hint), ("galat", field.errors), ("catatan", note))
    return " ".join(f"{field.id}-{part}" for part, words in said if words)


def control(field: Field, hint: object, note: object, attributes: dict[str, Any]) -> Markup:
    """The control alone, as a screen reader is to tell it."""
    tied = {}
    if ids := described(field, hint, note):
        tied["aria-describedby"] = ids
    if field.errors:
        tied["aria-invalid"] = "true"
    return field(**attributes | tied)


def install(app: Flask) -> None:
    app.jinja_env.globals.update(control=control, described=described)


def draw(template: str, macro: str, form: FlaskForm) -> Markup:
    """The fields of a form as it stands, by a macro that takes it."""
    return cast("Markup", get_template_attribute(template, macro)(form))
