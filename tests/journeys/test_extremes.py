"""Names, titles and numbers of the worst kind, on every width: nothing sticks out of the page."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from playwright.sync_api import Page
from sqlalchemy import update

from portal import audit
from portal.agency.models import HariLibur, Opd, PerguruanTinggi
from portal.documents.models import Document
from portal.people.models import Pegawai
from portal.vocabulary import DocumentState
from tests.journeys.conftest import Open
from tests.support import builders
from tests.support.browser import PHONE
from tests.support.cast import TODAY
from tests.support.live import LivePortal

SIZES = ((320, 640), (360, 740), (768, 1024), (1024, 768), (1280, 800))
LONG = "Raden Mas Haji Muhammad Nurkholis Widyatmoko Hadiningratkusumo"
UNBROKEN = "Wiradiningratkusumanegarahadikusumobrotoseno" * 2
RTL_EMOJI = "عبد الرحمن بن محمد 🌺👩🏽‍🏫 Sari"
DEGREES = "S.Pd., M.Pd., M.Si., Gr., CRMP., CHRP."

STICKING_OUT = """() => {
  const width = document.documentElement.clientWidth;
  const clipped = node => {
    for (let up = node.parentElement; up; up = up.parentElement) {
      const flow = getComputedStyle(up).overflowX;
      if (flow !== 'visible') return true;
    }
    return false;
  };
  return [...document.querySelectorAll('body *')]
    .filter(node => node.getClientRects().length && !clipped(node))
    .filter(node => { const box = node.getBoundingClientRect();
                      return box.right > width + 1 || box.left < -1; })
    .filter(node => !node.closest('.hidden, .skip'))
    .map(node => `${node.tagName}.${node.className} ${node.textContent.trim().slice(0, 40)}`)
    .concat(document.documentElement.scrollWidth > width ? ['the page scrolls sideways'] : []);
}"""


def make_extreme(live: LivePortal, name: str) -> dict[str, str]:
    """Give everybody the name and a long unit; returns paths of items by state."""
    cast, paths = live.cast, {}
    with live.database.transaction() as session:
        session.execute(
            update(Pegawai).values(nama=name[:120], gelar_depan="Prof. Dr. Ir.", jabatan=LONG)
        )
        session.execute(update(Pegawai).values(gelar_belakang=DEGREES))
        session.execute(update(Opd).values(nama=f"{name} {LONG}"[:200]))
        builders.reason(session, label=UNBROKEN, cara_memperbaiki=UNBROKEN * 3)
        returned = builders.reason(session, label=LONG, cara_memperbaiki=UNBROKEN * 3)
        for state in (
            DocumentState.DRAF,
            DocumentState.DIAJUKAN,
            DocumentState.DIPERIKSA,
            DocumentState.PERLU_PERBAIKAN,
        ):
            made = builders.document(
                session,
                cast.sari,
                state,
                verifier=cast.vera,
                storage=live.storage,
                nama=UNBROKEN + " " + LONG,
                penyelenggara=UNBROKEN,
                nomor=UNBROKEN[:100],
                jp=1200,
                **({"reason_id": returned.id} if state is DocumentState.PERLU_PERBAIKAN else {}),
            )
            made.note = UNBROKEN * 4
            paths[state.value] = str(made.id)
        builders.notification(session, cast.sari, judul=UNBROKEN[:120], isi=UNBROKEN * 3)
    return paths


def sticking_out(page: Page, url: str) -> list[str]:
    faults: list[str] = []
    page.goto(url)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        faults += [f"{width}: {url}: {fault}" for fault in page.evaluate(STICKING_OUT)[:3]]
    return faults


@pytest.mark.parametrize("name", [UNBROKEN, f"{RTL_EMOJI} {LONG}"], ids=["unbroken", "mixed"])
def test_nothing_sticks_out_of_any_page(live: LivePortal, open_browser: Open, name: str) -> None:
    ids = make_extreme(live, name)
    draft, waiting = ids["draf"], ids["diajukan"]
    visits = {
        live.cast.sari: (
            "/", "/skor", "/skor/riwayat", "/dokumen", "/dokumen/baru", "/notifikasi", "/profil",
            "/profil/keamanan", "/profil/data-saya",
            *(f"/dokumen/{one}" for one in ids.values()),
            f"/dokumen/{draft}/berkas", f"/dokumen/{draft}/data", f"/dokumen/{draft}/periksa",
            f"/dokumen/{ids['perlu-perbaikan']}/data", f"/dokumen/{waiting}/tanda-terima",
        ),
        live.cast.vera: (
            "/", "/verifikasi", f"/verifikasi/{waiting}", f"/verifikasi/{ids['diperiksa']}"
        ),
        live.cast.ani: (
            "/admin/pegawai?q=1987", f"/admin/pegawai/{live.cast.vera.pegawai_id}",
            "/admin/rekonsiliasi",
        ),
        live.cast.oki: (f"/dokumen/baru/rekan?cari={live.cast.sari.nip}",),
    }  # fmt: skip
    faults: list[str] = []
    for actor, paths in visits.items():
        page = open_browser()
        live.login(page, actor)
        for path in paths:
            faults += sticking_out(page, f"{live.url}{path}")
    assert not faults, "\n".join(faults)


def make_extreme_workbench(live: LivePortal, document_id: str) -> dict[str, str]:
    """Words without an end in everything that admins and verifikator keep; returns paths."""
    cast = live.cast
    with live.database.transaction() as session:
        item = session.get_one(Document, uuid.UUID(document_id))
        queue = builders.queue(session, cast.ani, cast.bima)
        queue.nama = UNBROKEN[:100]
        builders.absence(session, cast.vera, cast.bima, recorder=cast.ani, days=(0, 3))
        said = (cast.sari, UNBROKEN * 5), (cast.bima, UNBROKEN * 5)
        asked = builders.question(session, cast.sari, item, said[0])
        answered = builders.question(session, cast.sari, item, *said)
        builders.faq(session, cast.bima, pertanyaan=UNBROKEN, jawaban=UNBROKEN * 5)
        agency = {"instansi_id": cast.ani.instansi_id, "nama": UNBROKEN}
        session.add(HariLibur(tanggal=cast.ani.today, **agency))
        session.add(PerguruanTinggi(kunci=UNBROKEN.lower(), **agency))
        audit.record(session, cast.ani, "queue:set", queue.id, nama=UNBROKEN * 4)
        return {"queue": str(queue.id), "asked": str(asked.id), "answered": str(answered.id)}


def test_nothing_sticks_out_of_what_admins_and_threads_show(
    live: LivePortal, open_browser: Open
) -> None:
    waiting = make_extreme(live, UNBROKEN)["diajukan"]
    ids = make_extreme_workbench(live, waiting)
    visits = {
        live.cast.ani: (
            "/admin/antrean", f"/admin/antrean/{ids['queue']}", "/admin/antrean/tenggat",
            "/admin/antrean/libur", "/admin/antrean/ketidakhadiran", "/admin/alasan",
            "/admin/perguruan-tinggi", "/admin/tanya-jawab", "/admin/audit",
            f"/admin/pegawai/{live.cast.vera.pegawai_id}/hubungan",
        ),
        live.cast.sari: (
            "/bantuan", "/tanya", f"/tanya/{ids['answered']}", f"/dokumen/{waiting}/tanya",
            "/profil/surel",
        ),
        live.cast.bima: (
            "/verifikasi/tanya", f"/verifikasi/tanya/{ids['asked']}", "/verifikasi/statistik",
            f"/verifikasi/tanya/{ids['answered']}/tanya-jawab",
        ),
    }  # fmt: skip
    faults: list[str] = []
    for actor, paths in visits.items():
        page = open_browser()
        live.login(page, actor)
        for path in paths:
            faults += sticking_out(page, f"{live.url}{path}")
    assert not faults, "\n".join(faults)


OVERLAPPING = """() => {
  const boxes = [...document.querySelectorAll('.tabs > ul > li > a')]
    .map(link => { const words = document.createRange(); words.selectNodeContents(link);
                   return words.getBoundingClientRect(); });
  return boxes.slice(1).filter((box, n) => box.left < boxes[n].right - 1).length;
}"""


SQUEEZED = """() => [...document.querySelectorAll('main *')]
  .filter(node => node.getClientRects().length && !node.closest('.hidden'))
  .filter(node => {
    const words = [...node.childNodes].some(one =>
      one.nodeType === Node.TEXT_NODE && one.data.trim().length > 3);
    const { width } = node.getBoundingClientRect(), letter = getComputedStyle(node).fontSize;
    return (words && width < 2 * parseFloat(letter)) || (node.matches('.bar') && width < 60);
  })
  .map(node => `squeezed: ${node.tagName}.${node.className} ${node.textContent.trim()}`)"""
"""Words that stand letter below letter, and bars too short to compare."""


def test_letters_twice_as_large_break_no_page_of_a_phone(
    live: LivePortal, open_browser: Open
) -> None:
    page, faults = open_browser(PHONE), []
    live.login(page, live.cast.sari)
    for path in (
        "/", "/skor", "/skor/simulasi?ingin=91", "/skor/riwayat", "/dokumen", "/dokumen/baru",
        "/notifikasi", "/profil", "/profil/keamanan", "/profil/data-saya", "/keluar",
    ):  # fmt: skip
        page.goto(f"{live.url}{path}")
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        faults += [f"{path}: {fault}" for fault in page.evaluate(STICKING_OUT)[:3]]
        faults += [f"{path}: {fault}" for fault in page.evaluate(SQUEEZED)[:3]]
        faults += [f"{path}: words of the bar overlap"] * page.evaluate(OVERLAPPING)
    assert not faults, "\n".join(faults)


def test_whoever_takes_an_item_sees_the_button_on_every_width(
    live: LivePortal, desktop: Page
) -> None:
    with live.database.transaction() as session:
        builders.document(
            session,
            live.cast.sari,
            DocumentState.MENUNGGU_KEDUA,
            nama="Pelatihan Pengelolaan Keuangan Daerah Tingkat Lanjut",
            verifier=live.cast.bima,
            tenggat=TODAY - dt.timedelta(days=3),
        )
    live.login(desktop, live.cast.vera)
    live.open(desktop, "/verifikasi")

    for width in (768, 1024, 1100, 1280):
        desktop.set_viewport_size({"width": width, "height": 800})
        button = desktop.get_by_role("button", name="Ambil", exact=True)
        assert button.evaluate(
            """node => node.getBoundingClientRect().right
                       <= node.closest('.scroll').getBoundingClientRect().right + 1"""
        ), width
