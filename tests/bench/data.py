"""What is measured on: the cast with an item of every kind and state, and a crowd around it.

The crowd is written in bulk, without the story before each row: only its number matters.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Insert, insert
from sqlalchemy.orm import Session

from portal.accounts.models import Akun
from portal.db import Database, now
from portal.documents.models import Document, DocumentFile
from portal.people.models import Kinerja, Pegawai, Pendidikan, Pengembangan
from portal.scoring.actions import recompute
from portal.storage import Storage
from portal.vocabulary import (
    DocumentKind,
    DocumentState,
    FileRole,
    JenisDiklat,
    JenisPegawai,
    KelompokJabatan,
    Predikat,
    Tingkat,
)
from tests.support import builders, examples
from tests.support.cast import TODAY, Cast, assemble, password_hash
from tests.support.walk import Examples

CHUNK = 5000
STATES = (
    *[DocumentState.DISETUJUI] * 12,
    *[DocumentState.DIAJUKAN] * 3,
    DocumentState.PERLU_PERBAIKAN,
    DocumentState.DITOLAK,
    DocumentState.DIBATALKAN,
    DocumentState.DICABUT,
    DocumentState.DRAF,
)
"""Of twenty items: most are done, three wait in the queue."""


def fill(
    database: Database, storage: Storage, *, people: int, documents: int
) -> tuple[Cast, Examples]:
    """Put the cast and a crowd into an empty, migrated database."""
    with database.transaction() as session:
        cast = assemble(session)
        shown = examples.build(session, cast, storage)
        for actor in (cast.sari, cast.vera):
            for _ in range(30):
                builders.notification(session, actor)
        for actor in cast.everybody.values():
            recompute(session, actor.pegawai_id, today=TODAY, cause="Penghitungan harian")
        ids = [uuid.uuid4() for _ in range(people - len(cast.everybody))]
        units = [cast.units.smpn.id, cast.units.kesehatan.id, cast.units.pendidikan.id]
        _write(session, insert(Pegawai), crowd(cast, ids, units))
        _write(session, insert(Akun), accounts(ids))
        for table, rows in _records(ids):
            _write(session, insert(table), rows)
        items = list(_items(ids, units, documents))
        _write(session, insert(Document), iter(items))
        _write(session, insert(DocumentFile), _files(items))
    return cast, shown


def _write(session: Session, statement: Insert, rows: Iterator[dict[str, Any]]) -> None:
    chunk: list[dict[str, Any]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK:
            session.execute(statement, chunk)
            chunk = []
    if chunk:
        session.execute(statement, chunk)


def crowd(cast: Cast, ids: list[uuid.UUID], units: list[uuid.UUID]) -> Iterator[dict[str, Any]]:
    """Rows of people, all alike but for their numbers."""
    for number, own in enumerate(ids):
        yield {
            "id": own,
            "instansi_id": cast.units.instansi_id,
            "opd_id": units[number % len(units)],
            "nip": f"19900101{number:010}",
            "nama": f"Rekan {number:05}",
            "jenis_pegawai": JenisPegawai.PNS,
            "kelompok_jabatan": KelompokJabatan.FUNGSIONAL,
            "jabatan": "Guru Ahli Muda",
            "syarat_pendidikan": Tingkat.S1,
        }


def accounts(ids: list[uuid.UUID]) -> Iterator[dict[str, Any]]:
    """Rows of their accounts, with the password of the cast."""
    for own in ids:
        yield {"pegawai_id": own, "kata_sandi": password_hash(), "setuju_privasi": now()}


def _records(ids: list[uuid.UUID]) -> Iterator[tuple[type, Iterator[dict[str, Any]]]]:
    ended = dt.date(TODAY.year, 1, 1)
    degree = {"tingkat": Tingkat.S1, "tanggal_lulus": dt.date(2012, 8, 1)}
    result = {"tahun": TODAY.year - 1, "predikat": Predikat.BAIK}
    course = {"jenis": JenisDiklat.TEKNIS, "nama": "Bimtek", "jp": 8, "tanggal_selesai": ended}
    for table, fields in ((Pendidikan, degree), (Kinerja, result), (Pengembangan, course)):
        yield table, ({"pegawai_id": own, **fields} for own in ids)


def _items(ids: list[uuid.UUID], units: list[uuid.UUID], count: int) -> Iterator[dict[str, Any]]:
    for number in range(count):
        state = STATES[number % len(STATES)]
        begun = now() - dt.timedelta(minutes=count - number)
        person = number % len(ids)
        owner = ids[person]
        yield {
            "id": uuid.uuid4(),
            "owner_id": owner,
            "created_by_id": owner,
            "opd_id": units[person % len(units)],
            "tenggat": TODAY if state is DocumentState.DIAJUKAN else None,
            "kind": DocumentKind.SEMINAR,
            "jenis": JenisDiklat.SEMINAR,
            "nama": "Seminar Literasi Numerasi",
            "penyelenggara": "Balai Guru Penggerak",
            "nomor": f"421/{number:06}/BGP",
            "tanggal_selesai": TODAY,
            "state": state,
            "created_at": begun,
            "submitted_at": None if state is DocumentState.DRAF else begun,
            "receipt": None if state is DocumentState.DRAF else f"U{number:09}",
        }


def _files(items: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for item in items:
        yield {
            "document_id": item["id"],
            "role": FileRole.SERTIFIKAT,
            "pages": 1,
            "size": 200_000,
            "sha256_original": item["id"].hex * 2,
            "sha256_stored": item["id"].hex * 2,
            "original_names": ["sertifikat.jpg"],
        }
