"""The verifikator's desk under hands: keys, mouse, fingers, and what a screen reader hears."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from portal.accounts.models import Penugasan
from portal.audit import AuditEntry
from portal.db import now
from portal.documents.models import Document
from portal.documents.rulings import Decision
from portal.vocabulary import DocumentKind, DocumentState
from tests.journeys import desk
from tests.support.browser import PHONE, Chromium, visit
from tests.support.live import LivePortal

FIRST, SECOND = "Seminar ke-1", "Seminar ke-2"
BAR_STAYS = """() => {
  const timer = setTimeout;
  window.setTimeout = (act, wait, ...more) => wait > 5000 ? 0 : timer(act, wait, ...more);
}"""
FETCHED = "() => performance.getEntriesByType('resource').some(one => /tersegel$/.test(one.name))"
CLOCK_STANDS = "() => { const moment = performance.now(); performance.now = () => moment; }"


@pytest.fixture
def at_desk(live: LivePortal, desktop: Page) -> Page:
    """Vera's screen with the first of three items taken, its paper seen."""
    return begin(live, desktop)


def begin(live: LivePortal, page: Page) -> Page:
    desk.fill(live, 3)
    live.login(page, live.cast.vera)
    live.open(page, "/verifikasi")
    page.get_by_role("button", name="Ambil dokumen terlama").click()
    desk.expect_item(page, 1)
    desk.expect_paper(page)
    return page


def states(live: LivePortal) -> dict[str, DocumentState]:
    with live.database.reading() as session:
        rows = session.execute(select(Document.nama, Document.state)).all()
        return {row.nama: row.state for row in rows}


def width_of_page(page: Page) -> float:
    box = page.locator("[data-page]").first.bounding_box()
    assert box is not None
    return box["width"]


def scrolled(page: Page) -> tuple[float, float]:
    left, top = page.locator("[data-viewer]").evaluate("box => [box.scrollLeft, box.scrollTop]")
    return left, top


def fetched_ahead(page: Page) -> None:
    """A fresh page, and the picture of the item that follows has come to it."""
    page.reload()
    page.wait_for_function(FETCHED)


def approve_first(live: LivePortal, page: Page) -> None:
    """Decide, with the second item on the desk afterwards; neither browser nor portal counts the
    seconds for taking it back, however long the test takes."""
    page.evaluate(BAR_STAYS)
    page.keyboard.press("s")
    desk.expect_item(page, 2)
    with live.database.transaction() as session:
        session.execute(update(Decision).values(at=now() + dt.timedelta(hours=1)))


class TestTakingBack:
    def test_a_key_brings_the_item_back_and_says_so(self, live: LivePortal, at_desk: Page) -> None:
        approve_first(live, at_desk)
        at_desk.keyboard.press("u")

        desk.expect_item(at_desk, 1)
        expect(at_desk.locator("#pesan")).to_contain_text(f"Keputusan diurungkan: {FIRST}.")
        assert states(live)[SECOND] is DocumentState.DIAJUKAN

    def test_z_does_the_same(self, live: LivePortal, at_desk: Page) -> None:
        approve_first(live, at_desk)
        at_desk.keyboard.press("z")

        desk.expect_item(at_desk, 1)

    def test_the_bar_goes_when_the_time_is_over(self, at_desk: Page) -> None:
        at_desk.clock.install()
        at_desk.keyboard.press("s")
        bar = at_desk.get_by_role("button", name="Urungkan")
        expect(bar).to_be_visible()

        at_desk.clock.run_for(10_000)

        expect(bar).to_be_hidden()

    def test_a_note_begun_meanwhile_waits_for_its_item(
        self, live: LivePortal, at_desk: Page
    ) -> None:
        approve_first(live, at_desk)
        at_desk.keyboard.press("k")
        at_desk.locator("details[open] textarea").fill("Halaman dua gelap")
        at_desk.get_by_role("button", name="Urungkan").click()
        desk.expect_item(at_desk, 1)
        at_desk.keyboard.press("s")
        desk.expect_item(at_desk, 2)

        expect(at_desk.locator("#catatan-kembalikan")).to_have_value("Halaman dua gelap")


class TestPaper:
    def test_the_next_picture_is_there_without_a_request_and_noted_once(
        self, live: LivePortal, at_desk: Page
    ) -> None:
        fetched_ahead(at_desk)
        desk.expect_item(at_desk, 1)
        at_desk.keyboard.press("s")
        desk.expect_item(at_desk, 2)

        expect(at_desk.locator("[data-page] img")).to_have_attribute("src", re.compile("^blob:"))
        size = at_desk.locator("[data-page] img").evaluate("i => [i.naturalWidth, i.naturalHeight]")
        assert tuple(size) == desk.PAGE
        with live.database.reading() as session:
            of_second = select(Document.id).where(Document.nama == SECOND).scalar_subquery()
            lines = session.scalars(
                select(AuditEntry.actor_id).where(
                    AuditEntry.action == "document:read", AuditEntry.subject_id == of_second
                )
            ).all()
        assert lines == [live.cast.vera.pegawai_id]

    def test_keys_enlarge_shrink_and_restore(self, at_desk: Page) -> None:
        before = width_of_page(at_desk)

        at_desk.keyboard.press("+")
        larger = width_of_page(at_desk)
        at_desk.keyboard.press("0")

        assert larger == pytest.approx(before * 1.25, rel=0.05)
        assert width_of_page(at_desk) == before

    def test_a_turned_page_fits_the_width(self, at_desk: Page) -> None:
        sheet = at_desk.locator("[data-page]").bounding_box()
        at_desk.keyboard.press("r")
        image = at_desk.locator("[data-page] img").bounding_box()

        assert sheet is not None
        assert image is not None
        assert image["width"] == pytest.approx(sheet["width"], abs=2)
        assert image["height"] < image["width"]

    def test_the_mouse_drags_the_page(self, at_desk: Page) -> None:
        at_desk.keyboard.press("+")
        at_desk.keyboard.press("+")
        box = at_desk.locator("[data-viewer]").bounding_box()
        assert box is not None
        before = scrolled(at_desk)

        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        at_desk.mouse.move(x, y)
        at_desk.mouse.down()
        at_desk.mouse.move(x - 60, y - 90, steps=4)
        at_desk.mouse.up()

        after = scrolled(at_desk)
        assert (after[0] - before[0], after[1] - before[1]) == (60, 90)

    def test_the_wheel_with_control_enlarges(self, at_desk: Page) -> None:
        before = width_of_page(at_desk)
        at_desk.locator("[data-viewer]").hover()

        at_desk.keyboard.down("Control")
        at_desk.mouse.wheel(0, -100)
        at_desk.keyboard.up("Control")

        expect(at_desk.locator("[data-zoom]")).not_to_have_text("100 %")
        assert width_of_page(at_desk) > before

    def test_two_fingers_enlarge(self, live: LivePortal, chromium: Chromium) -> None:
        with visit(chromium.new_context(**PHONE)) as page:
            begin(live, page)
            before = width_of_page(page)
            touch = page.context.new_cdp_session(page)

            def fingers(kind: str, *points: tuple[int, int]) -> None:
                where = [{"x": x, "y": y, "id": n} for n, (x, y) in enumerate(points)]
                touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": where})

            fingers("touchStart", (160, 260), (200, 260))
            fingers("touchMove", (120, 260), (240, 260))
            fingers("touchEnd")

            expect(page.locator("[data-zoom]")).to_have_text("300 %")
            assert width_of_page(page) == pytest.approx(before * 3, rel=0.02)

    def test_every_button_of_a_phone_is_large_enough(
        self, live: LivePortal, chromium: Chromium
    ) -> None:
        with visit(chromium.new_context(**PHONE)) as page:
            begin(live, page)
            boxes = page.locator("#meja :is(button, summary, .viewer-bar a)").evaluate_all(
                "all => all.filter(b => b.getClientRects().length)"
                ".map(b => [b.textContent, b.offsetWidth, b.offsetHeight])"
            )

            assert [box for box in boxes if min(box[1:]) < 48] == []


class TestFocusAndWords:
    def test_after_a_decision_the_title_has_the_focus_and_the_news_are_told(
        self, at_desk: Page
    ) -> None:
        at_desk.keyboard.press("s")
        desk.expect_item(at_desk, 2)

        expect(at_desk.get_by_role("heading", level=1)).to_be_focused()
        expect(at_desk.locator("#kabar")).to_have_text(
            re.compile(rf"^Disetujui: {FIRST}, .*Di meja: {SECOND}\.$")
        )

    def test_a_second_press_by_accident_decides_nothing(
        self, live: LivePortal, at_desk: Page
    ) -> None:
        at_desk.evaluate(CLOCK_STANDS)  # the press follows at once, however busy the machine is
        at_desk.evaluate(
            """() => document.addEventListener("htmx:afterSettle", () =>
                dispatchEvent(new KeyboardEvent("keydown", { key: "s", bubbles: true })), true)"""
        )
        at_desk.keyboard.press("s")
        desk.expect_item(at_desk, 2)

        assert states(live)[SECOND] is DocumentState.DIPERIKSA

    def test_a_lost_role_is_told_and_the_note_stays(self, live: LivePortal, at_desk: Page) -> None:
        at_desk.keyboard.press("k")
        note = at_desk.locator("details[open] textarea")
        note.fill("Foto gelap")
        with live.database.transaction() as session:
            own = Penugasan.akun_id == live.cast.vera.akun_id
            session.execute(update(Penugasan).where(own).values(berakhir=now()))

        at_desk.locator("details[open] button[type=submit]").last.click()

        expect(at_desk.get_by_role("alert")).to_contain_text("Anda tidak berwenang")
        expect(note).to_have_value("Foto gelap")

    def test_a_long_note_is_counted_and_kept(self, at_desk: Page) -> None:
        at_desk.keyboard.press("t")
        at_desk.locator("details[open] textarea").fill("a" * 10_000)

        expect(at_desk.get_by_text("Kelebihan 9000 huruf.")).to_be_visible()
        at_desk.locator("details[open] button[type=submit]").last.click()

        expect(at_desk.locator("details[open] textarea")).to_have_value("a" * 10_000)

    def test_the_help_lists_the_keys(self, at_desk: Page) -> None:
        at_desk.keyboard.press("?")

        expect(at_desk.get_by_role("dialog")).to_contain_text("Urungkan")

    @pytest.mark.parametrize("theme", ["light", "dark"])
    def test_nothing_hinders_anybody_while_the_bar_stands(
        self, at_desk: Page, axe: Callable[[Page], list[str]], theme: Any
    ) -> None:
        at_desk.emulate_media(color_scheme=theme, reduced_motion="reduce")
        at_desk.keyboard.press("s")
        desk.expect_item(at_desk, 2)
        at_desk.keyboard.press("k")

        assert axe(at_desk) == []


class TestChoosingSeveral:
    @pytest.fixture
    def queue(self, live: LivePortal, desktop: Page) -> Page:
        """Three items with green lights, the last of another kind."""
        desk.fill(live, 3)
        with live.database.transaction() as session:
            session.execute(update(Document).values(lampu="ok"))
            last = Document.nama == "Seminar ke-3"
            session.execute(update(Document).where(last).values(kind=DocumentKind.TEKNIS))
        live.login(desktop, live.cast.vera)
        live.open(desktop, "/verifikasi")
        return desktop

    def test_keys_choose_and_lead_on(self, queue: Page) -> None:
        for key in ("j", "x", "j", "x"):
            queue.keyboard.press(key)
        expect(queue.locator("[data-bulk]")).to_contain_text("2 dipilih: Seminar")

        queue.keyboard.press("s")

        queue.wait_for_url("**/verifikasi/massal?**")
        expect(queue.get_by_role("heading", level=1)).to_have_text("Setujui bersama")

    def test_two_kinds_are_not_approved_together(self, queue: Page) -> None:
        for box in queue.locator("[data-rows] input[type=checkbox]").all():
            box.check()

        expect(queue.locator("[data-bulk]")).to_contain_text("Pilih satu jenis saja")
        expect(queue.get_by_role("button", name="Setujui bersama")).to_be_disabled()

    def test_the_choice_can_be_dropped(self, queue: Page) -> None:
        queue.keyboard.press("j")
        queue.keyboard.press("x")
        queue.get_by_role("button", name="Batal pilih").click()

        expect(queue.locator("[data-bulk].open")).to_have_count(0)
        expect(queue.locator("[data-rows] input:checked")).to_have_count(0)
