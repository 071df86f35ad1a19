"""Stored scores: the portal's own computation, never BKN's number."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Points, code, new_id, now
from portal.vocabulary import Kategori


class StoredScore(Base):
    """The score of one person and year, with everything the pages show about it.

    Kept with rule set, its version, and the date up to which data were read (rules.md §2).
    """

    __tablename__ = "skor"

    pegawai_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pegawai.id"), primary_key=True)
    tahun: Mapped[int] = mapped_column(primary_key=True)
    aturan: Mapped[str] = mapped_column(String(40))
    aturan_versi: Mapped[str] = mapped_column(String(80))
    per_tanggal: Mapped[dt.date]
    dihitung: Mapped[dt.datetime] = mapped_column(default=now)
    diukur: Mapped[bool] = mapped_column(Boolean)
    alasan: Mapped[str] = mapped_column(String(300), default="")
    """Why the person is not measured."""
    kualifikasi: Mapped[Decimal | None] = mapped_column(Points)
    kompetensi: Mapped[Decimal | None] = mapped_column(Points)
    kinerja: Mapped[Decimal | None] = mapped_column(Points)
    disiplin: Mapped[Decimal | None] = mapped_column(Points)
    total: Mapped[Decimal | None] = mapped_column(Points)
    kategori: Mapped[Kategori | None] = mapped_column(code(Kategori))
    sementara: Mapped[bool] = mapped_column(Boolean, default=False)
    rincian: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    bisa: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What it could become if all waiting items were approved: points per dimension, total."""
    langkah: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """The best next step."""


class ScoreChange(Base):
    """A change of a stored score and its cause."""

    __tablename__ = "perubahan_skor"
    __table_args__ = (Index("ix_perubahan_skor_pegawai_id_waktu", "pegawai_id", "waktu"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    pegawai_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pegawai.id"))
    tahun: Mapped[int]
    waktu: Mapped[dt.datetime] = mapped_column(default=now)
    sebelum: Mapped[Decimal | None] = mapped_column(Points)
    sesudah: Mapped[Decimal | None] = mapped_column(Points)
    sebab: Mapped[str] = mapped_column(String(200))
    document_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("document.id"))
