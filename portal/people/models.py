"""Tables of people. Records that an approval wrote carry the id of the document."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.agency.models import Instansi, Opd
from portal.db import Base, Points, code, new_id, now
from portal.nip import Nip
from portal.vocabulary import (
    JenisDiklat,
    JenisKelamin,
    JenisPegawai,
    KelompokJabatan,
    LatihanStruktural,
    Predikat,
    Tingkat,
    TingkatHukuman,
)


class Pegawai(Base):
    """One civil servant; one NIP."""

    __tablename__ = "pegawai"
    __table_args__ = (
        UniqueConstraint("nip"),
        Index("ix_pegawai_opd_id_nama", "opd_id", "nama"),
        Index("ix_pegawai_instansi_id_nama", "instansi_id", "nama"),
        Index(
            "ix_pegawai_pasangan_id",
            "pasangan_id",
            sqlite_where=text("pasangan_id IS NOT NULL"),
            postgresql_where=text("pasangan_id IS NOT NULL"),
        ),
        Index(
            "ix_pegawai_atasan_id",
            "atasan_id",
            sqlite_where=text("atasan_id IS NOT NULL"),
            postgresql_where=text("atasan_id IS NOT NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    instansi_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("instansi.id"))
    opd_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("opd.id"))
    nip: Mapped[str] = mapped_column(String(18))
    siasn_id: Mapped[str | None] = mapped_column(String(40), unique=True)
    nama: Mapped[str] = mapped_column(String(150))
    gelar_depan: Mapped[str] = mapped_column(String(60), default="")
    gelar_belakang: Mapped[str] = mapped_column(String(60), default="")
    jenis_kelamin: Mapped[JenisKelamin | None] = mapped_column(code(JenisKelamin))
    tanggal_lahir: Mapped[dt.date | None]
    jenis_pegawai: Mapped[JenisPegawai] = mapped_column(code(JenisPegawai))
    kedudukan_hukum: Mapped[str] = mapped_column(String(4), default="01")
    kelompok_jabatan: Mapped[KelompokJabatan] = mapped_column(code(KelompokJabatan))
    jabatan: Mapped[str] = mapped_column(String(200))
    golongan: Mapped[str] = mapped_column(String(10), default="")
    syarat_pendidikan: Mapped[Tingkat | None] = mapped_column(code(Tingkat))
    """Level of education that the post requires; a fact of the post, None when unknown."""
    email: Mapped[str] = mapped_column(String(200), default="")
    pensiun_sejak: Mapped[dt.date | None]
    pasangan_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("pegawai.id"))
    """Husband or wife in the service, when known: neither decides items of the other."""
    atasan_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("pegawai.id"))
    """Direct superior, when known: nobody decides items of the own superior, nor the superior those
    of the own staff."""

    opd: Mapped[Opd] = relationship()
    instansi: Mapped[Instansi] = relationship()

    @property
    def nama_lengkap(self) -> str:
        """Name with academic titles, as a certificate writes it."""
        front = f"{self.gelar_depan} " if self.gelar_depan else ""
        return f"{front}{self.nama}" + (f", {self.gelar_belakang}" if self.gelar_belakang else "")

    @property
    def number(self) -> Nip:
        return Nip(self.nip)

    def has_retired(self, today: dt.date) -> bool:
        """Whether the first day of retirement has come; it may be noted long before."""
        return self.pensiun_sejak is not None and self.pensiun_sejak <= today


class Record:
    """What every record of a person shares; `sumber` says where it came from."""

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    pegawai_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pegawai.id"), index=True)
    sumber: Mapped[str] = mapped_column(String(20), default="riwayat")
    """`siasn` (export), `riwayat` (imported history) or `portal` (an approved document)."""
    urutan: Mapped[int] = mapped_column(Integer, default=0)
    """Order in the source: decides between several results of one year without a date."""
    dicatat: Mapped[dt.datetime | None] = mapped_column(default=now)
    """When it entered: the approval, or the import that brought it; None where nobody knows."""


class DocumentedRecord(Record):
    """A record that an approved document wrote, or an import; at most one per document."""

    document_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("document.id"), unique=True)


class Pendidikan(DocumentedRecord, Base):
    """A degree."""

    __tablename__ = "pendidikan"

    tingkat: Mapped[Tingkat] = mapped_column(code(Tingkat))
    program_studi: Mapped[str] = mapped_column(String(200), default="")
    perguruan_tinggi: Mapped[str] = mapped_column(String(200), default="")
    nomor: Mapped[str] = mapped_column(String(100), default="")
    tanggal_lulus: Mapped[dt.date | None]
    tahun_lulus: Mapped[int | None]
    gelar: Mapped[str] = mapped_column(String(60), default="")


class Pengembangan(DocumentedRecord, Base):
    """A course, training, seminar or another form of development."""

    __tablename__ = "pengembangan"

    jenis: Mapped[JenisDiklat] = mapped_column(code(JenisDiklat))
    nama: Mapped[str] = mapped_column(String(300), default="")
    penyelenggara: Mapped[str] = mapped_column(String(200), default="")
    nomor: Mapped[str] = mapped_column(String(100), default="")
    tanggal_mulai: Mapped[dt.date | None]
    tanggal_selesai: Mapped[dt.date | None]
    tanggal_sertifikat: Mapped[dt.date | None]
    jp: Mapped[int] = mapped_column(Integer, default=0)
    latihan_struktural: Mapped[LatihanStruktural | None] = mapped_column(code(LatihanStruktural))


class Kinerja(Record, Base):
    """The result of one SKP year: a number (0–100), a predikat, or both."""

    __tablename__ = "kinerja"

    tahun: Mapped[int]
    nilai: Mapped[Decimal | None] = mapped_column(Points)
    predikat: Mapped[Predikat | None] = mapped_column(code(Predikat))
    dinilai: Mapped[dt.date | None]


class Hukdis(Record, Base):
    """A disciplinary punishment (PP 94/2021)."""

    __tablename__ = "hukdis"

    tingkat: Mapped[TingkatHukuman] = mapped_column(code(TingkatHukuman))
    tmt: Mapped[dt.date]
    akhir: Mapped[dt.date | None]
