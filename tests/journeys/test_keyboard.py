"""A day at the verifikator's desk without a mouse."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import Page, expect

from portal.db import now
from portal.vocabulary import DocumentState
from tests.journeys import desk
from tests.support import builders
from tests.support.live import LivePortal

NAMES = ("Seminar Satu", "Seminar Dua", "Seminar Tiga", "Seminar Empat")


def queue_of_four(live: LivePortal) -> None:
    """Four seminars of four people, the first the oldest."""
    cast = live.cast
    owners = (cast.sari, cast.budi, cast.tono, cast.oki)
    with live.database.transaction() as session:
        for number, (owner, nama) in enumerate(zip(owners, NAMES, strict=True)):
            builders.document(
                session,
                owner,
                DocumentState.DIAJUKAN,
                storage=live.storage,
                nama=nama,
                submitted_at=now() - dt.timedelta(days=4 - number),
            )


def expect_title(page: Page, nama: str) -> None:
    """The item of this name is on the desk, and the script that reads the keys is running."""
    expect(page.get_by_role("heading", level=1)).to_have_text(nama)
    expect(page.locator("#meja[data-ready]")).to_be_attached()


def take_the_oldest(page: Page) -> None:
    """Until the desk listens to keys: its script then shows the buttons that need it."""
    page.get_by_role("button", name="Ambil dokumen terlama").press("Enter")
    expect_title(page, "Seminar Satu")


def decide_with_reason(page: Page, key: str, reason: str, button: str) -> None:
    """Open the reasons with a key, pick one, and send it without leaving the keyboard."""
    page.keyboard.press(key)
    choice = page.locator("details[open] select[name=alasan]")
    expect(choice).to_be_focused()
    choice.select_option(label=reason)
    page.locator("details[open]").get_by_role("button", name=button).press("Enter")


def test_four_items_are_decided_with_four_keys(live: LivePortal, desktop: Page) -> None:
    queue_of_four(live)
    live.login(desktop, live.cast.vera)
    live.open(desktop, "/verifikasi")
    take_the_oldest(desktop)

    desktop.keyboard.press("l")
    expect_title(desktop, "Seminar Dua")
    desktop.keyboard.press("s")
    expect(desktop.locator("#pesan")).to_contain_text("Disetujui:")
    expect_title(desktop, "Seminar Tiga")
    decide_with_reason(desktop, "k", "Berkas buram atau terpotong", "Kembalikan")
    expect(desktop.locator("#pesan")).to_contain_text("Perlu diperbaiki:")
    expect_title(desktop, "Seminar Empat")
    decide_with_reason(desktop, "t", "Nama pemegang bukan nama Anda", "Tolak")
    expect(desktop.locator("#pesan")).to_contain_text("Ditolak:")
    expect_title(desktop, "Seminar Satu")


def test_letters_in_a_note_decide_nothing(live: LivePortal, desktop: Page) -> None:
    queue_of_four(live)
    live.login(desktop, live.cast.vera)
    live.open(desktop, "/verifikasi")
    take_the_oldest(desktop)
    desktop.keyboard.press("k")
    note = desktop.locator("details[open] textarea")
    note.press_sequentially("salah ketik")

    expect(note).to_have_value("salah ketik")
    expect_title(desktop, "Seminar Satu")


def test_twenty_items_are_cleared_with_the_keyboard_alone(
    live: LivePortal, desktop: Page, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.fill(live, 20)
    live.login(desktop, live.cast.vera)

    day = desk.work_through(desktop, live, 20)

    assert len(day.decisions) == 20
    with capsys.disabled():
        print(f"\n20 items with the keyboard alone: {day.seconds:.1f} s of machine time")
