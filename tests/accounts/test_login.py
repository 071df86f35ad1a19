"""The door: who gets in, who waits, and where the login leads."""

from __future__ import annotations

import dataclasses
import re

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from portal.accounts import throttle
from portal.accounts.models import Akun, LoginSession
from portal.db import Database, now
from portal.people.models import Pegawai
from portal.settings import Settings
from tests.support.app import Browser, MakeApp
from tests.support.cast import PASSWORD, Cast
from tests.support.database import on_sqlite_alone

pytestmark = on_sqlite_alone

WRONG = "bukan-kata-sandinya"


def wait_page(browser: Browser, nip: str, tries: int) -> str:
    """Fail `tries` times, then once more; the words of the last answer."""
    browser.get(path="/masuk")
    for _ in range(tries):
        browser.submit("Masuk", nip=nip, kata_sandi=WRONG, expect=422)
    return browser.submit("Masuk", nip=nip, kata_sandi=WRONG, expect=429).text


def change(database: Database, nip: str, **values: object) -> None:
    """Set columns of somebody's account."""
    person = select(Pegawai.id).where(Pegawai.nip == nip).scalar_subquery()
    with database.transaction() as session:
        session.execute(update(Akun).where(Akun.pegawai_id == person).values(**values))


def test_nip_and_password_lead_to_beranda(browser: Browser, cast: Cast) -> None:
    page = browser.login(cast.sari)

    assert page.path == "/"


@pytest.mark.parametrize("shape", ["{0} {1} {2} {3}", "'{0}{1}{2}{3}", "{0}.{1}-{2} {3} "])
def test_a_nip_may_be_written_with_blanks(browser: Browser, cast: Cast, shape: str) -> None:
    nip = cast.sari.nip
    browser.get(path="/masuk")

    spaced = shape.format(nip[:8], nip[8:14], nip[14], nip[15:])
    page = browser.submit("Masuk", nip=spaced, kata_sandi=PASSWORD)

    assert page.path == "/"


def test_a_wrong_password_and_an_unknown_nip_are_told_alike(browser: Browser, cast: Cast) -> None:
    browser.get(path="/masuk")

    known = browser.submit("Masuk", nip=cast.sari.nip, kata_sandi=WRONG, expect=422)
    unknown = browser.submit("Masuk", nip="199912312020121999", kata_sandi=WRONG, expect=422)

    assert known.text == unknown.text
    assert "tidak cocok" in known.text


def test_a_refused_login_keeps_the_nip_and_forgets_the_password(
    browser: Browser, cast: Cast
) -> None:
    browser.get(path="/masuk")

    page = browser.submit("Masuk", nip=cast.sari.nip, kata_sandi=WRONG, expect=422)

    assert page.one("#nip")["value"] == cast.sari.nip
    assert WRONG not in page.html


@pytest.mark.parametrize(
    "nip", ["", "123", "1,98E+17", "1" * 5000, "\x00" * 18, "<script>", "١٢٣٤٥٦٧٨٩٠١٢٣٤٥٦٧٨", "😀"]
)
def test_nonsense_for_a_nip_is_answered_with_a_sentence(browser: Browser, nip: str) -> None:
    browser.get(path="/masuk")

    page = browser.submit("Masuk", nip=nip, kata_sandi=PASSWORD, expect=422)

    assert "NIP" in page.one(".summary").get_text()


@pytest.mark.parametrize("nip", ["1,99404E+17", "1.99404122019032E+17"])
def test_a_nip_that_excel_broke_is_asked_for_in_digits(browser: Browser, nip: str) -> None:
    browser.get(path="/masuk")

    page = browser.submit("Masuk", nip=nip, kata_sandi=WRONG, expect=422)

    assert "Ketik lengkap 18 angkanya" in page.text
    assert "simpan ulang" not in page.text


def test_a_nip_of_signs_alone_is_not_blamed_on_excel(browser: Browser) -> None:
    browser.get(path="/masuk")

    page = browser.submit("Masuk", nip="---", kata_sandi=WRONG, expect=422)

    assert "NIP terdiri atas 18 angka." in page.text


def test_a_hostile_password_is_only_wrong(browser: Browser, cast: Cast) -> None:
    browser.get(path="/masuk")

    page = browser.submit("Masuk", nip=cast.sari.nip, kata_sandi="\x00' OR 1=1 --😀", expect=422)

    assert "tidak cocok" in page.text


def test_an_endless_password_is_refused_before_it_is_hashed(browser: Browser, cast: Cast) -> None:
    browser.get(path="/masuk")

    page = browser.submit("Masuk", nip=cast.sari.nip, kata_sandi="a" * 100_000, expect=422)

    assert "paling panjang 200" in page.text


def test_a_closed_account_is_told_so_only_with_its_password(
    browser: Browser, database: Database, cast: Cast
) -> None:
    change(database, cast.sari.nip, aktif=False)
    browser.get(path="/masuk")

    guessed = browser.submit("Masuk", nip=cast.sari.nip, kata_sandi=WRONG, expect=422)
    proven = browser.submit("Masuk", nip=cast.sari.nip, kata_sandi=PASSWORD, expect=422)

    assert "dinonaktifkan" not in guessed.text
    assert "dinonaktifkan" in proven.text


def test_an_account_that_was_never_activated_opens_for_no_password(
    browser: Browser, database: Database, cast: Cast
) -> None:
    change(database, cast.sari.nip, kata_sandi=None)
    browser.get(path="/masuk")

    page = browser.submit("Masuk", nip=cast.sari.nip, kata_sandi=PASSWORD, expect=422)

    assert "tidak cocok" in page.text


def test_a_demo_account_is_closed_outside_demo_mode(
    browser: Browser, database: Database, cast: Cast
) -> None:
    change(database, cast.sari.nip, demo=True)
    browser.get(path="/masuk")

    page = browser.submit("Masuk", nip=cast.sari.nip, kata_sandi=PASSWORD, expect=422)

    assert "tidak cocok" in page.text


def test_a_demo_account_opens_in_demo_mode(
    settings: Settings, make_app: MakeApp, database: Database, cast: Cast
) -> None:
    change(database, cast.sari.nip, demo=True)
    app = make_app(dataclasses.replace(settings, mode="demo"))

    page = Browser(app).login(cast.sari)

    assert page.path == "/"


def test_a_demo_session_ends_when_the_portal_leaves_demo_mode(
    browser: Browser, database: Database, cast: Cast
) -> None:
    browser.login(cast.sari)
    change(database, cast.sari.nip, demo=True)

    assert browser.client.get("/").status_code == 303


def test_the_hash_is_renewed_when_the_parameters_changed(
    settings: Settings, make_app: MakeApp, database: Database, cast: Cast
) -> None:
    app = make_app(dataclasses.replace(settings, cheap_hashes=False))

    Browser(app).login(cast.sari)

    with database.reading() as session:
        stored = session.get_one(Akun, cast.sari.akun_id).kata_sandi
    assert stored is not None
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_after_five_failures_the_sixth_waits_a_minute(browser: Browser, cast: Cast) -> None:
    text = wait_page(browser, cast.sari.nip, 5)

    assert re.search(
        r"Terlalu banyak percobaan\. Coba lagi 1 menit lagi \(pukul \d\d\.\d\d WI", text
    )


def test_even_the_right_password_waits(browser: Browser, cast: Cast) -> None:
    wait_page(browser, cast.sari.nip, 5)

    page = browser.submit("Masuk", nip=cast.sari.nip, kata_sandi=PASSWORD, expect=429)

    assert 0 < int(page.headers["Retry-After"]) <= 60


def test_the_wait_of_one_person_touches_nobody_else(browser: Browser, cast: Cast) -> None:
    wait_page(browser, cast.sari.nip, 5)

    page = browser.submit("Masuk", nip=cast.budi.nip, kata_sandi=PASSWORD)

    assert page.path == "/"


def test_a_stranger_cannot_keep_the_owner_out_of_a_known_device(
    browser: Browser, second_browser: Browser, cast: Cast
) -> None:
    browser.login(cast.sari)
    browser.submit("Keluar")
    wait_page(second_browser, cast.sari.nip, 5)

    page = browser.submit("Masuk", nip=cast.sari.nip, kata_sandi=PASSWORD)

    assert page.path == "/"


def test_guessing_at_an_address_keeps_nobody_out_of_a_known_device(
    browser: Browser, second_browser: Browser, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "FREE_FOR_AN_ADDRESS", 3)
    browser.login(cast.sari)
    browser.submit("Keluar")
    wait_page(second_browser, cast.budi.nip, 3)  # at the same address, as all of a school

    page = browser.submit("Masuk", nip=cast.sari.nip, kata_sandi=PASSWORD)

    assert page.path == "/"


def test_a_success_forgets_the_failures(browser: Browser, cast: Cast) -> None:
    browser.get(path="/masuk")
    for _ in range(4):
        browser.submit("Masuk", nip=cast.sari.nip, kata_sandi=WRONG, expect=422)
    browser.login(cast.sari)
    browser.submit("Keluar")

    page = browser.submit("Masuk", nip=cast.sari.nip, kata_sandi=WRONG, expect=422)

    assert "tidak cocok" in page.text


@pytest.mark.parametrize(
    "target",
    [
        "https://jahat.example/",
        "//jahat.example",
        "///jahat.example",
        "/\\jahat.example",
        "\\\\jahat.example",
        "/%2fjahat.example",
        "/%2Fjahat.example/..",
        "/%5cjahat.example",
        "/%252fjahat.example",
        "/\t/jahat.example",
        "javascript:alert(1)",
        "/dokumen/../..//jahat.example",
        "/tidak-ada",
        "/keluar",
        "/masuk?lanjut=//jahat.example",
        "profil",
        "/" + "a" * 5000,
    ],
)
def test_a_login_never_leads_out_of_the_portal(browser: Browser, cast: Cast, target: str) -> None:
    browser.get(path="/masuk")

    page = browser.submit("Masuk", nip=cast.sari.nip, kata_sandi=PASSWORD, lanjut=target)

    assert page.path == "/"


def test_a_login_leads_to_the_page_that_was_asked_for(browser: Browser, cast: Cast) -> None:
    browser.get(path="/profil/keamanan?x=1")

    page = browser.submit("Masuk", nip=cast.sari.nip, kata_sandi=PASSWORD)

    assert page.path == "/profil/keamanan?x=1"


def test_every_login_has_a_token_of_its_own(
    browser: Browser, database: Database, cast: Cast
) -> None:
    browser.login(cast.sari)
    with database.reading() as session:
        first = session.scalars(select(LoginSession.token_hash)).all()
    browser.get(path="/masuk")
    browser.post(path="/masuk", data={"nip": cast.sari.nip, "kata_sandi": PASSWORD})

    with database.reading() as session:
        second = session.scalars(select(LoginSession.token_hash)).all()

    assert len(first) == len(second) == 1
    assert first != second


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
