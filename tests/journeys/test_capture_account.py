"""Drafts on a phone belong to an account: nobody else reads them, and they do not stay for ever."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect
from sqlalchemy import delete

from portal.accounts.models import LoginSession
from tests.journeys import capture, story
from tests.support.live import LivePortal


def test_a_session_that_has_ended_asks_for_the_login_and_sends_then(
    live: LivePortal, phone: Page
) -> None:
    live.login(phone, live.cast.sari)
    capture.open_shell(phone, live)
    with live.database.transaction() as session:
        session.execute(delete(LoginSession))
    phone.reload()
    capture.begin(phone)
    capture.fill(phone)
    capture.hand_in(phone)
    expect(phone.get_by_text("Masuk lagi untuk mengirim")).to_be_visible()

    phone.get_by_role("link", name="Masuk", exact=True).click()
    live.login(phone, live.cast.sari)
    capture.open_shell(phone, live)
    phone.get_by_role("link", name=story.NAMA).click()

    capture.handed_in(live, capture.receipt(phone))


def test_a_session_that_ends_while_the_page_is_open_shows_the_way_to_the_login(
    live: LivePortal, phone: Page
) -> None:
    capture.to_the_data(phone, live)
    capture.type_data(phone)
    with live.database.transaction() as session:
        session.execute(delete(LoginSession))

    with capture.without_line(phone):
        capture.hand_in(phone)

    expect(phone.get_by_text("Masuk lagi untuk mengirim")).to_be_visible(timeout=story.LONG)
    expect(phone.get_by_role("link", name="Masuk", exact=True)).to_be_visible()


def test_another_login_reads_nothing(live: LivePortal, phone: Page) -> None:
    capture.to_the_data(phone, live)
    capture.type_data(phone, "Rahasia Sari")
    expect(phone.locator(".bring")).to_be_visible()
    address = phone.url
    [key] = capture.stored(phone, "kunci")
    assert key["key"] is False, "the key could be taken away"

    live.open(phone, "/profil")
    phone.get_by_role("button", name="Keluar").locator("visible=true").first.click()
    phone.get_by_role("button", name="Simpan draf, lalu keluar").click()
    expect(phone.get_by_role("button", name="Masuk", exact=True)).to_be_visible()
    assert capture.stored(phone, "kunci") == []
    live.login(phone, live.cast.tono)
    phone.goto(address)

    expect(phone.get_by_role("link", name=capture.CARD)).to_be_visible()
    expect(phone.get_by_text("Rahasia Sari")).to_have_count(0)
    for name in ("draf", "foto"):
        for row in capture.stored(phone, name):
            sealed = bytes(row["sealed"])
            assert b"Rahasia" not in sealed
            assert b"JFIF" not in sealed


def test_keluar_deletes_the_drafts_when_asked_to(live: LivePortal, phone: Page) -> None:
    capture.ready(phone, live)
    capture.photograph(phone, story.small_photo())

    live.open(phone, "/profil")
    phone.get_by_role("button", name="Keluar").locator("visible=true").first.click()
    phone.get_by_role("button", name="Hapus draf, lalu keluar").click()
    expect(phone.get_by_role("button", name="Masuk", exact=True)).to_be_visible()

    assert capture.stored(phone, "draf") == capture.stored(phone, "foto") == []


def test_drafts_of_a_fortnight_ago_are_gone(live: LivePortal, phone: Page) -> None:
    capture.ready(phone, live)
    with capture.without_line(phone):
        capture.photograph(phone, story.small_photo())
        phone.goto("about:blank")
    phone.clock.set_fixed_time(datetime.now(UTC) + timedelta(days=15))

    live.open(phone, "/dokumen/foto")

    capture.wait_until_empty(phone, "draf")
    capture.wait_until_empty(phone, "foto")


def test_a_phone_whose_clock_had_stopped_keeps_its_drafts(live: LivePortal, phone: Page) -> None:
    live.login(phone, live.cast.sari)
    phone.clock.set_fixed_time("2015-01-01T08:00:00")
    capture.open_shell(phone, live)
    capture.begin(phone)
    with capture.without_line(phone):
        capture.photograph(phone, story.small_photo())
        phone.goto("about:blank")
    phone.clock.set_fixed_time("2026-11-23T08:00:00")

    live.open(phone, "/dokumen/foto")

    expect(phone.locator("#tunggu").get_by_role("link", name=capture.CARD)).to_be_visible()


def test_a_login_takes_the_key_of_the_last_person_even_when_nothing_waits(
    live: LivePortal, phone: Page
) -> None:
    live.login(phone, live.cast.sari)
    capture.open_shell(phone, live)
    with live.database.transaction() as session:
        session.execute(delete(LoginSession))

    live.login(phone, live.cast.tono)

    assert capture.stored(phone, "kunci") == []
