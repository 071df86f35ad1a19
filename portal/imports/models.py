"""Table of imports: which file, what it held, who confirmed it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, new_id, now


class Import(Base):
    """One file. It is kept with its hash; the same file twice changes nothing."""

    __tablename__ = "impor"
    __table_args__ = (Index("ix_impor_instansi_id_dibuat", "instansi_id", "dibuat"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    instansi_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("instansi.id"))
    jenis: Mapped[str] = mapped_column(String(30))
    """What the file holds: "nilai-bkn"; later issues add others."""
    nama_berkas: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    ukuran: Mapped[int] = mapped_column(Integer)
    kunci_objek: Mapped[str] = mapped_column(String(200))
    """Key of the file in the object store."""
    tahun: Mapped[int | None]
    """The measured year that the admin named for the whole file; None = as each row says."""
    pratinjau: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Columns recognised, counts (baru, berubah, sama, galat), the first messages per row."""
    oleh_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pegawai.id"))
    dibuat: Mapped[dt.datetime] = mapped_column(default=now)
    dikonfirmasi_oleh_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("pegawai.id"))
    dikonfirmasi: Mapped[dt.datetime | None]
    selesai: Mapped[dt.datetime | None]
    dibatalkan: Mapped[dt.datetime | None]
    diproses: Mapped[int] = mapped_column(Integer, default=0)
    """Rows written so far."""
    galat: Mapped[str] = mapped_column(String(300), default="")
