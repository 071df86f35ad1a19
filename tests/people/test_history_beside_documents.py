"""A history that names again what an approved document has proven counts it once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from portal.db import Database
from portal.people.actions import take_history
from portal.people.models import Pendidikan, Pengembangan
from portal.vocabulary import DocumentState, JenisDiklat, Tingkat
from tests.support import builders
from tests.support.cast import Cast

BIMTEK = {"jenis": JenisDiklat.BIMTEK, "tanggal_selesai": dt.date(2026, 5, 4), "jp": 12}


@pytest.fixture
def proven(database: Database, cast: Cast) -> None:
    """An approved bimtek of 12 JP."""
    with database.transaction() as session:
        document = builders.document(
            session, cast.sari, DocumentState.DISETUJUI, verifier=cast.vera
        )
        session.add(
            Pengembangan(
                pegawai_id=cast.sari.pegawai_id,
                sumber="portal",
                document_id=document.id,
                nama="Bimtek Kurikulum",
                **BIMTEK,
            )
        )


def take(database: Database, cast: Cast, *rows: dict[str, Any]) -> bool:
    with database.transaction() as session:
        return bool(take_history(session, None, {cast.sari.pegawai_id: {Pengembangan: rows}}))


def imported(database: Database, cast: Cast) -> list[int]:
    with database.reading() as session:
        statement = select(Pengembangan.jp).where(
            Pengembangan.pegawai_id == cast.sari.pegawai_id,
            Pengembangan.sumber == "riwayat",
            Pengembangan.tanggal_selesai == BIMTEK["tanggal_selesai"],
        )
        return list(session.scalars(statement))


def test_the_same_course_is_not_entered_again(database: Database, cast: Cast, proven: None) -> None:
    take(database, cast, BIMTEK)
    assert imported(database, cast) == []


def test_another_course_of_the_day_is_entered(database: Database, cast: Cast, proven: None) -> None:
    take(database, cast, BIMTEK, BIMTEK | {"jp": 6})
    assert imported(database, cast) == [6]


def test_one_document_stands_for_one_line(database: Database, cast: Cast, proven: None) -> None:
    take(database, cast, BIMTEK, BIMTEK)
    assert imported(database, cast) == [12]


def test_taking_the_same_history_again_changes_nothing(
    database: Database, cast: Cast, proven: None
) -> None:
    take(database, cast, BIMTEK, BIMTEK | {"jp": 6})
    assert take(database, cast, BIMTEK, BIMTEK | {"jp": 6}) is False


def test_the_same_degree_is_not_entered_again(database: Database, cast: Cast) -> None:
    degree = {"tingkat": Tingkat.S2, "tanggal_lulus": dt.date(2024, 8, 1)}
    with database.transaction() as session:
        session.add(Pendidikan(pegawai_id=cast.sari.pegawai_id, sumber="portal", **degree))
    with database.transaction() as session:
        take_history(session, None, {cast.sari.pegawai_id: {Pendidikan: [degree]}})
    with database.reading() as session:
        levels = select(Pendidikan).where(Pendidikan.tingkat == Tingkat.S2)
        assert [record.sumber for record in session.scalars(levels)] == ["portal"]
