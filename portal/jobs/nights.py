"""Acts of every night: each once a night, made up for after an absence, tried again after a
failure. Who did what when stands beside the worker's sign of life."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.db import Database, now
from portal.jobs.models import Heartbeat

log = structlog.get_logger()
AGAIN = dt.timedelta(minutes=10)
"""After a failure the act waits so long, not until the next night."""
LONGEST = dt.timedelta(hours=2)
"""An act that has not ended by then died with its worker."""
_BEGUN, _ENDS_BY, _AGAIN = "malam:", "jalan:", "gagal:"


@dataclass(frozen=True)
class Night:
    """An act of every night, from `hour` (UTC) on."""

    name: str
    act: Callable[[], object]
    hour: int


def run(database: Database, night: Night) -> None:
    """Run the act when it is due and nobody else runs it; raises what the act raises."""
    if not _take(database, night, now()):
        return
    log.info("nightly", act=night.name)
    try:
        night.act()
    except Exception:
        again = now() + AGAIN
        _note(database, night, again)
        log.warning("nightly_failed", act=night.name, again=again.isoformat())
        raise
    _note(database, night, None)


def failed(session: Session) -> dict[str, dt.datetime]:
    """Acts whose last attempt failed, by name, and when each is tried again."""
    rows = session.scalars(select(Heartbeat).where(Heartbeat.nama.startswith(_AGAIN)))
    return {row.nama.removeprefix(_AGAIN): row.terlihat for row in rows}


def _take(database: Database, night: Night, moment: dt.datetime) -> bool:
    """True for whoever may run the act now; a new installation has missed no night."""
    due = moment.replace(hour=night.hour, minute=0, second=0, microsecond=0)
    if due > moment:
        due -= dt.timedelta(days=1)
    with database.transaction() as session:
        last = session.get(Heartbeat, _BEGUN + night.name, with_for_update=True)
        if last is None:
            session.add(Heartbeat(nama=_BEGUN + night.name, terlihat=moment))
            return False
        ends_by = session.get(Heartbeat, _ENDS_BY + night.name)
        if ends_by is not None and ends_by.terlihat > moment:  # somebody is at it
            return False
        again = session.get(Heartbeat, _AGAIN + night.name)
        tried_again = ends_by is not None or (again is not None and again.terlihat <= moment)
        if last.terlihat >= due and not tried_again:
            return False
        last.terlihat = moment
        session.merge(Heartbeat(nama=_ENDS_BY + night.name, terlihat=moment + LONGEST))
        return True


def _note(database: Database, night: Night, again: dt.datetime | None) -> None:
    with database.transaction() as session:
        names = (_ENDS_BY + night.name, _AGAIN + night.name)
        session.execute(delete(Heartbeat).where(Heartbeat.nama.in_(names)))
        if again is not None:
            session.add(Heartbeat(nama=_AGAIN + night.name, terlihat=again))
