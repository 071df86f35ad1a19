"""When the imported records of the demo came in: after what they tell, never before it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.demo.clock import Clock
from portal.people.models import Hukdis, Kinerja, Pengembangan

_UNTIL_RECORDED = dt.timedelta(days=14)


def date_records(session: Session, clock: Clock) -> None:
    """One file holds three years of records; a portal that ran for so long took them one by one."""
    for course in session.scalars(select(Pengembangan)):
        _came(course, course.tanggal_selesai, clock)
    for result in session.scalars(select(Kinerja)):
        _came(result, dt.date(result.tahun + 1, 1, 8), clock)
    for punishment in session.scalars(select(Hukdis)):
        _came(punishment, punishment.tmt, clock)
    session.flush()


def _came(record: Pengembangan | Kinerja | Hukdis, told: dt.date | None, clock: Clock) -> None:
    if told is not None and told + _UNTIL_RECORDED > clock.start.date():
        record.dicatat = clock.at(told + _UNTIL_RECORDED, 9)
