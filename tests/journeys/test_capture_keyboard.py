"""Capturing by keyboard and by ear: the focus is never lost, every control has its own name."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys import capture, story
from tests.support.live import LivePortal


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).focus()
    page.keyboard.press("Enter")


def test_each_step_begins_at_its_heading(live: LivePortal, desktop: Page) -> None:
    capture.ready(desktop, live)
    heading = desktop.get_by_role("heading", level=1)
    expect(heading).to_be_focused()
    capture.photograph(desktop, story.small_photo())

    press(desktop, "Lanjut")

    expect(heading).to_have_text("Periksa data")
    expect(heading).to_be_focused()
    expect(desktop).to_have_title("Periksa data – Portal IP ASN")


def test_the_focus_stays_with_the_pages(live: LivePortal, desktop: Page) -> None:
    capture.ready(desktop, live)
    capture.photograph(desktop, *(story.small_photo(number) for number in range(3)))
    page = desktop.get_by_role("listitem")
    third = str(page.nth(2).get_attribute("id"))

    press(desktop, "Naik halaman 3")
    expect(page.nth(1)).to_have_id(third)
    expect(desktop.get_by_role("button", name="Naik halaman 2")).to_be_focused()
    desktop.keyboard.press("Enter")
    expect(page.nth(0)).to_have_id(third)
    expect(desktop.get_by_role("button", name="Putar halaman 1")).to_be_focused()
    press(desktop, "Hapus halaman 2")
    expect(page).to_have_count(2)
    expect(desktop.get_by_role("button", name="Putar halaman 1")).to_be_focused()


def test_each_paper_of_a_degree_has_its_own_region(live: LivePortal, desktop: Page) -> None:
    capture.ready(desktop, live, "Ijazah")

    for paper in ("Ijazah", "Transkrip nilai"):
        region = desktop.get_by_role("region", name=paper, exact=True)
        expect(region.get_by_label("Pilih berkas")).to_be_attached()


def test_a_page_is_looked_at_closely(live: LivePortal, desktop: Page) -> None:
    capture.ready(desktop, live)
    capture.photograph(desktop, story.small_photo())
    picture = desktop.locator("#kertas canvas")
    expect(picture).to_be_visible()

    desktop.locator("summary", has=desktop.locator("canvas")).focus()
    desktop.keyboard.press("Enter")

    expect(desktop.locator("#kertas details[open]")).to_have_count(1)
    box = picture.bounding_box()
    assert box
    assert box["width"] > 400


def test_a_fault_is_read_with_its_field_and_its_hint(live: LivePortal, desktop: Page) -> None:
    capture.to_the_data(desktop, live)
    name = desktop.get_by_label("Nama kegiatan")

    press(desktop, "Ajukan")

    expect(name).to_have_attribute("aria-invalid", "true")
    hint = name.locator("xpath=..").locator(".hint").all_inner_texts()
    fault = name.locator("xpath=..").locator(".error").inner_text()
    expect(name).to_have_accessible_description(" ".join([fault, *hint]))


def test_every_item_is_declared_anew(live: LivePortal, desktop: Page) -> None:
    capture.to_the_data(desktop, live)
    desktop.get_by_label("Data ini benar").check()
    desktop.get_by_role("link", name="Kembali").click()
    desktop.get_by_role("link", name="Kembali").click()

    capture.begin(desktop, "Diklat teknis")
    capture.photograph(desktop, story.small_photo(2))
    capture.go_on(desktop)

    expect(desktop.get_by_label("Data ini benar")).not_to_be_checked()
