"""Pages of a paper that are odd, late, given up or refused: none is lost, none goes astray."""

from __future__ import annotations

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.journeys import capture, story
from tests.support.live import LivePortal

WEAK = """() => {
  const decode = createImageBitmap, gate = new Promise(done => { window.goOn = done; });
  window.createImageBitmap = (...told) => gate.then(() => decode(...told));
}"""
"""The phone works at its pictures until window.goOn is called."""


def named(name: str, kind: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": content}


@pytest.mark.parametrize(
    "file",
    [
        named("kosong.jpg", "image/jpeg", b""),
        named("surat.docx", "application/msword", b"PK\x03\x04" * 500),
        named("gambar.svg", "image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ],
    ids=lambda file: str(file["name"]),
)
def test_what_is_no_paper_is_refused_before_it_is_kept(
    live: LivePortal, phone: Page, file: FilePayload
) -> None:
    capture.ready(phone, live)

    phone.get_by_label("Pilih berkas").set_input_files([file])

    alert = phone.get_by_role("alert").locator("visible=true")
    expect(alert).to_contain_text(f"Berkas “{file['name']}”")
    expect(alert).to_contain_text("Pilih foto (JPG, PNG, WebP, HEIC) atau PDF yang ada isinya.")
    assert capture.stored(phone, "foto") == []


def test_a_paper_that_the_portal_refuses_is_repaired_where_it_was_chosen(
    live: LivePortal, phone: Page
) -> None:
    capture.ready(phone, live)
    capture.fill(phone, named("rusak.pdf", "application/pdf", b"%PDF-1.4 rusak"))
    for _ in range(2):  # asked again as it is, the answer comes again
        capture.hand_in(phone)
        expect(phone.get_by_text("Perlu Anda")).to_be_visible(timeout=story.LONG)
        phone.get_by_role("link", name="Perbaiki").click()
        expect(phone.get_by_role("heading", level=1)).to_have_text("Foto dokumen")
        expect(phone.get_by_role("alert").locator("visible=true")).to_contain_text("PDF rusak")
        capture.go_on(phone)
    phone.get_by_role("link", name="Kembali").click()
    phone.get_by_role("button", name="Hapus halaman 1").click()
    expect(phone.get_by_role("listitem")).to_have_count(0)

    capture.photograph(phone, story.small_photo())
    capture.go_on(phone)
    capture.hand_in(phone)

    capture.handed_in(live, capture.receipt(phone))


def test_a_repair_that_was_left_halfway_does_not_look_sent(live: LivePortal, phone: Page) -> None:
    capture.to_the_data(phone, live)
    capture.type_data(phone)
    phone.get_by_label("Tanggal selesai").fill("2099-01-01")
    capture.hand_in(phone)
    expect(phone.get_by_text("Perlu Anda")).to_be_visible(timeout=story.LONG)
    phone.get_by_role("link", name="Perbaiki").click()
    phone.get_by_label("Tanggal selesai").fill(story.NEW_YEAR)
    expect(phone.locator(".bring")).to_be_visible()

    live.open(phone, "/dokumen/foto")
    phone.get_by_role("link", name=story.NAMA).click()

    expect(phone.get_by_role("heading", level=1)).to_have_text("Periksa data")
    capture.hand_in(phone)
    capture.handed_in(live, capture.receipt(phone))


def test_a_fault_that_only_the_portal_sees_is_told_while_the_form_is_filled(
    live: LivePortal, phone: Page
) -> None:
    capture.to_the_data(phone, live)
    capture.type_data(phone)

    phone.get_by_label("Tanggal selesai").fill("2099-01-01")

    expect(phone.locator(".field.bad")).to_contain_text("Tanggal selesai")
    expect(phone.get_by_label("Tanggal selesai")).to_be_focused()


def test_a_retake_that_was_given_up_replaces_nothing(live: LivePortal, phone: Page) -> None:
    capture.ready(phone, live)
    capture.photograph(phone, story.small_photo())
    with phone.expect_file_chooser():
        phone.get_by_role("button", name="Ulang").click()

    with phone.expect_file_chooser() as chooser:
        phone.get_by_text("Ambil foto", exact=True).click()
    chooser.value.set_files([story.small_photo(2)])

    expect(phone.get_by_role("listitem")).to_have_count(2)


def test_a_retake_stands_where_the_old_page_stood(live: LivePortal, phone: Page) -> None:
    capture.ready(phone, live)
    capture.photograph(phone, story.small_photo(1), story.small_photo(2))
    page = phone.get_by_role("listitem")
    old, second = (page.nth(place).get_attribute("id") for place in (0, 1))

    with phone.expect_file_chooser() as chooser:
        phone.get_by_role("button", name="Ulang halaman 1").click()
    chooser.value.set_files([story.small_photo(3)])

    expect(phone.locator(f'[id="{old}"]')).to_have_count(0)
    expect(page.nth(1)).to_have_id(str(second))
    assert len(capture.stored(phone, "foto")) == 2


def test_lanjut_waits_until_every_photo_is_kept(live: LivePortal, phone: Page) -> None:
    capture.ready(phone, live)
    capture.photograph(phone, story.small_photo(9))
    phone.evaluate(WEAK)
    phone.get_by_label("Pilih berkas").set_input_files([story.small_photo(n) for n in range(3)])
    expect(phone.get_by_text("Menyiapkan foto…")).to_be_visible()
    phone.get_by_role("button", name="Lanjut", exact=True).click()
    expect(phone.get_by_text("Menyiapkan foto…")).to_be_visible()

    phone.evaluate("goOn()")

    expect(phone.get_by_role("heading", level=1)).to_have_text("Periksa data")
    assert len(capture.stored(phone, "foto")) == 4


def test_photos_go_to_the_draft_for_which_they_were_taken(live: LivePortal, phone: Page) -> None:
    capture.ready(phone, live)
    first = phone.url
    phone.evaluate(WEAK)
    phone.get_by_label("Pilih berkas").set_input_files([story.small_photo(n) for n in range(3)])
    phone.get_by_role("link", name="Kembali").click()
    capture.begin(phone, "Diklat teknis")
    phone.evaluate("goOn()")
    expect(phone.locator("#berkas")).to_have_attribute("aria-busy", "false", timeout=story.LONG)
    expect(phone.get_by_role("listitem")).to_have_count(0)

    phone.goto(first)

    expect(phone.get_by_role("listitem")).to_have_count(3)


def test_the_first_twenty_of_thirty_photos_are_kept_and_the_bound_is_told(
    live: LivePortal, phone: Page
) -> None:
    capture.ready(phone, live)

    phone.get_by_label("Pilih berkas").set_input_files([story.small_photo(n) for n in range(30)])

    alert = phone.get_by_role("alert").locator("visible=true")
    expect(alert).to_contain_text("Paling banyak 20 halaman.", timeout=story.LONG)
    expect(phone.get_by_role("listitem")).to_have_count(20)
