"""Tables of Tanya BKD."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, code, new_id, now
from portal.documents.models import Document
from portal.people.models import Pegawai
from portal.vocabulary import LabelledEnum


class Topic(LabelledEnum):
    """What a question is about. All but the first are indicators of the score."""

    UMUM = "umum", "Memakai portal"
    PENDIDIKAN = "pendidikan", "Ijazah"
    KEPEMIMPINAN = "kepemimpinan", "Diklat kepemimpinan"
    FUNGSIONAL = "fungsional", "Diklat fungsional"
    TEKNIS = "teknis", "Diklat teknis"
    SEMINAR = "seminar", "Seminar"
    KINERJA = "kinerja", "Kinerja"
    DISIPLIN = "disiplin", "Disiplin"


class QuestionState(LabelledEnum):
    """Whose turn it is."""

    MENUNGGU = "menunggu", "Menunggu jawaban"
    TERJAWAB = "terjawab", "Terjawab"
    SELESAI = "selesai", "Selesai"


class Question(Base):
    """A thread between one person and the BKD, about one item or one row of the score."""

    __tablename__ = "pertanyaan"
    __table_args__ = (
        Index("ix_pertanyaan_owner_id_dibuat", "owner_id", "dibuat"),
        Index("ix_pertanyaan_document_id", "document_id"),
        Index(
            "ix_pertanyaan_menunggu",
            "diperbarui",
            "id",
            sqlite_where=text("state = 'menunggu'"),
            postgresql_where=text("state = 'menunggu'"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    owner_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pegawai.id"))
    document_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("document.id"))
    baris_skor: Mapped[str] = mapped_column(String(40), default="")
    """The row of the score that is asked about ("kompetensi:teknis"); empty for an item."""
    tahun: Mapped[int | None] = mapped_column(Integer)
    """The measuring year of that row."""
    state: Mapped[QuestionState] = mapped_column(
        code(QuestionState), default=QuestionState.MENUNGGU
    )
    dibuat: Mapped[dt.datetime] = mapped_column(default=now)
    diperbarui: Mapped[dt.datetime] = mapped_column(default=now)

    owner: Mapped[Pegawai] = relationship(foreign_keys=[owner_id])
    document: Mapped[Document | None] = relationship()
    messages: Mapped[list[Message]] = relationship(
        back_populates="question", order_by="Message.at, Message.id"
    )


class Message(Base):
    """One message of a thread; never changed afterwards."""

    __tablename__ = "pesan_tanya"
    __table_args__ = (Index("ix_pesan_tanya_question_id", "question_id", "at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    """Made by the form, so that a double tap meets the same row."""
    question_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pertanyaan.id"))
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pegawai.id"))
    isi: Mapped[str] = mapped_column(Text)
    at: Mapped[dt.datetime] = mapped_column(default=now)

    question: Mapped[Question] = relationship(back_populates="messages")
    author: Mapped[Pegawai] = relationship()


class Faq(Base):
    """An answer worth keeping, without a name; shown to everybody of the agency."""

    __tablename__ = "tanya_jawab"
    __table_args__ = (Index("ix_tanya_jawab_instansi_id", "instansi_id", "urutan"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    instansi_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("instansi.id"))
    topik: Mapped[Topic] = mapped_column(code(Topic), default=Topic.UMUM)
    pertanyaan: Mapped[str] = mapped_column(String(300))
    jawaban: Mapped[str] = mapped_column(Text)
    urutan: Mapped[int] = mapped_column(Integer, default=0)
    aktif: Mapped[bool] = mapped_column(Boolean, default=True)
    asal_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("pertanyaan.id"))
    """The thread that it came from."""
    penulis_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pegawai.id"))
    dibuat: Mapped[dt.datetime] = mapped_column(default=now)
