"""Imports of people into a database, and what they leave there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.agency.models import Instansi, Opd
from portal.audit import AuditEntry
from portal.db import Database
from portal.operations.people_import import Outcome, Sources, import_people
from portal.people.importer.faults import Refused
from portal.people.models import Pegawai, Pendidikan, Pengembangan
from portal.scoring.models import StoredScore
from tests.people import siasn_files as siasn
from tests.people.siasn_files import GURU

TODAY = dt.date(2026, 11, 22)
POSTS = ("jabatan_id;unor_id;eselon;syarat_pendidikan", "GURU;;;S-1", "KADIS;;II.b;40")
UNITS = ("id;parent;name", "SMPN2;DINAS;SMP Negeri 2", "DINAS;;Dinas Pendidikan")


def take(database: Database, sources: Sources, today: dt.date = TODAY) -> Outcome:
    with database.transaction() as session:
        return import_people(session, None, sources, today=lambda _: today)


def sources(folder: Path, *rows: Mapping[str, str], **files: Any) -> Sources:
    """The export of these rows, with the posts and units of this module unless told otherwise."""
    given: dict[str, Any] = {}
    if "jabatan" not in files:
        given["jabatan"] = siasn.lines(folder, *POSTS, name="jabatan.csv")
    if "unor" not in files:
        given["unor"] = siasn.lines(folder, *UNITS, name="unor.csv")
    return Sources(siasn.export(folder, *rows), **(given | files))


def refusal(database: Database, wanted: Sources) -> list[str]:
    """The sentences of a refused import; nothing may be left behind."""
    with pytest.raises(Refused) as caught:
        take(database, wanted)
    with database.reading() as session:
        assert everything(session) == {}
    return [str(fault) for fault in caught.value.faults.kept]


def everything(session: Session) -> dict[str, int]:
    tables = (Instansi, Opd, Pegawai, Pendidikan, Pengembangan, StoredScore, AuditEntry)
    counts = {
        table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0
        for table in tables
    }
    return {name: count for name, count in counts.items() if count}


def person(database: Database, row: Mapping[str, str] = GURU) -> Pegawai:
    with database.reading() as session:
        return session.scalars(
            select(Pegawai).where(Pegawai.nip == row["nip_baru"].lstrip("'"))
        ).one()


HISTORY: dict[str, Any] = {
    "nip": "198704122010012015",
    "pendidikan": [{"tingkat": "S-1", "tanggal_lulus": "2009-08-01"}],
    "pengembangan": [
        {"jenis": 3, "jp": 24, "tanggal_selesai": "2026-05-04", "nama": "Asesmen"},
        {"jenis": 2, "tanggal_selesai": "2015-05-29"},
    ],
    "kinerja": [{"tahun": 2025, "nilai": 88.12345, "predikat": "Cukup"}],
    "hukdis": [{"tingkat": "ringan", "tmt": "2019-03-01", "akhir": "2019-09-01"}],
}
