"""The share of approvals that is looked at again is set by the admin of the agency."""

from __future__ import annotations

import pytest

from portal.accounts.models import Penugasan
from portal.agency.models import Instansi
from portal.audit import AuditEntry
from portal.db import Database
from tests.support.app import Browser
from tests.support.cast import Cast
from tests.support.database import on_sqlite_alone

pytestmark = on_sqlite_alone


def test_an_admin_sets_it_and_the_audit_keeps_it(
    database: Database, cast: Cast, browser: Browser
) -> None:
    browser.enter(cast.ani)
    browser.get("verification.share")

    page = browser.submit("Simpan", persen="12")

    assert "tersimpan" in page.text
    with database.reading() as session:
        assert session.get_one(Instansi, cast.units.instansi_id).uji_petik_persen == 12
        assert session.query(AuditEntry).filter_by(action="agency:changed").count() == 1


@pytest.mark.parametrize("text", ["-1", "101", "banyak", "", "5,5"])
def test_a_share_that_is_none_is_refused_with_the_input_kept(
    cast: Cast, browser: Browser, text: str
) -> None:
    browser.enter(cast.ani)
    browser.get("verification.share")

    page = browser.submit("Simpan", expect=422, persen=text)

    assert "bilangan bulat dari 0 sampai 100" in page.text
    assert page.all("#persen")[0].get("value", "") == text


def test_an_admin_of_a_part_does_not_set_it_for_all(
    database: Database, cast: Cast, browser: Browser
) -> None:
    with database.transaction() as session:
        grant = session.query(Penugasan).filter_by(akun_id=cast.ani.akun_id).one()
        grant.opd_id = cast.units.pendidikan.id
    browser.enter(cast.ani)

    page = browser.get("verification.share", expect=403)

    assert "seluruh instansi" in page.text


def test_a_verifikator_does_not_set_it(cast: Cast, browser: Browser) -> None:
    browser.enter(cast.vera)

    browser.get("verification.share", expect=403)


def test_an_admin_who_checks_nothing_finds_the_way_there_and_back(
    cast: Cast, browser: Browser
) -> None:
    browser.enter(cast.ani)
    settings = browser.get("queues.index")

    page = browser.get("verification.share")

    assert any(a["href"] == "/verifikasi/uji-petik/bagian" for a in settings.all("a[href]"))
    assert any(a["href"] == "/admin/antrean" for a in page.all("main a[href], header a[href]"))
