"""Filling an empty portal: import, accounts, three years of items, scores; all or nothing."""

from __future__ import annotations

import datetime as dt
import heapq
import random
import uuid
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, event, select, update
from sqlalchemy.orm import Session

from portal.agency.models import Instansi, MeasuringYear
from portal.db import Database, now
from portal.demo import files, official_values
from portal.demo.accounts import open_accounts
from portal.demo.arrivals import date_records
from portal.demo.clock import Clock
from portal.demo.data import SEED, table
from portal.demo.desk import Desk
from portal.demo.history import SARI
from portal.demo.people import generate
from portal.demo.plans import plan_of_sari
from portal.demo.questions import questions
from portal.demo.readings import read_waiting_papers
from portal.demo.second_looks import second_looks
from portal.demo.stories import Story, all_stories
from portal.documents.reasons import ensure_reasons
from portal.imports.sheets import Limits
from portal.jobs import Job
from portal.notifications.letters import KIND as LETTERS
from portal.notifications.models import Notification
from portal.operations.people_import import import_people
from portal.people.models import Pegawai
from portal.scoring.actions import recompute_many
from portal.scoring.engine.rules import default_for_year
from portal.settings import Settings
from portal.storage import Storage
from portal.vocabulary import Role

FIRST_MEASURED = 2018
TARGET = Decimal(80)
UNREAD = 2
"""Messages that wait for Sari."""
_READ_AFTER = dt.timedelta(days=5)


def fill(
    database: Database,
    storage: Storage,
    settings: Settings,
    today: dt.date | None = None,
    *,
    documents: bool = True,
    begun: Callable[[], None] = lambda: None,
) -> bool:
    """Fill an empty database with the demo; False when it holds an agency already.

    `begun` is called once it is sure that there is work, which takes a while. `today` is the
    date by the agency's clock up to which the story is told; the default is the present.
    Without `documents` only people, histories and scores are made.
    """
    with database.transaction() as session:
        if session.scalar(select(Instansi.id).limit(1)) is not None:
            return False
        begun()
        zone = ZoneInfo(table("agency")["zona_waktu"])
        present = now()
        clock = Clock.upto(today or present.astimezone(zone).date(), zone, present)
        ensure_reasons(session)
        _found_agency(session, clock.today.year)
        people = _import(session, settings, clock)
        open_accounts(session, people, clock, cheap_hashes=settings.cheap_hashes)
        rng = random.Random(SEED)  # noqa: S311 -- an invented story, nothing secret
        desk = Desk(session, storage, clock, people, rng)
        stories = all_stories(desk, generate()) if documents else []
        if documents:
            stories += [plan_of_sari(desk), questions(desk)]
        _play(session, clock, [_turn_of_years(session, clock, people), *stories])
        if documents:
            second_looks(session, desk)
        _compute(session, people.values(), clock.end, "Penghitungan harian")
        official_values.take_in(
            session,
            storage,
            Limits(settings.max_import_bytes),
            settings.var_dir / "demo",
            desk.staff[Role.ADMIN][0],
            people,
            clock,
        )
        _read_messages(session, people[SARI].id, clock)
        read_waiting_papers(session, rng)
        _write_no_letters(session)
    return True


def _found_agency(session: Session, year: int) -> None:
    agency = table("agency")
    instansi = Instansi(
        siasn_id=agency["siasn_id"],
        nama=agency["nama"],
        sebutan_bkd=agency["sebutan_bkd"],
        zona_waktu=agency["zona_waktu"],
        dua_pemeriksa=agency["dua_pemeriksa"],
        uji_petik_persen=0,  # no lot in a story that is told the same each time
    )
    session.add(instansi)
    session.flush()
    session.add_all(
        MeasuringYear(
            instansi_id=instansi.id,
            tahun=measured,
            aturan=default_for_year(measured),
            saklar={},
            target=TARGET if measured == year else None,
        )
        for measured in range(FIRST_MEASURED, year + 1)
    )
    session.flush()


def _import(session: Session, settings: Settings, clock: Clock) -> dict[str, Pegawai]:
    """Everybody enters through the importer, on the day the portal opened."""
    sources = files.write(settings.var_dir / "demo", generate(), clock.today)
    import_people(session, None, sources, today=lambda _: clock.start.date(), at=clock.start)
    date_records(session, clock)
    return {person.nip: person for person in session.scalars(select(Pegawai))}


def _turn_of_years(session: Session, clock: Clock, people: dict[str, Pegawai]) -> Story:
    """A year is computed on its first morning, and once more on its last evening."""
    for year in (clock.today.year - 1, clock.today.year):
        yield (morning := clock.at(dt.date(year, 1, 1), 1))
        _compute(session, people.values(), morning, f"Awal tahun {year}")
        if year < clock.today.year:
            yield (evening := clock.at(dt.date(year, 12, 31), 21))
            _compute(session, people.values(), evening, f"Impor riwayat, akhir tahun {year}")


def _compute(session: Session, people: Iterable[Pegawai], at: dt.datetime, cause: str) -> None:
    ids = [person.id for person in people]
    recompute_many(session, ids, today=at.date(), cause=cause, at=at)


def _play(session: Session, clock: Clock, stories: Iterable[Story]) -> None:
    """Let every act happen in the order of time, whatever story it belongs to."""
    moment = clock.start

    def date_messages(flushed: Session, _context: Any, _instances: Any) -> None:
        for made in flushed.new:
            if isinstance(made, Notification):
                made.dibuat = moment

    event.listen(session, "before_flush", date_messages)
    queue: list[tuple[dt.datetime, int, Iterator[dt.datetime]]] = []
    for number, story in enumerate(stories):
        heapq.heappush(queue, (next(story), number, story))
    while queue:
        moment, number, story = heapq.heappop(queue)
        following = next(story, None)
        session.flush()
        if following is not None:
            heapq.heappush(queue, (following, number, story))
    event.remove(session, "before_flush", date_messages)


def _read_messages(session: Session, sari_id: uuid.UUID, clock: Clock) -> None:
    """People have read what is older than a few days; for Sari the two newest wait."""
    old = Notification.dibuat < clock.end - _READ_AFTER
    session.execute(
        update(Notification)
        .where(old, Notification.pegawai_id != sari_id)
        .values(dibaca=clock.end - _READ_AFTER)
    )
    mine = session.scalars(
        select(Notification)
        .where(Notification.pegawai_id == sari_id)
        .order_by(Notification.dibuat.desc())
    ).all()
    for read in mine[UNREAD:]:
        read.dibaca = max(read.dibuat, clock.end - _READ_AFTER)


def _write_no_letters(session: Session) -> None:
    """What the story told is no news to anybody outside the portal."""
    session.execute(update(Notification).values(disurel=Notification.dibuat))
    session.execute(delete(Job).where(Job.kind == LETTERS))
