"""Jinja as it is, without work that a page of many small macros would pay for hundreds of times."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from types import FunctionType, MethodType
from typing import Any, cast

from flask import Flask, g, url_for
from flask_wtf.csrf import generate_csrf
from jinja2.environment import Template, TemplateModule
from jinja2.runtime import BlockReference, Context, Macro
from markupsafe import Markup, escape
from wtforms.widgets import core as widgets

_KEPT = 8192
"""Addresses kept in memory, some 2 MB."""
_CALLED_AT_ONCE = {Macro, BlockReference, FunctionType, MethodType, type(lru_cache(len))}


class LeanTemplate(Template):
    """Imports its macros at once.

    Jinja compares all globals at every import, for the sake of globals given to a single template;
    the portal has none, and a page imports ten components.
    """

    def _get_default_module(self, _ctx: Context | None = None) -> TemplateModule:
        return super()._get_default_module()


class LeanContext(Context):
    """Calls macros and functions at once; Jinja first asks in five ways what it is to call."""

    def call(self, called: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        kind = type(called)
        if kind not in _CALLED_AT_ONCE or hasattr(called, "jinja_pass_arg"):
            return super().call(called, *args, **kwargs)
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        if kind is Macro:
            return called(self.eval_ctx, *args, **kwargs)
        return called(*args, **kwargs)


def address(endpoint: str, **values: Any) -> str:
    """As `flask.url_for`, for templates: addresses inside the portal, each made once."""
    types = tuple(map(type, values.values()))  # 1 and True are equal, their addresses are not
    return _address(endpoint, tuple(values.items()), types)


@lru_cache(_KEPT)
def _address(endpoint: str, values: tuple[tuple[str, Any], ...], _types: tuple[type, ...]) -> str:
    return url_for(endpoint, **dict(values))


def csrf_token() -> str:
    """The token of this request; a list with a form in every row asks for it in every row."""
    return cast("str", g.get("csrf_token") or generate_csrf())


def attributes(**values: Any) -> Markup:
    """As `wtforms.widgets.html_params`, without its slow way of formatting each."""
    written = []
    for name, value in sorted(values.items()):
        key = name.rstrip("_")
        if key.startswith(("data_", "aria_")):
            key = key.replace("_", "-")
        if value is True:
            written.append(key)
        elif value is not False:
            text = str(escape(value)).replace('"', "&quot;")  # Markup keeps its own quotes
            written.append(f'{key}="{text}"')
    return Markup(" ".join(written))  # noqa: S704 -- each value is escaped, names are the program's


def install(app: Flask) -> None:
    """After CSRFProtect, whose function of the same name is replaced."""

    @app.template_global()
    @cache
    def unchanging(name: str) -> Markup:
        """A part that is the same on every page, drawn once."""
        return Markup(app.jinja_env.get_template(name).render())  # noqa: S704 -- made by an escaping template

    widgets.html_params = attributes
    widgets.Input.html_params = staticmethod(attributes)  # type: ignore[method-assign]
    app.jinja_env.template_class = LeanTemplate
    app.jinja_env.context_class = LeanContext
    app.jinja_env.globals.update(url_for=address, csrf_token=csrf_token)
