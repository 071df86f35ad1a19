"""Letters that say that there is news, and nothing of it: what it is stands behind the login.

A letter is the last step: a mail server that fails is asked again later, and the act that is told
about knows nothing of it.
"""

from __future__ import annotations

import datetime as dt
import smtplib
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, contains_eager

from portal import mail
from portal.accounts.models import Akun
from portal.db import Database, now
from portal.notifications import unsubscribing
from portal.notifications.actions import GRACE, KIND, TOO_OLD, order
from portal.notifications.kinds import Cara, Kind, kind_of
from portal.notifications.models import Notification
from portal.notifications.queries import mail_ways
from portal.people.models import Pegawai
from portal.settings import Settings

log = structlog.get_logger()
QUIET = dt.timedelta(minutes=10)
"""Between two letters to one person that are sent at once."""
_TAKEN = {Cara.SEGERA: (Cara.SEGERA,), Cara.HARIAN: (Cara.HARIAN, Cara.SEGERA)}
"""What goes into a letter. In the morning also what was wanted at once, when the mail server was
away until the queue gave up."""
BATCH = 500
SUBJECTS = {
    Cara.SEGERA: "Ada kabar baru di Portal IP ASN",
    Cara.HARIAN: "Kabar hari ini di Portal IP ASN",
}
BODY = """\
Ada kabar baru untuk Anda di Portal IP ASN.

Baca kabarnya: {portal}/notifikasi

Demi kerahasiaan, isi kabar tidak ditulis di surel dan hanya dapat dibaca setelah masuk.

--
Surel ini tentang: {kinds}.
Berhenti menerima surel ini: {stop}
Pilih surel yang Anda terima: {portal}/profil/surel
"""
POLICY = SMTP.clone(max_line_length=990)
"""A signed address is one word and may not be broken."""


@dataclass(frozen=True, slots=True)
class Letter:
    """Who is written to, and the messages that this letter stands for."""

    pegawai_id: uuid.UUID
    address: str
    cara: Cara
    kinds: tuple[Kind, ...]
    messages: tuple[uuid.UUID, ...]


def sender(database: Database, settings: Settings) -> Callable[[dict[str, Any]], None]:
    """The handler of the jobs."""
    return partial(send, database, settings)


def send(database: Database, settings: Settings, payload: dict[str, Any]) -> None:
    """Write to a person about everything that is new and wanted this way, in one letter.

    The messages are taken first, so that two workers never write twice; a mail server that fails
    gets them back and raises, and the queue tries again.
    """
    pegawai_id, cara = uuid.UUID(payload["pegawai_id"]), Cara(payload["cara"])
    with database.transaction() as session:
        letter = _take(session, settings, pegawai_id, cara, now())
    if letter is None:
        return
    try:
        mail.send(settings, compose(settings, letter))
    except (OSError, smtplib.SMTPException) as error:
        if mail.is_final(error):
            log.warning("letter_refused", error=type(error).__name__)
            return
        with database.transaction() as session:
            _mark(session, letter.messages, None)
        raise


def _take(
    session: Session, settings: Settings, pegawai_id: uuid.UUID, cara: Cara, moment: dt.datetime
) -> Letter | None:
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
    taken = set(_mark(session, [message.id for message in wanted], moment))
    kinds = {kind_of(message.jenis): None for message in wanted if message.id in taken}
    return Letter(pegawai_id, address, cara, tuple(kinds), tuple(taken)) if taken else None


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
    session: Session, messages: Sequence[uuid.UUID], moment: dt.datetime | None
) -> Sequence[uuid.UUID]:
    """Take messages for a letter (or give them back, without a moment); returns those that nobody
    else took meanwhile."""
    if not messages:
        return []
    free = Notification.disurel.is_(None) if moment else Notification.disurel.is_not(None)
    statement = update(Notification).where(Notification.id.in_(messages), free)
    return session.scalars(
        statement.values(disurel=moment).returning(Notification.id),
        execution_options={"synchronize_session": False},
    ).all()


def compose(settings: Settings, letter: Letter) -> EmailMessage:
    """The letter itself: no name, no NIP, no title, no number."""
    portal = settings.public_url.rstrip("/")
    signed = unsubscribing.token(settings.secret_key, letter.pegawai_id, letter.kinds)
    stop = f"{portal}{unsubscribing.PATH}?tanda={signed}"
    message = EmailMessage(policy=POLICY)
    message["Subject"] = SUBJECTS[letter.cara]
    message["From"] = settings.mail_from
    message["To"] = letter.address
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=urlsplit(portal).hostname or "localhost")
    message["Auto-Submitted"] = "auto-generated"
    message["List-Unsubscribe"] = f"<{stop}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    kinds = ", ".join(kind.label for kind in letter.kinds)
    message.set_content(BODY.format(portal=portal, kinds=kinds, stop=stop))
    return message


def order_digests(database: Database, settings: Settings) -> int:
    """Once a day: an order for everybody who has an address and waits for a letter. Returns how
    many; who was ordered for twice gets one letter."""
    if settings.smtp_url is None:
        return 0
    last, count = uuid.UUID(int=0), 0
    while people := _next_people(database, last):
        with database.transaction() as session:
            for pegawai_id in people:
                order(session, pegawai_id, Cara.HARIAN, dt.timedelta())
        last, count = people[-1], count + len(people)
    return count


def _next_people(database: Database, last: uuid.UUID) -> Sequence[uuid.UUID]:
    statement = (
        select(Notification.pegawai_id)
        .join(Pegawai, Pegawai.id == Notification.pegawai_id)
        .where(Notification.disurel.is_(None), Notification.pegawai_id > last, Pegawai.email != "")
        .distinct()
        .order_by(Notification.pegawai_id)
        .limit(BATCH)
    )
    with database.reading() as session:
        return session.scalars(statement).all()


__all__ = ["KIND", "compose", "order_digests", "send", "sender"]
