"""One-time codes: shown once, short-lived, five tries, and no way to more rights."""

from __future__ import annotations

import datetime as dt
import re
import uuid

import pytest
from sqlalchemy import func, select, update

from portal.accounts import codes, management
from portal.accounts.models import Akun, CodePurpose, LoginSession, OneTimeCode
from portal.accounts.tokens import ALPHABET, new_code, normalised, readable
from portal.db import Database, now
from portal.errors import Rejected
from portal.people.models import Pegawai
from portal.permissions import Actor
from portal.vocabulary import Role
from tests.accounts.acting import NEW, SECRET, WRONG, account, acts_on, code_for
from tests.support.app import Browser
from tests.support.cast import PASSWORD, Cast
from tests.support.database import on_sqlite_alone


def redeem(browser: Browser, actor: Actor, code: str, password: str = NEW, expect: int = 303):
    browser.get("accounts.redeem")
    return browser.submit(
        "Simpan dan masuk",
        nip=actor.nip,
        kode=code,
        kata_sandi=password,
        ulangi=password,
        expect=expect,
    )


def test_a_code_holds_no_character_that_is_mistaken_for_another() -> None:
    assert not set(ALPHABET) & set("0O1IL")
    assert re.fullmatch(r"[2-9A-Z]{4}-[2-9A-Z]{4}", readable(new_code()))


@pytest.mark.parametrize("typed", ["k7m42qxr", "K7M4-2QXR", " k7m4 – 2qxr ", "K 7 M 4 2 Q X R"])
def test_a_code_may_be_typed_in_any_grouping(typed: str) -> None:
    assert normalised(typed) == "K7M42QXR"


def test_a_code_opens_the_account_with_a_password_of_ones_own(
    browser: Browser, database: Database, cast: Cast
) -> None:
    account(database, cast.sari, kata_sandi=None, wajib_ganti=True)
    code = code_for(database, cast.sari, cast.ani)

    page = redeem(browser, cast.sari, readable(code).lower())

    assert page.path == "/"
    assert Browser(browser.app).login(cast.sari, NEW).path == "/"


def test_the_code_is_kept_as_a_hash_only(database: Database, cast: Cast) -> None:
    code = code_for(database, cast.sari)

    with database.reading() as session:
        row = session.scalars(select(OneTimeCode)).one()
    assert code not in str(vars(row))
    assert len(row.hash) == 64


def test_a_code_is_good_once(browser: Browser, database: Database, cast: Cast) -> None:
    code = code_for(database, cast.sari)
    redeem(browser, cast.sari, code)
    browser.logout()

    page = redeem(browser, cast.sari, code, expect=422)

    assert "tidak berlaku" in page.text


def test_a_code_runs_out_after_a_day(browser: Browser, database: Database, cast: Cast) -> None:
    code = code_for(database, cast.sari)
    with database.reading() as session:
        row = session.scalars(select(OneTimeCode)).one()
        assert row.kedaluwarsa - row.dibuat == dt.timedelta(hours=24)
    with database.transaction() as session:
        session.execute(update(OneTimeCode).values(kedaluwarsa=now()))

    redeem(browser, cast.sari, code, expect=422)


def test_a_new_code_ends_the_earlier_one(browser: Browser, database: Database, cast: Cast) -> None:
    earlier = code_for(database, cast.sari)
    code_for(database, cast.sari)

    redeem(browser, cast.sari, earlier, expect=422)


def test_a_code_that_is_used_leaves_those_of_others_as_they_are(
    browser: Browser, database: Database, cast: Cast
) -> None:
    code, other = code_for(database, cast.sari), code_for(database, cast.tono)
    redeem(browser, cast.sari, code)
    browser.logout()

    assert redeem(browser, cast.tono, other).path == "/"


def test_somebody_elses_code_opens_nothing(
    browser: Browser, database: Database, cast: Cast
) -> None:
    code = code_for(database, cast.sari)

    redeem(browser, cast.budi, code, expect=422)


def test_five_wrong_codes_kill_the_code(database: Database, cast: Cast) -> None:
    code = code_for(database, cast.sari)
    for _ in range(5):
        with database.transaction() as session:
            assert codes.find(session, cast.sari.nip, "SALAHSAL", SECRET, demo=False) is None

    with database.transaction() as session:
        assert codes.find(session, cast.sari.nip, code, SECRET, demo=False) is None


def test_an_unknown_nip_and_a_wrong_code_are_told_alike(
    browser: Browser, database: Database, cast: Cast
) -> None:
    code_for(database, cast.sari)
    stranger = Actor(*[uuid.UUID(int=0)] * 4, nip="199912312020121999", nama="")

    known = redeem(browser, cast.sari, "AAAA-AAAA", expect=422)
    unknown = redeem(browser, stranger, "AAAA-AAAA", expect=422)

    assert known.text == unknown.text


def test_guessing_codes_has_to_wait(browser: Browser, database: Database, cast: Cast) -> None:
    for _ in range(5):
        redeem(browser, cast.sari, "AAAA-AAAA", expect=422)

    page = redeem(browser, cast.sari, "AAAA-AAAA", expect=429)

    assert "Coba lagi 1 menit lagi" in page.text


def test_a_fresh_code_ends_the_wait_of_its_owner(
    browser: Browser, database: Database, cast: Cast
) -> None:
    for _ in range(5):
        redeem(browser, cast.sari, "AAAA-AAAA", expect=422)

    page = redeem(browser, cast.sari, code_for(database, cast.sari))

    assert page.path == "/"


def test_a_weak_password_does_not_spend_the_code(
    browser: Browser, database: Database, cast: Cast
) -> None:
    code = code_for(database, cast.sari)

    refused = redeem(browser, cast.sari, code, password="indonesia123", expect=422)

    assert "paling umum" in refused.one("#kata_sandi-galat").get_text()
    assert refused.one("#kode")["value"] == code
    assert redeem(browser, cast.sari, code).path == "/"


def test_two_different_passwords_are_noticed(
    browser: Browser, database: Database, cast: Cast
) -> None:
    code = code_for(database, cast.sari)
    browser.get("accounts.redeem")

    page = browser.submit(
        "Simpan dan masuk", nip=cast.sari.nip, kode=code, kata_sandi=NEW, ulangi=WRONG, expect=422
    )

    assert "belum sama" in page.text


@pytest.mark.parametrize(
    "typed", ["\x00", "A" * 5000, "'; DROP TABLE akun; --", "😀😀😀😀", "٧٧٧٧"]
)
@on_sqlite_alone
def test_nonsense_for_a_code_is_only_refused(browser: Browser, cast: Cast, typed: str) -> None:
    redeem(browser, cast.sari, typed, expect=422)


def test_a_redeemed_code_ends_all_other_sessions(
    browser: Browser, second_browser: Browser, database: Database, cast: Cast
) -> None:
    second_browser.enter(cast.sari)

    redeem(browser, cast.sari, code_for(database, cast.sari))

    assert second_browser.get("accounts.profile").path.startswith("/masuk")


def test_a_code_opens_no_closed_account(browser: Browser, database: Database, cast: Cast) -> None:
    code = code_for(database, cast.sari)
    account(database, cast.sari, aktif=False)

    redeem(browser, cast.sari, code, expect=422)


def test_a_demo_account_takes_no_code_outside_demo_mode(
    browser: Browser, database: Database, cast: Cast
) -> None:
    account(database, cast.sari, demo=True)

    redeem(browser, cast.sari, code_for(database, cast.sari), expect=422)


def test_a_person_without_account_gets_one_with_the_code(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        template = session.get_one(Pegawai, cast.sari.pegawai_id)
        newcomer = Pegawai(
            instansi_id=template.instansi_id,
            opd_id=template.opd_id,
            nip="199912312020121999",
            nama="Baru",
            jenis_pegawai=template.jenis_pegawai,
            kelompok_jabatan=template.kelompok_jabatan,
            jabatan="Guru",
        )
        session.add(newcomer)
        session.flush()
        for _ in range(2):
            codes.issue(session, cast.ani, newcomer, CodePurpose.AKTIVASI, SECRET)

        count = session.scalar(
            select(func.count()).select_from(Akun).where(Akun.pegawai_id == newcomer.id)
        )

    assert count == 1


def test_an_operator_makes_no_code_for_somebody_with_a_role(database: Database, cast: Cast) -> None:
    with pytest.raises(Rejected, match="Hanya admin"):
        code_for(database, cast.vivi, cast.oki)


def test_nobody_makes_a_code_for_the_own_account(database: Database, cast: Cast) -> None:
    with pytest.raises(Rejected, match="Profil → Keamanan"):
        code_for(database, cast.ani, cast.ani)


def test_issuing_is_audited_without_the_code(database: Database, cast: Cast) -> None:
    code_for(database, cast.sari, cast.ani)

    with database.reading() as session:
        assert acts_on(session, cast.sari) == ["account:code-issued"]


def test_the_old_password_is_void_after_a_code(
    browser: Browser, second_browser: Browser, database: Database, cast: Cast
) -> None:
    redeem(browser, cast.sari, code_for(database, cast.sari))

    second_browser.get(path="/masuk")
    second_browser.submit("Masuk", nip=cast.sari.nip, kata_sandi=PASSWORD, expect=422)

    with database.reading() as session:
        assert len(session.scalars(select(LoginSession)).all()) == 1


def test_choosing_a_password_by_code_is_audited(
    browser: Browser, database: Database, cast: Cast
) -> None:
    redeem(browser, cast.sari, code_for(database, cast.sari))

    with database.reading() as session:
        assert "account:password-reset" in acts_on(session, cast.sari)


def test_the_code_of_an_operator_ends_when_the_person_gets_a_role(
    browser: Browser, database: Database, cast: Cast
) -> None:
    code = code_for(database, cast.sari, cast.oki)
    with database.transaction() as session:
        person = session.get_one(Pegawai, cast.sari.pegawai_id)
        management.grant(session, cast.ani, person, Role.VERIFIKATOR, None)

    redeem(browser, cast.sari, code, expect=422)


def test_the_code_of_the_admin_who_gives_the_role_stays(
    browser: Browser, database: Database, cast: Cast
) -> None:
    code = code_for(database, cast.sari, cast.ani)
    with database.transaction() as session:
        person = session.get_one(Pegawai, cast.sari.pegawai_id)
        management.grant(session, cast.ani, person, Role.VERIFIKATOR, None)

    redeem(browser, cast.sari, code)
