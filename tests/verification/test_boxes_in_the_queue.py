"""Boxes of the queue: which items may be approved together."""

from __future__ import annotations

from portal.vocabulary import DocumentState
from tests.support.app import Browser
from tests.support.cast import Cast
from tests.support.database import on_sqlite_alone
from tests.verification.conftest import Make

pytestmark = on_sqlite_alone
S = DocumentState


def test_boxes_are_offered_for_green_items_that_can_be_taken(
    browser: Browser, cast: Cast, make: Make
) -> None:
    green = make(cast.sari, lampu="ok")
    make(cast.budi, lampu="warn")
    make(cast.tono)
    make(cast.oki, S.DIPERIKSA, verifier=cast.bima, lampu="ok")
    browser.enter(cast.vera)

    page = browser.get("verification.queue")

    assert [box["value"] for box in page.all("input[name=id]")] == [f"{green}.1"]


def test_who_only_reads_gets_no_boxes(browser: Browser, cast: Cast, make: Make) -> None:
    make(cast.sari, lampu="ok")
    browser.enter(cast.aud)

    assert browser.get("verification.queue").all("input[name=id]") == []


def test_the_boxes_lead_to_the_page_that_looks_again(
    browser: Browser, cast: Cast, make: Make
) -> None:
    make(cast.sari, lampu="ok")
    browser.enter(cast.vera)
    box = browser.get("verification.queue", jenis="seminar").one("input[name=id]")

    page = browser.get(path=f"/verifikasi/massal?jenis=seminar&id={box['value']}")

    assert "Setujui bersama" in page.text
