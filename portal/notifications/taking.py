"""Which messages go into a letter, and the lease under which a worker holds them.

A message is free while `disurel` is empty. Taking sets it to the moment of the lease and orders a
look for when the lease is over; settling sets it to the moment of the letter and takes that order
away. What still bears the moment of the lease by then was left behind by a dead worker.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session, contains_eager

from portal import mail
from portal.accounts.models import Akun
from portal.jobs import Job, enqueue
from portal.notifications.actions import GRACE, KIND, TOO_OLD, order
from portal.notifications.kinds import Cara, Kind, kind_of
from portal.notifications.models import Notification
from portal.notifications.queries import mail_ways
from portal.people.models import Pegawai
from portal.settings import Settings

log = structlog.get_logger()
QUIET = dt.timedelta(minutes=10)
"""Between two letters to one person that are sent at once."""
LEASE = dt.timedelta(minutes=5)
"""Longer than the slowest mail server takes a letter."""
TRIES = 3
"""Leases after which a letter waits for the morning; there it is tried again until it is old."""
BATCH = 500
"""Messages of a letter."""
_TAKEN = {Cara.SEGERA: (Cara.SEGERA,), Cara.HARIAN: (Cara.HARIAN, Cara.SEGERA)}
"""What goes into a letter. In the morning also what was wanted at once, when the mail server was
away until the queue gave up."""


@dataclass(frozen=True, slots=True)
class Letter:
    """Who is written to, and the messages that this letter stands for."""

    pegawai_id: uuid.UUID
    address: str
    cara: Cara
    kinds: tuple[Kind, ...]
    lease: dt.datetime
    """Under this moment its messages are held."""
    order_id: uuid.UUID
    """The job that looks after it when the lease is over."""


def take(
    session: Session, settings: Settings, payload: dict[str, Any], moment: dt.datetime
) -> Letter | None:
    """Hold what a letter to the person of this order is to stand for; None when there is nothing.

    An order with `sewa` comes at the end of that lease: what is held under it still goes again.
    """
    pegawai_id, cara = uuid.UUID(payload["pegawai_id"]), Cara(payload["cara"])
    tries = payload.get("kali", 0)
    if "sewa" in payload and not _may_repeat(session, pegawai_id, payload["sewa"], tries):
        return None
    waiting = session.scalars(
        select(Notification)
        .where(Notification.pegawai_id == pegawai_id, Notification.disurel.is_(None))
        .order_by(Notification.dibuat.desc())
        .limit(BATCH)
    ).all()
    address = _address(session, settings, pegawai_id) if waiting else ""
    ways = mail_ways(session, pegawai_id)
    wanted, vain = [], []
    for message in waiting:
        way = ways[kind_of(message.jenis).code]
        if not address or way is Cara.TIDAK or _is_old(message, moment):
            vain.append(message.id)
        elif way in _TAKEN[cara] and message.dibuat <= moment - GRACE:
            wanted.append(message)
    _mark(session, vain, moment)
    if not wanted or _postponed(session, pegawai_id, cara, moment, vain):
        return None
    lease = moment + dt.timedelta(microseconds=1)  # what was left out for good is not held
    taken = set(_mark(session, [message.id for message in wanted], lease))
    if not taken:
        return None
    kinds = {kind_of(message.jenis): None for message in wanted if message.id in taken}
    again = {"pegawai_id": str(pegawai_id), "cara": cara.value}
    again |= {"sewa": lease.isoformat(), "kali": tries + 1}
    watch = enqueue(session, KIND, again, delay=LEASE)
    session.flush()
    return Letter(pegawai_id, address, cara, tuple(kinds), lease, watch.id)


def _may_repeat(session: Session, pegawai_id: uuid.UUID, lapsed: str, tries: int) -> bool:
    """Free what is still held under a lease that is over; whether to write about it now."""
    if not _mark_held(session, pegawai_id, dt.datetime.fromisoformat(lapsed), None):
        return False  # the letter went
    log.warning("letter_left_behind", tries=tries)
    return tries < TRIES  # else the morning tries again


def settle(session: Session, letter: Letter, sent: dt.datetime | None) -> None:
    """End the lease: the letter went (or is refused for good) at that moment, or, without one, its
    messages are free again."""
    _mark_held(session, letter.pegawai_id, letter.lease, sent)
    session.execute(delete(Job).where(Job.id == letter.order_id))


def _is_old(message: Notification, moment: dt.datetime) -> bool:
    """Read in the portal meanwhile, or no news any more."""
    return message.dibaca is not None or message.dibuat < moment - TOO_OLD


def _address(session: Session, settings: Settings, pegawai_id: uuid.UUID) -> str:
    """Where the person can be written to; empty without a mail server, an open account or a
    usable address."""
    akun = session.scalar(
        select(Akun)
        .join(Akun.pegawai)
        .where(Pegawai.id == pegawai_id, Akun.aktif)
        .options(contains_eager(Akun.pegawai))
    )
    if settings.smtp_url is None or akun is None or (akun.demo and not settings.demo):
        return ""
    return akun.pegawai.email if mail.is_usable(akun.pegawai.email) else ""


def _postponed(
    session: Session,
    pegawai_id: uuid.UUID,
    cara: Cara,
    moment: dt.datetime,
    vain: Sequence[uuid.UUID],
) -> bool:
    """Whether the person was written to a moment ago; then an order for later stands."""
    if cara is not Cara.SEGERA:
        return False
    last = session.scalar(
        select(func.max(Notification.disurel)).where(
            Notification.pegawai_id == pegawai_id,
            Notification.dibuat > moment - TOO_OLD,
            Notification.id.not_in(vain),
        )
    )
    if last is None or last <= moment - QUIET:
        return False
    order(session, pegawai_id, cara, last + QUIET - moment)
    return True


def _mark(
    session: Session, messages: Sequence[uuid.UUID], moment: dt.datetime
) -> Sequence[uuid.UUID]:
    """Take messages; returns those that nobody else took meanwhile."""
    if not messages:
        return []
    free = Notification.disurel.is_(None)
    statement = update(Notification).where(Notification.id.in_(messages), free)
    return session.scalars(
        statement.values(disurel=moment).returning(Notification.id),
        execution_options={"synchronize_session": False},
    ).all()


def _mark_held(
    session: Session, pegawai_id: uuid.UUID, lease: dt.datetime, moment: dt.datetime | None
) -> Sequence[uuid.UUID]:
    """End a lease; returns what was held under it."""
    held = update(Notification).where(
        Notification.pegawai_id == pegawai_id, Notification.disurel == lease
    )
    return session.scalars(
        held.values(disurel=moment).returning(Notification.id),
        execution_options={"synchronize_session": False},
    ).all()
