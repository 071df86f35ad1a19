"""Own pages: first password, privacy notice, profile, devices, the copy of the own data."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal import audit
from portal.accounts.models import Akun, LoginSession
from portal.db import Database
from portal.settings import Settings
from portal.vocabulary import DocumentState
from tests.accounts.acting import NEW, WRONG, account, acts_on, now_acting, person
from tests.support import builders
from tests.support.app import Browser, MakeApp
from tests.support.cast import PASSWORD, TODAY, Cast
from tests.support.database import on_sqlite_alone

pytestmark = on_sqlite_alone


def change(browser: Browser, old: str, new: str, again: str | None = None, expect: int = 303):
    browser.get("accounts.security")
    return browser.submit(
        "Ganti kata sandi", lama=old, kata_sandi=new, ulangi=again or new, expect=expect
    )


def copy_of_data(browser: Browser) -> tuple[TestResponse, dict[str, Any]]:
    """The file behind the button, and what it holds."""
    token = browser.get("accounts.my_data").csrf_token
    answer = browser.client.post("/profil/data-saya/unduh", data={"csrf_token": token})
    return answer, json.loads(answer.data)


def test_a_first_password_has_to_be_changed_before_anything_opens(
    browser: Browser, database: Database, cast: Cast
) -> None:
    account(database, cast.sari, wajib_ganti=True)

    led = browser.login(cast.sari)
    elsewhere = browser.get("accounts.profile")

    assert (led.h1, elsewhere.h1) == ("Pilih kata sandi baru", "Pilih kata sandi baru")


def test_the_first_password_is_no_choice_again(
    browser: Browser, database: Database, cast: Cast
) -> None:
    account(database, cast.sari, wajib_ganti=True)
    browser.login(cast.sari)

    page = browser.submit("Simpan kata sandi", kata_sandi=PASSWORD, ulangi=PASSWORD, expect=422)

    assert "kata sandi yang sekarang" in page.text


def test_after_the_change_the_portal_opens(
    browser: Browser, database: Database, cast: Cast
) -> None:
    account(database, cast.sari, wajib_ganti=True)
    browser.login(cast.sari)

    page = browser.submit("Simpan kata sandi", kata_sandi=NEW, ulangi=NEW)

    assert page.path == "/"


def test_both_steps_lead_on_to_the_page_that_was_wanted(
    browser: Browser, database: Database, cast: Cast
) -> None:
    account(database, cast.sari, wajib_ganti=True, setuju_privasi=None)
    browser.login(cast.sari)
    browser.get(path=f"/skor?tahun={TODAY.year}")

    browser.submit("Simpan kata sandi", kata_sandi=NEW, ulangi=NEW)
    page = browser.submit("Lanjutkan", setuju="y")

    assert page.path == f"/skor?tahun={TODAY.year}"


def test_a_form_that_met_a_step_is_no_page_to_lead_on_to(
    browser: Browser, database: Database, cast: Cast
) -> None:
    browser.login(cast.sari)
    account(database, cast.sari, setuju_privasi=None)
    browser.post("accounts.set_shortcuts")

    page = browser.submit("Lanjutkan", setuju="y")

    assert page.path == "/"


@pytest.mark.parametrize(
    "address", ["https://jahat.example/", "//jahat.example", "/keluar", "/privasi"]
)
def test_a_forged_goal_after_a_step_leads_to_beranda(
    browser: Browser, database: Database, cast: Cast, address: str
) -> None:
    account(database, cast.sari, setuju_privasi=None)
    browser.login(cast.sari)

    page = browser.submit("Lanjutkan", setuju="y", lanjut=address)

    assert page.path == "/"


def test_the_rules_stand_there_before_somebody_types(
    browser: Browser, database: Database, cast: Cast
) -> None:
    account(database, cast.sari, wajib_ganti=True)

    page = browser.login(cast.sari)

    assert "Paling sedikit 10 karakter" in page.text


def test_one_may_leave_instead_of_changing(
    browser: Browser, database: Database, cast: Cast
) -> None:
    account(database, cast.sari, wajib_ganti=True)
    browser.login(cast.sari)

    assert browser.submit("Keluar").path == "/masuk"


def test_the_privacy_notice_comes_before_anything_else(
    browser: Browser, database: Database, cast: Cast
) -> None:
    account(database, cast.sari, setuju_privasi=None)

    page = browser.login(cast.sari)

    assert page.path == "/privasi"
    assert "Undang-Undang 27 Tahun 2022" in page.text


def test_the_notice_asks_for_the_tick(browser: Browser, database: Database, cast: Cast) -> None:
    account(database, cast.sari, setuju_privasi=None)
    browser.login(cast.sari)

    page = browser.submit("Lanjutkan", expect=422)

    assert "Beri tanda" in page.text


def test_the_consent_is_kept_with_its_first_moment(
    browser: Browser, database: Database, cast: Cast
) -> None:
    account(database, cast.sari, setuju_privasi=None)
    browser.login(cast.sari)

    page = browser.submit("Lanjutkan", setuju="y")
    with database.reading() as session:
        first = session.get_one(Akun, cast.sari.akun_id).setuju_privasi
    browser.post("accounts.privacy", {"setuju": "y"})

    assert page.path == "/"
    with database.reading() as session:
        assert session.get_one(Akun, cast.sari.akun_id).setuju_privasi == first
        assert acts_on(session, cast.sari).count("account:privacy-accepted") == 1


def test_the_notice_tells_all_that_is_kept_and_for_how_long(
    make_app: MakeApp, settings: Settings
) -> None:
    app = make_app(dataclasses.replace(settings, draft_days=90, refused_days=365))

    text = Browser(app).get("accounts.privacy").text

    for word in ("surel", "pertanyaan", "pasangan dan atasan langsung", "di ponsel Anda"):
        assert word in text
    assert "Draf yang tidak disentuh: 90 hari" in text
    assert "Berkas dokumen yang ditolak atau dibatalkan: 365 hari" in text


def test_everybody_may_read_the_notice(browser: Browser) -> None:
    page = browser.get("accounts.privacy")

    assert page.path == "/privasi"
    assert page.all('input[name="setuju"]') == []


def test_the_profile_shows_the_own_data_and_whom_to_tell(browser: Browser, cast: Cast) -> None:
    browser.enter(cast.sari)

    page = browser.get("accounts.profile")

    assert cast.sari.nama in page.text
    assert "Ada data yang salah?" in page.text


def test_the_profile_names_roles_with_their_scope(browser: Browser, cast: Cast) -> None:
    browser.enter(cast.oki)

    page = browser.get("accounts.profile")

    assert "Operator OPD Dinas Pendidikan, dengan unit di bawahnya" in page.text


@pytest.mark.parametrize(
    "nama", ["X" * 60, "<b>Sari</b> & “Co”", "ساري رحماواتي", "Sari 🦊 Rahmawati", "O'Brien"]
)
def test_any_name_fits_the_profile(
    browser: Browser, database: Database, cast: Cast, nama: str
) -> None:
    person(database, cast.sari, nama=nama)
    browser.enter(cast.sari)

    assert nama in browser.get("accounts.profile").text


def test_a_password_is_changed_with_the_present_one(browser: Browser, cast: Cast) -> None:
    browser.enter(cast.sari)

    page = change(browser, PASSWORD, NEW)

    assert "Kata sandi diganti" in page.text
    assert Browser(browser.app).login(cast.sari, NEW).path == "/"


def test_without_the_present_password_nothing_changes(browser: Browser, cast: Cast) -> None:
    browser.enter(cast.sari)

    page = change(browser, WRONG, NEW, expect=422)

    assert "tidak cocok" in page.one("#lama-galat").get_text()
    assert Browser(browser.app).login(cast.sari).path == "/"


def test_guessing_the_present_password_has_to_wait(browser: Browser, cast: Cast) -> None:
    browser.enter(cast.sari)
    for _ in range(5):
        change(browser, WRONG, NEW, expect=422)

    page = change(browser, PASSWORD, NEW, expect=429)

    assert "Terlalu banyak percobaan" in page.text


@pytest.mark.parametrize(("new", "again"), [("pendek", None), (NEW, WRONG), (PASSWORD, None)])
def test_a_bad_choice_is_told_at_the_form(
    browser: Browser, cast: Cast, new: str, again: str | None
) -> None:
    browser.enter(cast.sari)

    page = change(browser, PASSWORD, new, again, expect=422)

    assert page.all(".summary a")


def test_a_changed_password_logs_other_devices_out(
    browser: Browser, second_browser: Browser, cast: Cast
) -> None:
    second_browser.enter(cast.sari)
    browser.enter(cast.sari)

    change(browser, PASSWORD, NEW)

    assert second_browser.get("accounts.profile").path.startswith("/masuk")
    assert browser.get("accounts.profile").path == "/profil"


def test_devices_are_listed_and_one_can_be_ended(
    browser: Browser, second_browser: Browser, cast: Cast
) -> None:
    second_browser.client.environ_base["HTTP_USER_AGENT"] = (
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36"
    )
    second_browser.login(cast.sari)
    browser.login(cast.sari)

    page = browser.get("accounts.security")
    ended = browser.submit("Keluarkan")

    assert "Chrome di Android" in page.text
    assert "Chrome di Android" not in ended.text
    assert second_browser.get("accounts.profile").path.startswith("/masuk")


def test_somebody_elses_device_cannot_be_ended(
    browser: Browser, second_browser: Browser, database: Database, cast: Cast
) -> None:
    second_browser.enter(cast.budi)
    browser.enter(cast.sari)
    with database.reading() as session:
        key = session.scalars(
            select(LoginSession.token_hash).where(LoginSession.akun_id == cast.budi.akun_id)
        ).one()

    browser.post("accounts.end_device", {"perangkat": key})

    assert second_browser.get("accounts.profile").path == "/profil"


def test_all_other_devices_end_at_once(
    browser: Browser, second_browser: Browser, cast: Cast
) -> None:
    second_browser.enter(cast.sari)
    browser.enter(cast.sari)
    browser.get("accounts.security")

    page = browser.submit("Keluarkan perangkat lain")

    assert "1 perangkat lain sudah dikeluarkan" in page.text
    assert second_browser.get("accounts.profile").path.startswith("/masuk")


def test_leaving_everywhere_ends_this_device_too(
    browser: Browser, database: Database, cast: Cast
) -> None:
    browser.enter(cast.sari)
    browser.get("accounts.security")

    page = browser.submit("Ya, keluar dari semua")

    assert page.path == "/masuk"
    with database.reading() as session:
        assert session.scalars(select(LoginSession)).all() == []


def test_only_who_sits_at_the_desk_is_offered_its_keys(browser: Browser, cast: Cast) -> None:
    browser.enter(cast.sari)
    owner = browser.get("accounts.security").text + browser.get("accounts.profile").text
    browser.enter(cast.vera)
    verifier = browser.get("accounts.security").text

    assert "intasan" not in owner
    assert "Pakai pintasan satu huruf" in verifier


def test_each_device_is_told_with_the_button_that_ends_it(browser: Browser, cast: Cast) -> None:
    browser.enter(cast.sari)
    browser.enter(cast.sari)

    page = browser.get("accounts.security")

    told = page.one(f"#{page.one('#perangkat li button')['aria-describedby']}").get_text()
    assert told.startswith("Peramban uji")


def test_single_key_shortcuts_can_be_switched_off(
    browser: Browser, database: Database, cast: Cast
) -> None:
    browser.enter(cast.vera)
    browser.post("accounts.set_shortcuts", {})

    with database.reading() as session:
        assert session.get_one(Akun, cast.vera.akun_id).pintasan is False


def test_the_retired_read_why_a_page_stays_closed(
    browser: Browser, database: Database, cast: Cast
) -> None:
    person(database, cast.sari, pensiun_sejak=dt.date(2020, 1, 1))
    browser.enter(cast.sari)

    page = browser.get(path="/dokumen/baru", expect=403)

    assert "Sejak pensiun, akun Anda hanya untuk membaca." in page.text


def test_a_closed_page_says_whom_to_ask(browser: Browser, cast: Cast) -> None:
    browser.enter(cast.sari)

    page = browser.get(path="/admin/pegawai", expect=403)

    assert "Bila ini tugas Anda, hubungi admin kepegawaian." in page.text


def test_the_retired_read_and_do_nothing_else(
    browser: Browser, database: Database, cast: Cast
) -> None:
    person(database, cast.oki, pensiun_sejak=dt.date(2020, 1, 1))
    browser.enter(cast.oki)

    page = browser.get("accounts.profile")
    browser.get("accounts.admin_people", expect=403)

    assert "Anda tercatat pensiun" in page.text


def test_retirement_begins_on_its_day(browser: Browser, database: Database, cast: Cast) -> None:
    browser.enter(cast.oki)
    person(database, cast.oki, pensiun_sejak=cast.oki.today + dt.timedelta(days=1))
    with database.reading() as session:
        before = now_acting(session, browser).retired
    person(database, cast.oki, pensiun_sejak=cast.oki.today)

    with database.reading() as session:
        assert (before, now_acting(session, browser).retired) == (False, True)


def test_the_copy_of_the_own_data_holds_everything_but_secrets(
    browser: Browser, database: Database, cast: Cast
) -> None:
    browser.enter(cast.sari)

    answer, data = copy_of_data(browser)

    assert answer.headers["Content-Disposition"].startswith('attachment; filename="data-saya-')
    assert data["pegawai"]["nip"] == cast.sari.nip
    assert len(data["pengembangan"]) == 2
    assert data["perangkat"]
    assert "$argon2" not in answer.text
    assert "token_hash" not in answer.text


def test_the_copy_holds_nobody_elses_records(browser: Browser, cast: Cast) -> None:
    browser.enter(cast.budi)

    _, data = copy_of_data(browser)

    assert (data["pendidikan"], data["pengembangan"], data["kinerja"]) == ([], [], [])


def test_other_features_add_to_the_copy(browser: Browser, cast: Cast) -> None:
    browser.app.extensions["personal_data"] = {
        "contoh": lambda _session, actor: [{"nip": actor.nip}]
    }
    browser.enter(cast.sari)

    _, data = copy_of_data(browser)

    assert data["contoh"] == [{"nip": cast.sari.nip}]


def test_the_copy_holds_own_absences_and_those_stood_in_for(
    browser: Browser, database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        own = builders.absence(session, cast.vera, cast.vivi, recorder=cast.ani).id
        other = builders.absence(session, cast.vivi, cast.vera, recorder=cast.ani).id
        builders.absence(session, cast.vivi, None, recorder=cast.ani, days=(50, 60))
    browser.enter(cast.vera)

    _, data = copy_of_data(browser)

    assert {row["id"] for row in data["ketidakhadiran"]} == {str(own), str(other)}


def test_who_changed_the_own_data_is_part_of_the_copy(
    browser: Browser, database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        audit.record(session, cast.ani, "people:transferred", cast.sari.pegawai_id, ke="SMPN 3")
    browser.enter(cast.sari)

    _, data = copy_of_data(browser)

    acts = [(line["oleh"], line["tindakan"]) for line in data["catatan_akun"]]
    assert (cast.ani.nama, "people:transferred") in acts


def test_who_opened_own_papers_is_shown(browser: Browser, database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        own = builders.document(session, cast.sari, DocumentState.DIPERIKSA, verifier=cast.vera)
        other = builders.document(session, cast.budi, DocumentState.DIPERIKSA, verifier=cast.vera)
        session.flush()
        audit.record(session, cast.vera, "document:read", own.id)
        audit.record(session, cast.bima, "document:read", other.id)
        audit.record(session, cast.sari, "document:read", own.id)
    browser.enter(cast.sari)

    page = browser.get("accounts.my_data")

    assert page.texts("tbody td:nth-child(2)") == [cast.vera.nama]
    assert page.texts("tbody td:nth-child(3)") == ["Seminar Literasi Numerasi"]


def test_the_copy_holds_items_decisions_scores_and_readers(
    browser: Browser, database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        builders.document(session, cast.sari, DocumentState.DISETUJUI, verifier=cast.vera)
    browser.enter(cast.sari)

    _, data = copy_of_data(browser)

    assert [item["nama"] for item in data["dokumen"]] == ["Seminar Literasi Numerasi"]
    assert len(data["dokumen"][0]["berkas"]) == 1
    kept = {"keputusan", "skor", "perubahan_skor", "rencana", "notifikasi", "pembaca_dokumen"}
    kept |= {"pilihan_surel"}
    assert kept <= set(data)


def test_taking_a_copy_is_recorded(browser: Browser, database: Database, cast: Cast) -> None:
    browser.enter(cast.sari)

    copy_of_data(browser)

    with database.reading() as session:
        assert acts_on(session, cast.sari)[-1] == "account:data-copied"
