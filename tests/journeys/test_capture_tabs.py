"""One draft in two tabs of a phone, and the way back from a receipt: nobody sees an old form."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys import capture
from tests.support.live import LivePortal


def test_a_draft_that_another_tab_opens_goes_on_there(live: LivePortal, phone: Page) -> None:
    capture.to_the_data(phone, live)
    capture.type_data(phone, "Dari tab pertama")
    expect(phone.locator(".bring")).to_be_visible()

    second = phone.context.new_page()
    second.goto(phone.url)

    expect(second.get_by_label("Nama kegiatan")).to_have_value("Dari tab pertama")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Unggah dokumen")
    expect(phone.get_by_role("link", name="Dari tab pertama")).to_be_visible()


def test_a_tab_that_takes_the_draft_back_shows_what_the_other_has_written(
    live: LivePortal, phone: Page
) -> None:
    capture.to_the_data(phone, live)
    capture.type_data(phone, "Dari tab pertama")
    expect(phone.locator(".bring")).to_be_visible()
    second = phone.context.new_page()
    second.goto(phone.url)
    second.get_by_label("Nama kegiatan").fill("Dari tab kedua")

    phone.get_by_role("link", name="Dari tab kedua").click()

    expect(phone.get_by_label("Nama kegiatan")).to_have_value("Dari tab kedua")
    expect(second.get_by_role("heading", level=1)).to_have_text("Unggah dokumen")


def test_the_photos_stand_below_the_kind_that_was_chosen(live: LivePortal, phone: Page) -> None:
    capture.ready(phone, live)

    expect(phone.locator("#berkas").get_by_text(capture.CARD)).to_be_visible()


def test_the_way_back_from_a_receipt_shows_the_receipt_and_no_form(
    live: LivePortal, phone: Page
) -> None:
    live.login(phone, live.cast.sari)
    number = capture.hand_in_one(phone, live)

    phone.go_back()

    expect(phone).to_have_url(re.compile("#data/"))
    expect(phone.locator(".receipt .code")).to_have_text(number)
    expect(phone.locator("#isian")).to_be_hidden()
