"""What people do in the journeys, step by step, by the words that they read on the screen."""

from __future__ import annotations

import functools
import re

from playwright.sync_api import FilePayload, Page, expect

from portal.permissions import Actor
from portal.vocabulary import JenisDiklat
from tests.support.cast import TODAY
from tests.support.live import LivePortal
from tests.support.sample_files import certificate, jpeg, twelve_megapixel_jpeg

LONG = 120_000
"""Milliseconds for what takes a computer some time: a photo of twelve megapixels."""
NAMA = "Seminar Literasi Numerasi"
NEW_YEAR = f"{TODAY.year}-01-01"


@functools.cache
def small_photo(number: int = 1) -> FilePayload:
    """A certificate as a cheap phone takes it; another number, another certificate."""
    picture = certificate((800, 566), nomor=f"{number:04}/BPMP/{TODAY.year}")
    return {"name": f"foto-{number}.jpg", "mimeType": "image/jpeg", "buffer": jpeg(picture)}


def large_photo() -> FilePayload:
    """Twelve megapixels, as the camera of a phone takes them."""
    content = twelve_megapixel_jpeg()
    return {"name": "IMG_20260112_101530.jpg", "mimeType": "image/jpeg", "buffer": content}


def item_id(page: Page) -> str:
    """Id of the item whose page is open."""
    found = re.search(r"/(?:dokumen|verifikasi)/([0-9a-f-]{36})", page.url)
    assert found, f"{page.url} shows no item"
    return found[1]


def begin_seminar(page: Page) -> None:
    """From any page of the portal to the choice of files."""
    page.get_by_role("link", name="Unggah", exact=True).locator("visible=true").click()
    page.wait_for_url("**/dokumen/baru")
    take_plain_form(page)
    page.get_by_role("link", name="Seminar, webinar, workshop").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Foto atau pilih berkas")


def take_plain_form(page: Page) -> None:
    """The cards then lead to the form of one request, as "Formulir biasa" of the capture does."""
    page.goto(f"{page.url}#biasa")


def choose(page: Page, *photos: FilePayload) -> None:
    page.get_by_label("Foto atau PDF sertifikat").set_input_files(list(photos))


def send_files(page: Page, *photos: FilePayload) -> None:
    """Choose files and go on; the draft is kept from here."""
    choose(page, *photos)
    page.get_by_role("button", name="Lanjut", exact=True).click(no_wait_after=True)
    expect(page.get_by_role("heading", level=1)).to_have_text("Isi data", timeout=LONG)


def type_data(page: Page, nama: str = NAMA) -> None:
    page.get_by_label("Jenis kegiatan").select_option(JenisDiklat.SEMINAR.value)
    page.get_by_label("Nama kegiatan").fill(nama)
    page.get_by_label("Penyelenggara").fill("BPMP Kalimantan Selatan")
    page.get_by_label("Tanggal mulai").fill(NEW_YEAR)
    page.get_by_label("Tanggal selesai").fill(NEW_YEAR)
    page.get_by_label("JP (jam pelajaran)").fill("4")
    page.get_by_label("Nomor sertifikat").fill("0412/BPMP-KS/I/2026")


def send_data(page: Page) -> None:
    page.get_by_role("button", name="Lanjut", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Periksa lalu ajukan")


def hand_in(page: Page) -> str:
    """Declare and press Ajukan; returns the receipt number on the screen."""
    page.get_by_label("Data ini benar").check()
    page.get_by_role("button", name=re.compile("^Ajukan")).click()
    message = page.get_by_text("Dokumen diajukan. Nomor terima")
    expect(message).to_be_visible()
    receipt = re.search(r"Nomor terima (\S+)\.", message.inner_text())
    assert receipt
    return receipt[1]


def hand_in_seminar(page: Page, *photos: FilePayload) -> str:
    """The whole way from the tab Unggah to the receipt."""
    begin_seminar(page)
    send_files(page, *(photos or (small_photo(),)))
    type_data(page)
    send_data(page)
    return hand_in(page)


def expect_score(page: Page, live: LivePortal, total: str, kategori: str) -> None:
    """What Beranda says in its ring."""
    live.open(page, "/")
    ring = page.locator(".ring")
    expect(ring).to_contain_text(total)
    expect(ring).to_contain_text(kategori)


def take(page: Page, live: LivePortal, owner: Actor) -> None:
    """Open the queue and take the item of `owner`."""
    live.open(page, "/verifikasi")
    row = page.get_by_role("row").filter(has_text=owner.nama)
    row.get_by_role("button", name="Ambil").click()
    expect(page.get_by_role("button", name="Setujui")).to_be_visible()


def approve(page: Page) -> None:
    page.get_by_role("button", name="Setujui").click()
    expect(page.get_by_text(re.compile("^Disetujui:")).first).to_be_visible()


def return_(page: Page, reason: str, note: str = "") -> None:
    """Kembalikan with a reason from the list."""
    page.locator("summary", has_text="Kembalikan").click()
    opened = page.locator("details[open]")
    opened.get_by_label("Alasan").select_option(label=reason)
    opened.get_by_label("Catatan").fill(note)
    opened.get_by_role("button", name="Kembalikan").click()
    expect(page.get_by_text(re.compile("^Perlu diperbaiki:")).first).to_be_visible()
