"""Photographs every screen of the demo: three widths, light and dark, into docs/gambar/*.webp.

    make shots                                       all of them
    python scripts/shots.py beranda skor             only these
    python scripts/shots.py --utuh --folder /tmp/x   whole pages, for looking at them closely

A portal of its own starts in a temporary folder with the seeded demo, so nothing of `var/` is
seen or changed. Motion is switched off; only the dates follow the calendar.
"""

from __future__ import annotations

import argparse
import io
import itertools
import json
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from portal.demo import pictures  # noqa: E402 -- found through the line above
from tests.support.browser import ARGUMENTS, PLACE  # noqa: E402 -- as above
from tests.support.chromium import executable  # noqa: E402 -- as above

FOLDER = ROOT / "docs" / "gambar"
SIZES = ((360, 740), (768, 1024), (1280, 800))
THEMES: dict[str, Any] = {"terang": "light", "gelap": "dark"}
COLOURS = 128
"""A screen has few; drawn with these and without loss it is sharper and smaller than a photo."""
START_SECONDS = 180.0
JUDUL = "Seminar Numerasi Kelas Awal"
NOMOR = "421.3/0187/BPMP/2026"
DAY = time.strftime("%Y-01-05")
_numbers = itertools.count(7)
Account = dict[str, str]
Go = Callable[[Page], None]


@dataclass(frozen=True)
class Screen:
    """One page: its name in docs/gambar, who opens it, and the way there."""

    name: str
    who: str
    go: Go


def at(path: str) -> Go:
    """Straight to an address."""

    def go(page: Page) -> None:
        page.goto(path)

    return go


def first(path: str, selector: str) -> Go:
    """To the first thing of a list."""

    def go(page: Page) -> None:
        page.goto(path)
        page.goto(str(page.locator(selector).first.get_attribute("href")))

    return go


def certificate() -> Path:
    """A photo to hand in, drawn as the demo draws them."""
    number = next(_numbers)
    path = Path(tempfile.gettempdir()) / f"sertifikat-{os.getpid()}-{number}.jpg"
    lines = [
        f"Nomor {NOMOR}",
        "Sari Rahmawati, S.Pd.",
        "NIP 199404122019032015",
        f"telah mengikuti {JUDUL}",
        "diselenggarakan oleh BPMP Kalimantan Selatan",
        "4 jam pelajaran (JP)",
    ]
    pictures.draw(path, "SERTIFIKAT", lines, random.Random(number), portrait=False)  # noqa: S311 -- decoration
    return path


def draft(page: Page) -> None:
    """A new seminar with a photo and its data typed in."""
    page.goto("/dokumen/baru?jenis=seminar")
    photo = certificate()
    page.locator("input[type=file]").first.set_input_files(photo)
    page.get_by_role("button", name="Lanjut", exact=True).click()
    page.wait_for_url("**/data")
    photo.unlink()
    page.locator("#jenis").select_option("9")
    page.get_by_label("Nama kegiatan").fill(JUDUL)
    page.get_by_label("Penyelenggara").fill("BPMP Kalimantan Selatan")
    page.get_by_label("Tanggal mulai").fill(DAY)
    page.get_by_label("Tanggal selesai").fill(DAY)
    page.get_by_label("JP (jam pelajaran)").fill("4")
    page.get_by_label("Nomor sertifikat").fill(NOMOR)


def checked(page: Page) -> None:
    """Another draft, at its last step."""
    draft(page)
    page.get_by_role("button", name="Lanjut", exact=True).click()
    page.wait_for_url("**/periksa")


def papers(page: Page) -> None:
    """The papers of a draft, with the fields to add and to replace."""
    draft(page)
    page.get_by_role("button", name="Lanjut", exact=True).click()
    page.wait_for_url("**/periksa")
    page.goto(page.url.replace("/periksa", "/berkas"))


def captured(page: Page) -> None:
    """The capture on a phone, with two photos of a paper."""
    page.goto("/dokumen/foto")
    page.locator("[data-card=seminar]").click()
    photos = [certificate(), certificate()]
    page.locator(".paper input[type=file]").last.set_input_files(photos)
    page.locator(".paper li:nth-child(2) canvas").wait_for()
    page.get_by_text("sudah di portal").nth(1).wait_for()
    for photo in photos:
        photo.unlink()


def capture_data(page: Page) -> None:
    """The data of another one, as far as a machine read them, and what they would bring."""
    captured(page)
    page.get_by_role("button", name="Lanjut", exact=True).click()
    page.get_by_label("Jenis kegiatan").select_option("9")
    page.get_by_label("Nama kegiatan").fill(JUDUL)
    page.get_by_label("Penyelenggara").fill("BPMP Kalimantan Selatan")
    page.get_by_label("Tanggal mulai").fill(DAY)
    page.get_by_label("Tanggal selesai").fill(DAY)
    page.locator(".bring").wait_for()


def waiting(page: Page) -> None:
    """What stands on the phone, before the kinds."""
    page.goto("/dokumen/foto")
    page.locator("#tunggu li").first.wait_for()


def receipt(page: Page) -> None:
    page.goto("/dokumen?status=diajukan")
    page.goto(str(page.locator("a.item").first.get_attribute("href")) + "/tanda-terima")


def ask(page: Page) -> None:
    """Asking about a row of the score, with the answers that may do."""
    page.goto("/skor")
    page.goto(str(page.locator('a[href*="baris=kompetensi:teknis"]').get_attribute("href")))


def help_opened(page: Page) -> None:
    """Bantuan with one answer open."""
    page.goto("/bantuan")
    page.locator("details").first.evaluate("one => { one.open = true; }")


def desk(page: Page) -> None:
    """The oldest item of the queue, taken."""
    page.goto("/verifikasi?jenis=seminar")
    page.get_by_role("button", name="Ambil dokumen terlama").click()
    page.wait_for_url(re.compile(r"/verifikasi/[0-9a-f-]{36}"))


def proposing(page: Page) -> None:
    """The desk with Kembalikan and the proposals opened."""
    page.goto("/verifikasi?saya=ya")
    page.get_by_role("link", name="Lanjutkan").first.click()
    page.locator("details.confirm summary", has_text="Kembalikan").click()
    page.locator("details.propose summary").click()


def together(page: Page) -> None:
    """Items whose checks are all green, before they are approved at once."""
    page.goto("/verifikasi?jenis=seminar&lampu=ok")
    for box in page.locator("label.pick input").all()[:4]:
        box.check()
    page.get_by_role("button", name="Setujui bersama").click()


def choosing(page: Page) -> None:
    """The queue with three items marked."""
    page.goto("/verifikasi?jenis=fungsional&keadaan=diajukan")
    for box in page.locator("label.pick input").all()[:3]:
        box.check()


def keys(page: Page) -> None:
    """The list of keys over the desk."""
    desk(page)
    page.locator("#meja[data-ready]").wait_for()
    page.keyboard.press("?")


def taking_back(page: Page) -> None:
    """The item after a decision, while it can be taken back; the clock of the page stands."""
    desk(page)
    page.locator("#meja[data-ready]").wait_for()
    page.clock.install()
    page.keyboard.press("s")
    page.locator(".undo.floating").wait_for()
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 1)


def person(page: Page) -> None:
    page.goto("/admin/pegawai?q=199404122019032015")
    page.goto(str(page.locator("a.item").first.get_attribute("href")))


def preview(page: Page) -> None:
    """A file of BKN's with a changed value and two rows that cannot be taken."""
    lines = (
        "NIP;Nama;Kualifikasi;Kompetensi;Kinerja;Disiplin;Total;updated",
        "'199404122019032015;Sari Rahmawati;20,00;21,00;25,00;5,00;71,00;12-02-2026",
        "1,98E+17;Rahmat Hidayat;20,00;25,00;25,00;5,00;75,00;12-02-2026",
        "'197203081998031005;Suryana Wirahadikusumah;20,00;41,50;25,00;5,00;91,50;12-02-2026",
    )
    page.goto("/impor")
    page.locator("input[type=file]").set_input_files(
        {"name": "PIP ASN.csv", "mimeType": "text/csv", "buffer": "\n".join(lines).encode()}
    )
    page.get_by_role("button", name="Unggah dan periksa").click()
    page.locator("#keadaan h2", has_text="Yang akan terjadi").wait_for(timeout=60_000)


def year_rules(page: Page) -> None:
    """How the running year is measured, with the switches open."""
    page.goto(f"/admin/aturan/{time.strftime('%Y')}")
    page.locator("details.fold").evaluate("fold => { fold.open = true; }")


def dry_run(page: Page) -> None:
    """What another way of measuring would change, once the worker has counted it."""
    year_rules(page)
    page.get_by_label("Diklat teknis yang belum").select_option("tidak")
    page.get_by_role("button", name="Lihat dampaknya").click()
    page.wait_for_url("**/banding/**")
    page.get_by_role("heading", name="Rata-rata").wait_for(timeout=90_000)


SCREENS = (
    Screen("masuk", "", at("/masuk")),
    Screen("kode", "", at("/kode")),
    Screen("lupa-kata-sandi", "", at("/lupa-kata-sandi")),
    Screen("privasi", "", at("/privasi")),
    Screen("beranda", "asn", at("/")),
    Screen("skor", "asn", at("/skor")),
    Screen("simulasi", "asn", at("/skor/simulasi?teknis=20&kinerja=Sangat%20Baik")),
    Screen("skor-riwayat", "asn", at("/skor/riwayat")),
    Screen("dokumen", "asn", at("/dokumen")),
    Screen("dokumen-item", "asn", first("/dokumen?status=perlu-perbaikan", "a.item")),
    Screen("tanda-terima", "asn", receipt),
    Screen("unggah", "asn", at("/dokumen/baru")),
    Screen("unggah-berkas", "asn", at("/dokumen/baru?jenis=seminar")),
    Screen("tanya", "asn", at("/tanya")),
    Screen("tanya-percakapan", "asn", first("/tanya", "a.item:has(.pill.ok)")),
    Screen("tanya-baru", "asn", ask),
    Screen("bantuan", "asn", help_opened),
    Screen("notifikasi", "asn", at("/notifikasi")),
    Screen("profil", "asn", at("/profil")),
    Screen("keamanan", "asn", at("/profil/keamanan")),
    Screen("data-saya", "asn", at("/profil/data-saya")),
    Screen("surel", "asn", at("/profil/surel")),
    Screen("unggah-data", "asn", draft),
    Screen("unggah-periksa", "asn", checked),
    Screen("unggah-tambah", "asn", papers),
    Screen("foto", "asn", captured),
    Screen("foto-data", "asn", capture_data),
    Screen("foto-di-ponsel", "asn", waiting),
    Screen("unggah-rekan", "operator_opd", at("/dokumen/baru/rekan?cari=Sari")),
    Screen("verifikasi", "verifikator", at("/verifikasi")),
    Screen("verifikasi-item", "verifikator", desk),
    Screen("verifikasi-usul", "verifikator", proposing),
    Screen("verifikasi-massal", "verifikator", together),
    Screen("verifikasi-pilih", "verifikator", choosing),
    Screen("verifikasi-pintasan", "verifikator", keys),
    Screen("verifikasi-urungkan", "verifikator", taking_back),
    Screen("verifikasi-tanya", "verifikator", at("/verifikasi/tanya")),
    Screen("verifikasi-jawab", "verifikator", first("/verifikasi/tanya", "td a")),
    Screen("uji-petik", "verifikator", at("/verifikasi/uji-petik")),
    Screen("uji-petik-item", "verifikator", first("/verifikasi/uji-petik", ".items a")),
    Screen("statistik", "verifikator", at("/verifikasi/statistik")),
    Screen("tanya-jawab", "admin", at("/admin/tanya-jawab")),
    Screen("pegawai", "admin", at("/admin/pegawai?q=199404122019032015")),
    Screen("pegawai-orang", "admin", person),
    Screen("uji-petik-bagian", "admin", at("/verifikasi/uji-petik/bagian")),
    Screen("impor", "admin", at("/impor")),
    Screen("impor-pratinjau", "admin", preview),
    Screen("aturan", "admin", at("/admin/aturan")),
    Screen("aturan-tahun", "admin", year_rules),
    Screen("aturan-uji-coba", "admin", dry_run),
    Screen("antrean", "admin", at("/admin/antrean")),
    Screen("antrean-tenggat", "admin", at("/admin/antrean/tenggat")),
    Screen("antrean-libur", "admin", at("/admin/antrean/libur")),
    Screen("antrean-ketidakhadiran", "admin", at("/admin/antrean/ketidakhadiran")),
    Screen("alasan", "admin", at("/admin/alasan")),
    Screen("alasan-ubah", "admin", first("/admin/alasan", ".rows a.btn")),
    Screen("perguruan-tinggi", "admin", at("/admin/perguruan-tinggi")),
    Screen("audit", "admin", at("/admin/audit?tindakan=keputusan")),
    Screen("rekonsiliasi", "admin", at("/admin/rekonsiliasi")),
    Screen("tidak-ditemukan", "asn", at("/tidak/ada")),
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def demo_portal() -> Iterator[tuple[str, list[Account]]]:
    """Address of a portal with the fresh demo, and its accounts."""
    with tempfile.TemporaryDirectory(prefix="portal-shots-") as folder:
        port = str(free_port())
        env = {"PATH": os.environ["PATH"], "VAR_DIR": folder, "PORT": port, "HTMX_URL": "lokal"}
        command = [sys.executable, "-m", "portal"]
        silent = subprocess.DEVNULL
        portal = subprocess.Popen(
            [*command, "jalankan"], cwd=ROOT, env=env, stdout=silent, stderr=silent
        )
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for(portal, url)
            subprocess.run(
                [*command, "rekonsiliasi"], cwd=ROOT, env=env, stdout=silent, check=False
            )
            printed = subprocess.check_output([*command, "demo", "--akun"], cwd=ROOT, env=env)
            yield url, json.loads(printed)
        finally:
            portal.terminate()
            portal.wait()


def wait_for(portal: subprocess.Popen[bytes], url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and portal.poll() is None:
        with suppress(OSError), urllib.request.urlopen(f"{url}/readyz", timeout=5):
            return
        time.sleep(0.2)
    raise SystemExit("Portal demo tidak mau menyala.")


def open_page(browser: Browser, url: str, account: Account | None) -> Page:
    """A browser without motion, logged in when there is an account."""
    context = browser.new_context(
        base_url=url, reduced_motion="reduce", device_scale_factor=1, **PLACE
    )
    page = context.new_page()
    if account:
        page.goto("/masuk")
        page.get_by_label("NIP", exact=True).fill(account["nip"])
        page.get_by_label("Kata sandi", exact=True).fill(account["kata_sandi"])
        page.get_by_role("button", name="Masuk", exact=True).click()
        page.wait_for_url("**/")
    return page


def photograph(page: Page, name: str, folder: Path, *, whole: bool) -> None:
    """The open page in every size and theme; pictures below the fold are loaded first."""
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        for word, scheme in THEMES.items():
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.evaluate("() => { document.activeElement?.blur(); scrollTo(0, 0); }")
            page.mouse.move(0, 0)
            shot = page.screenshot(full_page=whole, animations="disabled", caret="hide")
            with Image.open(io.BytesIO(shot)) as picture:
                flat = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
            target = folder / f"{name}-{width}-{word}.webp"
            flat.convert("RGB").save(target, "WEBP", lossless=True, quality=100, method=4)


def take(
    browser: Browser, url: str, accounts: list[Account], screens: list[Screen], **how: Any
) -> None:
    """Every screen, one login per role."""
    by_role = {account["peran"]: account for account in reversed(accounts)}
    pages: dict[str, Page] = {}
    for screen in screens:
        if screen.who not in pages:
            pages[screen.who] = open_page(browser, url, by_role.get(screen.who))
        page = pages[screen.who]
        page.set_viewport_size({"width": 1280, "height": 800})
        screen.go(page)
        page.wait_for_load_state("networkidle")
        photograph(page, screen.name, **how)
        print(screen.name, flush=True)


def main() -> int:
    """The command line."""
    names = [screen.name for screen in SCREENS]
    parser = argparse.ArgumentParser(description="Foto setiap layar demo.")
    parser.add_argument("layar", nargs="*", help=", ".join(names))
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--utuh", action="store_true", help="seluruh halaman, bukan satu layar")
    options = parser.parse_args()
    if unknown := set(options.layar) - set(names):
        parser.error(f"tidak ada layar {', '.join(sorted(unknown))}")
    chosen = [screen for screen in SCREENS if screen.name in (options.layar or names)]
    options.folder.mkdir(parents=True, exist_ok=True)
    with demo_portal() as (url, accounts), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable(), chromium_sandbox=False, args=ARGUMENTS
        )
        take(browser, url, accounts, chosen, folder=options.folder, whole=options.utuh)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
