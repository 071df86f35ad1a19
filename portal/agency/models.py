"""Tables of the agency."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
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

DUE_DAYS = 5
"""Working days until a decision is due, where the agency has set no other number."""


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

    tenggat_hari: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    """Kind of document → working days until a decision is due; `DUE_DAYS` where it names none."""
    lapis_opd: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Kinds of document that the OPD's own verifikator look at first."""
    uji_petik_persen: Mapped[int] = mapped_column(Integer, default=5)
    """Share of the approvals, in percent, that a second verifikator looks at again."""

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.zona_waktu)

    def due_days(self, kind: DocumentKind) -> int:
        """Working days within which an item of this kind is to be decided."""
        return self.tenggat_hari.get(kind.value, DUE_DAYS)

    def due_rule(self, kind: DocumentKind | None = None) -> str:
        """The rule of the due date in words; of one kind, or of all."""
        days = {each: self.due_days(each) for each in DocumentKind}
        usual = days[kind] if kind else Counter(days.values()).most_common(1)[0][0]
        others = [] if kind else [f"{k.label} {n}" for k, n in days.items() if n != usual]
        told = f" ({', '.join(others)})" if others else ""
        return (
            f"{usual} hari kerja{told} sesudah hari pengajuan: Senin sampai Jumat, tanpa hari "
            "libur nasional dan cuti bersama. Dihitung dari awal saat diajukan ulang, dan "
            "berhenti selama dokumen ada pada pemiliknya."
        )

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


class Antrean(Base):
    """A group of verifikator and what is sent to it. What no group takes waits in the general
    queue of the agency, which has no row: an item without a queue is there."""

    __tablename__ = "antrean"
    __table_args__ = (UniqueConstraint("instansi_id", "nama"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    instansi_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("instansi.id"))
    nama: Mapped[str] = mapped_column(String(100))
    jenis_dokumen: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Kinds of document that it takes; empty means all."""
    opd_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("opd.id"))
    """It takes items of people in this unit and below; None: of the whole agency."""
    aktif: Mapped[bool] = mapped_column(Boolean, default=True)

    opd: Mapped[Opd | None] = relationship()


class HariLibur(Base):
    """A day off besides weekends and national holidays: cuti bersama, holidays of the region."""

    __tablename__ = "hari_libur"

    instansi_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("instansi.id"), primary_key=True)
    tanggal: Mapped[dt.date] = mapped_column(primary_key=True)
    nama: Mapped[str] = mapped_column(String(120), default="")


class PerguruanTinggi(Base):
    """An institution that the agency knows."""

    __tablename__ = "perguruan_tinggi"

    instansi_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("instansi.id"), primary_key=True)
    kunci: Mapped[str] = mapped_column(String(200), primary_key=True)
    """The name as it is compared: letters and digits alone, lower case."""
    nama: Mapped[str] = mapped_column(String(200))


class MeasuringYear(Base):
    """How the agency measures one year: rule set, local switches, target of the index."""

    __tablename__ = "tahun_ukur"

    instansi_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("instansi.id"), primary_key=True)
    tahun: Mapped[int] = mapped_column(primary_key=True)
    aturan: Mapped[str] = mapped_column(String(40))
    saklar: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)
    target: Mapped[Decimal | None] = mapped_column(Points)
