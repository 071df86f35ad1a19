"""Tables of notifications."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, new_id, now


class Notification(Base):
    """One message to one person. It carries no personal content beyond the title of the item."""

    __tablename__ = "notifikasi"
    __table_args__ = (
        Index("ix_notifikasi_pegawai_id_dibuat", "pegawai_id", "dibuat"),
        Index(
            "ix_notifikasi_belum_dibaca",
            "pegawai_id",
            sqlite_where=text("dibaca IS NULL"),
            postgresql_where=text("dibaca IS NULL"),
        ),
        Index(
            "ix_notifikasi_belum_disurel",
            "pegawai_id",
            "jenis",
            sqlite_where=text("disurel IS NULL"),
            postgresql_where=text("disurel IS NULL"),
        ),
        Index("uq_notifikasi_pegawai_id_kunci", "pegawai_id", "kunci", unique=True),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    pegawai_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pegawai.id"))
    judul: Mapped[str] = mapped_column(String(200))
    isi: Mapped[str] = mapped_column(String(500), default="")
    document_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("document.id"))
    dibuat: Mapped[dt.datetime] = mapped_column(default=now)
    dibaca: Mapped[dt.datetime | None]
    jenis: Mapped[str] = mapped_column(String(20), default="dokumen")
    """What it is about (portal.notifications.kinds); each can be had by e-mail, or not."""
    disurel: Mapped[dt.datetime | None]
    """When it went out by e-mail, or was left out of it for good."""
    kunci: Mapped[str | None] = mapped_column(String(60))
    """What is told once only ("lapse:2027"); None for everything else."""
    tujuan: Mapped[str] = mapped_column(String(40), default="")
    """Endpoint that the message leads to when it is about no document of the reader's."""
    objek_id: Mapped[uuid.UUID | None]
    """What stands in the address of `tujuan`: a thread, an item on the desk."""


class MailChoice(Base):
    """How one person wants messages of one kind by e-mail; without a row as the kind has it."""

    __tablename__ = "pilihan_surel"

    pegawai_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pegawai.id"), primary_key=True)
    jenis: Mapped[str] = mapped_column(String(20), primary_key=True)
    cara: Mapped[str] = mapped_column(String(10))
    """`segera`, `harian` or `tidak`."""
