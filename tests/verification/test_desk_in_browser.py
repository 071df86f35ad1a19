"""The desk in a real browser: decisions in place, and a claim that ends when the page is left."""

from __future__ import annotations

import datetime as dt
import re
import time
import uuid
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from portal.db import now
from portal.documents.models import Document
from portal.documents.transitions import Act
from portal.vocabulary import DocumentState
from tests.support import builders
from tests.support.components import PATIENCE
from tests.support.live import LivePortal

S = DocumentState


def held(live: LivePortal, number: int = 1) -> list[str]:
    """Seminars of sari, of which vera holds the first; returns the paths of their desks."""
    with live.database.transaction() as session:
        builders.reason(session, Act.KEMBALIKAN)
        return [
            "/verifikasi/"
            + str(
                builders.document(
                    session,
                    live.cast.sari,
                    S.DIAJUKAN if place else S.DIPERIKSA,
                    verifier=live.cast.vera,
                    storage=live.storage,
                    nama=f"Seminar ke-{place}",
                    submitted_at=now() - dt.timedelta(days=9 - place),
                ).id
            )
            for place in range(number)
        ]


def seconds_left(live: LivePortal, path: str) -> float:
    with live.database.reading() as session:
        found = session.get_one(Document, uuid.UUID(path.rpartition("/")[2]))
        assert found.claimed_until is not None
        return (found.claimed_until - now()).total_seconds()


@pytest.fixture
def live(live_portal: LivePortal) -> LivePortal:
    return live_portal


@pytest.fixture
def desk(live: LivePortal, desktop: Page) -> Page:
    live.login(desktop, live.cast.vera)
    return desktop


def ready(page: Page, tick: Callable[[Page], None] = lambda _page: None) -> None:
    """Both scripts run: the desk's own, and htmx. `tick` moves a clock that stands."""
    expect(page.get_by_role("button", name="Perbesar")).to_be_visible()

    def has_htmx() -> bool:
        tick(page)
        return bool(page.evaluate("() => Boolean(window.htmx)"))

    until(has_htmx)


def let_htmx_in(page: Page) -> None:
    """It is fetched in a turn of its own; two seconds later the page would take another copy."""
    page.clock.run_for(1)


def until(fact: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not fact():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_decision_brings_the_next_item_without_another_page(live: LivePortal, desk: Page) -> None:
    first, second = held(live, 2)
    live.open(desk, first)
    ready(desk)
    desk.evaluate("() => { window.same = true; }")

    desk.get_by_role("button", name="Setujui").click()

    expect(desk.get_by_role("heading", level=1)).to_have_text("Seminar ke-1")
    assert desk.evaluate("() => window.same") is True
    assert desk.url.endswith(second)


def test_a_refused_form_stays_at_the_address_of_its_item(live: LivePortal, desk: Page) -> None:
    (path,) = held(live)
    live.open(desk, path)
    ready(desk)

    desk.keyboard.press("k")
    desk.locator("details[open] textarea").fill("Halaman dua gelap")
    desk.locator("details[open]").get_by_role("button", name="Kembalikan").click()

    expect(desk.get_by_role("alert")).to_contain_text("Pilih alasannya")
    expect(desk.locator("details[open] textarea")).to_have_value("Halaman dua gelap")
    assert desk.url.endswith(path)


def test_leaving_the_page_ends_the_claim_within_a_minute(live: LivePortal, desk: Page) -> None:
    (path,) = held(live)
    live.open(desk, path)
    ready(desk)

    live.open(desk, "/verifikasi")

    until(lambda: seconds_left(live, path) <= 60)


def test_loading_the_page_again_keeps_the_claim(live: LivePortal, desk: Page) -> None:
    (path,) = held(live)
    desk.clock.install()
    desk.clock.pause_at(now() + dt.timedelta(hours=1))  # before the page says that it is there
    live.open(desk, path)
    ready(desk, let_htmx_in)

    desk.reload()
    ready(desk, let_htmx_in)
    until(lambda: seconds_left(live, path) <= 60)
    with desk.expect_response(re.compile("/hadir$")) as answer:
        desk.clock.run_for(3000)

    assert answer.value.status == 204
    assert seconds_left(live, path) > 600


def test_a_page_whose_htmx_comes_late_keeps_the_claim_too(live: LivePortal, desk: Page) -> None:
    (path,) = held(live)
    desk.clock.install()
    desk.clock.pause_at(now() + dt.timedelta(hours=1))
    live.open(desk, path)
    ready(desk, let_htmx_in)
    late: list[Route] = []
    desk.route(re.compile(r"/htmx[^/]*\.js"), lambda route: late.append(route))

    desk.reload()
    until(lambda: seconds_left(live, path) <= 60)
    desk.clock.run_for(30_000)
    until(lambda: bool(desk.title() and late))  # asking the page lets the request in
    for route in late:
        route.continue_()
    ready(desk)
    with desk.expect_response(re.compile("/hadir$")) as answer:
        desk.clock.run_for(1000)

    assert answer.value.status == 204
    assert seconds_left(live, path) > 600


def test_escape_shuts_a_return_begun_by_mistake_and_keeps_its_words(
    live: LivePortal, desk: Page
) -> None:
    (path,) = held(live)
    live.open(desk, path)
    ready(desk)
    desk.keyboard.press("k")
    desk.locator("details[open] textarea").fill("Halaman dua gelap")

    desk.keyboard.press("Escape")

    expect(desk.get_by_role("button", name="Setujui")).to_be_visible()
    desk.keyboard.press("k")
    expect(desk.locator("details[open] textarea")).to_have_value("Halaman dua gelap")


def test_while_a_return_is_written_only_its_own_button_decides(
    live: LivePortal, desk: Page
) -> None:
    (path,) = held(live)
    live.open(desk, path)
    ready(desk)

    desk.keyboard.press("k")

    expect(desk.get_by_role("button", name="Setujui")).to_be_hidden()


def test_a_page_that_does_not_come_is_told_and_asked_for_again(
    live: LivePortal, desk: Page
) -> None:
    (path,) = held(live)
    away = re.compile("/halaman/1$")
    desk.context.route(away, lambda route: route.fulfill(status=503))
    live.open(desk, path)
    expect(desk.get_by_role("alert")).to_contain_text("halaman 1 dari 1: belum dapat ditampilkan")

    desk.context.unroute(away)
    desk.get_by_role("button", name="Coba lagi").click()

    expect(desk.get_by_role("alert")).to_have_count(0)


def test_a_session_that_ended_elsewhere_takes_no_words_along(live: LivePortal, desk: Page) -> None:
    (path,) = held(live)
    live.open(desk, path)
    ready(desk)
    desk.keyboard.press("k")
    desk.locator("select[name=alasan]:visible").select_option(index=1)
    desk.locator("details[open] textarea").fill("Halaman dua gelap")
    desk.context.clear_cookies()

    desk.keyboard.press("Control+Enter")

    expect(desk.get_by_role("alert")).to_contain_text("Sesi Anda berakhir. Isian Anda masih ada.")
    expect(desk.locator("details[open] textarea")).to_have_value("Halaman dua gelap")


def test_the_desk_fills_the_window_and_the_page_itself_does_not_scroll(
    live: LivePortal, desk: Page
) -> None:
    (path,) = held(live)
    desk.set_viewport_size({"width": 1280, "height": 480})

    live.open(desk, path)
    ready(desk)

    assert desk.evaluate("() => document.scrollingElement.scrollHeight - innerHeight") == 0


def test_a_return_that_was_shut_without_a_word_keeps_nobody_on_the_page(
    live: LivePortal, desk: Page
) -> None:
    first, second = held(live, 2)
    live.open(desk, first)
    ready(desk)
    desk.keyboard.press("k")
    desk.locator("select[name=alasan]:visible").select_option(index=1)
    desk.keyboard.press("Escape")
    expect(desk.locator("form[data-unsaved=changed]")).to_have_count(0)

    desk.locator(f".queue a[href='{second}']").click()

    expect(desk.get_by_role("heading", level=1)).to_have_text("Seminar ke-1")
