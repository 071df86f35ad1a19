"""Who came to another unit reads so, once."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import insert, select, update

from portal.agency.models import Opd
from portal.db import Database, now
from portal.notifications.models import Notification
from portal.people import mobility
from portal.people.models import Pegawai
from portal.verification.models import Moved
from portal.verification.queueing.rerouting import reroute
from tests.support.cast import Cast


@pytest.fixture
def moved(database: Database, cast: Cast) -> None:
    """Sari was transferred to the health office."""
    with database.transaction() as session:
        unit = session.get_one(Opd, cast.units.kesehatan.id)
        mobility.transfer(session, None, session.get_one(Pegawai, cast.sari.pegawai_id), unit)


def told(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(Notification.isi)))


def note_again(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        session.execute(insert(Moved).values(pegawai_id=cast.sari.pegawai_id))


@pytest.mark.usefixtures("moved")
def test_the_new_unit_is_named(database: Database, cast: Cast) -> None:
    reroute(database)

    assert f"Anda sekarang tercatat di {cast.units.kesehatan.nama}." in told(database)[0]


@pytest.mark.usefixtures("moved")
def test_of_one_transfer_people_are_told_once(database: Database, cast: Cast) -> None:
    reroute(database)
    note_again(database, cast)

    reroute(database)

    assert len(told(database)) == 1


@pytest.mark.usefixtures("cast")
def test_whose_items_were_only_astray_is_told_nothing(database: Database, cast: Cast) -> None:
    note_again(database, cast)

    reroute(database)

    assert told(database) == []


@pytest.mark.usefixtures("moved")
def test_a_transfer_that_is_no_news_is_not_told(database: Database) -> None:
    reroute(database, moment=now() + dt.timedelta(days=3))

    assert told(database) == []


@pytest.mark.usefixtures("moved")
def test_who_is_elsewhere_by_now_is_not_told_of_the_former_unit(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        session.execute(
            update(Pegawai)
            .where(Pegawai.id == cast.sari.pegawai_id)
            .values(opd_id=cast.units.pendidikan.id)
        )

    reroute(database)

    assert told(database) == []


@pytest.mark.usefixtures("moved")
def test_the_message_leads_to_the_profile(database: Database) -> None:
    reroute(database)

    with database.reading() as session:
        assert session.scalars(select(Notification.tujuan)).all() == ["accounts.profile"]
