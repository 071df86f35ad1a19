"""Table of nightly reconciliations."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import JSON, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, new_id, now


class Reconciliation(Base):
    """One run: what was looked at, and every red line that was found."""

    __tablename__ = "rekonsiliasi"
    __table_args__ = (Index("ix_rekonsiliasi_mulai", "mulai"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    mulai: Mapped[dt.datetime] = mapped_column(default=now)
    selesai: Mapped[dt.datetime]
    diperiksa: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    temuan: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
