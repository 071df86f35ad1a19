"""Tables of the agency."""

from __future__ import annotations

import uuid
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import (
    JSON,
    Boolean,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Points, new_id
from portal.vocabulary import DocumentKind


class Instansi(Base):
    """An agency (ministry, province, kabupaten, kota) and what it calls its things."""

    __tablename__ = "instansi"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    siasn_id: Mapped[str | None] = mapped_column(String(40), unique=True)
    nama: Mapped[str] = mapped_column(String(200))
    sebutan_bkd: Mapped[str] = mapped_column(String(60), default="BKD")
    zona_waktu: Mapped[str] = mapped_column(String(40), default="Asia/Jakarta")
    dua_pemeriksa: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Kinds of document that need two approvals by two people."""

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.zona_waktu)

    def needs_second_pair(self, kind: DocumentKind) -> bool:
        return kind in self.dua_pemeriksa


class Opd(Base):
    """A unit of the agency. OPD stand at depth 0, their units (schools, sections) below."""

    __tablename__ = "opd"
    __table_args__ = (
        UniqueConstraint("instansi_id", "siasn_id"),
        Index("ix_opd_jalur", "jalur"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    instansi_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("instansi.id"))
    parent_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("opd.id"))
    siasn_id: Mapped[str | None] = mapped_column(String(40))
    nama: Mapped[str] = mapped_column(String(200))
    jalur: Mapped[str] = mapped_column(String(400))
    """Ids from the OPD down to this unit: "/<id>/<id>/"; a unit's scope is a prefix of it."""
    kedalaman: Mapped[int] = mapped_column(Integer, default=0)
    aktif: Mapped[bool] = mapped_column(Boolean, default=True)

    parent: Mapped[Opd | None] = relationship(remote_side=[id])

    @staticmethod
    def path_below(parent: Opd | None, own_id: uuid.UUID) -> str:
        return f"{parent.jalur if parent else '/'}{own_id.hex}/"


class MeasuringYear(Base):
    """How the agency measures one year: rule set, local switches, target of the index."""

    __tablename__ = "tahun_ukur"

    instansi_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("instansi.id"), primary_key=True)
    tahun: Mapped[int] = mapped_column(primary_key=True)
    aturan: Mapped[str] = mapped_column(String(40))
    saklar: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)
    target: Mapped[Decimal | None] = mapped_column(Points)
