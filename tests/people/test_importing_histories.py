"""Histories in the import of people: their order, their faults."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from portal.db import Database
from portal.people.models import Hukdis, Kinerja, Pengembangan
from portal.scoring.models import StoredScore
from portal.vocabulary import JenisDiklat
from tests.people import siasn_files as siasn
from tests.people.import_support import (
    HISTORY,
    refusal,
    sources,
    take,
)
from tests.people.siasn_files import GURU, other


def test_takes_histories_in_their_order(database: Database, folder: Path) -> None:
    take(database, sources(folder, GURU, riwayat=siasn.history(folder, HISTORY)))

    with database.reading() as session:
        courses = session.scalars(select(Pengembangan).order_by(Pengembangan.urutan)).all()
        found = [len(session.scalars(select(table)).all()) for table in (Kinerja, Hukdis)]
    assert [course.jenis for course in courses] == [JenisDiklat.TEKNIS, JenisDiklat.FUNGSIONAL]
    assert {course.sumber for course in courses} == {"riwayat"}
    assert found == [1, 1]


def test_the_history_counts_in_the_score(database: Database, folder: Path) -> None:
    take(database, sources(folder, GURU, riwayat=siasn.history(folder, HISTORY)))

    with database.reading() as session:
        score = session.scalars(select(StoredScore)).one()
    assert (score.kompetensi, score.kinerja) == (30, 15)


def test_a_list_that_is_absent_stays_and_an_empty_one_clears(
    database: Database, folder: Path
) -> None:
    take(database, sources(folder, GURU, riwayat=siasn.history(folder, HISTORY)))

    fewer = siasn.history(folder, {"nip": HISTORY["nip"], "hukdis": []})
    take(database, sources(folder, GURU, riwayat=fewer))

    with database.reading() as session:
        assert session.scalars(select(Hukdis)).all() == []
        assert len(session.scalars(select(Pengembangan)).all()) == 2


def test_the_input_of_hitung_is_a_history_as_it_is(database: Database, folder: Path) -> None:
    person = {**HISTORY, "kelompok_jabatan": "fungsional", "jenis_pegawai": "PNS"}

    outcome = take(database, sources(folder, GURU, riwayat=siasn.history(folder, person)))

    assert outcome.histories == 1


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("[1, 2]", "harus berupa objek JSON"),
        ("{", "bukan objek JSON dalam satu baris"),
        ('{"nip": NaN}', "NaN bukan angka"),
        ('{"nip": "1", "nip": "2"}', "ada kunci yang ditulis dua kali"),
        ("{}", "wajib diisi"),
        ('{"nip": 198704122010012015}', "18 angka"),
        ('{"nip": "199901012020011001"}', "tidak ada di portal dan tidak ada di berkas"),
        ('{"nip": "198704122010012015", "kursus": []}', "kunci tidak dikenal"),
        ('{"nip": "198704122010012015", "pengembangan": [{"jenis": 26}]}', "antara 1 dan 25"),
        (
            '{"nip": "198704122010012015", "pengembangan": [{"jenis": 3, "nama": 5}]}',
            "pengembangan[0].nama",
        ),
        (
            '{"nip": "198704122010012015", "pengembangan": [{"jenis": 3, "nama": "\\ud800"}]}',
            "karakter yang bukan teks",
        ),
        ('{"nip": "198704122010012015", "kinerja": [{"tahun": 2025, "nilai": 101}]}', "nilai"),
        ('{"nip": "198704122010012015", "hukdis": [{"tingkat": "ringan"}]}', "hukdis[0].tmt"),
        ("[" * 100_000, "bukan objek JSON"),
        ('{"nip": "' + "1" * 2_000_000 + '"}', "baris lebih panjang"),
    ],
    ids=lambda value: value[:60] if isinstance(value, str) else None,
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_names_what_is_wrong_in_a_history(
    database: Database, folder: Path, line: str, sentence: str
) -> None:
    path = siasn.lines(folder, line, name="riwayat.jsonl")

    (told,) = refusal(database, sources(folder, GURU, riwayat=path))

    assert told.startswith("riwayat.jsonl baris 1")
    assert sentence in told


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("record", "sentence"),
    [
        ({"pengembangan": [{"jenis": 3, "nama": "N" * 301}]}, "301 karakter"),
        (
            {
                "pengembangan": [
                    {"jenis": 3, "tanggal_mulai": "2026-02-02", "tanggal_selesai": "2026-02-01"}
                ]
            },
            "lebih awal dari tanggal_mulai",
        ),
        (
            {"hukdis": [{"tingkat": "berat", "tmt": "2026-02-02", "akhir": "2026-02-01"}]},
            "lebih awal dari tmt",
        ),
        ({"kinerja": [{"tahun": 2021, "nilai": 201, "predikat": "Baik"}]}, "kinerja[0].nilai"),
    ],
    ids=["long", "backwards", "backwards-punishment", "beyond-any-scale"],
)
def test_names_a_record_that_makes_no_sense(
    database: Database, folder: Path, record: dict[str, Any], sentence: str
) -> None:
    path = siasn.history(folder, {"nip": HISTORY["nip"], **record})

    (told,) = refusal(database, sources(folder, GURU, riwayat=path))

    assert sentence in told


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_refuses_a_history_in_two_lines(database: Database, folder: Path) -> None:
    path = siasn.history(folder, HISTORY, {"nip": HISTORY["nip"]})

    (told,) = refusal(database, sources(folder, GURU, riwayat=path))

    assert "sudah ada di baris 1; satukan" in told


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_refuses_a_history_that_is_no_text(database: Database, folder: Path) -> None:
    path = folder / "riwayat.jsonl"
    path.write_bytes(b'{"nip": "\xff"}\n')

    (told,) = refusal(database, sources(folder, GURU, riwayat=path))

    assert "bukan teks UTF-8" in told


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_tells_when_the_history_is_gone(database: Database, folder: Path) -> None:
    (told,) = refusal(database, sources(folder, GURU, riwayat=folder / "hilang.jsonl"))

    assert "Berkas tidak dapat dibaca: berkas atau foldernya tidak ada." in told


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_names_every_history_of_nobody(database: Database, folder: Path) -> None:
    nobody = [{"nip": other(number)["nip_baru"], "hukdis": []} for number in (1, 2)]

    told = refusal(database, sources(folder, GURU, riwayat=siasn.history(folder, *nobody)))

    assert len(told) == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_blames_no_history_for_a_bad_row_of_its_person(database: Database, folder: Path) -> None:
    bad = GURU | {"nama": "null"}

    (told,) = refusal(
        database, sources(folder, bad, other(1), riwayat=siasn.history(folder, HISTORY))
    )

    assert "kolom nama" in told
