"""`hitung-ulang`: the scores of everybody, from the facts as they stand."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence

import click
import structlog
from sqlalchemy import or_, select

from portal.agency.models import Instansi
from portal.db import Database, now
from portal.errors import Unavailable
from portal.people.models import Pegawai
from portal.scoring.actions import recompute_many
from portal.settings import Settings

log = structlog.get_logger()
BATCH = 100
ATTEMPTS = 3


@click.command("hitung-ulang")
def hitung_ulang() -> None:
    """Hitung ulang skor semua pegawai."""
    count = recompute_all(Database(Settings.from_env().database_url), cause="Penghitungan ulang")
    click.echo(f"{count} orang dihitung ulang.")


def recompute_all(database: Database, *, cause: str) -> int:
    """Recompute everybody in batches by key, each batch one transaction; returns the number.

    Runs every night: windows slide with the date, and the turn of the year begins a new row.
    """
    count = 0
    last = uuid.UUID(int=0)
    while batch := _next_people(database, last):
        by_zone: dict[dt.tzinfo, list[uuid.UUID]] = {}
        for pegawai_id, zone in batch:
            by_zone.setdefault(zone, []).append(pegawai_id)
        count += _recompute_batch(database, by_zone, cause)
        last = batch[-1][0]
    return count


def _recompute_batch(
    database: Database, by_zone: Mapping[dt.tzinfo, Sequence[uuid.UUID]], cause: str
) -> int:
    """One transaction. A batch that meets a lock is tried again, then left to the next night:
    it must not end the night of everybody after it."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with database.transaction() as session:
                for zone, people in by_zone.items():
                    today = dt.datetime.now(zone).date()
                    recompute_many(session, people, today=today, cause=cause)
        except Unavailable:
            log.warning("recompute_batch_failed", attempt=attempt, exc_info=True)
        else:
            return sum(map(len, by_zone.values()))
    return 0


def _next_people(database: Database, last: uuid.UUID) -> list[tuple[uuid.UUID, dt.tzinfo]]:
    # A day by UTC is never ahead of the agency's, so that nobody is left out too early.
    on_duty = or_(Pegawai.pensiun_sejak.is_(None), Pegawai.pensiun_sejak > now().date())
    with database.reading() as session:
        rows = session.execute(
            select(Pegawai.id, Instansi)
            .join(Instansi, Pegawai.instansi_id == Instansi.id)
            .where(Pegawai.id > last, on_duty)
            .order_by(Pegawai.id)
            .limit(BATCH)
        )
        return [(pegawai_id, instansi.zone) for pegawai_id, instansi in rows]
