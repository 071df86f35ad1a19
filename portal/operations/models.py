"""Tables of nightly reconciliations, and of long walks through all stored files."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import JSON, Index, String
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


class FileWalk(Base):
    """One walk through every stored file: an examination (periksa-berkas) or a move
    (pindah-berkas). It goes on after the last key that it finished."""

    __tablename__ = "penelusuran_berkas"
    __table_args__ = (Index("ix_penelusuran_berkas_mulai", "mulai"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    jenis: Mapped[str] = mapped_column(String(20))
    """`periksa` or `pindah`."""
    tujuan: Mapped[str] = mapped_column(String(300), default="")
    """Of a move: the other store, without its keys."""
    tahap: Mapped[str] = mapped_column(String(20), default="")
    sampai: Mapped[str] = mapped_column(String(120), default="")
    """The last thing that was finished in this stage; order of keys."""
    diperiksa: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    """Counts: files, objects, bytes."""
    temuan: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """The first findings, enough to begin with; the counts tell of all."""
    mulai: Mapped[dt.datetime] = mapped_column(default=now)
    diperbarui: Mapped[dt.datetime] = mapped_column(default=now)
    selesai: Mapped[dt.datetime | None]
