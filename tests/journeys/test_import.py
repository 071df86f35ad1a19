"""BKN's values travel from a file of the admin to the first screen of the person."""

from __future__ import annotations

import time

from playwright.sync_api import Locator, Page, expect

from tests.imports import files
from tests.journeys.conftest import Open
from tests.journeys.story import LONG
from tests.support.browser import DESKTOP
from tests.support.live import LivePortal


def send(page: Page, live: LivePortal, data: bytes, name: str = "PIP ASN.xlsx") -> None:
    live.open(page, "/impor")
    upload = {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    page.locator("input[type=file]").set_input_files(upload)
    page.get_by_role("button", name="Unggah dan periksa").click()


def workbook(*nips: str) -> bytes:
    names = ["NIP", *files.POINTS, "updated"]
    return files.xlsx([[], [], names, *([nip, 20, 17.5, 25, 5, 67.5, 45700] for nip in nips)])


def test_a_file_becomes_the_line_on_beranda_without_touching_the_page(
    live: LivePortal, phone: Page, desktop: Page
) -> None:
    live.login(desktop, live.cast.ani)
    send(desktop, live, workbook(live.cast.sari.nip, "198704122010012999"))

    # The page asks by itself until the worker has read, and again until it has written.
    save = desktop.get_by_role("button", name="Simpan 1 baris")
    expect(save).to_be_visible(timeout=LONG)
    expect(desktop.get_by_text("belum ada di portal")).to_be_visible()
    save.click()
    expect(desktop.get_by_text("Nilai BKN tersimpan")).to_be_visible(timeout=LONG)

    live.login(phone, live.cast.sari)
    expect(phone.get_by_text("Resmi BKN")).to_contain_text("67,50 · dihitung 12 Feb 2025")


def load_until(page: Page, wanted: Locator) -> None:
    """Ask for the state again and again, by the link that is there until the worker is done."""
    again = page.get_by_role("link", name="Muat ulang keadaan")
    deadline = time.monotonic() + LONG / 1000
    expect(wanted.or_(again).first).to_be_visible()
    while not wanted.is_visible():
        assert time.monotonic() < deadline
        page.wait_for_timeout(250)
        again.click()
        expect(wanted.or_(again).first).to_be_visible()


def test_without_javascript_the_same_way_is_open(live: LivePortal, open_browser: Open) -> None:
    page = open_browser(DESKTOP, javascript=False)
    live.login(page, live.cast.ani)
    send(page, live, workbook(live.cast.sari.nip))

    save = page.get_by_role("button", name="Simpan 1 baris")
    load_until(page, save)
    save.click()
    load_until(page, page.get_by_text("Nilai BKN tersimpan"))


def test_a_file_that_is_too_large_is_told_before_it_is_sent(
    live: LivePortal, desktop: Page
) -> None:
    live.login(desktop, live.cast.ani)
    live.open(desktop, "/impor")
    large = {"name": "besar.csv", "mimeType": "text/csv", "buffer": bytes(21 * 1024 * 1024)}

    desktop.locator("input[type=file]").set_input_files(large)

    expect(desktop.get_by_role("alert")).to_contain_text("Paling besar 20 MB. Bagi menjadi")
