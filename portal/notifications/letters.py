"""Letters that say that there is news, and nothing of it: what it is stands behind the login.

A letter is the last step: a mail server that fails is asked again later, and the act that is told
about knows nothing of it.
"""

from __future__ import annotations

import datetime as dt
import smtplib
import uuid
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import structlog
from sqlalchemy import select

from portal import mail
from portal.db import Database, now
from portal.notifications import taking, unsubscribing
from portal.notifications.actions import KIND, order
from portal.notifications.kinds import Cara
from portal.notifications.models import Notification
from portal.notifications.taking import Letter
from portal.people.models import Pegawai
from portal.settings import Settings

log = structlog.get_logger()
BATCH = 500
"""People for whom the morning orders at a time."""
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


def sender(database: Database, settings: Settings) -> Callable[[dict[str, Any]], None]:
    """The handler of the jobs."""
    return partial(send, database, settings)


def send(database: Database, settings: Settings, payload: dict[str, Any]) -> None:
    """Write to a person about everything that is new and wanted this way, in one letter.

    The messages are taken first, so that two workers never write twice; a mail server that fails
    gets them back and raises, and the queue tries again. For a worker that dies in between, an
    order of its own comes after the lease: at least once, twice where the mail server had taken
    the letter already.
    """
    with database.transaction() as session:
        letter = taking.take(session, settings, payload, now())
    if letter is None:
        return
    try:
        mail.send(settings, compose(settings, letter))
    except (OSError, smtplib.SMTPException) as error:
        final = mail.is_final(error)
        with database.transaction() as session:
            taking.settle(session, letter, now() if final else None)
        if not final:
            raise
        log.warning("letter_refused", error=type(error).__name__)
    else:
        with database.transaction() as session:
            taking.settle(session, letter, now())


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
