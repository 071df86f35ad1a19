"""The small helps on top of pages, in a real browser under the strict policy."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.support.browser import Chromium
from tests.web.pages import ORIGIN, PATIENT, document, opened, serve_htmx

FORM = (
    '<form action="/kirim" method="post" data-unsaved novalidate>'
    '<div data-file><input type="file" name="berkas" id="berkas" multiple></div>'
    '<input name="nama" id="nama"><button>Ajukan</button></form>'
)
OWN_COPY = 'script[src*="vendor"]'
OFFLINE = "Sambungan terputus. Isian Anda masih ada; coba lagi."


def visit(page: Page) -> None:
    page.goto(ORIGIN)
    page.wait_for_selector("script[src*='htmx']", state="attached")


def version(page: Page) -> object:
    return page.evaluate("window.htmx && htmx.version")


def wait_for_htmx(page: Page) -> None:
    page.evaluate(
        "() => new Promise(done => { const look = () => window.htmx ? done() : "
        "requestAnimationFrame(look); look(); })"
    )


def test_htmx_comes_from_the_cdn_and_the_own_copy_is_left_alone(chromium: Chromium) -> None:
    with opened(chromium, document("")) as page:
        page.add_init_script(PATIENT)
        visit(page)
        wait_for_htmx(page)
        assert page.locator(OWN_COPY).count() == 0


def test_a_broken_cdn_is_replaced_by_the_own_copy(chromium: Chromium) -> None:
    with opened(chromium, document("")) as page:
        page.route("https://cdn.jsdelivr.net/**", lambda route: route.abort())
        visit(page)
        wait_for_htmx(page)
        assert page.locator(OWN_COPY).count() == 1


def test_a_changed_file_on_the_cdn_is_refused(chromium: Chromium) -> None:
    def lie(route: Route) -> None:
        headers = {"access-control-allow-origin": "*", "content-type": "text/javascript"}
        route.fulfill(body="window.stolen = 1", headers=headers)

    with opened(chromium, document("")) as page:
        page.route("https://cdn.jsdelivr.net/**", lie)
        visit(page)
        wait_for_htmx(page)
        assert page.evaluate("window.stolen") is None


def test_a_cdn_that_answers_too_late_never_runs(chromium: Chromium) -> None:
    held: list[Route] = []
    with opened(chromium, document("")) as page:
        page.clock.install()
        page.route("https://cdn.jsdelivr.net/**", lambda route: held.append(route))
        with page.expect_request("https://cdn.jsdelivr.net/**"):  # it may come while the page loads
            page.goto(ORIGIN)
            page.clock.run_for(100)
        page.clock.run_for(2000)
        page.clock.resume()
        wait_for_htmx(page)
        page.evaluate("window.htmx.mark = 1")
        with page.expect_event("requestfinished"):
            serve_htmx(held[0])
        assert page.evaluate("window.htmx.mark") == 1


def test_a_silent_cdn_is_not_asked_again_in_the_same_session(chromium: Chromium) -> None:
    asked: list[str] = []
    with opened(chromium, document("")) as page:
        page.route("https://cdn.jsdelivr.net/**", lambda route: route.abort())
        visit(page)
        wait_for_htmx(page)
        page.on("request", lambda request: asked.append(request.url))
        visit(page)
        wait_for_htmx(page)
        assert not [url for url in asked if "jsdelivr" in url]


def test_without_a_cdn_address_the_own_copy_is_used_at_once(chromium: Chromium) -> None:
    with opened(chromium, document("", cdn="")) as page:
        visit(page)
        wait_for_htmx(page)
        assert version(page) == "2.0.11"


def test_a_double_tap_sends_one_form(chromium: Chromium) -> None:
    sent: list[Request] = []
    with opened(chromium, document(FORM)) as page:
        page.on("request", lambda r: sent.append(r) if r.method == "POST" else None)
        visit(page)
        page.route("**/kirim", lambda route: route.fulfill(status=204))
        with page.expect_response("**/kirim"):
            page.evaluate(
                "() => { const b = document.querySelector('button'); b.click(); b.click(); }"
            )
        assert len(sent) == 1


def test_a_sent_form_shows_that_it_works(chromium: Chromium) -> None:
    with opened(chromium, document(FORM)) as page:
        visit(page)
        page.route("**/kirim", lambda route: route.fulfill(status=204))
        page.get_by_role("button", name="Ajukan").click()
        expect(page.locator("button")).to_have_attribute("aria-busy", "true")


def test_without_a_connection_nothing_is_sent_and_nothing_lost(chromium: Chromium) -> None:
    with opened(chromium, document(FORM)) as page:
        visit(page)
        page.fill("#nama", "Seminar Literasi")
        page.context.set_offline(True)
        page.get_by_role("button", name="Ajukan").click()
        expect(page.locator("#pesan")).to_have_text(OFFLINE)
        assert page.input_value("#nama") == "Seminar Literasi"


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(
    chromium: Chromium, tmp_path: Path
) -> None:
    heavy = tmp_path / "foto.jpg"
    heavy.write_bytes(b"x" * (14 * 1024 * 1024))
    with opened(chromium, document(FORM)) as page:
        visit(page)
        page.set_input_files("#berkas", heavy)
        expect(page.locator("[data-file] .error")).to_have_text(
            "Berkas “foto.jpg” 14 MB. Paling besar 10 MB. "
            "Foto ulang dengan resolusi lebih kecil atau pilih PDF."
        )


def test_a_form_with_a_refused_file_stays_where_it_is(chromium: Chromium, tmp_path: Path) -> None:
    heavy = tmp_path / "foto.jpg"
    heavy.write_bytes(b"x" * (11 * 1024 * 1024))
    with opened(chromium, document(FORM)) as page:
        visit(page)
        page.set_input_files("#berkas", heavy)
        page.get_by_role("button", name="Ajukan").click()
        expect(page.locator("#berkas")).to_be_focused()


def test_chosen_files_are_listed_with_their_size(chromium: Chromium, tmp_path: Path) -> None:
    small = tmp_path / "sertifikat <b>.pdf"
    small.write_bytes(b"%PDF-" + b"x" * 4096)
    with opened(chromium, document(FORM)) as page:
        visit(page)
        page.set_input_files("#berkas", small)
        expect(page.locator(".chosen li")).to_have_text("sertifikat <b>.pdf 4 KB")


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (409, '<div class="notice bad" role="alert">Sudah diproses Bima.</div>', "Sudah diproses"),
        (502, "<html><h1>Bad Gateway</h1></html>", "Permintaan tidak berhasil."),
    ],
)
def test_a_failed_htmx_request_is_told_in_one_sentence(
    chromium: Chromium, status: int, body: str, said: str
) -> None:
    config = (
        """<meta name="htmx-config" content='{"responseHandling":[{"code":"...","swap":true,"""
        """"error":true,"target":"#pesan","select":".notice"}]}'>"""
    )
    with opened(chromium, document(FORM, scripts=config)) as page:
        visit(page)
        wait_for_htmx(page)
        page.route("**/bagian", lambda route: route.fulfill(status=status, body=body))
        page.evaluate("() => { htmx.ajax('POST', '/bagian', { target: 'main' }); }")
        expect(page.locator("#pesan")).to_contain_text(said)


def test_a_lapsed_session_leaves_unsaved_input_on_the_page(chromium: Chromium) -> None:
    with opened(chromium, document(FORM)) as page:
        visit(page)
        wait_for_htmx(page)
        page.fill("#nama", "Seminar")
        page.route(
            "**/bagian",
            lambda route: route.fulfill(status=401, headers={"HX-Redirect": "/masuk"}),
        )
        page.evaluate("() => { htmx.ajax('POST', '/bagian', { target: 'main' }); }")
        expect(page.locator("#pesan")).to_contain_text("Sesi Anda berakhir.")


def test_a_lost_connection_under_htmx_is_told(chromium: Chromium) -> None:
    with opened(chromium, document(FORM)) as page:
        visit(page)
        wait_for_htmx(page)
        page.route("**/bagian", lambda route: route.abort())
        page.evaluate("() => { htmx.ajax('POST', '/bagian', { target: 'main' }).catch(() => 0); }")
        expect(page.locator("#pesan")).to_have_text(OFFLINE)


def test_the_summary_of_errors_takes_the_focus(chromium: Chromium) -> None:
    with opened(
        chromium, document('<div class="summary" tabindex="-1" data-focus>x</div>')
    ) as page:
        visit(page)
        expect(page.locator(".summary")).to_be_focused()


PASSWORD = (
    '<form action="/kirim" method="post" novalidate>'
    '<input type="password" id="lama" autocomplete="current-password">'
    '<input type="password" id="baru" autocomplete="new-password">'
    '<div class="reveal"><input type="checkbox" id="tampilkan">'
    '<label for="tampilkan">Tampilkan kata sandi</label></div><button>Masuk</button></form>'
)


def test_a_password_can_be_looked_at_while_it_is_typed(chromium: Chromium) -> None:
    with opened(chromium, document(PASSWORD)) as page:
        visit(page)

        page.get_by_label("Tampilkan kata sandi").check()

        expect(page.locator("#lama")).to_have_attribute("type", "text")
        expect(page.locator("#baru")).to_have_attribute("type", "text")
        page.get_by_label("Tampilkan kata sandi").uncheck()
        expect(page.locator("#lama")).to_have_attribute("type", "password")


def test_a_password_is_sent_hidden_so_that_no_browser_keeps_it_as_text(chromium: Chromium) -> None:
    with opened(chromium, document(PASSWORD)) as page:
        visit(page)
        page.evaluate("document.forms[0].addEventListener('submit', e => e.preventDefault())")
        page.get_by_label("Tampilkan kata sandi").check()

        page.get_by_role("button", name="Masuk").click()

        expect(page.locator("#lama")).to_have_attribute("type", "password")
        expect(page.get_by_label("Tampilkan kata sandi")).not_to_be_checked()
