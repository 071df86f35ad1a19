"""The word in time: who hears it, when, and once only."""

from __future__ import annotations

import datetime as dt
import uuid
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from portal.agency.models import Instansi
from portal.db import Database
from portal.errors import Unavailable
from portal.notifications.models import Notification
from portal.people.models import Pegawai
from portal.permissions import Actor
from portal.scoring import reminders
from portal.scoring.actions import recompute_many
from portal.scoring.models import StoredScore
from portal.scoring.reminders import remind
from portal.vocabulary import JenisPegawai
from tests.support import builders
from tests.support.cast import TODAY, Cast

YEAR = TODAY.year
OCTOBER = dt.datetime(YEAR, 10, 1, 18, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def scores(database: Database, cast: Cast) -> None:
    """Everybody's score of the year; only sari has points to lose."""
    with database.transaction() as session:
        ids = [actor.pegawai_id for actor in cast.everybody.values()]
        recompute_many(session, ids, today=dt.date(YEAR, 10, 1), cause="Uji")


def messages(database: Database) -> list[Notification]:
    with database.reading() as session:
        return list(session.scalars(select(Notification).order_by(Notification.dibuat)))


def change(database: Database, actor: Actor, **fields: object) -> None:
    with database.transaction() as session:
        session.execute(update(Pegawai).where(Pegawai.id == actor.pegawai_id).values(**fields))


def test_only_who_would_lose_points_is_told(database: Database, cast: Cast) -> None:
    assert remind(database, moment=OCTOBER) == 1

    (message,) = messages(database)
    assert message.pegawai_id == cast.sari.pegawai_id
    assert message.judul == f"Nilai Anda akan turun pada 1 Januari {YEAR + 1}"
    assert "turun 31,00 poin" in message.isi
    assert (message.tujuan, message.kunci) == ("home.score", f"lapse:{YEAR + 1}")


def test_nobody_is_told_twice(database: Database) -> None:
    remind(database, moment=OCTOBER)

    assert remind(database, moment=OCTOBER + dt.timedelta(days=40)) == 0
    assert len(messages(database)) == 1


def test_the_table_refuses_a_second_message(database: Database, cast: Cast) -> None:
    remind(database, moment=OCTOBER)

    with pytest.raises(IntegrityError), database.transaction() as session:
        builders.notification(session, cast.sari, kunci=f"lapse:{YEAR + 1}")


@pytest.mark.parametrize("month", range(1, 10))
def test_before_october_nobody_is_told(database: Database, month: int) -> None:
    assert remind(database, moment=dt.datetime(YEAR, month, 28, tzinfo=dt.UTC)) == 0


@pytest.mark.parametrize(("zone", "told"), [("Asia/Jakarta", 0), ("Asia/Jayapura", 1)])
def test_the_date_is_that_of_the_agency(database: Database, zone: str, told: int) -> None:
    with database.transaction() as session:
        session.execute(update(Instansi).values(zona_waktu=zone))
    eve = dt.datetime(YEAR, 9, 30, 23, 30, tzinfo=ZoneInfo("Asia/Jakarta"))

    assert remind(database, moment=eve) == told


@pytest.mark.parametrize("first_day", [dt.date(YEAR, 10, 1), dt.date(YEAR + 1, 1, 1)])
def test_who_has_retired_by_then_hears_nothing(
    database: Database, cast: Cast, first_day: dt.date
) -> None:
    change(database, cast.sari, pensiun_sejak=first_day)

    assert remind(database, moment=OCTOBER) == 0


def test_who_retires_later_is_told(database: Database, cast: Cast) -> None:
    change(database, cast.sari, pensiun_sejak=dt.date(YEAR + 1, 1, 2))

    assert remind(database, moment=OCTOBER) == 1


def test_who_is_not_measured_hears_nothing(database: Database, cast: Cast) -> None:
    change(database, cast.sari, jenis_pegawai=JenisPegawai.CPNS)

    assert remind(database, moment=OCTOBER) == 0


def test_who_has_no_score_of_the_year_hears_nothing(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        session.delete(session.get_one(StoredScore, (cast.sari.pegawai_id, YEAR)))

    assert remind(database, moment=OCTOBER) == 0


def test_a_night_that_was_cut_short_is_made_up_for(
    database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminders, "BATCH", 3)
    calls = []

    def killed(*args: object) -> int:
        calls.append(args)
        raise KeyboardInterrupt

    with patch.object(reminders, "_tell", killed), pytest.raises(KeyboardInterrupt):
        remind(database, moment=OCTOBER)

    assert len(calls) == 1
    assert remind(database, moment=OCTOBER) == 1


def test_a_batch_that_meets_a_lock_is_left_to_the_next_night(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminders, "BATCH", 3)
    with patch.object(reminders, "_tell", side_effect=Unavailable):
        assert remind(database, moment=OCTOBER) == 0

    assert remind(database, moment=OCTOBER) == 1


def test_many_people_are_told_in_batches(
    database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminders, "BATCH", 4)
    seen: list[uuid.UUID] = []
    tell = reminders._tell

    def noted(session: object, instansi_id: object, people: list[uuid.UUID], *rest: object) -> int:
        seen.extend(people)
        return tell(session, instansi_id, people, *rest)  # type: ignore[arg-type]  # passed on

    with patch.object(reminders, "_tell", noted):
        remind(database, moment=OCTOBER)

    assert sorted(seen) == sorted(actor.pegawai_id for actor in cast.everybody.values())
