"""The pages of admins and operators: whom they find, what they may press."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from sqlalchemy import select

from portal.accounts.models import Penugasan
from portal.db import Database
from portal.people.models import Pegawai
from portal.permissions import Actor, Permission
from portal.vocabulary import DocumentKind
from tests.accounts.acting import acts_on, now_acting, person
from tests.support.app import Browser
from tests.support.cast import Cast
from tests.support.database import on_sqlite_alone

pytestmark = on_sqlite_alone


def open_person(browser: Browser, actor: Actor, expect: int = 200):
    return browser.get("accounts.admin_person", pegawai_id=actor.pegawai_id, expect=expect)


def shown(browser: Browser, text: str) -> set[str]:
    """Names that a search finds."""
    return set(browser.get("accounts.admin_people", q=text).texts("#hasil b"))


def test_nobody_is_listed_before_something_is_asked(browser: Browser, cast: Cast) -> None:
    browser.enter(cast.ani)

    page = browser.get("accounts.admin_people")

    assert page.all("#hasil li") == []
    assert "Ketik sedikitnya 3 huruf" in page.text


@pytest.mark.parametrize("text", ["sari wul", "WULANDARI sari", "  sari   wulandari "])
def test_an_admin_finds_people_by_words_of_the_name(
    browser: Browser, cast: Cast, text: str
) -> None:
    browser.enter(cast.ani)

    assert any(cast.sari.nama in name for name in shown(browser, text))


def test_a_nip_is_found_from_its_beginning_in_any_spacing(browser: Browser, cast: Cast) -> None:
    browser.enter(cast.ani)

    names = shown(browser, f"{cast.sari.nip[:8]} {cast.sari.nip[8:14]}")

    assert len(names) == 1


@pytest.mark.parametrize(
    "text", ["%%%", "___", "\x00\x00\x00", "'; --", "\\\\\\", "a" * 5000, "😀😀😀"]
)
def test_a_hostile_search_finds_nobody(browser: Browser, cast: Cast, text: str) -> None:
    browser.enter(cast.ani)

    assert shown(browser, text) == set()


def test_htmx_gets_the_result_alone(browser: Browser, cast: Cast) -> None:
    browser.enter(cast.ani)

    page = browser.get("accounts.admin_people", q="sari", htmx=True)

    assert page.html.strip().startswith('<div id="hasil"')


def test_an_operator_finds_only_people_of_the_own_opd(browser: Browser, cast: Cast) -> None:
    browser.enter(cast.oki)

    assert shown(browser, cast.sari.nip) != set()
    assert shown(browser, cast.tono.nip) == set()


def test_other_agencies_are_found_by_nobody(
    browser: Browser, cast: Cast, foreigner: Pegawai
) -> None:
    browser.enter(cast.ani)

    assert shown(browser, foreigner.nip) == set()
    browser.get("accounts.admin_person", pegawai_id=foreigner.id, expect=404)
    browser.post("accounts.deactivate", pegawai_id=foreigner.id, expect=404)
    browser.post("accounts.grant_role", {"peran": "auditor"}, pegawai_id=foreigner.id, expect=404)


def test_outside_the_own_opd_a_person_is_not_there(browser: Browser, cast: Cast) -> None:
    browser.enter(cast.oki)

    open_person(browser, cast.tono, expect=404)
    browser.post("accounts.issue_code", pegawai_id=cast.tono.pegawai_id, expect=404)


def test_without_a_role_the_pages_are_closed(browser: Browser, cast: Cast) -> None:
    browser.enter(cast.sari)

    browser.get("accounts.admin_people", expect=403)
    open_person(browser, cast.budi, expect=403)
    browser.post("accounts.issue_code", pegawai_id=cast.budi.pegawai_id, expect=403)


def test_an_operator_sees_no_act_of_an_admin(browser: Browser, cast: Cast) -> None:
    browser.enter(cast.oki)

    page = open_person(browser, cast.sari)

    assert page.texts("main form button") == ["Buat kode kata sandi baru"]
    browser.post("accounts.deactivate", pegawai_id=cast.sari.pegawai_id, expect=403)


def test_a_code_is_shown_once(browser: Browser, cast: Cast) -> None:
    browser.enter(cast.oki)
    open_person(browser, cast.sari)

    page = browser.submit("Buat kode kata sandi baru")
    again = open_person(browser, cast.sari)

    shape = r"[2-9A-Z]{4}-[2-9A-Z]{4}"
    assert re.fullmatch(shape, page.one(".code").get_text(strip=True))
    assert again.all(".code") == []


def test_a_code_never_appears_on_somebody_elses_page(browser: Browser, cast: Cast) -> None:
    browser.enter(cast.ani)
    open_person(browser, cast.sari)
    browser.client.post(
        f"/admin/pegawai/{cast.sari.pegawai_id}/kode",
        data={"csrf_token": browser.last.csrf_token if browser.last else ""},
    )

    assert open_person(browser, cast.budi).all(".code") == []
    assert open_person(browser, cast.sari).all(".code") == []


def test_a_role_is_given_in_words_and_holds_at_once(
    browser: Browser, second_browser: Browser, database: Database, cast: Cast
) -> None:
    second_browser.enter(cast.budi)
    browser.enter(cast.ani)
    open_person(browser, cast.budi)

    page = browser.submit(
        "Simpan peran", peran="verifikator_opd", unit="dinas pendidikan", jenis="ijazah"
    )

    assert "Peran Verifikator OPD diberikan" in page.text
    with database.reading() as session:
        grants = now_acting(session, second_browser).grants_for(Permission.VERIFY_DECIDE)
    assert [(grant.opd_id, grant.kinds) for grant in grants] == [
        (cast.units.pendidikan.id, frozenset({DocumentKind.IJAZAH}))
    ]


def test_several_fitting_units_are_offered_to_choose_from(browser: Browser, cast: Cast) -> None:
    browser.enter(cast.ani)
    open_person(browser, cast.budi)

    offered = browser.submit("Simpan peran", peran="operator_opd", unit="dinas", expect=422)
    chosen = browser.submit("Simpan peran", unit_id=cast.units.kesehatan.id.hex)

    assert len(offered.all('input[name="unit_id"]')) == 2
    assert "Dinas Kesehatan" in chosen.text


@pytest.mark.parametrize("unit", ["tidak ada unit ini", "%", "\x00x", "a" * 300])
def test_an_unknown_unit_is_named(browser: Browser, cast: Cast, unit: str) -> None:
    browser.enter(cast.ani)
    open_person(browser, cast.budi)

    page = browser.submit("Simpan peran", peran="operator_opd", unit=unit, expect=422)

    assert page.all("#unit-galat")


@pytest.mark.parametrize("unit_id", ["x", "f" * 32, "0" * 32])
def test_an_invented_unit_is_not_there(browser: Browser, cast: Cast, unit_id: str) -> None:
    browser.enter(cast.ani)
    address = f"/admin/pegawai/{cast.budi.pegawai_id}/peran"
    data = {"peran": "operator_opd", "unit_id": unit_id, "csrf_token": token(browser, cast.budi)}

    answer = browser.client.post(address, data=data)

    assert answer.status_code in {404, 422}


def test_a_role_is_for_no_invented_kind_of_document(browser: Browser, cast: Cast) -> None:
    browser.enter(cast.ani)
    address = f"/admin/pegawai/{cast.budi.pegawai_id}/peran"
    data = {"peran": "verifikator", "jenis": "piagam", "csrf_token": token(browser, cast.budi)}

    answer = browser.client.post(address, data=data)

    assert answer.status_code == 422
    assert "Pilih jenis dokumen dari daftar." in answer.text


def token(browser: Browser, actor: Actor) -> str:
    return str(open_person(browser, actor).csrf_token)


@pytest.mark.parametrize(
    ("peran", "unit", "words"),
    [
        ("operator_opd", "", "memerlukan unit"),
        ("admin", "dinas pendidikan", "Kosongkan unit"),
        ("", "", "Pilih satu peran"),
    ],
)
def test_role_and_scope_have_to_fit(
    browser: Browser, cast: Cast, peran: str, unit: str, words: str
) -> None:
    browser.enter(cast.ani)
    open_person(browser, cast.budi)

    page = browser.submit("Simpan peran", peran=peran, unit=unit, expect=422)

    assert words in page.one(".summary").get_text()


@pytest.mark.parametrize("peran", ["asn", "pimpinan_provinsi", "raja"])
def test_only_roles_of_the_list_are_given(browser: Browser, cast: Cast, peran: str) -> None:
    browser.enter(cast.ani)
    open_person(browser, cast.budi)

    browser.post(
        "accounts.grant_role", {"peran": peran}, pegawai_id=cast.budi.pegawai_id, expect=422
    )


def test_an_end_in_the_past_is_refused(browser: Browser, cast: Cast) -> None:
    browser.enter(cast.ani)
    open_person(browser, cast.budi)

    page = browser.submit("Simpan peran", peran="auditor", sampai="2020-01-01", expect=422)

    assert "sudah lewat" in page.text


def test_a_revoked_role_is_gone_at_the_next_click(
    browser: Browser, second_browser: Browser, cast: Cast
) -> None:
    second_browser.enter(cast.oki)
    browser.enter(cast.ani)
    open_person(browser, cast.oki)

    browser.submit("Cabut peran Operator OPD")

    second_browser.get("accounts.admin_people", expect=403)


def test_a_role_of_somebody_else_is_not_revoked_through_this_page(
    browser: Browser, database: Database, cast: Cast
) -> None:
    browser.enter(cast.ani)
    with database.reading() as session:
        other = session.scalars(
            select(Penugasan.id).where(Penugasan.akun_id == cast.vera.akun_id)
        ).one()

    browser.post(
        "accounts.revoke_role", pegawai_id=cast.oki.pegawai_id, penugasan_id=other, expect=409
    )


def test_revoking_twice_is_told(browser: Browser, database: Database, cast: Cast) -> None:
    browser.enter(cast.ani)
    with database.reading() as session:
        given = session.scalars(
            select(Penugasan.id).where(Penugasan.akun_id == cast.oki.akun_id)
        ).one()
    values = {"pegawai_id": cast.oki.pegawai_id, "penugasan_id": given}
    browser.post("accounts.revoke_role", **values)

    browser.post("accounts.revoke_role", **values, expect=409)


def test_a_closed_account_is_out_and_comes_back_as_it_was(
    browser: Browser, second_browser: Browser, cast: Cast
) -> None:
    second_browser.enter(cast.oki)
    browser.enter(cast.ani)
    open_person(browser, cast.oki)

    closed = browser.submit("Ya, nonaktifkan")
    out = second_browser.get("accounts.profile").path
    browser.submit("Aktifkan akun")

    assert "Akun dinonaktifkan" in closed.text
    assert out.startswith("/masuk")
    assert second_browser.login(cast.oki).path == "/"


def test_an_admin_logs_somebody_out_everywhere(
    browser: Browser, second_browser: Browser, cast: Cast
) -> None:
    second_browser.enter(cast.sari)
    browser.enter(cast.ani)
    open_person(browser, cast.sari)

    page = browser.submit("Keluarkan dari semua perangkat")

    assert "1 perangkat dikeluarkan" in page.text
    assert second_browser.get("accounts.profile").path.startswith("/masuk")


def test_a_transfer_moves_the_person_and_ends_roles_of_the_old_unit(
    browser: Browser, second_browser: Browser, database: Database, cast: Cast
) -> None:
    second_browser.enter(cast.oki)
    browser.enter(cast.ani)
    open_person(browser, cast.oki)

    page = browser.submit("Pindahkan", **{"pindah-unit": "Dinas Kesehatan"})

    assert "Dipindahkan ke Dinas Kesehatan. Peran yang ikut berakhir: Operator OPD" in page.text
    with database.reading() as session:
        moved = now_acting(session, second_browser)
        assert (moved.opd_id, moved.grants) == (cast.units.kesehatan.id, ())
        assert acts_on(session, cast.oki)[-2:] == ["people:transferred", "account:role-revoked"]


def test_a_transfer_to_the_own_unit_is_refused(browser: Browser, cast: Cast) -> None:
    browser.enter(cast.ani)
    open_person(browser, cast.tono)

    page = browser.submit("Pindahkan", **{"pindah-unit": "Dinas Kesehatan"}, expect=422)

    assert "sudah bertugas" in page.one("#pindah-unit-galat").get_text()


def test_a_transfer_needs_a_unit(browser: Browser, cast: Cast) -> None:
    browser.enter(cast.ani)
    open_person(browser, cast.tono)

    page = browser.submit("Pindahkan", **{"pindah-unit": "  "}, expect=422)

    assert "Isi unit yang baru" in page.text


def test_retirement_is_noted_and_taken_back(
    browser: Browser, database: Database, cast: Cast
) -> None:
    browser.enter(cast.ani)
    open_person(browser, cast.tono)

    noted = browser.submit("Simpan tanggal pensiun", **{"pensiun-tanggal": "2026-12-01"})
    withdrawn = browser.submit("Ya, batalkan pensiun")

    assert "Pensiun sejak 1 Desember 2026" in noted.text
    assert "Pensiun dibatalkan" in withdrawn.text
    with database.reading() as session:
        assert session.get_one(Pegawai, cast.tono.pegawai_id).pensiun_sejak is None
        assert acts_on(session, cast.tono) == ["people:retired", "people:retirement-withdrawn"]


@pytest.mark.parametrize("day", ["", "kemarin", "1900-01-01", "2026-02-30", "0001-01-01"])
def test_a_senseless_day_is_refused(
    browser: Browser, database: Database, cast: Cast, day: str
) -> None:
    browser.enter(cast.ani)
    address = f"/admin/pegawai/{cast.tono.pegawai_id}/pensiun"
    data = {"pensiun-tanggal": day, "csrf_token": token(browser, cast.tono)}

    browser.client.post(address, data=data)

    with database.reading() as session:
        assert session.get_one(Pegawai, cast.tono.pegawai_id).pensiun_sejak is None


def test_the_auditor_changes_nothing(browser: Browser, cast: Cast) -> None:
    browser.enter(cast.aud)

    open_person(browser, cast.sari, expect=403)
    browser.post("accounts.deactivate", pegawai_id=cast.sari.pegawai_id, expect=403)


def test_a_retired_admin_administers_nothing(
    browser: Browser, database: Database, cast: Cast
) -> None:
    person(database, cast.ani, pensiun_sejak=dt.date(2020, 1, 1))
    browser.enter(cast.ani)

    browser.get("accounts.admin_people", expect=403)


def test_an_operator_goes_on_to_hand_in_for_the_person(browser: Browser, cast: Cast) -> None:
    browser.enter(cast.oki)

    page = open_person(browser, cast.sari)

    assert page.link("Unggah untuk rekan ini") == f"/dokumen/baru/rekan?cari={cast.sari.nip}"


def test_an_admin_who_serves_nobody_is_not_offered_it(browser: Browser, cast: Cast) -> None:
    browser.enter(cast.ani)

    assert "Unggah untuk rekan ini" not in open_person(browser, cast.sari).text
