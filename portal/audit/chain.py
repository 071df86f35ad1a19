"""The chain over the audit: each seal holds the one before, so that no line can be changed, left
out or put in afterwards without a break that names its place.

What a seal is made of is written down so that anybody can compute it without the portal
(docs/decisions/0018-audit-chain.md). Changing it makes every seal that stands look forged.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Integer, RowMapping, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base

BEGINNING = "0" * 64
"""What the first seal holds in the place of the one before."""
LATE = dt.timedelta(hours=1)
"""No transaction stays open so long: a line that comes up later than this behind lines that were
sealed meanwhile was put in by another way than the portal's."""


class Seal(Base):
    """The seal of one line of the audit. Triggers in the database refuse UPDATE and DELETE."""

    __tablename__ = "segel_audit"

    urutan: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=False
    )
    """Place in the chain, from 1 without a gap."""
    audit_id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), unique=True
    )
    disegel: Mapped[dt.datetime]
    """When the run of the sealer began that sealed it; the same for all lines of a run."""
    isi: Mapped[str] = mapped_column(String(64))
    """sha256 of the line's content."""
    hash: Mapped[str] = mapped_column(String(64))
    """sha256 of the seal before and of all of the above."""


def content_hash(line: Mapping[str, Any] | RowMapping) -> str:
    """sha256 of a line of the audit: its columns as compact JSON, keys in order, UTF-8."""
    actor, subject = line["actor_id"], line["subject_id"]
    told = [
        line["id"],
        _moment(line["at"]),
        str(actor) if actor else None,
        line["actor_name"],
        line["action"],
        str(subject) if subject else None,
        line["facts"],
    ]
    return hashlib.sha256(msgspec.json.encode(told, order="deterministic")).hexdigest()


def seal_hash(before: str, urutan: int, audit_id: int, disegel: dt.datetime, isi: str) -> str:
    """sha256 that ties a seal to the one before."""
    text = f"{before}:{urutan}:{audit_id}:{_moment(disegel)}:{isi}"
    return hashlib.sha256(text.encode()).hexdigest()


def _moment(at: dt.datetime) -> str:
    """UTC with six places, the same from both databases."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
