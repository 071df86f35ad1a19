"""Certificates from a phone: nothing is lost on the bus, nothing is read by anybody else."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pypdfium2
from PIL import Image, ImageFilter
from playwright.sync_api import FilePayload, Page, Route, expect
from sqlalchemy import delete, select

from portal.accounts.models import LoginSession
from portal.documents.files import pdf_key
from portal.documents.models import Document, DocumentFile
from portal.vocabulary import DocumentState
from tests.journeys import capture, story
from tests.support import builders, sample_files
from tests.support.live import LivePortal

PARTS = re.compile(r"/kirim/unggahan/[^/]+/bagian/")


def photo(picture: Image.Image, name: str = "foto.jpg") -> FilePayload:
    return {"name": name, "mimeType": "image/jpeg", "buffer": sample_files.jpeg(picture, gps=True)}


def colour(name: str) -> FilePayload:
    """A page that is told from others by its colour, dark on the left half."""
    picture = Image.new("RGB", (400, 300), name)
    picture.paste("black", (0, 0, 100, 300))
    return photo(picture, f"{name}.jpg")


def only_item(live: LivePortal) -> Document:
    with live.database.reading() as session:
        return session.scalars(select(Document)).one()


def handed_in(live: LivePortal, number: str) -> None:
    item = only_item(live)
    assert (item.state, item.receipt) == (DocumentState.DIAJUKAN, number)


def play(live: LivePortal, phone: Page) -> None:
    """Capture → no line → reload → line → receipt."""
    live.login(phone, live.cast.sari)
    capture.open_shell(phone, live)
    capture.begin(phone)
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

    handed_in(live, capture.receipt(phone))
    with live.database.reading() as session:
        assert session.scalars(select(DocumentFile.pages)).one() == 2
    assert capture.stored(phone, "foto") == []


def test_without_a_line_nothing_is_lost(live: LivePortal, phone: Page) -> None:
    play(live, phone)


def test_without_a_line_nothing_is_lost_on_the_way_to_s3(
    production: LivePortal, phone: Page
) -> None:
    play(production, phone)


def test_a_killed_tab_keeps_pictures_and_data(live: LivePortal, phone: Page) -> None:
    live.login(phone, live.cast.sari)
    capture.open_shell(phone, live)
    capture.begin(phone)
    capture.photograph(phone, story.small_photo(), story.small_photo(2))
    capture.go_on(phone)
    capture.type_data(phone, "Seminar di Tengah Jalan")
    phone.wait_for_timeout(300)
    fresh = phone.context.new_page()
    phone.close(run_before_unload=False)

    live.open(fresh, "/dokumen/foto")
    fresh.get_by_role("link", name="Seminar di Tengah Jalan").click()

    expect(fresh.get_by_label("Nama kegiatan")).to_have_value("Seminar di Tengah Jalan")
    fresh.get_by_role("link", name="Kembali").click()
    expect(fresh.locator("#kertas li canvas")).to_have_count(2)


def test_a_session_that_has_ended_asks_for_the_login_and_sends_then(
    live: LivePortal, phone: Page
) -> None:
    live.login(phone, live.cast.sari)
    capture.open_shell(phone, live)
    with live.database.transaction() as session:
        session.execute(delete(LoginSession))
    phone.reload()
    capture.begin(phone)
    capture.photograph(phone, story.small_photo())
    capture.go_on(phone)
    capture.type_data(phone)
    capture.hand_in(phone)
    expect(phone.get_by_text("Masuk lagi untuk mengirim")).to_be_visible()

    phone.get_by_role("link", name="Masuk", exact=True).click()
    live.login(phone, live.cast.sari)
    capture.open_shell(phone, live)
    phone.get_by_role("link", name=story.NAMA).click()

    handed_in(live, capture.receipt(phone))


def test_a_draft_that_was_deleted_in_the_portal_is_sent_anew_by_whoever_goes_on(
    live: LivePortal, phone: Page
) -> None:
    live.login(phone, live.cast.sari)
    capture.open_shell(phone, live)
    capture.begin(phone)
    capture.photograph(phone, story.small_photo())
    expect(phone.get_by_text("sudah di portal")).to_be_visible(timeout=story.LONG)
    with live.database.transaction() as session:
        session.execute(delete(Document))
    capture.go_on(phone)
    capture.type_data(phone)
    capture.hand_in(phone)

    handed_in(live, capture.receipt(phone))


def test_another_login_reads_nothing(live: LivePortal, phone: Page) -> None:
    live.login(phone, live.cast.sari)
    capture.open_shell(phone, live)
    capture.begin(phone)
    capture.photograph(phone, story.small_photo())
    capture.go_on(phone)
    capture.type_data(phone, "Rahasia Sari")
    expect(phone.locator(".bring")).to_be_visible()
    address = phone.url
    [key] = capture.stored(phone, "kunci")
    assert key["key"] is False, "the key could be taken away"

    live.open(phone, "/profil")
    phone.get_by_role("button", name="Keluar").locator("visible=true").first.click()
    phone.get_by_role("button", name="Simpan draf, lalu keluar").click()
    expect(phone.get_by_role("button", name="Masuk", exact=True)).to_be_visible()
    assert capture.stored(phone, "kunci") == []
    live.login(phone, live.cast.tono)
    phone.goto(address)

    expect(phone.get_by_role("link", name=capture.CARD)).to_be_visible()
    expect(phone.get_by_text("Rahasia Sari")).to_have_count(0)
    for name in ("draf", "foto"):
        for row in capture.stored(phone, name):
            sealed = bytes(row["sealed"])
            assert b"Rahasia" not in sealed
            assert b"JFIF" not in sealed


def test_keluar_deletes_the_drafts_when_asked_to(live: LivePortal, phone: Page) -> None:
    live.login(phone, live.cast.sari)
    capture.open_shell(phone, live)
    capture.begin(phone)
    capture.photograph(phone, story.small_photo())

    live.open(phone, "/profil")
    phone.get_by_role("button", name="Keluar").locator("visible=true").first.click()
    phone.get_by_role("button", name="Hapus draf, lalu keluar").click()
    expect(phone.get_by_role("button", name="Masuk", exact=True)).to_be_visible()

    assert capture.stored(phone, "draf") == capture.stored(phone, "foto") == []


def test_two_taps_make_one_item(live: LivePortal, phone: Page) -> None:
    live.login(phone, live.cast.sari)
    capture.open_shell(phone, live)
    phone.get_by_role("link", name=capture.CARD).dblclick()
    capture.photograph(phone, story.small_photo())
    phone.get_by_role("button", name="Lanjut", exact=True).dblclick()
    capture.type_data(phone)
    phone.get_by_label("Data ini benar").check()
    phone.get_by_role("button", name="Ajukan", exact=True).dblclick()

    handed_in(live, capture.receipt(phone))


def test_pages_come_in_the_order_and_turn_of_the_screen(live: LivePortal, phone: Page) -> None:
    live.login(phone, live.cast.sari)
    capture.open_shell(phone, live)
    capture.begin(phone)
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
    live.login(phone, live.cast.sari)
    capture.open_shell(phone, live)
    capture.begin(phone)
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
    live.login(phone, live.cast.sari)
    capture.open_shell(phone, live)
    capture.begin(phone)
    sharp = sample_files.certificate((3000, 2121))

    capture.photograph(
        phone,
        photo(sharp),
        photo(sharp.filter(ImageFilter.GaussianBlur(9))),
        photo(sharp.point(lambda value: value // 5)),
    )

    page = phone.get_by_role("listitem")
    expect(page.nth(0).locator(".doubt:visible")).to_have_count(0)
    expect(page.nth(1)).to_contain_text("Foto agak kabur, nomor mungkin tidak terbaca. Foto ulang?")
    expect(page.nth(2).get_by_text("Foto gelap.")).to_be_visible()
    capture.go_on(phone)


def test_a_file_of_twelve_megabytes_is_refused_before_it_is_sent(
    live: LivePortal, phone: Page
) -> None:
    live.login(phone, live.cast.sari)
    capture.open_shell(phone, live)
    capture.begin(phone)

    phone.get_by_label("Pilih berkas").set_input_files(
        {"name": "tebal.pdf", "mimeType": "application/pdf", "buffer": bytes(12 * 1024 * 1024)}
    )

    alert = phone.get_by_role("alert").locator("visible=true")
    expect(alert).to_contain_text("Berkas “tebal.pdf” 12,0 MB. Paling besar 10")


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


def test_the_same_photo_is_told_at_once_with_the_way_to_the_earlier_item(
    live: LivePortal, phone: Page
) -> None:
    live.login(phone, live.cast.sari)
    hand_in_one(phone, live)

    phone.get_by_role("link", name="Unggah lagi").click()
    capture.begin(phone)
    capture.photograph(phone, story.small_photo())

    expect(phone.get_by_text("Satu sertifikat dihitung satu kali.")).to_be_visible()
    phone.get_by_role("link", name="Lihat dokumen itu").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text(story.NAMA)


def hand_in_one(phone: Page, live: LivePortal) -> str:
    """One seminar with one photo, from the shell to the receipt."""
    capture.open_shell(phone, live)
    capture.begin(phone)
    capture.photograph(phone, story.small_photo())
    capture.go_on(phone)
    capture.type_data(phone)
    capture.hand_in(phone)
    return capture.receipt(phone)


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
    live.open(phone, address)

    phone.get_by_role("link", name="Foto ulang sertifikat").click()
    capture.photograph(phone, story.small_photo(7))
    phone.get_by_role("button", name="Lanjut", exact=True).click()

    heading = phone.get_by_role("heading", level=1)
    expect(heading).to_have_text("Perbaiki data", timeout=story.LONG)
    phone.get_by_role("button", name="Lanjut", exact=True).click()
    assert story.hand_in(phone)
    assert capture.stored(phone, "draf") == []


def test_two_tabs_send_once(live: LivePortal, phone: Page) -> None:
    live.login(phone, live.cast.sari)
    capture.open_shell(phone, live)
    second = phone.context.new_page()
    asked: list[str] = []
    phone.context.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    capture.open_shell(second, live)
    capture.begin(phone)
    with capture.without_line(phone):
        capture.photograph(phone, story.small_photo())
        capture.go_on(phone)
        capture.type_data(phone)
        capture.hand_in(phone)

    number = capture.receipt(phone)

    handed_in(live, number)
    assert len([one for one in asked if PARTS.search(one)]) == 1
    assert len([one for one in asked if one.endswith("/kirim/ajukan")]) == 1


def test_what_waits_is_told_on_other_pages_and_sent_from_there(
    live: LivePortal, phone: Page
) -> None:
    live.login(phone, live.cast.sari)
    capture.open_shell(phone, live)
    capture.begin(phone)
    with capture.without_line(phone):
        capture.photograph(phone, story.small_photo())
        capture.go_on(phone)
        capture.type_data(phone)
        capture.hand_in(phone)
        address = phone.url
        phone.goto("about:blank")

    for path in ("/", "/dokumen"):
        live.open(phone, path)
        expect(phone.get_by_role("link", name=story.NAMA).first).to_contain_text(
            "Terkirim – nomor terima", timeout=story.LONG
        )
    phone.goto(address)
    handed_in(live, capture.receipt(phone))
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
    hand_in_one(phone, live)
    for path in ("/", "/dokumen", "/profil"):
        live.open(phone, path)

    kept = phone.evaluate(
        "async () => (await Promise.all((await caches.keys()).map(async name =>"
        " (await (await caches.open(name)).keys()).map(one => new URL(one.url).pathname)))).flat()"
    )

    pages = [path for path in kept if not path.startswith("/static/")]
    assert sorted(pages) == ["/dokumen/foto", "/luring"]


def test_drafts_of_a_fortnight_ago_are_gone(live: LivePortal, phone: Page) -> None:
    live.login(phone, live.cast.sari)
    capture.open_shell(phone, live)
    capture.begin(phone)
    with capture.without_line(phone):
        capture.photograph(phone, story.small_photo())
        phone.goto("about:blank")
    phone.clock.install()
    phone.clock.fast_forward(15 * 24 * 3600 * 1000)

    live.open(phone, "/dokumen/foto")
    expect(phone.get_by_role("link", name=capture.CARD)).to_be_visible()

    assert capture.stored(phone, "draf") == capture.stored(phone, "foto") == []


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
    live.login(phone, live.cast.sari)
    capture.open_shell(phone, live)
    capture.begin(phone)
    capture.photograph(phone, photo(sample_files.certificate((2400, 1697))))
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
    live.login(phone, live.cast.sari)
    capture.open_shell(phone, live)
    capture.begin(phone, "Ijazah")
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

    handed_in(live, capture.receipt(phone))
    with live.database.reading() as session:
        roles = {role.value for role in session.scalars(select(DocumentFile.role))}
    assert roles == {"ijazah", "transkrip"}


def test_a_fault_that_only_the_portal_sees_stands_at_its_field(
    live: LivePortal, phone: Page
) -> None:
    live.login(phone, live.cast.sari)
    capture.open_shell(phone, live)
    capture.begin(phone)
    capture.photograph(phone, story.small_photo())
    capture.go_on(phone)
    capture.type_data(phone)
    phone.get_by_label("Tanggal selesai").fill("2099-01-01")
    capture.hand_in(phone)
    expect(phone.get_by_text("Perlu Anda")).to_be_visible(timeout=story.LONG)

    phone.get_by_role("link", name="Perbaiki").click()

    expect(phone.locator(".field.bad")).to_contain_text("Tanggal selesai")
    phone.get_by_label("Tanggal selesai").fill(story.NEW_YEAR)
    capture.hand_in(phone)
    handed_in(live, capture.receipt(phone))
