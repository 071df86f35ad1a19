"""How a session ends: by leaving, elsewhere, with time; and what is left behind."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from portal.accounts.models import Akun, LoginSession
from portal.db import Database, now
from portal.people.models import Pegawai
from tests.support.app import Browser
from tests.support.cast import PASSWORD, Cast
from tests.support.database import on_sqlite_alone

pytestmark = on_sqlite_alone


def change(database: Database, nip: str, **values: object) -> None:
    """Set columns of somebody's account."""
    person = select(Pegawai.id).where(Pegawai.nip == nip).scalar_subquery()
    with database.transaction() as session:
        session.execute(update(Akun).where(Akun.pegawai_id == person).values(**values))


def test_leaving_ends_the_session_in_the_database(
    browser: Browser, database: Database, cast: Cast
) -> None:
    browser.login(cast.sari)

    browser.submit("Keluar")

    with database.reading() as session:
        assert session.scalars(select(LoginSession)).all() == []


def test_the_address_of_leaving_asks_first(
    browser: Browser, database: Database, cast: Cast
) -> None:
    browser.login(cast.sari)

    page = browser.get(path="/keluar")

    assert "Keluar dari portal?" in page.text
    assert "Sari Wulandari" in page.text
    with database.reading() as session:
        assert session.scalars(select(LoginSession)).all()


def test_the_address_of_leaving_leads_out(browser: Browser, cast: Cast) -> None:
    browser.login(cast.sari)
    browser.get(path="/keluar")

    page = browser.submit("Keluar")

    assert page.path == "/masuk"
    assert "Anda sudah keluar." in page.text


def test_who_must_still_change_the_password_can_leave_by_address(
    browser: Browser, database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        session.execute(update(Akun).values(wajib_ganti=True))
    browser.login(cast.sari)

    page = browser.get(path="/keluar")

    assert page.path == "/keluar"


def test_the_address_of_leaving_shows_strangers_the_login(browser: Browser) -> None:
    page = browser.get(path="/keluar")

    assert page.path == "/masuk"
    assert "Anda sudah keluar" not in page.text


def test_a_session_that_ran_out_leads_to_the_login(
    browser: Browser, database: Database, cast: Cast
) -> None:
    browser.login(cast.sari)
    with database.transaction() as session:
        session.execute(update(LoginSession).values(kedaluwarsa=now()))

    page = browser.get("accounts.profile")

    assert page.path == "/masuk?lanjut=/profil"


def test_who_is_logged_out_elsewhere_reads_why_the_login_is_back(
    browser: Browser, database: Database, cast: Cast
) -> None:
    browser.login(cast.sari)
    with database.transaction() as session:
        session.execute(delete(LoginSession))

    page = browser.get("accounts.profile")

    assert "Sesi Anda sudah berakhir" in page.text


def test_who_left_or_never_came_reads_nothing_about_a_session(browser: Browser, cast: Cast) -> None:
    never = browser.get(path="/masuk").text
    browser.login(cast.sari)
    left = browser.submit("Keluar").text

    assert "Sesi Anda" not in never + left


@pytest.mark.parametrize(
    ("method", "onward"), [("get", "/masuk?lanjut=/dokumen?cari%3Dx"), ("post", "/sesi-berakhir")]
)
def test_htmx_leads_to_where_nothing_is_lost(
    browser: Browser, database: Database, cast: Cast, method: str, onward: str
) -> None:
    browser.enter(cast.sari)
    token = browser.get("accounts.security").csrf_token
    with database.transaction() as session:
        session.execute(delete(LoginSession))
    address = "/dokumen?cari=xy" if method == "get" else "/profil/keamanan/pintasan"
    told = {"HX-Request": "true", "HX-Current-URL": "http://localhost/dokumen?cari=x"}

    answer = getattr(browser.client, method)(address, data={"csrf_token": token}, headers=told)

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, onward)


def test_a_form_left_open_is_sent_again_after_a_new_login(
    browser: Browser, database: Database, cast: Cast
) -> None:
    browser.login(cast.sari)
    form = browser.get("accounts.security")
    with database.transaction() as session:
        session.execute(update(LoginSession).values(kedaluwarsa=now()))
    data = {"csrf_token": form.csrf_token, "pintasan": "y"}

    ended = browser.client.post("/profil/keamanan/pintasan", data=data)
    explained = browser.get(path=ended.location)
    browser.login(cast.sari)
    again = browser.client.post("/profil/keamanan/pintasan", data=data)

    assert "Kembali" in explained.text
    assert (again.status_code, again.location) == (303, "/profil/keamanan")


def test_a_form_left_open_is_refused_when_somebody_else_logged_in(
    browser: Browser, cast: Cast
) -> None:
    browser.login(cast.sari)
    form = browser.get("accounts.security")
    browser.submit("Keluar")
    browser.login(cast.budi)

    answer = browser.client.post(
        "/profil/keamanan/pintasan", data={"csrf_token": form.csrf_token, "pintasan": "y"}
    )

    assert answer.status_code == 400


def test_a_form_older_than_the_login_is_told_how_to_keep_the_words(
    browser: Browser, cast: Cast
) -> None:
    browser.enter(cast.sari)
    browser.get("accounts.security")

    page = browser.post("accounts.set_shortcuts", {"csrf_token": "dari-kemarin"}, expect=400)

    assert page.one("h1").get_text() == "Halaman ini sudah lama terbuka"
    assert "Salin dahulu" in page.text


def test_a_stranger_with_an_old_form_is_only_sent_back(browser: Browser) -> None:
    answer = browser.client.post("/masuk", data={"csrf_token": "dari-kemarin"})

    text = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "Halaman ini sudah lama terbuka" in text
    assert "Salin dahulu" not in text


def test_a_closed_account_is_out_at_the_next_click(
    browser: Browser, database: Database, cast: Cast
) -> None:
    browser.login(cast.sari)
    change(database, cast.sari.nip, aktif=False)

    page = browser.get("accounts.profile")

    assert page.path.startswith("/masuk")


def test_the_cookies_cannot_be_read_by_scripts(app: Flask, cast: Cast) -> None:
    browser = Browser(app)
    browser.get(path="/masuk")
    assert browser.last is not None
    data = {"csrf_token": browser.last.csrf_token, "nip": cast.sari.nip, "kata_sandi": PASSWORD}

    answer = browser.client.post("/masuk", data=data)

    cookies = answer.headers.getlist("Set-Cookie")
    assert {cookie.partition("=")[0] for cookie in cookies} == {"sesi", "perangkat"}
    assert all("HttpOnly" in cookie and "SameSite=Lax" in cookie for cookie in cookies)


def test_nothing_of_the_one_before_stays_in_the_browser(browser: Browser, cast: Cast) -> None:
    browser.login(cast.vera)
    with browser.client.session_transaction() as kept:
        kept["catatan"] = ["0" * 32, "Nama berbeda dari ijazah."]
    browser.submit("Keluar")

    browser.login(cast.bima)

    with browser.client.session_transaction() as kept:
        assert "catatan" not in kept


@pytest.mark.parametrize("address", ["/privasi", "/lupa-kata-sandi/terkirim", "/sesi-berakhir"])
def test_a_stranger_who_only_reads_gets_no_cookie(app: Flask, address: str) -> None:
    answer = app.test_client().get(address)

    assert "Set-Cookie" not in answer.headers
