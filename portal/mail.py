"""Handing letters to the mail server of SMTP_URL. Jobs do it; no act waits for a mail server."""

from __future__ import annotations

import re
import smtplib
import ssl
from email.message import EmailMessage
from urllib.parse import SplitResult, unquote, urlsplit

from portal.settings import Settings

TIMEOUT = 15.0
"""Seconds that a mail server may stay silent."""
_USABLE = re.compile(
    r"(?!.*=\?)[\w.!#$%&'*+/=?^`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?", re.ASCII
)
"""One address that every mail server takes. Encoded words (`=?…?=`) could hide another one."""
_FINAL = 500
"""Replies of a mail server from here on are for good; below, it may be asked again."""


def is_usable(address: str) -> bool:
    """Whether this is one address and nothing else."""
    return _USABLE.fullmatch(address) is not None


def is_final(error: Exception) -> bool:
    """Whether the mail server refused this letter for good, so that asking again is vain. A sender
    that it refuses is a wrong setting of ours: it concerns all letters, and is put right."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= _FINAL for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= _FINAL


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
