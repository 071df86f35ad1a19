"""Tables of the workbench: counts of the queue, proposals, second looks."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, code, new_id, now
from portal.documents.models import Document
from portal.documents.rulings import Decision, Reason
from portal.people.models import Pegawai
from portal.vocabulary import DocumentKind, DocumentState


class QueueCount(Base):
    """A number of waiting items, or a change of it. The sum over all rows of a queue, kind, unit
    and state is exact at each moment: triggers write a row in the transaction of every change, and
    a tick of the worker adds rows up. Nothing else writes it."""

    __tablename__ = "hitungan_antrean"
    __table_args__ = (Index("ix_hitungan_antrean_opd_id", "opd_id"),)

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), primary_key=True
    )
    antrean_id: Mapped[uuid.UUID | None]
    kind: Mapped[DocumentKind] = mapped_column(code(DocumentKind))
    opd_id: Mapped[uuid.UUID | None]
    """As `Document.opd_id`."""
    state: Mapped[DocumentState] = mapped_column(code(DocumentState))
    lapis_pertama: Mapped[bool] = mapped_column(Boolean, default=False)
    jumlah: Mapped[int]


class Moved(Base):
    """Somebody who came to another unit: the waiting items follow, then the row goes. A trigger
    writes it, so that no way of moving people can forget their items."""

    __tablename__ = "pindah_unit"

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), primary_key=True
    )
    pegawai_id: Mapped[uuid.UUID]


class Correction(Base):
    """What a verifikator read otherwise than the owner had written: a proposal to the owner."""

    __tablename__ = "usul_koreksi"
    __table_args__ = (UniqueConstraint("document_id", "revision", "field"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    document_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("document.id"))
    revision: Mapped[int]
    """The revision that was looked at."""
    field: Mapped[str] = mapped_column(String(40))
    lama: Mapped[str] = mapped_column(String(300), default="")
    """As the owner had it, in the writing of the form."""
    baru: Mapped[str] = mapped_column(String(300), default="")
    pengusul_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pegawai.id"))
    at: Mapped[dt.datetime] = mapped_column(default=now)
    diterima: Mapped[bool | None] = mapped_column(Boolean)
    """Whether the owner took it over; None until the item is handed in again."""

    pengusul: Mapped[Pegawai] = relationship(foreign_keys=[pengusul_id])


class RevocationProposal(Base):
    """An approval older than a day is withdrawn by two people: who proposes, and who agrees."""

    __tablename__ = "usul_cabut"
    __table_args__ = (
        Index(
            "uq_usul_cabut_terbuka",
            "document_id",
            unique=True,
            sqlite_where=text("at_decided IS NULL"),
            postgresql_where=text("at_decided IS NULL"),
        ),
        CheckConstraint("penentu_id <> pengusul_id", name="two_people"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    document_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("document.id"))
    pengusul_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pegawai.id"))
    reason_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("alasan.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[dt.datetime] = mapped_column(default=now)
    penentu_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("pegawai.id"))
    at_decided: Mapped[dt.datetime | None]
    setuju: Mapped[bool | None] = mapped_column(Boolean)
    """None while it is open, and for one that whoever proposed took back."""

    document: Mapped[Document] = relationship()
    reason: Mapped[Reason] = relationship()
    pengusul: Mapped[Pegawai] = relationship(foreign_keys=[pengusul_id])


class SpotCheck(Base):
    """An approval drawn by lot, to be looked at again by somebody else (uji petik)."""

    __tablename__ = "uji_petik"
    __table_args__ = (
        UniqueConstraint("decision_id"),
        Index(
            "ix_uji_petik_menunggu",
            "dibuat",
            "id",
            sqlite_where=text("diperiksa IS NULL"),
            postgresql_where=text("diperiksa IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    decision_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("keputusan.id"))
    document_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("document.id"))
    dibuat: Mapped[dt.datetime] = mapped_column(default=now)
    pemeriksa_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("pegawai.id"))
    diperiksa: Mapped[dt.datetime | None]
    sependapat: Mapped[bool | None] = mapped_column(Boolean)
    """Whether the second look came to the same end; None until then."""
    note: Mapped[str] = mapped_column(Text, default="")

    decision: Mapped[Decision] = relationship()
    document: Mapped[Document] = relationship()
