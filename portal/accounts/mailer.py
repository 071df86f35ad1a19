"""Codes by e-mail. The job makes the code itself, so that none is ever written down unhashed."""

from __future__ import annotations

from email.message import EmailMessage
from functools import partial
from typing import Any

import structlog
from sqlalchemy.orm import Session

from portal import mail
from portal.accounts import codes, queries
from portal.accounts.models import Akun, CodePurpose
from portal.accounts.tokens import readable
from portal.db import Database, now
from portal.jobs import Handler, enqueue
from portal.nip import Nip
from portal.settings import Settings

log = structlog.get_logger()
KIND = "mail"
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
    mail.send(settings, _message(settings, address, code))


def _may_receive(session: Session, akun: Akun, *, demo: bool) -> bool:
    """An open account with a usable address that did not get too many codes already. It is locked,
    so that two orders do not both find the last place."""
    address = akun.pegawai.email
    codes.ensure_account(session, akun.pegawai_id)
    if not mail.is_usable(address) or not akun.aktif or (akun.demo and not demo):
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
