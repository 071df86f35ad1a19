"""Issue 1 in one breath: unggah → ambil → setujui → skor naik, notifikasi terbaca."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys import story
from tests.support.live import LivePortal


def read_the_news(page: Page, live: LivePortal) -> None:
    """The message about the approval is new, opens the item, and is read from then on."""
    live.open(page, "/")
    page.get_by_role("link", name=re.compile("Notifikasi.*1 belum dibaca")).locator("visible=true").click()
    page.get_by_role("button", name="disetujui").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(story.NAMA)
    expect(page.get_by_text("Disetujui", exact=True).first).to_be_visible()
    unread = page.get_by_role("link", name="belum dibaca")
    expect(unread).to_have_count(0)


def test_a_photo_of_twelve_megapixels_raises_the_score(
    live: LivePortal, phone: Page, vera_desk: Page
) -> None:
    sari, vera = live.cast.sari, live.cast.vera
    live.login(phone, sari)
    story.expect_score(phone, live, "71,00", "Sedang")

    story.hand_in_seminar(phone, story.large_photo())
    live.login(vera_desk, vera)
    story.take(vera_desk, live, sari)
    story.approve(vera_desk)

    story.expect_score(phone, live, "81,00", "Tinggi")
    read_the_news(phone, live)
