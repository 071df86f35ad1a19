"""Simulasi with JavaScript: the answer follows the switch, and the address follows the answer."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.support.live import LivePortal

PATH = "/skor/simulasi"


def opened(live: LivePortal, page: Page, query: str = "") -> None:
    live.login(page, live.cast.sari)
    live.open(page, PATH + query)
    page.wait_for_function("() => window.htmx")


def test_a_switch_changes_the_sum_at_once_and_the_address_with_it(
    live_portal: LivePortal, phone: Page
) -> None:
    opened(live_portal, phone)

    phone.get_by_label("Satu seminar").check()

    expect(phone.locator("#ringkas b")).to_contain_text("81,00")
    expect(phone).to_have_url(re.compile(r"[?&]seminar=1"))


def test_the_address_can_be_opened_again(live_portal: LivePortal, phone: Page) -> None:
    opened(live_portal, phone)
    phone.get_by_label("Diklat teknis 20 JP").select_option("20")
    expect(phone.locator("#ringkas b")).to_contain_text("80,00")

    phone.reload()

    expect(phone.get_by_label("Diklat teknis 20 JP")).to_have_value("20")
    expect(phone.locator("#ringkas b")).to_contain_text("80,00")


def test_enter_in_the_goal_brings_its_steps(live_portal: LivePortal, phone: Page) -> None:
    opened(live_portal, phone)
    goal = phone.get_by_label("Nilai yang ingin dicapai")

    goal.fill("90")
    goal.press("Enter")

    expect(phone.locator("#jawaban")).to_contain_text("Cara paling ringan menuju 90")
    expect(goal).to_be_focused()


def test_switches_turned_after_a_goal_go_into_the_plan(
    live_portal: LivePortal, phone: Page
) -> None:
    opened(live_portal, phone)
    phone.get_by_label("Satu seminar").check()
    expect(phone.locator("#ringkas b")).to_contain_text("81,00")

    phone.get_by_role("button", name="Jadikan rencana").click()

    expect(phone.locator("#rencana li")).to_have_count(1)


def test_the_sum_stays_in_view_on_a_phone(live_portal: LivePortal, phone: Page) -> None:
    opened(live_portal, phone)

    phone.get_by_label("Pendidikan").scroll_into_view_if_needed()

    expect(phone.locator("#ringkas")).to_be_in_viewport()
