"""Building blocks of the stories in these tests."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.documents.files import StoredFile
from portal.documents.intake import Converted, Limits
from portal.documents.intake.conversion import convert
from portal.documents.models import Document, DocumentFile
from portal.handin import actions
from portal.people.models import Pegawai
from portal.permissions import Actor
from portal.vocabulary import DocumentKind, FileRole, JenisDiklat, Tingkat
from tests.support.cast import TODAY

NEW_YEAR = dt.date(TODAY.year, 1, 1)
SEMINAR: dict[str, Any] = {
    "jenis": JenisDiklat.SEMINAR,
    "nama": "Seminar Literasi Numerasi",
    "penyelenggara": "BPMP Kalimantan Selatan",
    "tanggal_mulai": NEW_YEAR,
    "tanggal_selesai": NEW_YEAR,
    "jp": 4,
    "nomor": "0412/BPMP-KS/X/2026",
}
DEGREE: dict[str, Any] = {
    "tingkat": Tingkat.S2,
    "program_studi": "Magister Pendidikan",
    "perguruan_tinggi": "Universitas Lambung Mangkurat",
    "nomor": "8412/UN8/2024",
    "tanggal_lulus": dt.date(2024, 8, 1),
}


def owner_of(session: Session, actor: Actor) -> Pegawai:
    return session.get_one(Pegawai, actor.pegawai_id)


def stored(content: str = "foto", **values: Any) -> StoredFile:
    """Objects that were put into the store before the act; equal content, equal hash."""
    digest = hashlib.sha256(content.encode()).hexdigest()
    made: dict[str, Any] = {
        "id": uuid.uuid4(),
        "pages": 1,
        "sizes": ((60, 84),),
        "size": 340_000,
        "sha256_original": digest,
        "sha256_stored": digest,
        "signed": False,
        "original_names": ("sertifikat.jpg",),
    }
    return StoredFile(**made | values)


def draft(
    session: Session,
    actor: Actor,
    owner: Actor | None = None,
    kind: DocumentKind = DocumentKind.SEMINAR,
    **values: Any,
) -> Document:
    """An empty draft of `owner` (the actor, when nobody is named)."""
    person = owner_of(session, owner or actor)
    values.setdefault("document_id", uuid.uuid4())
    return actions.start_draft(session, actor, person, kind=kind, **values)


def complete(
    session: Session, actor: Actor, owner: Actor | None = None, content: str | None = None
) -> Document:
    """A seminar that lacks nothing but the hand-in."""
    document = draft(session, actor, owner)
    actions.attach(
        session, actor, document, FileRole.SERTIFIKAT, stored(content or str(document.id))
    )
    actions.fill(session, actor, document, SEMINAR)
    return document


def handed_in(session: Session, actor: Actor, content: str | None = None) -> Document:
    """A seminar that waits for a verifikator."""
    document = complete(session, actor, content=content)
    actions.submit(session, actor, document, today=TODAY)
    return document


def file_of(database: Database, document_id: uuid.UUID) -> DocumentFile:
    with database.transaction() as session:
        return session.scalars(
            select(DocumentFile).where(DocumentFile.document_id == document_id)
        ).one()


def in_process(
    paths: Sequence[Path],
    limits: Limits,
    workdir: Path,
    turns: Sequence[int] = (),
    *,
    cpu_seconds: int = 1,
    wall_seconds: float,
) -> Converted:
    """The conversion without its child process, which has tests of its own."""
    assert min(cpu_seconds, wall_seconds) > 0
    return convert(paths, limits, workdir, turns)
