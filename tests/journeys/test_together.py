"""Two people, two windows, two taps: one of each comes out."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from portal.documents.models import Document
from portal.documents.rulings import Decision
from portal.vocabulary import DocumentState
from tests.journeys import story
from tests.journeys.conftest import Open
from tests.support import builders
from tests.support.browser import PHONE
from tests.support.live import LivePortal


def waiting(live: LivePortal) -> str:
    """A seminar of sari in the queue; returns the path of its page for a verifikator."""
    with live.database.transaction() as session:
        made = builders.document(
            session, live.cast.sari, DocumentState.DIAJUKAN, storage=live.storage
        )
        return f"/verifikasi/{made.id}"


def decisions(live: LivePortal) -> int:
    with live.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Decision)) or 0


def test_of_two_verifiers_one_holds_the_item_and_the_other_reads_who(
    live: LivePortal, desktop: Page, open_browser: Open
) -> None:
    path, bima = waiting(live), open_browser()
    live.login(desktop, live.cast.vera)
    live.login(bima, live.cast.bima)
    live.open(desktop, path)
    live.open(bima, path)

    desktop.get_by_role("button", name="Ambil").click()
    expect(desktop.get_by_role("button", name="Setujui")).to_be_visible()
    bima.get_by_role("button", name="Ambil").click()

    expect(bima.get_by_text(live.cast.vera.nama).first).to_be_visible()
    expect(bima.get_by_role("button", name="Setujui")).to_have_count(0)


def test_the_way_back_after_a_decision_offers_no_second_one(
    live: LivePortal, desktop: Page
) -> None:
    path = waiting(live)
    live.login(desktop, live.cast.vera)
    live.open(desktop, path)
    desktop.get_by_role("button", name="Ambil").click()
    story.approve(desktop)

    desktop.go_back()
    live.open(desktop, path)

    expect(desktop.get_by_text("Disetujui", exact=True).first).to_be_visible()
    expect(desktop.get_by_role("button", name="Setujui")).to_have_count(0)
    assert decisions(live) == 1


def test_a_second_window_decides_nothing_again(live: LivePortal, desktop: Page) -> None:
    path = waiting(live)
    live.login(desktop, live.cast.vera)
    live.open(desktop, path)
    desktop.get_by_role("button", name="Ambil").click()
    expect(desktop.get_by_role("button", name="Setujui")).to_be_visible()
    second = desktop.context.new_page()
    live.open(second, path)
    story.approve(desktop)

    second.get_by_role("button", name="Setujui").click()

    expect(second.get_by_role("alert")).to_contain_text("sudah")
    assert decisions(live) == 1


@pytest.mark.parametrize("javascript", [True, False])
def test_two_taps_on_ajukan_hand_in_once(
    live: LivePortal, open_browser: Open, *, javascript: bool
) -> None:
    phone = open_browser(PHONE, javascript=javascript)
    live.login(phone, live.cast.sari)
    story.begin_seminar(phone)
    story.send_files(phone, story.small_photo())
    story.type_data(phone)
    story.send_data(phone)

    phone.get_by_label("Data ini benar").check()
    phone.get_by_role("button", name="Ajukan", exact=True).dblclick()

    expect(phone.get_by_text("No. terima")).to_be_visible()
    with live.database.reading() as session:
        made = session.scalars(select(Document)).one()
    expect(phone.get_by_text(made.receipt or "?").first).to_be_visible()
