"""Certificates from a phone: from the camera to the receipt."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pypdfium2
from PIL import Image, ImageFilter
from playwright.sync_api import FilePayload, Page, expect
from sqlalchemy import select

from portal.documents.files import pdf_key
from portal.documents.models import DocumentFile
from portal.vocabulary import DocumentState
from tests.journeys import capture, story
from tests.support import builders, sample_files
from tests.support.live import LivePortal

PARTS = re.compile(r"/kirim/unggahan/[^/]+/bagian/")


def colour(name: str) -> FilePayload:
    """A page that is told from others by its colour, dark on the left half."""
    picture = Image.new("RGB", (400, 300), name)
    picture.paste("black", (0, 0, 100, 300))
    return capture.photo(picture, f"{name}.jpg")


def test_pages_come_in_the_order_and_turn_of_the_screen(live: LivePortal, phone: Page) -> None:
    capture.ready(phone, live)
    capture.photograph(phone, *map(colour, ("red", "green", "blue", "yellow")))
    page = phone.get_by_role("listitem")
    blue = str(page.nth(2).get_attribute("id"))
    for place in (1, 0):
        page.nth(place + 1).get_by_role("button", name="Naik").click()
        expect(page.nth(place)).to_have_id(blue)
    page.nth(3).get_by_role("button", name="Hapus").click()
    expect(page).to_have_count(3)
    page.nth(0).get_by_role("button", name="Putar").click()
    expect(page.nth(0)).to_have_attribute("data-turn", "90")
    capture.go_on(phone)
    capture.type_data(phone)
    capture.hand_in(phone)
    capture.receipt(phone)

    assert colours_of(live) == ["blue", "red", "green"]


def colours_of(live: LivePortal) -> list[str]:
    """What the pages of the stored paper show; the first one has to stand upright."""
    with live.database.reading() as session:
        file = session.scalars(select(DocumentFile)).one()
        with live.storage.open(pdf_key(file)) as stream:
            content = stream.read()
    names = {(255, 0, 0): "red", (0, 128, 0): "green", (0, 0, 255): "blue"}
    found = []
    with pypdfium2.PdfDocument(content) as pdf:
        for number, page in enumerate(pdf):
            width, height = page.get_size()
            assert (height > width) is (number == 0)
            picture = page.render(scale=0.5).to_pil().convert("RGB")
            seen = picture.getpixel((picture.width // 2, picture.height * 3 // 4))
            found.append(
                min(names, key=lambda one: sum(abs(a - b) for a, b in zip(one, seen, strict=True)))
            )
    return [names[one] for one in found]


def test_what_is_sent_is_small_and_carries_no_exif(live: LivePortal, phone: Page) -> None:
    live.login(phone, live.cast.sari)
    capture.open_shell(phone, live)
    sent: list[bytes] = []
    phone.on(
        "request",
        lambda request: PARTS.search(request.url) and sent.append(request.post_data_buffer or b""),
    )
    capture.begin(phone)

    capture.photograph(phone, story.large_photo())
    expect(phone.get_by_text("sudah di portal")).to_be_visible(timeout=story.LONG)

    whole = b"".join(sent)
    with Image.open(io.BytesIO(whole)) as picture:
        assert max(picture.size) == 2000
        assert not picture.getexif()
    assert len(whole) < 400_000
    assert b"Merek Ponsel" not in whole


def test_what_the_browser_cannot_read_goes_up_as_it_is(live: LivePortal, phone: Page) -> None:
    capture.ready(phone, live)
    content = sample_files.heic()

    capture.photograph(
        phone,
        {"name": "IMG_0042.HEIC", "mimeType": "image/heic", "buffer": content},
        {"name": "sertifikat.pdf", "mimeType": "application/pdf", "buffer": sample_files.pdf(2)},
    )

    expect(phone.get_by_text("IMG_0042.HEIC")).to_be_visible()
    capture.go_on(phone)
    capture.type_data(phone)
    capture.hand_in(phone)
    capture.receipt(phone)
    with live.database.reading() as session:
        assert session.scalars(select(DocumentFile.pages)).one() == 3


def test_blur_and_darkness_are_said_and_block_nothing(live: LivePortal, phone: Page) -> None:
    capture.ready(phone, live)
    sharp = sample_files.certificate((3000, 2121))

    capture.photograph(
        phone,
        capture.photo(sharp),
        capture.photo(sharp.filter(ImageFilter.GaussianBlur(9))),
        capture.photo(sharp.point(lambda value: value // 5)),
    )

    page = phone.get_by_role("listitem")
    expect(page.nth(0).locator(".doubt:visible")).to_have_count(0)
    expect(page.nth(1)).to_contain_text("Foto agak kabur, nomor mungkin tidak terbaca. Foto ulang?")
    expect(page.nth(2).get_by_text("Foto gelap.")).to_be_visible()
    capture.go_on(phone)


def test_a_file_of_twelve_megabytes_is_refused_before_it_is_sent(
    live: LivePortal, phone: Page
) -> None:
    capture.ready(phone, live)

    phone.get_by_label("Pilih berkas").set_input_files(
        {"name": "tebal.pdf", "mimeType": "application/pdf", "buffer": bytes(12 * 1024 * 1024)}
    )

    alert = phone.get_by_role("alert").locator("visible=true")
    expect(alert).to_contain_text("Berkas “tebal.pdf” 12,0 MB. Paling besar 10")


def test_the_same_photo_is_told_at_once_with_the_way_to_the_earlier_item(
    live: LivePortal, phone: Page
) -> None:
    live.login(phone, live.cast.sari)
    capture.hand_in_one(phone, live)

    phone.get_by_role("link", name="Unggah lagi").click()
    capture.begin(phone)
    capture.photograph(phone, story.small_photo())

    expect(phone.get_by_text("Satu sertifikat dihitung satu kali.")).to_be_visible()
    phone.get_by_role("link", name="Lihat dokumen itu").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text(story.NAMA)


def test_a_returned_paper_is_photographed_again_and_goes_on_in_the_portal(
    live: LivePortal, phone: Page
) -> None:
    with live.database.transaction() as session:
        reason = builders.reason(session, label="Tidak terbaca", fields=["berkas", "nomor"])
        item = builders.document(
            session,
            live.cast.sari,
            DocumentState.PERLU_PERBAIKAN,
            verifier=live.cast.vera,
            storage=live.storage,
            reason_id=reason.id,
        )
        address = f"/dokumen/{item.id}/berkas"
    live.login(phone, live.cast.sari)
    capture.open_shell(phone, live)  # who has been here before does not wait for the account
    live.open(phone, address)

    phone.get_by_role("link", name="Foto ulang sertifikat").click()
    capture.photograph(phone, story.small_photo(7))
    phone.get_by_role("button", name="Lanjut", exact=True).click()

    heading = phone.get_by_role("heading", level=1)
    expect(heading).to_have_text("Perbaiki data", timeout=story.LONG)
    phone.get_by_role("button", name="Lanjut", exact=True).click()
    assert story.hand_in(phone)
    capture.wait_until_empty(phone, "draf")


def test_the_portal_can_be_installed(live: LivePortal, phone: Page) -> None:
    live.login(phone, live.cast.sari)
    capture.open_shell(phone, live)
    tools = phone.context.new_cdp_session(phone)

    errors = tools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [one for one in errors if one["errorId"] != "in-incognito"] == []
    assert tools.send("Page.getAppManifest")["errors"] == []


def test_the_cards_lead_to_the_phone_and_the_plain_form_stays_beside_it(
    live: LivePortal, phone: Page
) -> None:
    live.login(phone, live.cast.sari)
    live.open(phone, "/dokumen/baru")
    phone.get_by_role("link", name=capture.CARD).click()
    expect(phone.get_by_label("Ambil foto")).to_have_attribute("capture", "environment")

    phone.get_by_role("link", name="Formulir biasa").click()
    phone.get_by_role("link", name=capture.CARD).click()
    story.send_files(phone, story.small_photo())


def test_axe_finds_nothing_on_any_step(
    live: LivePortal, phone: Page, axe: Callable[[Page], list[str]]
) -> None:
    faults: list[str] = []

    def look(step: str) -> None:
        for scheme in ("light", "dark"):
            phone.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            faults.extend(f"{step} ({scheme}): {fault}" for fault in axe(phone))

    live.open(phone, "/dokumen/foto")
    expect(phone.get_by_role("heading", name="Masuk dahulu")).to_be_visible()
    look("login")
    live.login(phone, live.cast.sari)
    capture.open_shell(phone, live)
    look("kind")
    capture.begin(phone)
    capture.photograph(phone, story.small_photo(), colour("black"))
    look("pages")
    capture.go_on(phone)
    phone.get_by_role("button", name="Ajukan", exact=True).click()
    look("faults")
    capture.type_data(phone)
    expect(phone.locator(".bring")).to_be_visible()
    look("data")
    with capture.without_line(phone):
        capture.hand_in(phone)
        look("waiting")
    capture.receipt(phone)
    look("receipt")

    assert faults == []


def test_what_a_machine_read_fills_what_nobody_touched(live: LivePortal, phone: Page) -> None:
    capture.ready(phone, live)
    capture.photograph(phone, capture.photo(sample_files.certificate((2400, 1697))))
    capture.go_on(phone)
    phone.get_by_label("JP (jam pelajaran)").fill("8")

    number = phone.get_by_label("Nomor sertifikat")
    expect(number).to_have_value("421.3/0187/BKD/2026", timeout=story.LONG)
    mark = phone.get_by_text("terbaca otomatis – periksa")
    expect(number.locator("xpath=..").filter(has=mark)).to_be_visible()
    expect(phone.get_by_label("JP (jam pelajaran)")).to_have_value("8")
    number.fill("421.3/0188/BKD/2026")
    expect(number.locator("xpath=..").filter(has=mark)).to_have_count(0)


def test_a_degree_asks_for_both_of_its_papers(live: LivePortal, phone: Page) -> None:
    capture.ready(phone, live, "Ijazah")
    capture.photograph(phone, story.small_photo(), role="ijazah")
    phone.get_by_role("button", name="Lanjut", exact=True).click()
    expect(phone.get_by_text("Transkrip nilai belum ada.")).to_be_visible()
    capture.photograph(phone, story.small_photo(2), role="transkrip")
    capture.go_on(phone)
    phone.get_by_label("Tingkat").select_option(label="S-2")
    phone.get_by_label("Program studi").fill("Manajemen Pendidikan")
    phone.get_by_label("Perguruan tinggi atau sekolah").fill("Universitas Lambung Mangkurat")
    phone.get_by_label("Nomor ijazah").fill("UNLAM/2024/0815")
    phone.get_by_label("Tanggal lulus").fill("2024-08-15")
    capture.hand_in(phone)

    capture.handed_in(live, capture.receipt(phone))
    with live.database.reading() as session:
        roles = {role.value for role in session.scalars(select(DocumentFile.role))}
    assert roles == {"ijazah", "transkrip"}


def test_a_fault_that_only_the_portal_sees_stands_at_its_field(
    live: LivePortal, phone: Page
) -> None:
    capture.to_the_data(phone, live)
    capture.type_data(phone)
    phone.get_by_label("Tanggal selesai").fill("2099-01-01")
    capture.hand_in(phone)
    expect(phone.get_by_text("Perlu Anda")).to_be_visible(timeout=story.LONG)

    phone.get_by_role("link", name="Perbaiki").click()

    expect(phone.locator(".field.bad")).to_contain_text("Tanggal selesai")
    phone.get_by_label("Tanggal selesai").fill(story.NEW_YEAR)
    capture.hand_in(phone)
    capture.handed_in(live, capture.receipt(phone))
