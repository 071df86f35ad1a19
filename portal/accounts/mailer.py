"""Codes by e-mail. The job makes the code itself, so that none is ever written down unhashed."""

from __future__ import annotations

import re
import smtplib
import ssl
from email.message import EmailMessage
from functools import partial
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

import structlog
from sqlalchemy.orm import Session

from portal.accounts import codes, queries
from portal.accounts.models import Akun, CodePurpose
from portal.accounts.tokens import readable
from portal.db import Database, now
from portal.jobs import Handler, enqueue
from portal.settings import Settings
from portal.vocabulary import Nip

log = structlog.get_logger()
KIND = "mail"
USABLE = re.compile(r"[^\s@,;:<>()\"\x00-\x1f]+@[^\s@,;:<>()\"\x00-\x1f]+")
TIMEOUT = 15.0
"""Seconds that a mail server may stay silent."""
BODY = """\
Ada permintaan kata sandi baru untuk akun Anda di Portal IP ASN.

Kode: {code}

Buka {address} lalu isi NIP, kode ini, dan kata sandi baru. Kode berlaku 1 jam dan hanya sekali.
Bila Anda tidak memintanya, abaikan surel ini; kata sandi Anda tidak berubah.
Jangan berikan kode ini kepada siapa pun, termasuk petugas.
"""


def request_code(session: Session, nip: str) -> None:
    """Leave the work to the job: the answer is the same, and as quick, for a NIP unknown here."""
    enqueue(session, KIND, {"nip": nip})


def sender(database: Database, settings: Settings) -> Handler:
    """The handler of the job."""
    return partial(send_code, database, settings)


def send_code(database: Database, settings: Settings, payload: dict[str, Any]) -> None:
    """Send a fresh code to the address that the agency has on record, if there is one.

    A mail server that fails raises; the queue tries again, with a new code.
    """
    nip = str(payload["nip"])
    if settings.smtp_url is None:
        return
    with database.transaction() as session:
        akun = queries.account_of_nip(session, nip)
        if akun is None or not _may_receive(session, akun, demo=settings.demo):
            log.info("mail_code_withheld", nip=Nip(nip).masked)
            return
        address = akun.pegawai.email
        code = codes.issue(session, None, akun.pegawai, CodePurpose.SANDI_BARU, settings.secret_key)
    send(settings, _message(settings, address, code))


def _may_receive(session: Session, akun: Akun, *, demo: bool) -> bool:
    """An open account with a usable address that did not get too many codes already."""
    address = akun.pegawai.email
    if not USABLE.fullmatch(address) or not akun.aktif or (akun.demo and not demo):
        return False
    return codes.codes_of_the_hour(session, akun.id, now()) < codes.PER_HOUR


def _message(settings: Settings, address: str, code: str) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = "Kode Portal IP ASN"
    message["From"] = settings.mail_from
    message["To"] = address
    where = f"{settings.public_url.rstrip('/')}/kode"
    message.set_content(BODY.format(code=readable(code), address=where))
    return message


def send(settings: Settings, message: EmailMessage) -> None:
    """Hand a message to the mail server of SMTP_URL (smtp:// with STARTTLS if offered, smtps://).

    Raises OSError or SMTPException when it does not take it, and never sends a password in clear.
    """
    url = urlsplit(settings.smtp_url or "")
    context = ssl.create_default_context()
    with _connect(url, context) as server:
        server.ehlo_or_helo_if_needed()
        encrypted = url.scheme == "smtps"
        if not encrypted and server.has_extn("starttls"):
            server.starttls(context=context)
            encrypted = True
        if url.username:
            if not encrypted:
                raise smtplib.SMTPException("the mail server offers no encryption for the password")
            server.login(unquote(url.username), unquote(url.password or ""))
        server.send_message(message)


def _connect(url: SplitResult, context: ssl.SSLContext) -> smtplib.SMTP:
    host = url.hostname or "localhost"
    if url.scheme == "smtps":
        return smtplib.SMTP_SSL(host, url.port or 465, timeout=TIMEOUT, context=context)
    return smtplib.SMTP(host, url.port or 25, timeout=TIMEOUT)
