"""What admins and operators may do to other people's accounts, and to whom."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts import management, people_queries
from portal.accounts.models import Akun
from portal.agency.models import Instansi, Opd
from portal.audit import AuditEntry
from portal.db import Database, now
from portal.errors import NotFound, Rejected
from portal.people import mobility
from portal.people.models import Pegawai
from portal.permissions import Actor, Permission
from portal.vocabulary import Role
from tests.support.cast import Cast


def test_a_role_ends_with_its_last_day(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        pegawai = session.get_one(Pegawai, cast.budi.pegawai_id)
        until = now() + dt.timedelta(hours=1)
        given = management.grant(session, cast.ani, pegawai, Role.AUDITOR, None, until=until)
        session.flush()
        before = roles(session, cast.budi)
        given.berakhir = now()
        session.flush()

        after = roles(session, cast.budi)

    assert (before, after) == ([Role.AUDITOR], [])


def roles(session: Session, actor: Actor) -> list[Role]:
    from portal.accounts.queries import roles_of

    return [given.peran for given in roles_of(session, actor.akun_id)]


def test_the_same_role_is_not_given_twice(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        pegawai = session.get_one(Pegawai, cast.oki.pegawai_id)
        opd = session.get_one(Opd, cast.units.pendidikan.id)

        with pytest.raises(Rejected, match="sudah memegang"):
            management.grant(session, cast.ani, pegawai, Role.OPERATOR_OPD, opd)


def test_a_unit_of_another_agency_is_no_scope(
    database: Database, cast: Cast, foreigner: Pegawai
) -> None:
    with database.transaction() as session:
        pegawai = session.get_one(Pegawai, cast.budi.pegawai_id)
        opd = session.get_one(Opd, foreigner.opd_id)

        with pytest.raises(NotFound):
            management.grant(session, cast.ani, pegawai, Role.OPERATOR_OPD, opd)


OnOneself = Callable[[Session, Actor, Pegawai], object]


@pytest.mark.parametrize(
    "act",
    [
        lambda s, a, p: management.grant(s, a, p, Role.VERIFIKATOR, None),
        lambda s, a, p: management.revoke(s, a, p, uuid.uuid4()),
        management.deactivate,
        management.reactivate,
        lambda s, a, p: management.retire(s, a, p, dt.date(2030, 1, 1)),
        lambda s, a, p: management.transfer(s, a, p, p.opd),
    ],
    ids=["grant", "revoke", "deactivate", "reactivate", "retire", "transfer"],
)
def test_an_admin_does_nothing_to_himself(database: Database, cast: Cast, act: OnOneself) -> None:
    with database.transaction() as session:
        pegawai = session.get_one(Pegawai, cast.ani.pegawai_id)

        with pytest.raises(Rejected, match="admin lain"):
            act(session, cast.ani, pegawai)


@pytest.mark.parametrize(
    ("act", "line"),
    [
        (management.deactivate, "account:deactivated"),
        (management.reactivate, "account:reactivated"),
        (management.end_sessions, "account:sessions-ended"),
    ],
)
def test_what_an_admin_does_to_an_account_is_recorded(
    database: Database, cast: Cast, act: OnOneself, line: str
) -> None:
    with database.transaction() as session:
        act(session, cast.ani, session.get_one(Pegawai, cast.sari.pegawai_id))

    with database.reading() as session:
        written = select(AuditEntry).where(AuditEntry.subject_id == cast.sari.pegawai_id)
        found = session.scalars(written.order_by(AuditEntry.id.desc())).first()
    assert found
    assert (found.action, found.actor_id) == (line, cast.ani.pegawai_id)


@pytest.mark.parametrize("born", [None, dt.date(2010, 1, 1)])
def test_nobody_retired_before_the_republic_or_as_a_child(
    session: Session, cast: Cast, born: dt.date | None
) -> None:
    pegawai = session.get_one(Pegawai, cast.sari.pegawai_id)
    pegawai.tanggal_lahir = born

    with pytest.raises(Rejected, match="tidak masuk akal"):
        management.retire(session, cast.ani, pegawai, dt.date(1945 if not born else 2027, 8, 16))


def test_whose_birth_is_unknown_retires_all_the_same(session: Session, cast: Cast) -> None:
    pegawai = session.get_one(Pegawai, cast.sari.pegawai_id)
    pegawai.tanggal_lahir = None

    management.retire(session, cast.ani, pegawai, dt.date(2027, 1, 1))

    assert pegawai.pensiun_sejak == dt.date(2027, 1, 1)


@pytest.mark.parametrize(
    ("fields", "words"),
    [({"instansi": "lain"}, "instansi lain"), ({"aktif": False}, "tidak aktif")],
)
def test_a_person_goes_to_an_open_unit_of_the_own_agency(
    session: Session, cast: Cast, fields: dict[str, Any], words: str
) -> None:
    unit = session.get_one(Opd, cast.units.kesehatan.id)
    unit.aktif = fields.get("aktif", True)
    if "instansi" in fields:
        other = Instansi(nama="Kabupaten Lain")
        session.add(other)
        session.flush()
        unit = Opd(instansi_id=other.id, nama="Dinas Lain", jalur="/x/")
    pegawai = session.get_one(Pegawai, cast.sari.pegawai_id)

    with pytest.raises(Rejected, match=words):
        mobility.transfer(session, None, pegawai, unit)


def test_a_transfer_within_the_scope_keeps_the_role(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        pegawai = session.get_one(Pegawai, cast.kepala.pegawai_id)
        below = session.get_one(Opd, cast.units.smpn.id)

        ended = management.transfer(session, cast.ani, pegawai, below)

    assert ended == []


def test_closing_makes_an_account_for_who_has_none(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        akun = session.get_one(Akun, cast.tono.akun_id)
        pegawai = akun.pegawai
        session.delete(akun)
        session.flush()

        management.deactivate(session, cast.ani, pegawai)
        session.flush()

        made = session.scalars(select(Akun).where(Akun.pegawai_id == pegawai.id)).one()
    assert made.aktif is False


def test_the_scope_of_an_operator_holds_the_people_of_the_own_units_alone(
    session: Session, cast: Cast
) -> None:
    within = [
        people_queries.is_in_scope(
            session, cast.oki, Permission.ACCOUNTS_ISSUE_CODE, who.pegawai_id
        )
        for who in (cast.sari, cast.tono)
    ]

    assert within == [True, False]


@pytest.mark.parametrize("text", ["%%%", "___", "'; --", "\\\\\\", "a" * 5000, "😀😀😀"])
def test_a_hostile_search_finds_nobody(session: Session, cast: Cast, text: str) -> None:
    assert people_queries.search(session, cast.ani, text).people == []


@pytest.mark.parametrize("text", ["%%%", "___", "'; --", "a" * 5000])
def test_a_hostile_name_of_a_unit_fits_none(session: Session, cast: Cast, text: str) -> None:
    assert people_queries.units_like(session, cast.ani, text) == []


def test_names_are_found_in_any_case(session: Session, cast: Cast) -> None:
    found = people_queries.search(session, cast.ani, "WULANDARI sari")

    assert [person.nip for person in found.people] == [cast.sari.nip]
