"""Real browsers: a phone and a desk, both strict about what a page may do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Route,
    expect,
    sync_playwright,
)

from portal.settings import HTMX_URL, ROOT
from tests.support.chromium import executable
from tests.support.components import missing

ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
OWN_HTMX = ROOT / "static" / "vendor" / "htmx-2.0.11.min.js"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PLACE: dict[str, Any] = {"locale": "id-ID", "timezone_id": "Asia/Jakarta"}
PHONE: dict[str, Any] = PLACE | {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
DESKTOP: dict[str, Any] = PLACE | {"viewport": {"width": 1280, "height": 800}}
ANSWERS = ("Failed to load resource", "Response Status Error Code")
"""A refusal (409, 422) is a page like any other; Chromium and htmx call it an error."""
PATIENCE = 60_000
"""Milliseconds until a click or an expectation counts as failed: playwright's own five seconds are
too few for an expectation where ten others are at work."""
EXAMINING = 120_000
"""Milliseconds for axe to look through a page; a bare `evaluate` would wait for ever."""

expect.set_options(timeout=PATIENCE)


class Chromium:
    """One browser for all tests of a process; a new one where the watch has killed it."""

    def __init__(self, playwright: Playwright, path: str) -> None:
        self._playwright = playwright
        self._path = path
        self._browser: Browser | None = None

    def new_context(self, **options: Any) -> BrowserContext:
        """Somebody's browser, with nothing kept from others; options are those of playwright."""
        if self._browser is None or not self._browser.is_connected():
            self._browser = self._playwright.chromium.launch(
                executable_path=self._path, chromium_sandbox=False, args=ARGUMENTS
            )
        return self._browser.new_context(**options)

    def close(self) -> None:
        if self._browser is not None:
            self._browser.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """The browser of this process of the tests."""
    path = executable() or missing("Chromium")
    with sync_playwright() as playwright:
        chromium = Chromium(playwright, path)
        yield chromium
        chromium.close()


def from_cdn(route: Route) -> None:
    """htmx as the content network delivers it."""
    allowed = {"Access-Control-Allow-Origin": "*"}
    route.fulfill(path=OWN_HTMX, content_type="text/javascript", headers=allowed)


@contextmanager
def visit(context: BrowserContext, *, cdn: Callable[[Route], None] = from_cdn) -> Iterator[Page]:
    """A page that fails its test when it breaks the CSP, throws, or asks a third party.

    `cdn` answers for the content network: another function makes it slow, broken or silent.
    """
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(ANSWERS):
            complaints.append(f"{message.text} ({urlsplit(context.pages[0].url).path})")

    def answer(route: Route) -> None:
        address = route.request.url
        if address == HTMX_URL:
            cdn(route)
        elif urlsplit(address).hostname in {"127.0.0.1", "localhost"}:
            route.continue_()
        else:
            complaints.append(f"a third party was asked: {address}")
            route.abort()

    context.set_default_timeout(PATIENCE)
    context.route(lambda address: not address.startswith(("data:", "blob:")), answer)
    context.on("console", hear)
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    try:
        yield context.new_page()
    finally:
        context.close()
    assert complaints == []


@pytest.fixture
def phone(chromium: Chromium) -> Iterator[Page]:
    """A page on a phone of 360×740 points."""
    context = chromium.new_context(**PHONE)
    with visit(context) as page:
        yield page


@pytest.fixture
def desktop(chromium: Chromium) -> Iterator[Page]:
    """A page on a screen of 1280×800 points."""
    context = chromium.new_context(**DESKTOP)
    with visit(context) as page:
        yield page


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], list[str]]:
    """Function that names every accessibility failure of the page as it stands."""
    if not AXE.exists():
        missing("axe-core")
    source = AXE.read_text()

    def examine(page: Page) -> list[str]:
        page.evaluate(source)
        run = "(tags) => axe.run(document, {runOnly: tags})"
        found = page.wait_for_function(run, arg=RULES, timeout=EXAMINING).json_value()
        return [
            f"{fault['id']}: {node['target']} {node['failureSummary']}"
            for fault in found["violations"]
            for node in fault["nodes"]
        ]

    return examine
