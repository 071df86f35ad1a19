"""Tables of the decisions on items, and of the reasons kept by admins."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, code, new_id, now
from portal.documents.transitions import Act
from portal.people.models import Pegawai


class Reason(Base):
    """A reason to return, refuse or revoke, with the way to repair that the owner sees."""

    __tablename__ = "alasan"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    kode: Mapped[str] = mapped_column(String(40), unique=True)
    act: Mapped[Act] = mapped_column(code(Act))
    label: Mapped[str] = mapped_column(String(120))
    cara_memperbaiki: Mapped[str] = mapped_column(String(400), default="")
    fields: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Form fields opened for the repair ("berkas" opens the files); empty opens all."""
    kinds: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Kinds of document it fits; empty means all."""
    aktif: Mapped[bool] = mapped_column(Boolean, default=True)


class Decision(Base):
    """One decision by one person; seals the hashes of the files it was made on."""

    __tablename__ = "keputusan"
    __table_args__ = (
        ForeignKeyConstraint(["document_id", "owner_id"], ["document.id", "document.owner_id"]),
        CheckConstraint("decider_id <> owner_id", name="decider_is_not_owner"),
        Index("ix_keputusan_document_id", "document_id"),
        Index("ix_keputusan_at", "at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    document_id: Mapped[uuid.UUID]
    owner_id: Mapped[uuid.UUID]
    decider_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pegawai.id"))
    act: Mapped[Act] = mapped_column(code(Act))
    revision: Mapped[int]
    at: Mapped[dt.datetime] = mapped_column(default=now)
    reason_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("alasan.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    sealed: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    """File id → sha256 of the stored bytes at the moment of the decision."""
    antrean_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("antrean.id"))
    """The queue that the item was taken from."""
    masuk: Mapped[dt.datetime | None]
    """The hand-in that was decided on; with `at` the time that it waited."""
    massal: Mapped[bool] = mapped_column(Boolean, default=False)
    """One of several items that were approved together."""
    undone_at: Mapped[dt.datetime | None]
    """When the decider took it back within the seconds of grace; it then counts for nothing."""

    decider: Mapped[Pegawai] = relationship(foreign_keys=[decider_id])
    reason: Mapped[Reason | None] = relationship()
