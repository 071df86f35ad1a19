"""Table of imports: which file, what it held, who confirmed it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, new_id, now
from portal.people.models import Pegawai


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
    """Columns recognised, counts by fate ("jumlah"), the first messages per row, and once rows
    are written what was done ("hasil"). Empty until the file was looked through."""
    oleh_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pegawai.id"))
    dibuat: Mapped[dt.datetime] = mapped_column(default=now)
    dikonfirmasi_oleh_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("pegawai.id"))
    dikonfirmasi: Mapped[dt.datetime | None]
    selesai: Mapped[dt.datetime | None]
    dibatalkan: Mapped[dt.datetime | None]
    diproses: Mapped[int] = mapped_column(Integer, default=0)
    """Rows done so far, those left out included."""
    galat: Mapped[str] = mapped_column(String(300), default="")

    oleh: Mapped[Pegawai] = relationship(foreign_keys=[oleh_id])
    dikonfirmasi_oleh: Mapped[Pegawai | None] = relationship(foreign_keys=[dikonfirmasi_oleh_id])

    @property
    def _is_over(self) -> bool:
        return bool(self.selesai or self.dibatalkan or self.galat)

    @property
    def is_unread(self) -> bool:
        """Still to be looked through."""
        return not self._is_over and not self.pratinjau

    @property
    def is_ready(self) -> bool:
        """Looked through, waiting for a yes."""
        return not self._is_over and bool(self.pratinjau) and self.dikonfirmasi is None

    @property
    def is_running(self) -> bool:
        """Confirmed, rows are being written."""
        return not self._is_over and self.dikonfirmasi is not None

    @property
    def is_waiting(self) -> bool:
        """A worker has to go on with it."""
        return self.is_unread or self.is_running

    @property
    def waits_since(self) -> dt.datetime:
        """When the worker was last asked to."""
        return self.dikonfirmasi or self.dibuat

    @property
    def counts(self) -> dict[str, int]:
        """What the preview found: rows by fate."""
        found: dict[str, int] = self.pratinjau.get("jumlah", {})
        return found

    @property
    def result(self) -> dict[str, int]:
        """What was done so far: rows by fate."""
        done: dict[str, int] = self.pratinjau.get("hasil", {})
        return done

    @property
    def would_change(self) -> int:
        """Rows that a confirmation would write."""
        return sum(self.counts.get(fate, 0) for fate in ("baru", "berubah", "lama"))
