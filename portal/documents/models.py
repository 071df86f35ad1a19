"""Tables of handed-in items and their files."""

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
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from portal.db import Base, code, new_id, now
from portal.documents.rulings import Reason
from portal.people.models import Pegawai
from portal.vocabulary import (
    BknState,
    DocumentKind,
    DocumentState,
    FileRole,
    JenisDiklat,
    LatihanStruktural,
    SignatureState,
    Tingkat,
)

OPEN_STATES = (
    DocumentState.DIAJUKAN,
    DocumentState.DIPERIKSA,
    DocumentState.MENUNGGU_KEDUA,
)
"""Waiting for a verifikator: the queue."""


_WAITING = "state IN ('diajukan', 'diperiksa', 'menunggu-kedua')"
"""The same as a condition of partial indexes."""


def number_key(nomor: str) -> str:
    """The number of a certificate as it is compared: letters and digits alone, lower case."""
    return "".join(sign for sign in nomor.casefold() if sign.isalnum())[:100]


class Document(Base):
    """One item. Course fields and degree fields share the row; the kind says which are used."""

    __tablename__ = "document"
    __table_args__ = (
        UniqueConstraint("id", "owner_id"),
        UniqueConstraint("receipt"),
        CheckConstraint(
            "(claimed_by_id IS NULL) = (claimed_until IS NULL)",
            name="claim_has_holder_and_end",
        ),
        CheckConstraint("claimed_by_id <> owner_id", name="claim_is_never_own"),
        CheckConstraint("(state = 'diperiksa') = (claimed_by_id IS NOT NULL)", name="claim_state"),
        CheckConstraint(
            "(state = 'draf') OR (submitted_at IS NOT NULL AND receipt IS NOT NULL)",
            name="handed_in_has_receipt",
        ),
        Index("ix_document_owner_id_created_at", "owner_id", "created_at"),
        Index("ix_document_created_by_id_created_at", "created_by_id", "created_at"),
        Index(
            "ix_document_queue",
            "submitted_at",
            "id",
            "state",  # so that a walk over it reads the index alone
            sqlite_where=text(_WAITING),
            postgresql_where=text(_WAITING),
        ),
        Index(
            "ix_document_queue_of_unit",
            "opd_id",
            "kind",
            "state",
            "submitted_at",
            "id",
            sqlite_where=text(_WAITING),
            postgresql_where=text(_WAITING),
        ),
        Index(
            "ix_document_due",
            "tenggat",
            "submitted_at",
            "id",
            sqlite_where=text(_WAITING),
            postgresql_where=text(_WAITING),
        ),
        Index(
            "ix_document_queue_of_twins",
            "submitted_at",
            "id",
            sqlite_where=text(f"{_WAITING} AND kembar = 1"),
            postgresql_where=text(f"{_WAITING} AND kembar"),
        ),
        Index(
            "ix_document_queue_of_objections",
            "submitted_at",
            "id",
            sqlite_where=text(f"{_WAITING} AND objected = 1"),
            postgresql_where=text(f"{_WAITING} AND objected"),
        ),
        Index(
            "ix_document_queue_of_lights",
            "lampu",
            "submitted_at",
            "id",
            sqlite_where=text(_WAITING),
            postgresql_where=text(_WAITING),
        ),
        Index(
            "ix_document_queue_of_second",
            "first_approver_id",
            "submitted_at",
            "id",
            sqlite_where=text(f"{_WAITING} AND first_approver_id IS NOT NULL"),
            postgresql_where=text(f"{_WAITING} AND first_approver_id IS NOT NULL"),
        ),
        Index(
            "ix_document_claimed_by_id",
            "claimed_by_id",
            sqlite_where=text("claimed_by_id IS NOT NULL"),
            postgresql_where=text("claimed_by_id IS NOT NULL"),
        ),
        Index("ix_document_nomor", "nomor"),
        Index("ix_document_nomor_kunci", "nomor_kunci"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    """Made by the form that starts the item, so that a double tap meets the same row."""
    owner_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pegawai.id"))
    created_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pegawai.id"))
    """The owner, or the operator OPD who handed in for the owner."""
    kind: Mapped[DocumentKind] = mapped_column(code(DocumentKind))
    state: Mapped[DocumentState] = mapped_column(code(DocumentState), default=DocumentState.DRAF)
    bkn_state: Mapped[BknState] = mapped_column(code(BknState), default=BknState.BELUM_DIKIRIM)
    revision: Mapped[int] = mapped_column(Integer, default=1)
    receipt: Mapped[str | None] = mapped_column(String(12))
    created_at: Mapped[dt.datetime] = mapped_column(default=now)
    submitted_at: Mapped[dt.datetime | None]
    """Of the newest hand-in; a repair goes to the end of the queue."""
    closed_at: Mapped[dt.datetime | None]
    replaces_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("document.id"))
    """The approved item whose place this one takes once it is approved itself."""
    objected: Mapped[bool] = mapped_column(Boolean, default=False)
    antrean_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("antrean.id"))
    """The group that checks it; None: the general queue. Set by routing at each hand-in."""
    opd_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("opd.id"))
    """The owner's unit when the item was routed; it follows a transfer within a minute. The queue
    is listed and counted by it, while rights ask for the owner's unit of the moment."""
    lapis_pertama: Mapped[bool] = mapped_column(Boolean, default=False)
    """The verifikator of the owner's OPD look at it before those of the BKD. Set by routing, where
    the agency asks for that level and somebody is there to look; the first approval ends it."""
    tenggat: Mapped[dt.date | None]
    """The working day by which a decision is due; None while the item is with its owner."""
    lampu: Mapped[str | None] = mapped_column(String(10))
    """Worst light of its automatic checks when they last ran (portal.verification.checking); None
    until then. A hint for the queue, never the ground of a decision."""
    kembar: Mapped[bool] = mapped_column(Boolean, default=False)
    """Number, picture or code were found in another item; a hint like `lampu`."""

    jenis: Mapped[JenisDiklat | None] = mapped_column(code(JenisDiklat))
    nama: Mapped[str] = mapped_column(String(300), default="")
    penyelenggara: Mapped[str] = mapped_column(String(200), default="")
    nomor: Mapped[str] = mapped_column(String(100), default="")
    nomor_kunci: Mapped[str] = mapped_column(String(100), default="")
    """The number as it is compared (`number_key`); follows `nomor` by itself."""
    tanggal_mulai: Mapped[dt.date | None]
    tanggal_selesai: Mapped[dt.date | None]
    tanggal_sertifikat: Mapped[dt.date | None]
    jp: Mapped[int | None]
    latihan_struktural: Mapped[LatihanStruktural | None] = mapped_column(code(LatihanStruktural))
    tingkat: Mapped[Tingkat | None] = mapped_column(code(Tingkat))
    program_studi: Mapped[str] = mapped_column(String(200), default="")
    perguruan_tinggi: Mapped[str] = mapped_column(String(200), default="")
    luar_negeri: Mapped[bool] = mapped_column(Boolean, default=False)
    tanggal_lulus: Mapped[dt.date | None]
    gelar: Mapped[str] = mapped_column(String(60), default="")

    claimed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("pegawai.id"))
    claimed_until: Mapped[dt.datetime | None]
    first_approver_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("pegawai.id"))
    """Who gave the first of two approvals; the second must be somebody else."""
    reason_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("alasan.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    """What the verifikator wrote with the last return, refusal or revocation."""

    owner: Mapped[Pegawai] = relationship(foreign_keys=[owner_id])
    created_by: Mapped[Pegawai] = relationship(foreign_keys=[created_by_id])
    claimed_by: Mapped[Pegawai | None] = relationship(foreign_keys=[claimed_by_id])
    reason: Mapped[Reason | None] = relationship()
    files: Mapped[list[DocumentFile]] = relationship(
        back_populates="document", order_by="DocumentFile.created_at"
    )

    @validates("nomor")
    def _follow_nomor(self, _name: str, nomor: str) -> str:
        self.nomor_kunci = number_key(nomor)
        return nomor

    @property
    def title(self) -> str:
        """What people call the item."""
        if self.kind is DocumentKind.IJAZAH:
            level = self.tingkat.label if self.tingkat else ""
            return " ".join(part for part in ("Ijazah", level, self.program_studi) if part)
        if self.kind is DocumentKind.KEPEMIMPINAN and self.latihan_struktural:
            return self.latihan_struktural.label
        return self.nama or self.kind.label

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def state_label(self) -> str:
        """The word shown to people; a repaired item waits as "Diajukan ulang"."""
        if self.state is DocumentState.DIAJUKAN and self.revision > 1:
            return "Diajukan ulang"
        return self.state.label

    @property
    def current_files(self) -> list[DocumentFile]:
        return [file for file in self.files if file.superseded_at is None]


class DocumentFile(Base):
    """One PDF of an item, its page pictures in the object store under generated keys."""

    __tablename__ = "document_file"
    __table_args__ = (
        Index("ix_document_file_document_id", "document_id"),
        Index("ix_document_file_sha256_original", "sha256_original"),
        Index("ix_document_file_dhash_a", "dhash_a"),
        Index("ix_document_file_dhash_b", "dhash_b"),
        Index("ix_document_file_dhash_c", "dhash_c"),
        Index(
            "uq_document_file_current",
            "document_id",
            "role",
            unique=True,
            sqlite_where=text("superseded_at IS NULL"),
            postgresql_where=text("superseded_at IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    document_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("document.id"))
    revision: Mapped[int] = mapped_column(Integer, default=1)
    role: Mapped[FileRole] = mapped_column(code(FileRole))
    pages: Mapped[int]
    sizes: Mapped[list[list[int]]] = mapped_column(JSON, default=list)
    """Width and height of the picture of each page, in pixels."""
    size: Mapped[int]
    sha256_original: Mapped[str] = mapped_column(String(64))
    """Of the bytes that came in (of the list of hashes for several pictures)."""
    sha256_stored: Mapped[str] = mapped_column(String(64))
    signed: Mapped[bool] = mapped_column(Boolean, default=False)
    """Digitally signed PDF: kept byte for byte, shown only as page pictures."""
    tanda_tangan: Mapped[SignatureState | None] = mapped_column(code(SignatureState))
    """What its signature says about the bytes; None for papers from before it was looked at."""
    original_names: Mapped[list[str]] = mapped_column(JSON, default=list)
    originals: Mapped[int] = mapped_column(Integer, default=0)
    """Number of original uploads kept beside the PDF (a setting; 0 by default)."""
    dhash: Mapped[str | None] = mapped_column(String(16))
    """Look of the first page (hexadecimal, 64 bits); None where it was not taken."""
    dhash_a: Mapped[int | None] = mapped_column(Integer)
    """The first 22 bits; of two pictures that differ in at most 8 bits, one third at least differs
    in at most two, so that an index finds the candidates."""
    dhash_b: Mapped[int | None] = mapped_column(Integer)
    """The next 21 bits."""
    dhash_c: Mapped[int | None] = mapped_column(Integer)
    """The last 21 bits."""
    objects: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, deferred=True)
    """Name of each stored object below the file's folder → sha256 of its bytes."""
    created_at: Mapped[dt.datetime] = mapped_column(default=now)
    superseded_at: Mapped[dt.datetime | None]
    erased_at: Mapped[dt.datetime | None]
    """When the bytes were deleted by the rules of retention; the row stays."""

    document: Mapped[Document] = relationship(back_populates="files")
