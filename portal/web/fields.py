"""Fields of a form as HTML. Those of a blank form are alike for everybody: they are drawn once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import cast

from flask import get_template_attribute
from flask_wtf import FlaskForm
from markupsafe import Markup

Blank = Callable[[], FlaskForm]
"""Makes the form as nobody has filled it in; one of the program's own, it is remembered."""


def drawn(template: str, macro: str, blank: Blank, sent: FlaskForm | None = None) -> Markup:
    """The fields of a form that is shown again with its input, else those of the blank one.

    The macro shows nothing but the form that it is given.
    """
    return _draw(template, macro, sent) if sent else _blank(template, macro, blank)


@cache
def _blank(template: str, macro: str, blank: Blank) -> Markup:
    return _draw(template, macro, blank())


def _draw(template: str, macro: str, form: FlaskForm) -> Markup:
    return cast("Markup", get_template_attribute(template, macro)(form))
