"""A verifikator's day at the keyboard: the queue that waits, and the twenty decisions."""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from dataclasses import dataclass

from playwright.sync_api import Page, Request, expect
from sqlalchemy import update

from portal.db import now
from portal.documents.models import DocumentFile
from portal.documents.transitions import Act
from portal.storage import keys
from portal.vocabulary import DocumentState
from tests.support import builders, sample_files
from tests.support.live import LivePortal

PAGE = (1131, 1600)
"""Pixels of a page as the portal keeps it."""
SEEN_MS = 60_000
DECISIONS = ("POST setujui", "POST kembalikan", "POST tolak")


@dataclass(frozen=True)
class Day:
    """What came of a run at the keyboard."""

    seconds: float
    """From the first key to the last answer."""
    requests: list[str]
    """Method and last part of the address of everything that was asked for meanwhile."""

    @property
    def decisions(self) -> list[str]:
        return [asked for asked in self.requests if asked in DECISIONS]

    @property
    def pictures(self) -> int:
        """Pages that had not come ahead."""
        return self.requests.count("GET 1")


def fill(live: LivePortal, number: int) -> None:
    """Seminars of four people with pages to look at, the first the oldest."""
    cast = live.cast
    owners = (cast.sari, cast.budi, cast.tono, cast.oki)
    storage = live.storage
    picture = sample_files.webp(sample_files.certificate(PAGE))
    digest = hashlib.sha256(picture).hexdigest()
    with live.database.transaction() as session:
        for place in range(number):
            item = builders.document(
                session,
                owners[place % len(owners)],
                DocumentState.DIAJUKAN,
                storage=storage,
                nama=f"Seminar ke-{place + 1}",
                submitted_at=now() - dt.timedelta(days=9, minutes=-place),
            )
            for file in item.files:
                storage.put(keys.page(file.id, 1), picture, "image/webp", sha256=digest)
        session.execute(update(DocumentFile).values(sizes=[list(PAGE)]))


def expect_item(page: Page, number: int) -> None:
    """This item is on the desk with its paper on the screen, and the keys are heard."""
    expect(page.get_by_role("heading", level=1)).to_have_text(
        f"Seminar ke-{number}", timeout=SEEN_MS
    )
    page.locator("#meja[data-ready]").wait_for(state="attached", timeout=SEEN_MS)
    # A key that comes before htmx sends the form as a form, and a whole page follows.
    page.wait_for_function("() => window.htmx", polling=50, timeout=SEEN_MS)


def expect_paper(page: Page) -> None:
    """The picture of the first page is there, from wherever it came."""
    page.locator("[data-page] img[src]").first.wait_for()
    page.wait_for_function("() => document.querySelector('[data-page] img').naturalWidth")


def act_of(number: int) -> Act:
    """Of twenty two are returned and one is refused; the others are approved."""
    if number % 10 == 0:
        return Act.KEMBALIKAN
    return Act.TOLAK if number == 7 else Act.SETUJUI


def decide(page: Page, act: Act) -> None:
    """With keys alone: S, or the letter, the arrow to a reason, and either way to send it."""
    if act is Act.SETUJUI:
        page.keyboard.press("s")
        return
    page.keyboard.press("k" if act is Act.KEMBALIKAN else "t")
    expect(page.locator("details[open] select[name=alasan]")).to_be_focused()
    page.keyboard.press("ArrowDown")
    if act is Act.KEMBALIKAN:
        page.keyboard.press("Control+Enter")
        return
    button = page.locator("details[open] button[type=submit]").last
    for _ in range(30):  # past the fields between the reason and the button
        page.keyboard.press("Tab")
        if button.evaluate("button => button === document.activeElement"):
            break
    page.keyboard.press("Enter")


def work_through(page: Page, live: LivePortal, number: int) -> Day:
    """From the queue through all items, the keyboard alone; looks at each paper."""
    live.open(page, "/verifikasi")
    page.locator("#pintasan").wait_for(state="attached")
    asked: list[str] = []

    def note(request: Request) -> None:
        if request.url.startswith(live.url):
            asked.append(f"{request.method} {request.url.rpartition('/')[2].partition('?')[0]}")

    begun = time.perf_counter()
    page.keyboard.press("a")
    expect_item(page, 1)
    page.on("request", note)
    for place in range(1, number + 1):
        expect_item(page, place)
        expect_paper(page)
        decide(page, act_of(place))
    page.wait_for_url("**/verifikasi", timeout=SEEN_MS)
    expect(page.get_by_text("Antrean kosong")).to_be_visible(timeout=SEEN_MS)
    page.remove_listener("request", note)
    return Day(time.perf_counter() - begun, asked)
