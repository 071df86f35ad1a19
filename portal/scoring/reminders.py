"""A word in time: who would lose points on 1 January hears of it while something can be done."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection

import structlog
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.agency.models import Instansi
from portal.agency.queries import all_instansi
from portal.db import Database, now
from portal.errors import Unavailable
from portal.notifications.actions import notify
from portal.notifications.kinds import PENGINGAT
from portal.notifications.models import Notification
from portal.people.models import Pegawai
from portal.scoring import compute, years
from portal.scoring.facts import people_with_facts
from portal.scoring.models import StoredScore
from portal.scoring.outlook import Outlook, outlook
from portal.wording import points, tanggal

log = structlog.get_logger()
BATCH = 200
"""People of one transaction: an approval that meets it waits for less than half a second."""
FIRST_MONTH = 10
PAGE = "home.score"


def remind(database: Database, *, moment: dt.datetime | None = None) -> int:
    """From 1 October to 31 December by the agency's date: tell everybody once a year whose index
    falls on 1 January as things stand. Returns the number of people told.

    Each batch is one transaction, and whoever was told is passed over: a run that was killed goes
    on where it stood, and a batch that meets a lock is left to the next night. An agency of which a
    rule set is gone is passed over (`years.gone`).
    """
    at = moment or now()
    with database.reading() as session:
        unusable = {year.instansi_id for year in years.gone(session)}
        agencies = [one for one in all_instansi(session) if one.id not in unusable]
    return sum(_remind(database, instansi, at) for instansi in agencies)


def key(year: int) -> str:
    """What marks the message about the year's first day; unique for a person."""
    return f"lapse:{year}"


def _remind(database: Database, instansi: Instansi, at: dt.datetime) -> int:
    today = at.astimezone(instansi.zone).date()
    if today.month < FIRST_MONTH:
        return 0
    told = 0
    last = uuid.UUID(int=0)
    while people := _next_people(database, instansi.id, today, last):
        last = people[-1]
        try:
            with database.transaction() as session:
                told += _tell(session, instansi.id, people, today, at)
        except Unavailable:
            log.warning("reminder_batch_failed", exc_info=True)
    return told


def _next_people(
    database: Database, instansi_id: uuid.UUID, today: dt.date, last: uuid.UUID
) -> list[uuid.UUID]:
    """The next people who are measured this year, still serve on 1 January, and were not told."""
    new_year = dt.date(today.year + 1, 1, 1)
    told = select(Notification.id).where(
        Notification.pegawai_id == Pegawai.id, Notification.kunci == key(new_year.year)
    )
    statement = (
        select(Pegawai.id)
        .join(StoredScore, StoredScore.pegawai_id == Pegawai.id)
        .where(
            Pegawai.instansi_id == instansi_id,
            Pegawai.id > last,
            StoredScore.tahun == today.year,
            StoredScore.diukur,
            or_(Pegawai.pensiun_sejak.is_(None), Pegawai.pensiun_sejak > new_year),
            ~told.exists(),
        )
        .order_by(Pegawai.id)
        .limit(BATCH)
    )
    with database.reading() as session:
        return list(session.scalars(statement))


def _tell(
    session: Session,
    instansi_id: uuid.UUID,
    people: Collection[uuid.UUID],
    today: dt.date,
    at: dt.datetime,
) -> int:
    year = today.year + 1
    # Locked, so that of two runs at the same moment the second one sees what the first one told.
    session.execute(
        select(Pegawai.id)
        .where(Pegawai.id.in_(people))
        .order_by(Pegawai.id)
        .with_for_update(key_share=True)
    )
    told = set(
        session.scalars(
            select(Notification.pegawai_id).where(
                Notification.pegawai_id.in_(people), Notification.kunci == key(year)
            )
        )
    )
    this_year = compute.measuring(session, instansi_id, today.year)
    next_year = compute.measuring(session, instansi_id, year)
    count = 0
    for person, facts in people_with_facts(session, [one for one in people if one not in told]):
        ahead = outlook(facts, this_year, next_year, today)
        if ahead is not None and ahead.selisih < 0:
            notify(
                session,
                person.id,
                *_words(ahead),
                kunci=key(year),
                tujuan=PAGE,
                jenis=PENGINGAT.code,
                at=at,
            )
            count += 1
    return count


def _words(ahead: Outlook) -> tuple[str, str]:
    """Title and text: what will happen, and that there is still time."""
    text = (
        f"Bila tidak ada perubahan, nilai turun {points(-ahead.selisih)} poin. "
        "Masih ada waktu: lihat apa yang berakhir dan cara mempertahankannya."
    )
    return f"Nilai Anda akan turun pada {tanggal(ahead.tanggal)}", text
