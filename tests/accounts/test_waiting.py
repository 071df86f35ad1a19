"""Two acts on one account at the same moment: the later one goes by what the earlier has made."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import mail
from portal.accounts import absences, actions, codes, mailer, management
from portal.accounts.models import Absence, Akun, CodePurpose, LoginSession, OneTimeCode
from portal.accounts.passwords import hasher
from portal.db import Database
from portal.errors import Forbidden, Rejected
from portal.people.models import Pegawai
from portal.settings import Settings
from tests.accounts.acting import NEW, SECRET, account, acts_on, code_for, person
from tests.support import builders
from tests.support.cast import Cast
from tests.support.database import on_postgresql_alone
from tests.support.waiting import Late
from tests.verification import meeting

CRYPT = hasher(cheap=True)


def password_of(database: Database, cast: Cast) -> str | None:
    with database.reading() as session:
        return session.get_one(Akun, cast.sari.akun_id).kata_sandi


@on_postgresql_alone
def test_of_two_devices_that_change_the_password_the_later_is_told(
    database: Database, cast: Cast
) -> None:
    old = password_of(database, cast)
    with database.transaction() as session:
        actions.change_password(session, cast.sari, old, "satu")
        late = Late(
            database, lambda session: actions.change_password(session, cast.sari, old, "dua")
        )
    assert isinstance(late.answer(), Forbidden)
    assert (late.waited, password_of(database, cast)) == (True, "satu")


@pytest.mark.parametrize("outdated", [False, True])
def test_nobody_comes_in_by_a_password_that_was_replaced_while_it_was_compared(
    database: Database, cast: Cast, outdated: bool
) -> None:
    """Nor is the new one lost, where the hash of the old one was to be made anew."""
    account(database, cast.sari, kata_sandi=CRYPT.hash(NEW))
    with database.reading() as session:
        admitted = actions.check_password(session, cast.sari.nip, NEW, CRYPT, demo=False)
    if outdated:
        admitted = dataclasses.replace(admitted, new_hash=CRYPT.hash(NEW))
    account(database, cast.sari, kata_sandi="yang baru")
    with database.transaction() as session, pytest.raises(Rejected, match="sekali lagi"):
        actions.open_session(
            session, admitted, device="Ponsel", lifetime=dt.timedelta(hours=1), old_token=""
        )
    with database.reading() as session:
        assert session.scalars(select(LoginSession)).all() == []
    assert password_of(database, cast) == "yang baru"


@on_postgresql_alone
def test_no_code_is_made_for_an_account_that_is_being_closed(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        management.deactivate(session, cast.ani, session.get_one(Pegawai, cast.sari.pegawai_id))

        def issue(session: Session) -> str:
            akun = session.get_one(Akun, cast.sari.akun_id)  # kept, as a page does
            return codes.issue(session, cast.oki, akun.pegawai, CodePurpose.AKTIVASI, SECRET)

        late = Late(database, issue)
    assert isinstance(late.answer(), Rejected)
    with database.reading() as session:
        assert session.scalars(select(OneTimeCode)).all() == []


@on_postgresql_alone
def test_two_orders_of_a_code_by_mail_do_not_both_find_the_last_place(
    database: Database, settings: Settings, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters: list[object] = []
    monkeypatch.setattr(mail, "send", lambda *given: letters.append(given))
    mailing = dataclasses.replace(settings, smtp_url="smtp://127.0.0.1:9")
    person(database, cast.sari, email="sari@contoh.go.id")
    with database.transaction() as session:
        pegawai = session.get_one(Pegawai, cast.sari.pegawai_id)
        for _ in range(codes.PER_HOUR):
            codes.issue(session, None, pegawai, CodePurpose.SANDI_BARU, SECRET)
        late = Late(database, lambda _: mailer.send_code(database, mailing, {"nip": cast.sari.nip}))
    late.answer()
    assert (late.waited, letters) == (True, [])


@on_postgresql_alone
def test_an_absence_that_two_admins_withdraw_is_withdrawn_once(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        noted = builders.absence(session, cast.vera, None, recorder=cast.ani)
        absence_id = noted.id

    def withdraw(session: Session) -> None:
        absences.withdraw_absence(session, cast.ani, session.get_one(Absence, absence_id))

    with database.transaction() as session:
        withdraw(session)
        session.flush()
        late = Late(database, withdraw)
    late.answer()
    with database.reading() as session:
        assert acts_on(session, cast.vera).count("account:absence-withdrawn") == 1
    assert late.waited


@on_postgresql_alone
def test_who_uses_a_code_and_who_makes_the_next_never_wait_in_a_ring(
    database_url: str, cast: Cast
) -> None:
    database = meeting.quick(database_url)
    code_for(database, cast.sari)

    def use(session: Session) -> None:
        code = session.scalars(select(OneTimeCode)).one()
        codes.use(session, code)
        actions.reset_password(session, session.get_one(Akun, code.akun_id), "yang baru")

    def issue(session: Session) -> None:
        pegawai = session.get_one(Pegawai, cast.sari.pegawai_id)
        codes.issue(session, cast.oki, pegawai, CodePurpose.AKTIVASI, SECRET)

    met = [
        meeting.meet(database, first, second, number)
        for first, second in ((use, issue), (issue, use))
        for number in range(1, meeting.steps(database, first) + 1)
    ]
    database.dispose()
    assert [(one.first, one.second, one.reached) for one in met] == [(None, None, True)] * len(met)
