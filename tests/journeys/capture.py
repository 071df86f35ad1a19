"""The way from a phone's camera to the receipt, by the words that people read on the screen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from PIL import Image
from playwright.sync_api import FilePayload, Page, expect
from sqlalchemy import select

from portal.documents.models import Document
from portal.vocabulary import DocumentState, JenisDiklat
from tests.journeys import story
from tests.support import sample_files
from tests.support.live import LivePortal

CARD = "Seminar, webinar, workshop"


def open_shell(page: Page, live: LivePortal) -> None:
    """The shell with its cards; the service worker is ready from here on."""
    live.open(page, "/dokumen/foto")
    expect(page.get_by_role("link", name=CARD)).to_be_visible()
    ready = "() => navigator.serviceWorker.ready.then(() => true)"
    page.wait_for_function(ready, timeout=story.LONG)


def begin(page: Page, card: str = CARD) -> None:
    page.locator(".choices").get_by_role("link", name=card).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Foto dokumen")


def ready(page: Page, live: LivePortal, card: str = CARD) -> None:
    """Sari, logged in, with the camera at hand."""
    live.login(page, live.cast.sari)
    open_shell(page, live)
    begin(page, card)


def to_the_data(page: Page, live: LivePortal, *photos: FilePayload) -> None:
    """The same, with a photo taken and the form before her."""
    ready(page, live)
    photograph(page, *(photos or [story.small_photo()]))
    go_on(page)


def fill(page: Page, *photos: FilePayload, nama: str = story.NAMA) -> None:
    """A photo and its data, from the step of the files on; not handed in."""
    photograph(page, *(photos or [story.small_photo()]))
    go_on(page)
    type_data(page, nama)


def photograph(page: Page, *photos: FilePayload, role: str = "sertifikat") -> None:
    """Choose files for a paper and wait until the phone keeps them."""
    paper = page.locator(f'[data-role="{role}"]')
    before = paper.get_by_role("listitem").count()
    paper.get_by_label("Pilih berkas").set_input_files(list(photos))
    expect(paper.get_by_role("listitem")).to_have_count(before + len(photos), timeout=story.LONG)


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Lanjut", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Periksa data")


def type_data(page: Page, nama: str = story.NAMA) -> None:
    page.get_by_label("Jenis kegiatan").select_option(JenisDiklat.SEMINAR.value)
    page.get_by_label("Nama kegiatan").fill(nama)
    page.get_by_label("Penyelenggara").fill("BPMP Kalimantan Selatan")
    page.get_by_label("Tanggal mulai").fill(story.NEW_YEAR)
    page.get_by_label("Tanggal selesai").fill(story.NEW_YEAR)
    page.get_by_label("JP (jam pelajaran)").fill("4")
    page.get_by_label("Nomor sertifikat").fill("0412/BPMP-KS/I/2026")


def hand_in(page: Page) -> None:
    """Declare and press Ajukan; what follows depends on the line."""
    page.get_by_label("Data ini benar").check()
    page.get_by_role("button", name="Ajukan", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Pengiriman")


def receipt(page: Page) -> str:
    """The number on the screen, once the portal has everything."""
    number = page.locator(".receipt .code")
    expect(number).to_be_visible(timeout=story.LONG)
    assert re.fullmatch(r"[A-Z0-9]{3}-\d{3}-\d{2}", number.inner_text())
    return number.inner_text()


@contextmanager
def without_line(page: Page) -> Iterator[None]:
    """Airplane mode."""
    page.context.set_offline(True)
    yield
    page.context.set_offline(False)


def stored(page: Page, name: str) -> list[dict[str, Any]]:
    """Rows of a store of the phone, as anybody finds them who opens the developer's tools."""
    found = page.wait_for_function(
        """name => new Promise(done => {
          indexedDB.open("unggahan").onsuccess = ({target}) => {
            const all = target.result.transaction(name).objectStore(name).getAll();
            all.onsuccess = () => done(all.result.map(row => ({
              ...row, sealed: row.sealed && Array.from(new Uint8Array(row.sealed)),
              key: row.key && row.key.extractable })));
          };
        })""",
        arg=name,
    )
    rows: list[dict[str, Any]] = found.json_value()
    return rows


def wait_until_empty(page: Page, name: str) -> None:
    """Until a store of the phone holds nothing: the cards are shown before old drafts are gone."""
    page.wait_for_function(
        """name => new Promise(done => {
          indexedDB.open("unggahan").onsuccess = ({target}) => {
            const count = target.result.transaction(name).objectStore(name).count();
            count.onsuccess = () => done(count.result === 0);
          };
        })""",
        arg=name,
    )


def photo(picture: Image.Image, name: str = "foto.jpg") -> FilePayload:
    """A picture as phones keep it, with the place where it was taken."""
    return {"name": name, "mimeType": "image/jpeg", "buffer": sample_files.jpeg(picture, gps=True)}


def hand_in_one(page: Page, live: LivePortal) -> str:
    """One seminar with one photo, from the shell to the receipt."""
    open_shell(page, live)
    begin(page)
    fill(page)
    hand_in(page)
    return receipt(page)


def handed_in(live: LivePortal, number: str) -> None:
    """There is one item, and it has this number."""
    with live.database.reading() as session:
        item = session.scalars(select(Document)).one()
    assert (item.state, item.receipt) == (DocumentState.DIAJUKAN, number)
