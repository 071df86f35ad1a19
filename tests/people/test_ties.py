"""Husband or wife is noted on both, the direct superior on one; by an admin, on a page."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from portal import audit
from portal.db import Database
from portal.errors import Rejected
from portal.people.models import Pegawai
from portal.people.ties import set_ties
from portal.permissions import Actor
from tests.support.app import Browser
from tests.support.cast import Cast
from tests.support.database import on_sqlite_alone


def person(session: Session, actor: Actor) -> Pegawai:
    return session.get_one(Pegawai, actor.pegawai_id)


def test_a_couple_is_noted_on_both(session: Session, cast: Cast) -> None:
    sari, budi = person(session, cast.sari), person(session, cast.budi)

    set_ties(session, cast.ani, sari, pasangan=budi, atasan=None)

    assert (sari.pasangan_id, budi.pasangan_id) == (budi.id, sari.id)


def test_a_couple_that_is_parted_is_parted_on_both(session: Session, cast: Cast) -> None:
    sari, budi = person(session, cast.sari), person(session, cast.budi)
    set_ties(session, cast.ani, sari, pasangan=budi, atasan=None)

    set_ties(session, cast.ani, budi, pasangan=None, atasan=None)

    assert (sari.pasangan_id, budi.pasangan_id) == (None, None)


def test_another_marriage_frees_the_former(session: Session, cast: Cast) -> None:
    sari, budi, tono = (person(session, one) for one in (cast.sari, cast.budi, cast.tono))
    set_ties(session, cast.ani, sari, pasangan=budi, atasan=None)

    set_ties(session, cast.ani, sari, pasangan=tono, atasan=None)

    assert (sari.pasangan_id, budi.pasangan_id, tono.pasangan_id) == (tono.id, None, sari.id)


def test_who_is_married_to_another_is_named(session: Session, cast: Cast) -> None:
    sari, budi, tono = (person(session, one) for one in (cast.sari, cast.budi, cast.tono))
    set_ties(session, cast.ani, sari, pasangan=budi, atasan=None)

    with pytest.raises(Rejected, match="berpasangan dengan Sari Wulandari"):
        set_ties(session, cast.ani, tono, pasangan=budi, atasan=None)


@pytest.mark.parametrize("field", ["pasangan", "atasan"])
def test_nobody_is_tied_to_oneself(session: Session, cast: Cast, field: str) -> None:
    sari = person(session, cast.sari)
    ties = {"pasangan": None, "atasan": None, field: sari}

    with pytest.raises(Rejected) as refusal:
        set_ties(session, cast.ani, sari, **ties)

    assert refusal.value.field == field


def test_two_are_not_each_others_superior(session: Session, cast: Cast) -> None:
    sari, kepala = person(session, cast.sari), person(session, cast.kepala)
    set_ties(session, cast.ani, sari, pasangan=None, atasan=kepala)

    with pytest.raises(Rejected, match="saling"):
        set_ties(session, cast.ani, kepala, pasangan=None, atasan=sari)


@pytest.mark.parametrize("field", ["pasangan", "atasan"])
@pytest.mark.parametrize("noted", [True, False])
def test_an_admin_ends_or_makes_no_own_tie_on_the_page_of_the_other(
    session: Session, cast: Cast, field: str, noted: bool
) -> None:
    sari, ani = person(session, cast.sari), person(session, cast.ani)
    nothing = {"pasangan": None, "atasan": None}
    if noted:
        set_ties(session, cast.bima, sari, **nothing | {field: ani})

    with pytest.raises(Rejected, match="admin lain") as refusal:
        set_ties(session, cast.ani, sari, **nothing | {field: None if noted else ani})

    assert refusal.value.field == field


def test_an_own_tie_that_stays_hinders_no_other_change(session: Session, cast: Cast) -> None:
    sari, ani, kepala = (person(session, one) for one in (cast.sari, cast.ani, cast.kepala))
    set_ties(session, cast.bima, sari, pasangan=ani, atasan=None)

    assert set_ties(session, cast.ani, sari, pasangan=ani, atasan=kepala)


def test_a_change_is_audited_and_none_is_not(session: Session, cast: Cast) -> None:
    sari, kepala = person(session, cast.sari), person(session, cast.kepala)
    for _ in range(2):
        set_ties(session, cast.ani, sari, pasangan=None, atasan=kepala)

    (line,) = audit.history(session, sari.id)
    assert (line.action, line.facts["atasan"]) == ("people:ties-set", "Kepala Suryana")


def test_the_story_of_everybody_whose_marriage_changes_tells_it(
    session: Session, cast: Cast
) -> None:
    sari, budi, tono = (person(session, one) for one in (cast.sari, cast.budi, cast.tono))
    set_ties(session, cast.ani, sari, pasangan=budi, atasan=None)
    set_ties(session, cast.ani, sari, pasangan=tono, atasan=None)

    told = {
        one.nama: [line.facts["pasangan"] for line in audit.history(session, one.id)]
        for one in (sari, budi, tono)
    }
    assert told == {
        sari.nama: [budi.nama, tono.nama],
        budi.nama: [sari.nama, None],
        tono.nama: [sari.nama],
    }


@on_sqlite_alone
class TestPage:
    def test_an_admin_notes_both_by_nip(
        self, database: Database, cast: Cast, browser: Browser
    ) -> None:
        browser.enter(cast.ani)
        browser.get("accounts.ties", pegawai_id=cast.sari.pegawai_id)

        page = browser.submit(
            "Simpan hubungan", pasangan="19830105 200801 1 003", atasan=cast.kepala.nip
        )

        assert "Hubungan tersimpan." in page.text
        assert "Budi Santoso" in page.text
        with database.reading() as session:
            assert person(session, cast.budi).pasangan_id == cast.sari.pegawai_id

    @pytest.mark.parametrize(
        ("nip", "sentence"),
        [
            ("123", "18"),
            ("198704122010012999", "tidak ditemukan di instansi Anda"),
            ("198704122010012015", "bukan NIP orang ini sendiri"),
        ],
    )
    def test_a_wrong_nip_is_explained_and_kept(
        self, cast: Cast, browser: Browser, nip: str, sentence: str
    ) -> None:
        browser.enter(cast.ani)
        browser.get("accounts.ties", pegawai_id=cast.sari.pegawai_id)

        page = browser.submit("Simpan hubungan", expect=422, pasangan=nip)

        assert sentence in page.text
        assert page.all("#pasangan")[0]["value"] == nip

    def test_nobody_notes_the_own_ties(self, cast: Cast, browser: Browser) -> None:
        browser.enter(cast.ani)

        page = browser.get("accounts.ties", pegawai_id=cast.ani.pegawai_id)

        assert "dicatat admin lain" in page.text
        browser.post("accounts.set_ties", {}, pegawai_id=cast.ani.pegawai_id, expect=403)

    def test_without_notes_it_says_so(self, cast: Cast, browser: Browser) -> None:
        browser.enter(cast.ani)

        page = browser.get("accounts.ties", pegawai_id=cast.sari.pegawai_id)

        assert page.text.count("belum dicatat") == 2
