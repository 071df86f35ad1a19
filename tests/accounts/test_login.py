"""The door: who gets in, who waits, and where the login leads."""

from __future__ import annotations

import dataclasses
import re

import pytest
from sqlalchemy import select, update

from portal.accounts import throttle
from portal.accounts.models import Akun, LoginSession
from portal.db import Database
from portal.people.models import Pegawai
from portal.settings import Settings
from tests.support.app import Browser, MakeApp
from tests.support.cast import PASSWORD, Cast
from tests.support.database import on_sqlite_alone
from tests.support.queries import statements

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


def test_a_renewed_hash_is_that_of_one_account(
    settings: Settings, make_app: MakeApp, database: Database, cast: Cast
) -> None:
    with database.reading() as session:
        before = session.get_one(Akun, cast.budi.akun_id).kata_sandi
    app = make_app(dataclasses.replace(settings, cheap_hashes=False))

    Browser(app).login(cast.sari)

    with database.reading() as session:
        assert session.get_one(Akun, cast.budi.akun_id).kata_sandi == before


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


def test_the_account_is_locked_before_its_counters(
    browser: Browser, database: Database, cast: Cast
) -> None:
    """As where a code is used: else the two would wait for each other (PostgreSQL)."""
    browser.get(path="/masuk")
    with statements(database.engine) as seen:
        browser.post(path="/masuk", data={"nip": cast.sari.nip, "kata_sandi": PASSWORD})

    last = max(place for place, one in enumerate(seen) if "INSERT INTO percobaan" in one)
    opened = next(place for place, one in enumerate(seen) if "INSERT INTO sesi" in one)
    assert opened < last
