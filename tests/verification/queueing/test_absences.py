"""Who is away is noted, and for these days alone somebody stands in."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.accounts import absences
from portal.accounts.models import Akun, Penugasan
from portal.accounts.queries import actor_of
from portal.db import now
from portal.documents.models import Document
from portal.errors import Rejected
from portal.people.models import Pegawai
from portal.verification.queueing import routing
from portal.vocabulary import Role
from tests.support import builders
from tests.support.cast import Cast
from tests.support.database import on_sqlite_alone


def way(session: Session, document: Document) -> routing.Routed:
    return routing.route(session, document, now())


def test_nobody_there_means_the_general_queue(session: Session, cast: Cast) -> None:
    builders.queue(session, cast.ani, cast.vera)
    builders.absence(session, cast.vera, None, recorder=cast.ani, days=(0, 1))

    assert way(session, builders.document(session, cast.sari))["antrean_id"] is None


def test_a_stand_in_keeps_the_queue_open(session: Session, cast: Cast) -> None:
    queue = builders.queue(session, cast.ani, cast.vera)
    builders.absence(session, cast.vera, cast.bima, recorder=cast.ani, days=(0, 1))

    assert way(session, builders.document(session, cast.sari))["antrean_id"] == queue.id


def test_a_stand_in_who_is_away_too_is_none(session: Session, cast: Cast) -> None:
    builders.queue(session, cast.ani, cast.vera)
    builders.absence(session, cast.vera, cast.bima, recorder=cast.ani, days=(0, 1))
    builders.absence(session, cast.bima, None, recorder=cast.ani, days=(0, 0))

    assert way(session, builders.document(session, cast.sari))["antrean_id"] is None


@pytest.mark.parametrize(("days", "holds"), [((0, 0), True), ((1, 5), False), ((-5, -1), False)])
def test_the_stand_in_holds_the_roles_on_these_days_alone(
    session: Session, cast: Cast, days: tuple[int, int], holds: bool
) -> None:
    builders.absence(session, cast.vera, cast.budi, recorder=cast.ani, days=days)

    budi = actor_of(session, cast.budi.pegawai_id)

    assert budi
    assert (Role.VERIFIKATOR in budi.roles) is holds


@on_sqlite_alone
def test_only_roles_that_check_items_are_lent(session: Session, cast: Cast) -> None:
    builders.absence(session, cast.ani, cast.budi, recorder=cast.ani, days=(0, 0))

    budi = actor_of(session, cast.budi.pegawai_id)

    assert budi
    assert budi.roles == {Role.ASN}


@on_sqlite_alone
@pytest.mark.parametrize("role", [Role.VERIFIKATOR_OPD, Role.VERIFIKATOR, Role.KEPALA_ANTREAN])
def test_each_role_that_checks_items_is_lent(session: Session, cast: Cast, role: Role) -> None:
    session.execute(
        update(Penugasan).where(Penugasan.akun_id == cast.vera.akun_id).values(peran=role)
    )
    builders.absence(session, cast.vera, cast.budi, recorder=cast.ani, days=(0, 0))

    budi = actor_of(session, cast.budi.pegawai_id)

    assert budi
    assert budi.roles == {Role.ASN, role}


@on_sqlite_alone
def test_a_closed_account_lends_nothing(session: Session, cast: Cast) -> None:
    builders.absence(session, cast.vera, cast.budi, recorder=cast.ani, days=(0, 0))
    session.get_one(Akun, cast.vera.akun_id).aktif = False
    session.flush()

    budi = actor_of(session, cast.budi.pegawai_id)

    assert budi
    assert budi.roles == {Role.ASN}


def test_noting_refuses_what_cannot_be(session: Session, cast: Cast) -> None:
    vera, bima, ani, vivi = (
        session.get_one(Pegawai, who.pegawai_id)
        for who in (cast.vera, cast.bima, cast.ani, cast.vivi)
    )
    today, day = cast.ani.today, dt.timedelta(days=1)
    absences.note_absence(session, cast.ani, vera, bima, today, today + 2 * day)

    for person, stand_in, first, last, words in (
        (vera, bima, today + 2 * day, today + 3 * day, "sudah tercatat"),
        (bima, vera, today + day, today, "mendahului hari pertama"),
        (bima, vera, today - 3 * day, today - day, "sudah lewat"),
        (bima, vera, today, today + 800 * day, "satu tahun"),
        (bima, bima, today, today, "orang lain"),
        (vivi, ani, today, today, "admin lain"),  # would lend himself the roles
    ):
        with pytest.raises(Rejected, match=words):
            absences.note_absence(session, cast.ani, person, stand_in, first, last)


def test_other_days_and_other_people_are_noted_beside(session: Session, cast: Cast) -> None:
    vera, bima = (session.get_one(Pegawai, who.pegawai_id) for who in (cast.vera, cast.bima))
    today, day = cast.ani.today, dt.timedelta(days=1)
    absences.note_absence(session, cast.ani, vera, None, today + day, today + 2 * day)

    for person, first in ((vera, today), (vera, today + 3 * day), (bima, today + day)):
        assert absences.note_absence(session, cast.ani, person, None, first, first)
