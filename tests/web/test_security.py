"""Headers of every answer, and the pages for what goes wrong."""

from __future__ import annotations

import dataclasses
import errno
import io

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from portal.access import public
from portal.errors import PortalError, Throttled
from portal.settings import Settings
from portal.web.pages import STATUS, TITLES
from portal.web.security import policy
from tests.support.app import Browser, MakeApp
from tests.support.cast import Cast
from tests.support.database import on_sqlite_alone
from tests.support.faults import faults
from tests.support.page import Page
from tests.support.queries import statements

pytestmark = on_sqlite_alone
CSP = (
    "default-src 'none'; "
    "script-src 'self' https://cdn.jsdelivr.net/npm/htmx.org@2.0.11/dist/htmx.min.js; "
    "style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; font-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'; object-src 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), microphone=(), payment=()",
}
STORE = "https://kunci:rahasia@s3.contoh.go.id:9000/dokumen"


@pytest.mark.parametrize("path", ["/masuk", "/", "/tidak-ada", "/healthz", "/static/js/portal.js"])
def test_every_answer_carries_the_headers(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


@pytest.mark.parametrize("path", ["/masuk", "/", "/tidak-ada", "/readyz"])
def test_nothing_but_static_files_is_kept_by_a_phone(client: FlaskClient, path: str) -> None:
    assert client.get(path).headers["Cache-Control"] == "no-store"


def test_pictures_may_also_come_from_the_object_store(settings: Settings) -> None:
    words = policy(dataclasses.replace(settings, object_store_url=STORE))

    assert "img-src 'self' blob: data: https://s3.contoh.go.id:9000;" in words
    assert "rahasia" not in words


def test_pictures_come_from_the_address_that_browsers_reach(settings: Settings) -> None:
    outside = dataclasses.replace(
        settings, object_store_url=STORE, object_store_public_url="https://berkas.contoh.go.id"
    )

    assert "img-src 'self' blob: data: https://berkas.contoh.go.id;" in policy(outside)


def test_without_a_cdn_scripts_come_from_here_alone(settings: Settings) -> None:
    assert "; script-src 'self'; " in policy(dataclasses.replace(settings, htmx_url=""))


@pytest.mark.parametrize(("mode", "kept"), [("produksi", "max-age=31536000"), ("uji", None)])
def test_production_alone_insists_on_https(
    settings: Settings, make_app: MakeApp, mode: str, kept: str | None
) -> None:
    client = make_app(dataclasses.replace(settings, mode=mode)).test_client()

    assert client.get("/masuk").headers.get("Strict-Transport-Security") == kept


@pytest.mark.parametrize(("mode", "secure"), [("produksi", True), ("uji", False)])
def test_the_session_cookie_is_strict(
    settings: Settings, make_app: MakeApp, mode: str, secure: bool
) -> None:
    client = make_app(dataclasses.replace(settings, mode=mode)).test_client()

    cookie = client.get("/masuk").headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert ("Secure" in cookie) is secure


# What goes wrong


@pytest.fixture
def failing(app: Flask) -> FlaskClient:
    """A portal with a page for every failure, which shows its pages instead of raising."""
    app.config["SHOW_ERROR_PAGES"] = True

    @public
    def fail(kind: str) -> str:
        raise FAILURES[kind]

    app.add_url_rule("/gagal/<kind>", "fail", fail)
    return app.test_client()


FAILURES: dict[str, Exception] = {
    kind.__name__: kind("Kalimat uji.") for kind in STATUS if kind is not Throttled
} | {
    "bug": RuntimeError("rahasia dari dalam"),
    "database": OperationalError("SELECT rahasia", {}, Exception("locked")),
    "disk": OSError(errno.ENOSPC, "No space left on device", "/tmp/rahasia"),
}


@pytest.mark.parametrize("kind", [kind for kind in STATUS if kind.__name__ != "Throttled"])
def test_each_failure_has_its_status_title_and_sentence(
    failing: FlaskClient, kind: type[PortalError]
) -> None:
    page = Page.of(failing.get(f"/gagal/{kind.__name__}"))

    assert page.status == STATUS[kind]
    assert page.h1 == TITLES[STATUS[kind]]
    assert "Kalimat uji." in page.text


@pytest.mark.parametrize("kind", FAILURES)
def test_pages_of_failures_are_as_good_as_any_other(
    app: Flask, failing: FlaskClient, kind: str
) -> None:
    assert faults(Page.of(failing.get(f"/gagal/{kind}")), app) == []


@pytest.mark.parametrize(("kind", "status"), [("bug", 500), ("database", 503), ("disk", 503)])
def test_pages_of_breakdowns_ask_no_database(
    app: Flask, failing: FlaskClient, kind: str, status: int
) -> None:
    with statements(app) as seen:
        answer = failing.get(f"/gagal/{kind}")

    assert (answer.status_code, seen) == (status, [])


@pytest.mark.parametrize("kind", ["bug", "database", "disk"])
def test_a_breakdown_tells_nothing_of_the_inside(failing: FlaskClient, kind: str) -> None:
    assert "rahasia" not in failing.get(f"/gagal/{kind}").get_data(as_text=True)


@pytest.mark.parametrize("kind", ["NotFound", "Conflict", "Unavailable"])
def test_htmx_gets_the_alert_alone(failing: FlaskClient, kind: str) -> None:
    answer = failing.get(f"/gagal/{kind}", headers={"HX-Request": "true"})

    soup = BeautifulSoup(answer.get_data(as_text=True), "html.parser")
    assert soup.select_one('.notice[role="alert"]') is not None
    assert soup.html is None


def test_a_form_without_its_token_is_refused_with_the_way_out(client: FlaskClient) -> None:
    page = Page.of(client.post("/masuk", data={"nip": "1", "kata_sandi": "x"}))

    assert page.status == 400
    assert "Muat ulang" in page.text.capitalize() or "muat ulang" in page.text


def test_a_page_that_does_not_exist_leads_back(client: FlaskClient) -> None:
    page = Page.of(client.get("/tidak-ada"))

    assert page.status == 404
    assert [link["href"] for link in page.all("main a")] == ["/"]


def test_a_wrong_method_is_explained(client: FlaskClient) -> None:
    assert Page.of(client.get("/profil/keamanan/akhiri")).status == 405


def test_more_than_can_be_sent_at_once_is_told(app: Flask, browser: Browser, cast: Cast) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1024
    browser.enter(cast.sari)

    page = browser.post(
        path="/dokumen/baru",
        data={"berkas": (io.BytesIO(b"x" * 4096), "sertifikat.jpg")},
        expect=413,
    )

    assert page.h1 == "Kiriman terlalu besar"


@pytest.mark.parametrize("path", ["/masuk", "/kode", "/lupa-kata-sandi"])
def test_a_stranger_sends_no_heavy_form(client: FlaskClient, path: str) -> None:
    answer = client.post(path, data=b"0" * 2_000_000, content_type="application/octet-stream")

    assert answer.status_code == 413


def test_nothing_of_a_strangers_upload_is_read(client: FlaskClient) -> None:
    answer = client.post("/dokumen/baru", data=b"0" * 2_000_000)

    assert (answer.status_code, answer.location) == (303, "/sesi-berakhir")
