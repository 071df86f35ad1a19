"""The filters of the queue in a real browser: rows, numbers and address follow; the focus stays."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from portal.vocabulary import DocumentKind, DocumentState
from tests.support import builders
from tests.support.live import LivePortal

S = DocumentState


@pytest.fixture
def queue(live_portal: LivePortal, desktop: Page) -> Page:
    cast = live_portal.cast
    with live_portal.database.transaction() as session:
        builders.document(session, cast.sari, S.DIAJUKAN)
        builders.document(session, cast.tono, S.DIAJUKAN, kind=DocumentKind.TEKNIS)
    live_portal.login(desktop, cast.vera)
    desktop.goto(f"{live_portal.url}/verifikasi")
    desktop.wait_for_function("() => Boolean(window.htmx)")
    return desktop


def test_a_choice_changes_rows_numbers_and_address_and_keeps_the_focus(queue: Page) -> None:
    kinds = queue.get_by_label("Jenis", exact=True)
    expect(queue.get_by_label("OPD", exact=True)).to_contain_text("Dinas Kesehatan (1)")
    kinds.focus()

    kinds.select_option("seminar")

    expect(queue.locator("tbody tr")).to_have_count(1)
    expect(queue).to_have_url(re.compile("jenis=seminar"))
    expect(queue.get_by_label("OPD", exact=True)).to_contain_text("Dinas Kesehatan (0)")
    expect(kinds).to_be_focused()
    expect(kinds).to_have_value("seminar")


def test_typing_loses_no_letter(queue: Page) -> None:
    words = queue.get_by_label("NIP, nama, atau nomor")
    words.press_sequentially("wulandari", delay=60)

    expect(queue.locator("tbody tr")).to_have_count(1)
    expect(words).to_have_value("wulandari")
    expect(words).to_be_focused()


def test_further_filters_open_and_stay_open(queue: Page) -> None:
    queue.get_by_text("Saringan lain").click()
    queue.get_by_label("Umur sejak diajukan").select_option("7")

    expect(queue.get_by_text("Tidak ada yang cocok")).to_be_visible()
    expect(queue.get_by_label("Umur sejak diajukan")).to_be_visible()
