"""A decision at the verifikator's desk: its bytes, its time, and twenty of them at the keyboard.

A decision is one request: the answer to it is the desk of the next item. Both are measured from
outside, over HTTP, in a crowd of people and waiting items.
"""

from __future__ import annotations

import gzip
import http.client
import re
import statistics
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import sync_playwright
from sqlalchemy import update

from portal.documents.models import DocumentFile
from portal.documents.reasons import ensure_reasons
from portal.settings import ROOT
from tests.bench import place
from tests.bench.figures import Figure, Report
from tests.bench.place import Place
from tests.bench.wire import compressed
from tests.journeys import desk
from tests.support.browser import ARGUMENTS, DESKTOP, visit
from tests.support.chromium import executable
from tests.support.live import running_portal

SECTION = "A decision at the desk"
PEOPLE, DOCUMENTS = 20_000, 40_000
DECISIONS = 200
WARM_UP = 10
ITEMS = 20
SCRIPTS = ("js/portal.js", "js/workbench.js")
METHOD = """\
**A decision at the desk** is "Setujui" as the browser sends it, and its one answer: the decision
with score, ledger, audit and message, the claim of the next item, and its desk. 20,000 people,
40,000 items, 6,000 of them waiting, SQLite, one gunicorn process. Bytes are those of request and
answer with their headers, compressed. The keyboard: Chromium works through twenty items, two of
them returned and one refused, from the first key to the empty queue; each paper is on the screen
before its item is decided. Pictures fetched ahead come beside it and are not part of it."""


@dataclass(frozen=True)
class Costs:
    """Of one decision."""

    ms: float
    bytes: int
    """Over the wire, both ways."""


def tell(report: Report, folder: Path) -> None:
    """Measure, print and keep."""
    place_ = place.build(folder / "desk", people=PEOPLE, documents=DOCUMENTS)
    with place_.app.extensions["database"].transaction() as session:
        ensure_reasons(session)
        session.execute(
            update(DocumentFile).where(DocumentFile.pages == 1).values(sizes=[[1131, 1600]])
        )
    costs = decide_many(place_)
    times = sorted(cost.ms for cost in costs)
    report.add(
        SECTION,
        Figure("over the wire (heaviest)", max(c.bytes for c in costs) / 1024, "KB", most=15),
        Figure("decision and next desk (median)", statistics.median(times), "ms", most=100),
        Figure("decision and next desk (95 %)", times[int(len(times) * 0.95)], "ms", most=100),
        Figure(
            "own JavaScript of the desk",
            sum(compressed(ROOT / "static" / name) for name in SCRIPTS) / 1024,
            "KB gz",
            most=10,
        ),
    )
    if executable() is None:
        print("\nNo Chromium: the keyboard is not measured.")
        return
    tell_keyboard(report, folder)


def tell_keyboard(report: Report, folder: Path) -> None:
    (folder / "keyboard").mkdir()
    with running_portal(folder / "keyboard") as live, sync_playwright() as playwright:
        with live.database.transaction() as session:
            ensure_reasons(session)
        desk.fill(live, ITEMS)
        browser = playwright.chromium.launch(
            executable_path=executable(), chromium_sandbox=False, args=ARGUMENTS
        )
        with visit(browser.new_context(**DESKTOP)) as page:
            live.login(page, live.cast.vera)
            day = desk.work_through(page, live, ITEMS)
        browser.close()
    report.add(
        SECTION,
        Figure("twenty items with the keyboard alone", day.seconds, "s", most=60),
        Figure("requests of twenty decisions", len(day.decisions), "requests", most=ITEMS),
        Figure("pictures that had not come ahead", day.pictures, "pictures", note=f"of {ITEMS}"),
    )


def decide_many(place_: Place) -> list[Costs]:
    """Approve one item after the other, as the desk does."""
    cookie = place_.cookie(place_.cast.vera)
    with place_.served("-m", "portal", "serve") as (port, _):
        window = Window(port, cookie)
        window.take_oldest()
        costs = [window.approve() for _ in range(WARM_UP + DECISIONS)]
    return costs[WARM_UP:]


class Window:
    """A desk on one kept connection; follows cookie, token and address as a browser does."""

    def __init__(self, port: int, cookie: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookie = cookie
        self._token = ""
        self._path = ""

    def take_oldest(self) -> None:
        status, _, page, _ = self._ask("GET", "/verifikasi?jenis=seminar")
        assert status == 200
        self._token = _between(page, 'name="csrf_token" value="')
        fields = {"csrf_token": self._token}
        status, headers, page, _ = self._ask("POST", "/verifikasi/ambil?jenis=seminar", fields)
        assert status == 303, page
        self._path = headers["Location"].partition("?")[0]

    def approve(self) -> Costs:
        """Press S: one request, whose answer is the next desk."""
        fields = {"csrf_token": self._token, "revisi": "1"}
        begun = time.perf_counter()
        address = f"{self._path}/setujui?jenis=seminar"
        status, headers, page, moved = self._ask("POST", address, fields, in_place=True)
        taken = (time.perf_counter() - begun) * 1000
        assert status == 200, page
        self._path = headers["HX-Push-Url"].partition("?")[0]
        assert f"{self._path}/setujui" in page
        return Costs(taken, moved)

    def _ask(
        self,
        method: str,
        path: str,
        fields: dict[str, str] | None = None,
        *,
        in_place: bool = False,
    ) -> tuple[int, dict[str, str], str, int]:
        """Status, headers, page, and bytes that went over the wire."""
        sent = {"Cookie": self._cookie}
        if in_place:
            sent |= {"HX-Request": "true", "HX-Target": "meja", "Accept-Encoding": "gzip"}
        if fields is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        body = urlencode(fields) if fields is not None else None
        self._connection.request(method, path, body, sent)
        answer = self._connection.getresponse()
        content = answer.read()
        moved = len(content) + len(str(answer.headers)) + len(body or "") + len(path)
        moved += sum(len(name) + len(value) + 4 for name, value in sent.items())
        if cookie := answer.headers.get("Set-Cookie", ""):
            self._cookie = cookie.partition(";")[0]
        if answer.headers.get("Content-Encoding") == "gzip":
            content = gzip.decompress(content)
        return answer.status, dict(answer.headers), content.decode(), moved


def _between(page: str, start: str) -> str:
    found = re.search(re.escape(start) + '([^"]+)', page)
    assert found is not None
    return found[1]
