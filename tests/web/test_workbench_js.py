"""Keys of the verifikator's desk: each does what a button does, and rests where people type."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import Chromium
from tests.web.pages import ORIGIN, document, opened

DESK = """
<a href="#s" data-key="s">Setujui</a><a href="#l" data-key="l">Lewati</a>
<details><summary data-key="k">Kembalikan</summary><textarea id="alasan"></textarea></details>
<ul data-rows><li><a href="#1">Satu</a></li><li><a href="#2">Dua</a></li></ul>
<section data-viewer tabindex="-1"><span data-zoom>100 %</span>
<figure data-page><img src="/static/img/icon-192.png" width="192" height="192" alt=""></figure>
</section>
<dialog data-shortcut-help><input type="checkbox" data-shortcut-switch checked></dialog>
"""
SCRIPT = '<script src="/static/js/workbench.js" defer></script>'


def desk(attributes: str = "", body: str = DESK) -> str:
    return document(body, scripts=SCRIPT, attributes=attributes)


def press(page: Page, *keys: str) -> str:
    """The address's fragment after the keys."""
    for key in keys:
        page.keyboard.press(key)
    return str(page.evaluate("location.hash"))


def test_a_key_presses_its_button(chromium: Chromium) -> None:
    with opened(chromium, desk()) as page:
        page.goto(ORIGIN)
        assert press(page, "s") == "#s"


@pytest.mark.parametrize("keys", ["Control+s", "Alt+s", "Meta+s"])
def test_keys_with_modifiers_belong_to_the_browser(chromium: Chromium, keys: str) -> None:
    with opened(chromium, desk()) as page:
        page.goto(ORIGIN)
        assert press(page, keys) == ""


def test_returning_opens_the_reason_and_waits_for_words(chromium: Chromium) -> None:
    with opened(chromium, desk()) as page:
        page.goto(ORIGIN)
        press(page, "k")
        expect(page.locator("#alasan")).to_be_focused()


def test_letters_in_a_text_field_are_only_letters(chromium: Chromium) -> None:
    with opened(chromium, desk()) as page:
        page.goto(ORIGIN)
        assert press(page, "k", "s", "l") == ""


def test_the_page_can_switch_the_keys_off(chromium: Chromium) -> None:
    with opened(chromium, desk('data-shortcuts="off"')) as page:
        page.goto(ORIGIN)
        assert press(page, "s") == ""


def test_a_person_can_switch_the_keys_off_for_good(chromium: Chromium) -> None:
    with opened(chromium, desk()) as page:
        page.goto(ORIGIN)
        press(page, "?")
        page.locator("[data-shortcut-switch]").uncheck()
        page.reload()
        assert press(page, "s") == ""


def test_keys_rest_while_the_help_is_open(chromium: Chromium) -> None:
    with opened(chromium, desk()) as page:
        page.goto(ORIGIN)
        assert press(page, "?", "s") == ""


def test_j_walks_down_the_queue(chromium: Chromium) -> None:
    with opened(chromium, desk()) as page:
        page.goto(ORIGIN)
        press(page, "j", "j")
        expect(page.get_by_role("link", name="Dua")).to_be_focused()


def test_k_walks_up_where_nothing_can_be_returned(chromium: Chromium) -> None:
    rows = '<ul data-rows><li><a href="#1">Satu</a></li><li><a href="#2">Dua</a></li></ul>'
    with opened(chromium, desk(body=rows)) as page:
        page.goto(ORIGIN)
        press(page, "j", "j", "k")
        expect(page.get_by_role("link", name="Satu")).to_be_focused()


def test_the_document_is_zoomed_by_keys(chromium: Chromium) -> None:
    with opened(chromium, desk()) as page:
        page.goto(ORIGIN)
        press(page, "+", "+")
        expect(page.locator("[data-zoom]")).to_have_text("156 %")


def test_zero_brings_the_first_size_back(chromium: Chromium) -> None:
    with opened(chromium, desk()) as page:
        page.goto(ORIGIN)
        press(page, "+", "r", "0")
        expect(page.locator("[data-zoom]")).to_have_text("100 %")


def test_the_document_is_turned_by_a_key(chromium: Chromium) -> None:
    with opened(chromium, desk()) as page:
        page.goto(ORIGIN)
        press(page, "r")
        assert page.evaluate("document.querySelector('img').style.transform") == "rotate(90deg)"
