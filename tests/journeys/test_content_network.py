"""htmx comes from a content network. When that is down nobody has to notice."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys import story
from tests.journeys.conftest import Open
from tests.support.browser import PHONE, from_cdn
from tests.support.live import LivePortal
from tests.web.pages import PATIENT

OWN_COPY = 'script[src*="vendor/htmx"]'


def refuse(route: Route) -> None:
    route.abort("connectionrefused")


def stay_silent(_route: Route) -> None:
    """Neither an answer nor an error, ever."""


def wait_for_htmx(page: Page) -> None:
    page.wait_for_function("() => window.htmx", polling=50, timeout=story.LONG)


@pytest.mark.parametrize("answer", [from_cdn, refuse, stay_silent])
def test_the_queue_is_searched_while_one_types(
    live: LivePortal, open_browser: Open, answer: Callable[[Route], None]
) -> None:
    desk = open_browser(cdn=answer)
    if answer is from_cdn:
        desk.add_init_script(PATIENT)
    live.login(desk, live.cast.vera)
    live.open(desk, "/verifikasi")
    wait_for_htmx(desk)

    desk.get_by_role("searchbox").press_sequentially("zzzz")

    expect(desk.get_by_text("Tidak ada yang cocok")).to_be_visible()
    expect(desk.locator(OWN_COPY)).to_have_count(0 if answer is from_cdn else 1)


def test_with_a_silent_network_the_whole_way_is_open_at_once(
    live: LivePortal, open_browser: Open
) -> None:
    phone = open_browser(PHONE, cdn=stay_silent)
    live.login(phone, live.cast.sari)
    assert story.hand_in_seminar(phone)
