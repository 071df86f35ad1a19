"""Pages without a portal: Chromium gets the static files and a body of the test's own."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Page, Route

from portal.settings import HTMX_INTEGRITY, HTMX_URL, ROOT
from tests.support.browser import Chromium

ORIGIN = "http://portal.test"
POLICY = (
    "default-src 'none'; script-src 'self' https://cdn.jsdelivr.net; style-src 'self'; "
    "img-src 'self'; connect-src 'self'; form-action 'self'"
)
HTMX = ROOT / "static" / "vendor" / "htmx-2.0.11.min.js"
PATIENT = """
  const timer = setTimeout;
  window.setTimeout = (act, wait, ...more) => wait === 2000 ? 0 : timer(act, wait, ...more);
"""
"""The page waits for the content network, which on a busy machine needs more than two seconds."""


def document(body: str, *, cdn: str = HTMX_URL, scripts: str = "", attributes: str = "") -> str:
    """A page as layout/base.html makes it, reduced to what the scripts look at."""
    return (
        '<!doctype html><html lang="id"><head><meta charset="utf-8"><title>Uji</title>'
        '<link rel="stylesheet" href="/static/css/portal.css">'
        f'<script src="/static/js/portal.js" defer data-htmx="{cdn}" '
        f'data-integrity="{HTMX_INTEGRITY}" data-own="/static/vendor/{HTMX.name}"></script>'
        f'{scripts}</head><body {attributes}><main><div id="pesan" role="status"></div>{body}'
        "</main></body></html>"
    )


@contextmanager
def opened(chromium: Chromium, html: str) -> Iterator[Page]:
    """The page in a fresh context under the strict policy; every other address answers 404."""

    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path
        file = ROOT / path.lstrip("/")
        if path == "/":
            headers = {"content-type": "text/html", "content-security-policy": POLICY}
            route.fulfill(body=html, headers=headers)
        elif path.startswith("/static/") and file.is_file():
            kind = mimetypes.guess_type(file.name)[0] or "text/plain"
            route.fulfill(body=file.read_bytes(), content_type=kind)
        else:
            route.fulfill(status=404)

    context = chromium.new_context(locale="id-ID", viewport={"width": 1280, "height": 800})
    try:
        page = context.new_page()
        page.route(f"{ORIGIN}/**", answer)
        page.route("https://cdn.jsdelivr.net/**", serve_htmx)
        yield page
    finally:
        context.close()


def serve_htmx(route: Route) -> None:
    route.fulfill(
        body=HTMX.read_bytes(),
        headers={"access-control-allow-origin": "*", "content-type": "text/javascript"},
    )
