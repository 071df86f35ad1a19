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
    response.headers["Vary"] = "HX-Request, HX-Boosted, HX-History-Restore-Request"
    return response


def asks_for(element: str) -> bool:
    """True when the answer is to replace the element with this id."""
    return wants_partial() and request.headers.get("HX-Target") == element


def go_to(address: str) -> Response:
    """Make the browser open another page as a whole."""
    return Response(status=204, headers={"HX-Redirect": address})


def arrive(response: Response, address: str) -> Response:
    """An answer to a form that is already the page to go to: the address bar follows."""
    response.headers["HX-Push-Url"] = address
    return response


def swap_anyway(response: Response, element: str) -> Response:
    """Let an answer that is a refusal replace the element all the same, not only its message."""
    if response.status_code >= 400 and asks_for(element):
        headers = {"Retarget": f"#{element}", "Reselect": f"#{element}", "Reswap": "outerHTML"}
        response.headers.extend({f"HX-{name}": value for name, value in headers.items()})
    return response


def keep_address(response: Response) -> Response:
    """After a refusal the address stays that of the page, not the one a form was sent to."""
    if response.status_code >= 400:
        response.headers["HX-Push-Url"] = "false"
    return response
