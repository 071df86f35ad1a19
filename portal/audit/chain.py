"""The chain over the audit: each seal holds the one before, so that no line can be changed, left
out or put in afterwards without a break that names its place."""

from __future__ import annotations

from sqlalchemy import BigInteger, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


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
    hash: Mapped[str] = mapped_column(String(64))
    """sha256 of the seal before and of the line's content."""
