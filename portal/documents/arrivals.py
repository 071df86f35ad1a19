"""Tables of what arrives: files sent in parts, papers in the making, what machines read there."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, code, now
from portal.vocabulary import FileRole, ProcessingState, ReadingState


class Upload(Base):
    """One file on its way from a device, in parts that can be sent again."""

    __tablename__ = "unggahan"
    __table_args__ = (
        CheckConstraint("size > 0 AND part_size > 0", name="sizes_are_positive"),
        Index("ix_unggahan_document_id", "document_id"),
        Index("ix_unggahan_sender_id_created_at", "sender_id", "created_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    """Made by the device, so that an announcement sent twice meets the same row."""
    document_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"))
    sender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pegawai.id"))
    name: Mapped[str] = mapped_column(String(300))
    """As the device called it; only shown."""
    content_type: Mapped[str] = mapped_column(String(40))
    """As announced and signed; what the file really is, its bytes tell."""
    size: Mapped[int]
    """Bytes, as announced; the parts must add up to it."""
    sha256: Mapped[str] = mapped_column(String(64))
    """As announced; compared with the bytes before anything is made of them."""
    sha256_source: Mapped[str | None] = mapped_column(String(64))
    """Of the picture before the device shrank it; a claim, good for hints alone."""
    part_size: Mapped[int]
    """Bytes of every part but the last."""
    created_at: Mapped[dt.datetime] = mapped_column(default=now)
    completed_at: Mapped[dt.datetime | None]
    """When every part was seen in the store."""

    @property
    def parts(self) -> int:
        """Number of parts."""
        return -(-self.size // self.part_size)

    def size_of_part(self, number: int) -> int:
        """Bytes of part `number` (the first is 1)."""
        return min(self.part_size, self.size - (number - 1) * self.part_size)


class Processing(Base):
    """One paper in the making: uploads in the order of its pages, and what became of them."""

    __tablename__ = "pengolahan"
    __table_args__ = (
        CheckConstraint("(state = 'diproses') = (finished_at IS NULL)", name="finished_has_time"),
        CheckConstraint("(state = 'siap') = (file_id IS NOT NULL)", name="ready_has_file"),
        Index("ix_pengolahan_document_id", "document_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    """Made by the device, so that an order sent twice meets the same row."""
    document_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"))
    sender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pegawai.id"))
    role: Mapped[FileRole] = mapped_column(code(FileRole))
    pages: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """[{"unggahan": id, "putar": 0 | 90 | 180 | 270}], in order; degrees clockwise."""
    state: Mapped[ProcessingState] = mapped_column(
        code(ProcessingState), default=ProcessingState.DIPROSES
    )
    message: Mapped[str] = mapped_column(Text, default="")
    """What to do, when it failed."""
    file_id: Mapped[uuid.UUID | None]
    """The DocumentFile that it became; no reference, as unseen files are forgotten."""
    created_at: Mapped[dt.datetime] = mapped_column(default=now)
    finished_at: Mapped[dt.datetime | None]


class Original(Base):
    """One of the files that a paper was made of, as it came in; finds the same bytes again."""

    __tablename__ = "berkas_asal"
    __table_args__ = (
        Index("ix_berkas_asal_sha256", "sha256"),
        Index("ix_berkas_asal_sha256_source", "sha256_source"),
    )

    file_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("document_file.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    """Place among the originals of the paper; the first is 1."""
    sha256: Mapped[str] = mapped_column(String(64))
    sha256_source: Mapped[str | None] = mapped_column(String(64))
    """Before the device shrank it, as the device said."""
    name: Mapped[str] = mapped_column(String(300), default="")
    size: Mapped[int]
    """Bytes as they came in."""


class Reading(Base):
    """What a machine read in a paper. Kept beside what the person declared, never in its place."""

    __tablename__ = "bacaan"

    file_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("document_file.id", ondelete="CASCADE"), primary_key=True
    )
    state: Mapped[ReadingState] = mapped_column(code(ReadingState), default=ReadingState.MENUNGGU)
    fields: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    """Name of a field of Document (and "nama_orang", "nip") → value; dates in ISO form."""
    codes: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Texts of QR and bar codes."""
    text: Mapped[str] = mapped_column(Text, default="", deferred=True)
    engine: Mapped[str] = mapped_column(String(60), default="")
    """What read it, with versions."""
    created_at: Mapped[dt.datetime] = mapped_column(default=now)
    finished_at: Mapped[dt.datetime | None]


class ReadCode(Base):
    """A QR or bar code of a paper, by its hash: finds the papers that carry the same."""

    __tablename__ = "kode_terbaca"
    __table_args__ = (Index("ix_kode_terbaca_sha256", "sha256"),)

    file_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("document_file.id", ondelete="CASCADE"), primary_key=True
    )
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
