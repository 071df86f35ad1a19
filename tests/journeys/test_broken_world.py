"""What breaks on the way is told in one sentence, and nothing that was typed is lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import FilePayload, Page, expect
from sqlalchemy import delete, update

from portal.accounts.models import LoginSession
from portal.db import now
from portal.jobs import Heartbeat
from tests.journeys import story
from tests.journeys.conftest import Open
from tests.support.browser import PHONE
from tests.support.live import LivePortal

SLOW_LINE = 400 * 1024
"""Bytes a second on the way up."""
HTML: FilePayload = {
    "name": "sertifikat.pdf",
    "mimeType": "application/pdf",
    "buffer": b"<!doctype html><title>Sertifikat</title><script>alert(1)</script>",
}
FOURTEEN_MB: FilePayload = {
    "name": "foto-besar.jpg",
    "mimeType": "image/jpeg",
    "buffer": b"\xff\xd8\xff\xe0" + bytes(14 * 1024 * 1024),
}


@contextmanager
def store_away(live: LivePortal) -> Iterator[None]:
    """The folder of objects is gone, as an unplugged disk is."""
    here = live.folder / "var" / "objects"
    there = here.with_name("objects-away")
    here.rename(there)
    try:
        yield
    finally:
        there.rename(here)


def draft_with_data(page: Page, live: LivePortal) -> None:
    """A draft with a photo and its data, open at the last step."""
    live.login(page, live.cast.sari)
    story.begin_seminar(page)
    story.send_files(page, story.small_photo())
    story.type_data(page)
    story.send_data(page)


def add_a_page(page: Page, file: FilePayload) -> None:
    page.get_by_role("link", name="Ubah berkas").click()
    page.get_by_label("Tambah halaman").set_input_files(file)
    page.get_by_role("button", name="Lanjut", exact=True).click(no_wait_after=True)


def finish(page: Page) -> None:
    """The draft as it was can still be handed in."""
    page.goto(page.url.replace("/berkas", "/periksa"))
    expect(page.get_by_text(story.NAMA).first).to_be_visible()
    assert story.hand_in(page)


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize(
    ("file", "sentence"),
    [(HTML, "sertifikat.pdf"), (FOURTEEN_MB, "Paling besar 10 MB")],
    ids=["html-renamed-pdf", "14-mb"],
)
def test_a_refused_file_takes_nothing_with_it(
    live: LivePortal, open_browser: Open, file: FilePayload, sentence: str, *, javascript: bool
) -> None:
    phone = open_browser(PHONE, javascript=javascript)
    draft_with_data(phone, live)

    add_a_page(phone, file)

    expect(phone.get_by_role("alert")).to_contain_text(sentence, timeout=story.LONG)
    expect(phone.get_by_text("1 halaman").first).to_be_visible()
    finish(phone)


def test_a_session_that_ends_while_one_types_loses_no_word(live: LivePortal, phone: Page) -> None:
    live.login(phone, live.cast.sari)
    story.begin_seminar(phone)
    story.send_files(phone, story.small_photo())
    story.type_data(phone, "Seminar yang lama sekali diketik")
    with live.database.transaction() as session:
        session.execute(delete(LoginSession))

    phone.get_by_role("button", name="Lanjut", exact=True).click()
    with phone.context.expect_page() as opened:
        phone.get_by_role("link", name="Masuk di tab baru").click()
    live.login(opened.value, live.cast.sari)
    phone.go_back()

    name = phone.get_by_label("Nama kegiatan")
    expect(name).to_have_value("Seminar yang lama sekali diketik")
    story.send_data(phone)
    assert story.hand_in(phone)


def test_a_large_photo_after_the_session_has_ended_is_answered_in_words(
    live: LivePortal, phone: Page
) -> None:
    live.login(phone, live.cast.sari)
    story.begin_seminar(phone)
    with live.database.transaction() as session:
        session.execute(delete(LoginSession))

    story.choose(phone, story.large_photo())
    network = phone.context.new_cdp_session(phone)
    line = {"offline": False, "latency": 0, "downloadThroughput": -1}
    network.send("Network.emulateNetworkConditions", {**line, "uploadThroughput": SLOW_LINE})
    phone.get_by_role("button", name="Lanjut", exact=True).click(no_wait_after=True)

    heading = phone.get_by_role("heading", level=1)
    expect(heading).to_have_text("Sesi Anda berakhir", timeout=story.LONG)


def test_a_busy_database_is_told_and_keeps_what_was_typed(live: LivePortal, phone: Page) -> None:
    live.login(phone, live.cast.sari)
    story.begin_seminar(phone)
    story.send_files(phone, story.small_photo())
    story.type_data(phone)

    with live.database.transaction() as session:
        session.connection()  # from here on the one writer that SQLite lets in is we
        phone.get_by_role("button", name="Lanjut", exact=True).click(no_wait_after=True)
        alert = phone.get_by_role("alert")
        expect(alert).to_contain_text("coba lagi", ignore_case=True, timeout=story.LONG)
    expect(phone.get_by_label("Nama kegiatan")).to_have_value(story.NAMA)

    story.send_data(phone)
    assert story.hand_in(phone)


def test_while_the_store_is_away_the_draft_stays(live: LivePortal, phone: Page) -> None:
    draft_with_data(phone, live)

    with store_away(live):
        add_a_page(phone, story.small_photo(2))
        expect(phone.get_by_role("alert")).to_contain_text(
            "coba lagi", ignore_case=True, timeout=story.LONG
        )

    finish(phone)


def test_a_first_photo_meets_a_store_that_is_away(live: LivePortal, phone: Page) -> None:
    live.login(phone, live.cast.sari)
    story.begin_seminar(phone)

    with store_away(live):
        story.choose(phone, story.small_photo())
        phone.get_by_role("button", name="Lanjut", exact=True).click()
        expect(phone.get_by_role("alert")).to_contain_text(
            "coba lagi", ignore_case=True, timeout=story.LONG
        )

    story.send_files(phone, story.small_photo())


def test_without_a_worker_the_work_goes_on_and_the_admin_is_told(
    live: LivePortal, phone: Page, desktop: Page, open_browser: Open
) -> None:
    sari = live.cast.sari
    live.kill_worker()
    try:
        with live.database.transaction() as session:
            long_ago = now() - dt.timedelta(hours=1)
            session.merge(Heartbeat(nama="pekerja", terlihat=long_ago))
            session.execute(update(Heartbeat).values(terlihat=long_ago))
        live.login(phone, sari)
        story.hand_in_seminar(phone)
        live.login(desktop, live.cast.vera)
        story.take(desktop, live, sari)
        story.approve(desktop)
        story.expect_score(phone, live, "81,00", "Tinggi")

        admin = open_browser()
        live.login(admin, live.cast.ani)
        live.open(admin, "/admin/rekonsiliasi")
        expect(admin.get_by_text("Pekerja latar tidak berjalan")).to_be_visible()
    finally:
        live.start_worker()
