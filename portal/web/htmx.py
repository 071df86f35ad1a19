"""The only module that knows the HX-* headers."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, render_template, request


def wants_partial() -> bool:
    """True when htmx asks for a part of the page (not for a boosted or restored whole page)."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
    )


def render(
    template: str, *, partial: str | None = None, status: int = 200, **context: Any
) -> Response:
    """The full page, or its partial when htmx asked for one. One address, one context."""
    chosen = partial if partial and wants_partial() else template
    response = make_response(render_template(chosen, **context), status)
    response.vary.update({"HX-Request", "HX-Boosted", "HX-History-Restore-Request"})
    return response
