"""The main job in one breath: unggah → ambil → setujui → skor naik, notifikasi terbaca."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, Request, expect
from sqlalchemy import func, select

from portal.documents.models import Document
from tests.journeys import story
from tests.journeys.conftest import Open
from tests.support.browser import PHONE
from tests.support.live import LivePortal

UPLOAD_SPEED = 400 * 1024
"""Bytes a second: a photo of a few megabytes is on its way for seconds."""
MOMENT = 20
"""Milliseconds between two looks at the server."""


def read_the_news(page: Page, live: LivePortal) -> None:
    """The message about the approval is new, opens the item, and is read from then on."""
    live.open(page, "/")
    news = page.get_by_role("link", name=re.compile("Notifikasi.*1 belum dibaca"))
    news.locator("visible=true").click()
    page.get_by_role("button", name="disetujui").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(story.NAMA)
    expect(page.get_by_text("Disetujui", exact=True).first).to_be_visible()
    expect(page.get_by_role("link", name="belum dibaca")).to_have_count(0)


def items(live: LivePortal) -> int:
    with live.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Document)) or 0


def wait_for_the_first_bytes(page: Page, live: LivePortal) -> None:
    """Until the server writes a growing upload down; it does so in files without a name, as
    gunicorn does with the sign of life of each worker."""
    for _ in range(story.LONG // MOMENT):
        for process in live.web_processes():
            unnamed = [name for name in _open_files(process) if name.endswith("(deleted)")]
            if any("/tmp/" in name and "wgunicorn" not in name for name in unnamed):
                return
        page.wait_for_timeout(MOMENT)
    raise AssertionError("the upload never arrived")


def _open_files(process: int) -> list[str]:
    try:
        return [str(path.readlink()) for path in Path(f"/proc/{process}/fd").iterdir()]
    except OSError:  # ended, or a file was closed while we looked
        return []


def kill_in_mid_upload(page: Page, live: LivePortal) -> None:
    """A slow line, a large photo, and a web process that dies before all of it has arrived."""
    network = page.context.new_cdp_session(page)
    speed = {"offline": False, "latency": 0, "downloadThroughput": -1}
    network.send("Network.emulateNetworkConditions", {**speed, "uploadThroughput": UPLOAD_SPEED})
    story.choose(page, story.large_photo())

    def is_upload(request: Request) -> bool:
        return request.method == "POST"

    with page.expect_event("requestfailed", is_upload, timeout=story.LONG):
        page.get_by_role("button", name="Lanjut", exact=True).click(no_wait_after=True)
        wait_for_the_first_bytes(page, live)
        live.kill_web()
    network.send("Network.emulateNetworkConditions", {**speed, "uploadThroughput": -1})
    network.detach()


def play(live: LivePortal, owner: Page, verifier: Page) -> None:
    sari, vera = live.cast.sari, live.cast.vera
    live.login(owner, sari)
    story.expect_score(owner, live, "71,00", "Sedang")
    story.hand_in_seminar(owner, story.large_photo())
    live.login(verifier, vera)
    story.take(verifier, live, sari)
    story.approve(verifier)
    story.expect_score(owner, live, "81,00", "Tinggi")
    read_the_news(owner, live)


def test_a_photo_of_twelve_megapixels_raises_the_score(
    live: LivePortal, phone: Page, desktop: Page
) -> None:
    play(live, phone, desktop)


def test_the_same_without_javascript(live: LivePortal, open_browser: Open) -> None:
    play(live, open_browser(PHONE, javascript=False), open_browser(javascript=False))


def test_nothing_is_lost_when_the_web_process_dies(
    production: LivePortal, phone: Page, desktop: Page
) -> None:
    live, sari = production, production.cast.sari
    live.login(phone, sari)
    story.expect_score(phone, live, "71,00", "Sedang")

    story.begin_seminar(phone)
    kill_in_mid_upload(phone, live)
    live.start_web()
    assert items(live) == 0, "half an upload has become an item"

    live.open(phone, "/")
    receipt = story.hand_in_seminar(phone, story.large_photo())
    live.kill_web()
    live.start_web()
    phone.reload()
    expect(phone.get_by_text(receipt).first).to_be_visible()

    live.login(desktop, live.cast.vera)
    story.take(desktop, live, sari)
    live.kill_web()
    live.start_web()
    story.approve(desktop)
    story.expect_score(phone, live, "81,00", "Tinggi")
    read_the_news(phone, live)
    assert items(live) == 1
