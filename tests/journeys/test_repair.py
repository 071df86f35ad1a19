"""Returned, repaired, handed in again, approved; and one hand-in for a colleague."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys import story
from tests.support.live import LivePortal


def test_a_returned_item_is_repaired_and_approved(
    live: LivePortal, phone: Page, desktop: Page
) -> None:
    sari = live.cast.sari
    live.login(phone, sari)
    receipt = story.hand_in_seminar(phone)
    address = phone.url
    live.login(desktop, live.cast.vera)
    story.take(desktop, live, sari)
    story.return_(desktop, "Nomor sertifikat tidak terbaca", "Angka ketiga tertutup cap.")

    phone.goto(address)
    expect(phone.get_by_text("Angka ketiga tertutup cap.").first).to_be_visible()
    phone.get_by_role("link", name="Perbaiki lalu ajukan ulang").click()
    replace_the_photo(phone)
    expect(phone.get_by_label("Nama kegiatan")).to_have_count(0)
    phone.get_by_label("Nomor sertifikat").fill("0412/BPMP-KS/I/2027")
    phone.get_by_role("button", name="Lanjut", exact=True).click()
    again = story.hand_in(phone)

    assert again == receipt
    expect(phone.get_by_text("Diajukan ulang").first).to_be_visible()
    story.take(desktop, live, sari)
    expect(desktop.get_by_role("row").filter(has_text="Nomor")).to_contain_text("I/2027")
    story.approve(desktop)
    story.expect_score(phone, live, "81,00", "Tinggi")


def replace_the_photo(page: Page) -> None:
    page.locator("summary", has_text="Ganti atau hapus").click()
    page.get_by_label("Ganti dengan berkas lain").set_input_files(story.small_photo(2))
    page.get_by_role("button", name="Lanjut", exact=True).click(no_wait_after=True)
    expect(page.get_by_role("heading", level=1)).to_have_text("Perbaiki data", timeout=story.LONG)


def test_an_operator_hands_in_for_a_colleague(live: LivePortal, phone: Page, desktop: Page) -> None:
    oki, budi = live.cast.oki, live.cast.budi
    live.login(desktop, oki)
    live.open(desktop, "/dokumen/baru")
    desktop.get_by_role("link", name="Unggah untuk rekan").click()
    desktop.get_by_label("NIP atau nama").fill(budi.nip)
    desktop.get_by_role("button", name="Cari").click()
    desktop.get_by_role("link", name=budi.nama).click()
    desktop.get_by_role("link", name="Seminar, webinar, workshop").click()
    story.send_files(desktop, story.small_photo())
    story.type_data(desktop)
    story.send_data(desktop)
    desktop.get_by_label("Data ini benar").check()
    desktop.get_by_role("button", name="Ajukan", exact=True).click()
    expect(desktop.get_by_text(f"Milik {budi.nama}")).to_be_visible()

    live.login(phone, budi)
    live.open(phone, "/notifikasi")
    phone.get_by_role("button", name="Dokumen diajukan untuk Anda").click()
    expect(phone.get_by_text(re.compile(f"{oki.nama}.*operator")).first).to_be_visible()
