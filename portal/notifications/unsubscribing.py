"""The link in each letter that ends its kind for its reader, without a login (RFC 8058)."""

from __future__ import annotations

import hashlib
import hmac
import uuid
from collections.abc import Sequence

from portal.notifications.kinds import KINDS, Kind

PATH = "/surel/berhenti"
SIGN = 32
"""Hexadecimal digits: 128 bits. It opens nothing but the way out of letters, so it never ends."""


def token(secret: str, pegawai_id: uuid.UUID, kinds: Sequence[Kind]) -> str:
    """Who and which kinds, signed with the installation's secret."""
    told = f"{pegawai_id.hex}.{'-'.join(kind.code for kind in kinds)}"
    return f"{told}.{_sign(secret, told)}"


def read(secret: str, text: str) -> tuple[uuid.UUID, list[Kind]] | None:
    """The person and the kinds of a token; None for what was not made here."""
    told, _, sign = text.rpartition(".")
    if not hmac.compare_digest(sign.encode(), _sign(secret, told).encode()):
        return None
    person, _, codes = told.partition(".")
    return uuid.UUID(person), [KINDS[code] for code in codes.split("-") if code in KINDS]


def _sign(secret: str, told: str) -> str:
    message = f"berhenti-surel:{told}".encode()
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()[:SIGN]
