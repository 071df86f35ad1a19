"""Tables of accounts. Secrets are kept as hashes only."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.agency.models import Antrean, Opd
from portal.db import Base, code, new_id, now
from portal.people.models import Pegawai
from portal.vocabulary import LabelledEnum, Role


class CodePurpose(LabelledEnum):
    AKTIVASI = "aktivasi", "Aktivasi akun"
    SANDI_BARU = "sandi-baru", "Kata sandi baru"


class Akun(Base):
    """The login of one civil servant. Without a password hash it waits for its activation."""

    __tablename__ = "akun"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    pegawai_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pegawai.id"), unique=True)
    kata_sandi: Mapped[str | None] = mapped_column(String(200))
    wajib_ganti: Mapped[bool] = mapped_column(Boolean, default=False)
    aktif: Mapped[bool] = mapped_column(Boolean, default=True)
    setuju_privasi: Mapped[dt.datetime | None]
    pintasan: Mapped[bool] = mapped_column(Boolean, default=True)
    """Single-key shortcuts on (WCAG 2.1.4 asks for a switch)."""
    demo: Mapped[bool] = mapped_column(Boolean, default=False)

    pegawai: Mapped[Pegawai] = relationship()
    penugasan: Mapped[list[Penugasan]] = relationship(back_populates="akun")


class Penugasan(Base):
    """A role granted to an account, with its scope. Nobody needs a row to be `asn`."""

    __tablename__ = "penugasan"
    __table_args__ = (Index("ix_penugasan_akun_id", "akun_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    akun_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("akun.id"))
    peran: Mapped[Role] = mapped_column(code(Role))
    instansi_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("instansi.id"))
    opd_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("opd.id"))
    dengan_bawahan: Mapped[bool] = mapped_column(Boolean, default=True)
    jenis_dokumen: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Kinds of document (queues); empty means all."""
    antrean_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("antrean.id"))
    """The one queue that the role holds for; None: every queue in its scope."""
    berakhir: Mapped[dt.datetime | None]

    akun: Mapped[Akun] = relationship(back_populates="penugasan")
    opd: Mapped[Opd | None] = relationship()
    antrean: Mapped[Antrean | None] = relationship()


class Absence(Base):
    """Days on which somebody is away. Meanwhile the stand-in holds the verifikator roles too."""

    __tablename__ = "ketidakhadiran"
    __table_args__ = (
        Index("ix_ketidakhadiran_pegawai_id", "pegawai_id"),
        Index("ix_ketidakhadiran_pengganti_id", "pengganti_id"),
        CheckConstraint("mulai <= sampai", name="days_in_order"),
        CheckConstraint("pengganti_id <> pegawai_id", name="stand_in_is_another"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    pegawai_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pegawai.id"))
    pengganti_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("pegawai.id"))
    mulai: Mapped[dt.date]
    sampai: Mapped[dt.date]
    """The last day away."""
    pencatat_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pegawai.id"))
    dicatat: Mapped[dt.datetime] = mapped_column(default=now)

    pegawai: Mapped[Pegawai] = relationship(foreign_keys=[pegawai_id])
    pengganti: Mapped[Pegawai | None] = relationship(foreign_keys=[pengganti_id])


class LoginSession(Base):
    """One device that is logged in; deleting the row ends it everywhere at once."""

    __tablename__ = "sesi"
    __table_args__ = (Index("ix_sesi_akun_id", "akun_id"),)

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    akun_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("akun.id"))
    dibuat: Mapped[dt.datetime] = mapped_column(default=now)
    kedaluwarsa: Mapped[dt.datetime]
    perangkat: Mapped[str] = mapped_column(String(120), default="")

    akun: Mapped[Akun] = relationship()


class OneTimeCode(Base):
    """A code handed out by an admin or sent by e-mail; used once, short-lived, hashed."""

    __tablename__ = "kode_sekali"
    __table_args__ = (Index("ix_kode_sekali_akun_id", "akun_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    akun_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("akun.id"))
    tujuan: Mapped[CodePurpose] = mapped_column(code(CodePurpose))
    hash: Mapped[str] = mapped_column(String(64))
    dibuat: Mapped[dt.datetime] = mapped_column(default=now)
    kedaluwarsa: Mapped[dt.datetime]
    dipakai: Mapped[dt.datetime | None]
    salah: Mapped[int] = mapped_column(Integer, default=0)
    penerbit_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("pegawai.id"))


class Attempts(Base):
    """Failed attempts per key (a NIP or an address) in a window, for throttling."""

    __tablename__ = "percobaan"
    __table_args__ = (UniqueConstraint("kunci"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    kunci: Mapped[str] = mapped_column(String(80))
    """sha256 of the NIP or the address, so that the table holds no personal data."""
    jumlah: Mapped[int] = mapped_column(Integer, default=0)
    mulai: Mapped[dt.datetime]
    tunggu_sampai: Mapped[dt.datetime | None]
