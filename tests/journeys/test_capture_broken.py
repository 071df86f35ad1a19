"""Certificates from a phone in a broken world: each fault is said in a sentence that is true."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from portal.storage.s3 import S3Storage
from tests.journeys import capture, story
from tests.support.browser import PATIENCE, PHONE, Chromium
from tests.support.live import LivePortal

LOCKED = "() => { throw new DOMException('locked', 'SecurityError') }"
CLOSED: dict[str, str] = {
    "locked": f"indexedDB.open = {LOCKED}",
    "without cryptography": "Object.defineProperty(crypto, 'subtle', {value: undefined})",
    "without locks": "Object.defineProperty(navigator, 'locks', {value: undefined})",
}
FULL = """name => {
  const put = window.put ??= IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (row) {
    if (this.name === name) throw new DOMException("full", "QuotaExceededError");
    return put.call(this, row);
  };
}"""
REMEMBER = """
  const open = IDBFactory.prototype.open;
  IDBFactory.prototype.open = function (...told) {
    const request = open.apply(this, told);
    request.addEventListener("success", () => { window.opened = request.result; });
    return request;
  };
"""


@pytest.fixture
def hurt_phone(chromium: Chromium) -> Iterator[Page]:
    """A phone in which scripts fail: that is what is tested, and no fault of the page. Nothing is
    routed: a browser that is intercepted answers CORS's questions itself."""
    context = chromium.new_context(**PHONE, service_workers="block")
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("script", CLOSED.values(), ids=CLOSED)
def test_a_phone_that_keeps_nothing_leads_to_the_plain_form(
    live: LivePortal, hurt_phone: Page, script: str
) -> None:
    hurt_phone.add_init_script(script)
    live.login(hurt_phone, live.cast.sari)
    live.open(hurt_phone, "/dokumen/foto")
    expect(hurt_phone.get_by_text("Draf tidak dapat disimpan di ponsel ini")).to_be_visible()

    hurt_phone.get_by_role("link", name="formulir biasa ini").click()
    hurt_phone.get_by_role("link", name=capture.CARD).click()

    expect(hurt_phone.get_by_label("Foto atau PDF sertifikat")).to_be_attached()


def test_a_shell_whose_scripts_do_not_come_leads_to_the_plain_form(
    live: LivePortal, hurt_phone: Page
) -> None:
    hurt_phone.route("**/js/capture/*", lambda route: route.abort())
    live.open(hurt_phone, "/dokumen/foto")

    way = hurt_phone.get_by_role("link", name="Pakai formulir biasa dahulu")
    expect(way).to_be_visible(timeout=story.LONG)


def test_a_photo_for_which_there_is_no_room_is_told_and_can_be_taken_again(
    live: LivePortal, phone: Page
) -> None:
    capture.ready(phone, live)
    phone.evaluate(FULL, "foto")
    phone.get_by_label("Pilih berkas").set_input_files([story.small_photo()])
    alert = phone.get_by_role("alert").locator("visible=true")
    expect(alert).to_contain_text("Berkas “foto-1.jpg” belum tersimpan.")

    phone.evaluate(FULL, "no store")
    capture.photograph(phone, story.small_photo())

    expect(alert).to_have_count(0)


def test_words_for_which_there_is_no_room_are_told(live: LivePortal, hurt_phone: Page) -> None:
    live.login(hurt_phone, live.cast.sari)
    live.open(hurt_phone, "/dokumen/foto")
    capture.begin(hurt_phone)
    capture.photograph(hurt_phone, story.small_photo())
    capture.go_on(hurt_phone)
    hurt_phone.evaluate(FULL, "draf")

    hurt_phone.get_by_label("Nama kegiatan").fill("Seminar")

    expect(hurt_phone.get_by_text("Draf tidak dapat disimpan di ponsel ini")).to_be_visible()


def test_a_store_that_the_phone_closed_meanwhile_is_opened_again(
    live: LivePortal, phone: Page
) -> None:
    phone.add_init_script(REMEMBER)
    capture.ready(phone, live)

    phone.evaluate("() => window.opened.close()")

    capture.photograph(phone, story.small_photo())


def test_a_portal_in_trouble_is_not_called_a_broken_line(live: LivePortal, phone: Page) -> None:
    capture.ready(phone, live)
    phone.context.route("**/kirim/unggahan", lambda route: route.fulfill(status=503, body="{}"))
    capture.fill(phone)
    capture.hand_in(phone)

    expect(phone.get_by_text("Portal terganggu, dicoba lagi")).to_be_visible()
    phone.context.unroute("**/kirim/unggahan")
    capture.handed_in(live, capture.receipt(phone))


def test_an_object_store_that_refuses_the_phone_is_not_called_a_broken_line(
    live: LivePortal, phone: Page
) -> None:
    def elsewhere(route: Route) -> None:
        """Signed requests lead to another server; it knows no CORS, or is down."""
        answer = route.fetch()
        told = answer.json()
        for part in told["bagian"]:
            part["url"] = f"{live.url}/gudang{part['url']}"
        route.fulfill(response=answer, body=json.dumps(told))

    capture.ready(phone, live)
    phone.context.route("**/kirim/unggahan", elsewhere)
    phone.context.route("**/gudang/**", lambda route: route.abort("failed"))
    capture.fill(phone)
    capture.hand_in(phone)

    expect(phone.get_by_text("Penyimpanan portal terganggu, dicoba lagi")).to_be_visible()
    phone.context.unroute("**/kirim/unggahan")
    capture.handed_in(live, capture.receipt(phone))


def test_a_bucket_without_cors_is_not_called_a_broken_line(
    production: LivePortal, hurt_phone: Page
) -> None:
    store = production.storage
    assert isinstance(store, S3Storage)
    store._client.delete_bucket_cors(Bucket=store.bucket)
    production.login(hurt_phone, production.cast.sari)
    production.open(hurt_phone, "/dokumen/foto")
    capture.begin(hurt_phone)
    capture.fill(hurt_phone)
    capture.hand_in(hurt_phone)

    expect(hurt_phone.get_by_text("Penyimpanan portal terganggu, dicoba lagi")).to_be_visible()


def test_the_page_of_a_foreign_network_is_no_receipt(live: LivePortal, phone: Page) -> None:
    asked: list[str] = []

    def hotel(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=200, content_type="text/html", body="<h1>Selamat datang</h1>")

    capture.ready(phone, live)
    phone.context.route("**/kirim/ajukan", hotel, times=1)
    capture.fill(phone)
    capture.hand_in(phone)

    capture.handed_in(live, capture.receipt(phone))
    assert asked


def test_who_may_not_hand_in_is_told_so_and_not_sent_to_the_login(
    live: LivePortal, phone: Page
) -> None:
    refusal = {"pesan": "Akun ini hanya dapat membaca."}
    phone.context.route(
        "**/kirim/akun", lambda route: route.fulfill(status=403, body=json.dumps(refusal))
    )
    live.open(phone, "/dokumen/foto")

    expect(phone.get_by_text(refusal["pesan"])).to_be_visible()
    expect(phone.get_by_role("heading", name="Masuk dahulu")).to_be_hidden()


def test_an_address_that_leads_nowhere_shows_the_cards(live: LivePortal, phone: Page) -> None:
    capture.ready(phone, live)

    phone.goto(phone.url.replace("#berkas", "#karangan"))

    expect(phone.locator(".choices").get_by_role("link", name=capture.CARD)).to_be_visible()


def test_a_new_worker_takes_over_while_a_draft_is_open(live: LivePortal, phone: Page) -> None:
    capture.to_the_data(phone, live)
    capture.type_data(phone)

    phone.evaluate(
        "() => { navigator.serviceWorker.oncontrollerchange = () => { window.taken = true; };"
        " navigator.serviceWorker.register('/sw.js?baru', {type: 'module'}); }"
    )
    phone.wait_for_function("() => window.taken", timeout=story.LONG)

    expect(phone.get_by_label("Nama kegiatan")).to_have_value(story.NAMA)
    phone.reload()
    expect(phone.get_by_label("Nama kegiatan")).to_have_value(story.NAMA)
    capture.hand_in(phone)
    capture.handed_in(live, capture.receipt(phone))
