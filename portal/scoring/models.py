"""Stored scores: the portal's own computation, never BKN's number."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

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
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Points, code, new_id, now
from portal.vocabulary import JenisPegawai, Kategori, KelompokJabatan, Tingkat


class StoredScore(Base):
    """The score of one person and year, with everything the pages show about it.

    Kept with rule set, its version, and the date up to which data were read (rules.md §2).
    """

    __tablename__ = "skor"
    __table_args__ = (
        CheckConstraint(
            "CASE WHEN diukur"
            " THEN coalesce(total = kualifikasi + kompetensi + kinerja + disiplin, false)"
            " ELSE total IS NULL END",
            name="total_is_the_sum",
        ),
    )

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
    jenis_pegawai: Mapped[JenisPegawai | None] = mapped_column(code(JenisPegawai))
    """With this and what follows the year was measured; a closed year keeps them, whatever post
    the person holds today. None in rows from before they were kept."""
    kelompok_jabatan: Mapped[KelompokJabatan | None] = mapped_column(code(KelompokJabatan))
    jabatan: Mapped[str | None] = mapped_column(String(200))
    syarat_pendidikan: Mapped[Tingkat | None] = mapped_column(code(Tingkat))
    kedudukan_hukum: Mapped[str | None] = mapped_column(String(4))
    rincian: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """The ledger: one row per indicator, with its points, reason, article and evidence."""
    tidak_dinilai: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """Facts of kinds that no indicator of the post asks for."""
    bisa: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What it could become if all waiting items were approved: points per dimension, total."""
    langkah: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """The best next step."""
    peluang_pendidikan: Mapped[Decimal | None] = mapped_column(Points)
    """Points that the single step of this indicator would add; None where there is none. Columns,
    so that the advice for a whole OPD is one sum."""
    peluang_kepemimpinan: Mapped[Decimal | None] = mapped_column(Points)
    peluang_fungsional: Mapped[Decimal | None] = mapped_column(Points)
    peluang_teknis: Mapped[Decimal | None] = mapped_column(Points)
    peluang_seminar: Mapped[Decimal | None] = mapped_column(Points)

    @property
    def could_become(self) -> Decimal | None:
        """The total once all that waits is approved; None when that adds nothing: some items
        repeat what counts already."""
        if self.total is None or not self.bisa:
            return None
        total = Decimal(self.bisa["total"])
        return total if total > self.total else None


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
    aturan_versi: Mapped[str] = mapped_column(String(80), default="")
    dimensi: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Dimensions that changed: {"kompetensi": ["15", "25"]}, before and after."""


class OfficialScore(Base):
    """BKN's own value of one person and year, as it stood when it was pulled. Never computed here,
    never mixed with the own estimate (rules.md, Authority)."""

    __tablename__ = "nilai_bkn"
    __table_args__ = (Index("ix_nilai_bkn_pegawai_id_tahun", "pegawai_id", "tahun", "ditarik"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    pegawai_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pegawai.id"))
    tahun: Mapped[int | None]
    """The measured year; None when the source names none (it is never guessed)."""
    kualifikasi: Mapped[Decimal] = mapped_column(Points)
    kompetensi: Mapped[Decimal] = mapped_column(Points)
    kinerja: Mapped[Decimal] = mapped_column(Points)
    disiplin: Mapped[Decimal] = mapped_column(Points)
    total: Mapped[Decimal] = mapped_column(Points)
    keterangan: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    """BKN's remark per dimension."""
    dihitung: Mapped[dt.date | None]
    """When BKN computed it ("updated")."""
    ditarik: Mapped[dt.datetime]
    """When it left BKN ("tanggal_penarikan"), else when it was imported."""
    impor_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("impor.id"))


class PlannedStep(Base):
    """A step of somebody's rencana pengembangan for a year; an approval ticks it off."""

    __tablename__ = "rencana"
    __table_args__ = (UniqueConstraint("pegawai_id", "tahun", "kunci"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    pegawai_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pegawai.id"))
    tahun: Mapped[int]
    kunci: Mapped[str] = mapped_column(String(60))
    """Which step (`Option.kunci`): "teknis:20", "pendidikan:S-2"; one each per person and year."""
    indikator: Mapped[str] = mapped_column(String(30))
    uraian: Mapped[str] = mapped_column(String(300))
    poin: Mapped[Decimal] = mapped_column(Points)
    """What it was to add when it was chosen."""
    jp: Mapped[int | None]
    urutan: Mapped[int] = mapped_column(Integer, default=0)
    dibuat: Mapped[dt.datetime] = mapped_column(default=now)
    selesai: Mapped[dt.datetime | None]
    document_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("document.id"))
    """The approval that fulfilled it."""


class RuleComparison(Base):
    """Two ways of measuring over the same people of an agency: a comparison of rule sets, or the
    dry run of a change. Computed by a job; nothing of it touches a stored score."""

    __tablename__ = "banding_aturan"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    instansi_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("instansi.id"))
    tahun: Mapped[int]
    aturan_a: Mapped[str] = mapped_column(String(40))
    saklar_a: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    aturan_b: Mapped[str] = mapped_column(String(40))
    saklar_b: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    oleh_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pegawai.id"))
    dibuat: Mapped[dt.datetime] = mapped_column(default=now)
    diperiksa: Mapped[int] = mapped_column(Integer, default=0)
    """People compared so far, of `jumlah`."""
    jumlah: Mapped[int] = mapped_column(Integer, default=0)
    selesai: Mapped[dt.datetime | None]
    galat: Mapped[str] = mapped_column(String(300), default="")
    hasil: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    diterapkan: Mapped[dt.datetime | None]
    """When way B became the agency's way for the year."""


class RecomputeRun(Base):
    """A computation of many people anew, in parts that go on after a kill where they were."""

    __tablename__ = "hitung_ulang"
    __table_args__ = (Index("ix_hitung_ulang_selesai", "selesai"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    instansi_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("instansi.id"))
    """None = every agency."""
    tahun: Mapped[int | None]
    """None = the running year and every stored one."""
    sebab: Mapped[str] = mapped_column(String(200))
    oleh_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("pegawai.id"))
    """None = the command line or the night."""
    dibuat: Mapped[dt.datetime] = mapped_column(default=now)
    jumlah: Mapped[int] = mapped_column(Integer, default=0)
    """People to compute, as counted at the start."""
    selesai: Mapped[dt.datetime | None]


class RecomputePart(Base):
    """One stretch of the keys of a run; whoever computes it holds its row for one range."""

    __tablename__ = "hitung_ulang_bagian"

    run_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("hitung_ulang.id"), primary_key=True)
    nomor: Mapped[int] = mapped_column(primary_key=True)
    terakhir: Mapped[uuid.UUID]
    """Everybody of this part up to this key is done."""
    sampai: Mapped[uuid.UUID | None]
    """Its last key; None = the end of all keys."""
    dihitung: Mapped[int] = mapped_column(Integer, default=0)
    berubah: Mapped[int] = mapped_column(Integer, default=0)
    selesai: Mapped[dt.datetime | None]
