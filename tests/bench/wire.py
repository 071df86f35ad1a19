"""What a phone downloads and waits for: bytes, requests, LCP, layout shift on slow 4G.

The CDN is served from the portal's own copy (no internet is needed); its weight is counted as the
CDN would send it, compressed.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page, Route, sync_playwright

from portal.settings import HTMX_URL
from tests.support.browser import ARGUMENTS, OWN_HTMX
from tests.support.chromium import executable

SLOW_4G = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
CPU_SLOWDOWN = 4
SETTLED_MS = 3000
"""Time after the load in which late paints and shifts are still seen."""
OBSERVE = """
window.seen = {lcp: 0, shift: 0};
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) window.seen.lcp = entry.startTime;
}).observe({type: 'largest-contentful-paint', buffered: true});
new PerformanceObserver(list => {
  for (const entry of list.getEntries())
    if (!entry.hadRecentInput) window.seen.shift += entry.value;
}).observe({type: 'layout-shift', buffered: true});
"""


@dataclass(frozen=True)
class FirstLoad:
    """One page opened with an empty cache; kilobytes as sent, headers included."""

    requests: int
    kilobytes: float
    html: float
    css: float
    own_scripts: float
    lcp_ms: float
    layout_shift: float
    third_parties: list[str]


def first_load(url: str, path: str, cookie: str) -> FirstLoad:
    """Open a page as a five-year-old phone on slow 4G does the first time."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable(), chromium_sandbox=False, args=ARGUMENTS
        )
        context = browser.new_context(
            viewport={"width": 360, "height": 740},
            device_scale_factor=2,
            is_mobile=True,
            has_touch=True,
            locale="id-ID",
        )
        name, _, value = cookie.partition("=")
        context.add_cookies([{"name": name, "value": value, "url": url}])
        context.route(HTMX_URL, _serve_htmx)
        try:
            return _watch(context.new_page(), url, path)
        finally:
            browser.close()


def _serve_htmx(route: Route) -> None:
    allowed = {"Access-Control-Allow-Origin": "*"}
    route.fulfill(path=OWN_HTMX, content_type="text/javascript", headers=allowed)


def _watch(page: Page, url: str, path: str) -> FirstLoad:
    session = page.context.new_cdp_session(page)
    kinds: dict[str, tuple[str, str]] = {}
    sizes: dict[str, float] = {}

    def answered(event: dict[str, Any]) -> None:
        kinds[event["requestId"]] = (event["type"], event["response"]["url"])

    def finished(event: dict[str, Any]) -> None:
        sizes[event["requestId"]] = event["encodedDataLength"]

    session.on("Network.responseReceived", answered)
    session.on("Network.loadingFinished", finished)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW_4G)
    session.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWDOWN})
    page.add_init_script(OBSERVE)
    page.goto(url + path, wait_until="load")
    page.wait_for_timeout(SETTLED_MS)
    seen = page.evaluate("window.seen")
    loads = [
        (*kinds[key], compressed(OWN_HTMX) if kinds[key][1] == HTMX_URL else size)
        for key, size in sizes.items()
        if key in kinds
    ]
    own = [(kind, size) for kind, address, size in loads if address.startswith(url)]

    def total(kind: str) -> float:
        return sum(size for own_kind, size in own if own_kind == kind) / 1024

    return FirstLoad(
        requests=len(loads),
        kilobytes=sum(size for _, _, size in loads) / 1024,
        html=total("Document"),
        css=total("Stylesheet"),
        own_scripts=total("Script"),
        lcp_ms=seen["lcp"],
        layout_shift=seen["shift"],
        third_parties=sorted(
            {str(urlsplit(a).hostname) for _, a, _ in loads if not a.startswith(url)}
        ),
    )


def compressed(path: Path) -> int:
    """Bytes of a file as a server sends it."""
    return len(gzip.compress(path.read_bytes(), 9))
