"""Certificates from a phone on a bad line: nothing is lost, nothing is sent twice."""

from __future__ import annotations

import re

from playwright.sync_api import Page, Route, expect
from sqlalchemy import delete, select

from portal.documents.models import Document, DocumentFile
from tests.journeys import capture, story
from tests.support import sample_files
from tests.support.live import LivePortal

PARTS = re.compile(r"/kirim/unggahan/[^/]+/bagian/")


def play(live: LivePortal, phone: Page) -> None:
    """Capture → no line → reload → line → receipt."""
    capture.ready(phone, live)
    with capture.without_line(phone):
        capture.photograph(phone, story.large_photo(), story.small_photo())
        capture.go_on(phone)
        capture.type_data(phone)
        phone.reload()
        expect(phone.get_by_label("Nama kegiatan")).to_have_value(story.NAMA)
        capture.hand_in(phone)
        expect(phone.get_by_text("Menunggu sambungan")).to_be_visible()
        phone.reload()
        expect(phone.get_by_text("Menunggu sambungan")).to_be_visible()

    capture.handed_in(live, capture.receipt(phone))
    with live.database.reading() as session:
        assert session.scalars(select(DocumentFile.pages)).one() == 2
    capture.wait_until_empty(phone, "foto")


def test_without_a_line_nothing_is_lost(live: LivePortal, phone: Page) -> None:
    play(live, phone)


def test_without_a_line_nothing_is_lost_on_the_way_to_s3(
    production: LivePortal, phone: Page
) -> None:
    play(production, phone)


def test_a_killed_tab_keeps_pictures_and_data(live: LivePortal, phone: Page) -> None:
    capture.ready(phone, live)
    capture.photograph(phone, story.small_photo(), story.small_photo(2))
    capture.go_on(phone)
    capture.type_data(phone, "Seminar di Tengah Jalan")
    fresh = phone.context.new_page()
    live.open(fresh, "/dokumen/foto")
    draft = fresh.get_by_role("link", name="Seminar di Tengah Jalan")
    expect(draft).to_be_visible()

    phone.close(run_before_unload=False)
    draft.click()

    expect(fresh.get_by_label("Nama kegiatan")).to_have_value("Seminar di Tengah Jalan")
    fresh.get_by_role("link", name="Kembali").click()
    expect(fresh.locator("#kertas li canvas")).to_have_count(2)


def test_a_line_that_breaks_in_mid_part_resumes(live: LivePortal, phone: Page) -> None:
    live.login(phone, live.cast.sari)
    capture.open_shell(phone, live)
    asked: list[str] = []

    def break_once(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) == 2:
            route.abort("connectionreset")
        else:
            route.continue_()

    phone.context.route(PARTS, break_once)
    capture.begin(phone)
    pages = sample_files.pdf() + bytes(600_000)
    capture.photograph(phone, {"name": "a.pdf", "mimeType": "application/pdf", "buffer": pages})

    expect(phone.get_by_text("sudah di portal")).to_be_visible(timeout=story.LONG)
    numbers = [url.rpartition("/")[2] for url in asked]
    assert numbers == ["1", "2", "2", "3"], "a part that had arrived was sent again"


def test_two_taps_make_one_item(live: LivePortal, phone: Page) -> None:
    live.login(phone, live.cast.sari)
    capture.open_shell(phone, live)
    phone.get_by_role("link", name=capture.CARD).dblclick()
    capture.photograph(phone, story.small_photo())
    phone.get_by_role("button", name="Lanjut", exact=True).dblclick()
    capture.type_data(phone)
    phone.get_by_label("Data ini benar").check()
    phone.get_by_role("button", name="Ajukan", exact=True).dblclick()

    capture.handed_in(live, capture.receipt(phone))


def test_two_tabs_send_once(live: LivePortal, phone: Page) -> None:
    live.login(phone, live.cast.sari)
    capture.open_shell(phone, live)
    second = phone.context.new_page()
    asked: list[str] = []
    phone.context.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    capture.open_shell(second, live)
    capture.begin(phone)
    with capture.without_line(phone):
        capture.fill(phone)
        capture.hand_in(phone)

    number = capture.receipt(phone)

    capture.handed_in(live, number)
    assert len([one for one in asked if PARTS.search(one)]) == 1
    assert len([one for one in asked if one.endswith("/kirim/ajukan")]) == 1


def test_another_tab_ends_the_pause_after_a_failure(live: LivePortal, phone: Page) -> None:
    capture.ready(phone, live)
    second = phone.context.new_page()
    capture.open_shell(second, live)
    phone.context.route("**/kirim/unggahan", lambda route: route.fulfill(status=503, body="{}"))
    phone.evaluate("() => { window.setTimeout = () => 0 }")  # no pause ends by itself
    with phone.expect_response("**/kirim/unggahan"):
        capture.photograph(phone, story.small_photo())
    phone.context.unroute("**/kirim/unggahan")

    second.evaluate("() => dispatchEvent(new Event('online'))")

    expect(phone.get_by_text("sudah di portal")).to_be_visible(timeout=story.LONG)


def test_a_draft_that_was_deleted_in_the_portal_is_sent_anew_by_whoever_goes_on(
    live: LivePortal, phone: Page
) -> None:
    capture.ready(phone, live)
    capture.photograph(phone, story.small_photo())
    expect(phone.get_by_text("sudah di portal")).to_be_visible(timeout=story.LONG)
    with live.database.transaction() as session:
        session.execute(delete(Document))
    capture.go_on(phone)
    capture.type_data(phone)
    capture.hand_in(phone)

    capture.handed_in(live, capture.receipt(phone))


def test_what_waits_is_told_on_other_pages_and_sent_from_there(
    live: LivePortal, phone: Page
) -> None:
    capture.ready(phone, live)
    with capture.without_line(phone):
        capture.fill(phone)
        capture.hand_in(phone)
        address = phone.url
        phone.goto("about:blank")

    for path in ("/", "/dokumen"):
        live.open(phone, path)
        expect(phone.get_by_role("link", name=story.NAMA).first).to_contain_text(
            "Terkirim – nomor terima", timeout=story.LONG
        )
    phone.goto(address)
    capture.handed_in(live, capture.receipt(phone))
    live.open(phone, "/dokumen")
    expect(phone.locator(".waiting")).to_have_count(0)


def test_without_a_line_other_pages_lead_to_the_drafts(live: LivePortal, phone: Page) -> None:
    live.login(phone, live.cast.sari)
    capture.open_shell(phone, live)
    with capture.without_line(phone):
        live.open(phone, "/dokumen")
        expect(phone.get_by_role("heading", level=1)).to_have_text("Tidak ada sambungan")
        phone.get_by_role("link", name="Buka draf di ponsel ini").click()
        expect(phone.get_by_role("link", name=capture.CARD)).to_be_visible()
        live.open(phone, "/dokumen/baru")
        expect(phone.get_by_role("link", name=capture.CARD)).to_be_visible()


def test_the_worker_keeps_no_page_of_a_person(live: LivePortal, phone: Page) -> None:
    live.login(phone, live.cast.sari)
    capture.hand_in_one(phone, live)
    for path in ("/", "/dokumen", "/profil"):
        live.open(phone, path)

    kept = phone.evaluate(
        "async () => (await Promise.all((await caches.keys()).map(async name =>"
        " (await (await caches.open(name)).keys()).map(one => new URL(one.url).pathname)))).flat()"
    )

    pages = [path for path in kept if not path.startswith("/static/")]
    assert sorted(pages) == ["/dokumen/foto", "/luring"]
