"""Messages that wait, and letters about them."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select

from portal.db import Database, now
from portal.jobs import Job
from portal.notifications import actions, letters
from portal.notifications.kinds import Cara
from portal.notifications.models import Notification
from portal.permissions import Actor
from portal.settings import Settings
from tests.support import builders

ADDRESS = "sari@contoh.go.id"
AGO = dt.timedelta(minutes=1)


def told(database: Database, who: Actor, number: int = 1, **fields: object) -> None:
    """Messages that may leave the portal by now."""
    with database.transaction() as session:
        for _ in range(number):
            builders.notification(session, who, **{"dibuat": now() - AGO} | fields)


def choose(database: Database, who: Actor, **ways: Cara) -> None:
    with database.transaction() as session:
        actions.choose(session, who, ways)


def send(database: Database, settings: Settings, who: Actor, cara: Cara = Cara.SEGERA) -> None:
    letters.send(database, settings, {"pegawai_id": str(who.pegawai_id), "cara": cara.value})


def waiting(database: Database) -> int:
    with database.reading() as session:
        return len(
            session.scalars(select(Notification.id).where(Notification.disurel.is_(None))).all()
        )


def orders(database: Database) -> list[Job]:
    with database.reading() as session:
        return list(session.scalars(select(Job).where(Job.kind == letters.KIND)))
