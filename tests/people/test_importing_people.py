"""Whole imports into a database: what enters, what changes, and that a bad file leaves nothing."""

from __future__ import annotations

import datetime as dt
import uuid
from pathlib import Path

import pytest
from sqlalchemy import select

from portal.accounts.models import Akun, Penugasan
from portal.audit import AuditEntry
from portal.db import Database
from portal.people.importer.faults import Refused
from portal.people.models import Pegawai
from portal.vocabulary import KelompokJabatan, Role, Tingkat
from tests.people import siasn_files as siasn
from tests.people.import_support import (
    HISTORY,
    TODAY,
    everything,
    person,
    refusal,
    sources,
    take,
)
from tests.people.siasn_files import GURU, KADIS, other


def test_enters_agency_units_people_degree_and_score(database: Database, folder: Path) -> None:
    outcome = take(database, sources(folder, GURU, KADIS))

    with database.reading() as session:
        found = everything(session)
    assert (outcome.counts.baru, outcome.units) == (2, 2)
    assert found["instansi"] == 1
    assert (found["opd"], found["pegawai"], found["pendidikan"], found["skor"]) == (2, 2, 2, 2)


def test_writes_what_the_row_says(database: Database, folder: Path) -> None:
    take(database, sources(folder, GURU))

    guru = person(database)
    assert guru.nama_lengkap == "Sari Wulandari, S.Pd."
    assert guru.kelompok_jabatan is KelompokJabatan.FUNGSIONAL
    assert guru.syarat_pendidikan is Tingkat.S1
    assert (guru.golongan, guru.jabatan) == ("III/c", "Guru Ahli Muda")


def test_the_same_files_again_change_nothing(database: Database, folder: Path) -> None:
    files = sources(folder, GURU, KADIS, riwayat=siasn.history(folder, HISTORY))
    take(database, files)
    with database.reading() as session:
        before = everything(session)

    outcome = take(database, files)

    with database.reading() as session:
        assert everything(session) == before
    assert (outcome.counts.tetap, outcome.changed, outcome.units) == (2, set(), 0)


def test_changes_only_what_differs(database: Database, folder: Path) -> None:
    take(database, sources(folder, GURU, KADIS))

    outcome = take(database, sources(folder, GURU | {"gol_akhir_nama": "III/d"}, KADIS))

    counts = outcome.counts
    assert (counts.berubah, counts.tetap) == (1, 1)
    assert person(database).golongan == "III/d"


def test_names_the_changed_columns_in_the_audit(database: Database, folder: Path) -> None:
    take(database, sources(folder, GURU))
    take(database, sources(folder, GURU | {"nama": "Sari W.", "tingkat_pendidikan_id": "45"}))

    with database.reading() as session:
        entry = session.scalars(
            select(AuditEntry)
            .where(AuditEntry.action == "people:imported")
            .order_by(AuditEntry.id.desc())
        ).first()
    assert entry
    assert entry.facts == {"kolom": ["nama", "pendidikan"]}


def test_leaves_people_alone_who_are_not_in_the_file(database: Database, folder: Path) -> None:
    take(database, sources(folder, GURU, KADIS))

    outcome = take(database, sources(folder, GURU))

    assert outcome.counts.tetap == 1
    assert person(database, KADIS).pensiun_sejak is None


def test_moves_a_person_and_says_from_where_to_where(database: Database, folder: Path) -> None:
    take(database, sources(folder, GURU))

    outcome = take(database, sources(folder, GURU | {"unor_id": "DINAS"}))

    with database.reading() as session:
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "people:transferred")
        ).one()
    assert outcome.counts.pindah == 1
    assert (entry.facts["dari"], entry.facts["ke"]) == ("SMP Negeri 2", "Dinas Pendidikan")


def test_a_move_ends_the_role_of_the_old_unit(database: Database, folder: Path) -> None:
    take(database, sources(folder, GURU))
    guru = person(database)
    with database.transaction() as session:
        akun = Akun(id=uuid.uuid4(), pegawai_id=guru.id)
        session.add(akun)
        session.flush()
        session.add(
            Penugasan(
                akun_id=akun.id,
                peran=Role.OPERATOR_OPD,
                instansi_id=guru.instansi_id,
                opd_id=guru.opd_id,
            )
        )

    take(database, sources(folder, GURU | {"unor_id": "DINAS"}))

    with database.reading() as session:
        assert session.scalars(select(Penugasan)).all() == []


@pytest.mark.parametrize("code", ["98", "99", "88", "77", "66"])
def test_retirement_begins_on_the_day_of_the_import(
    database: Database, folder: Path, code: str
) -> None:
    take(database, sources(folder, GURU))

    take(database, sources(folder, GURU | {"kedudukan_hukum_id": code}))

    assert person(database).pensiun_sejak == TODAY


def test_retirement_keeps_its_first_day(database: Database, folder: Path) -> None:
    retired = sources(folder, GURU | {"kedudukan_hukum_id": "99"})
    take(database, retired)

    outcome = take(database, retired, TODAY + dt.timedelta(days=30))

    assert outcome.counts.tetap == 1
    assert person(database).pensiun_sejak == TODAY


def test_siasn_takes_its_retirement_back(database: Database, folder: Path) -> None:
    take(database, sources(folder, GURU | {"kedudukan_hukum_id": "98"}))

    take(database, sources(folder, GURU))

    assert person(database).pensiun_sejak is None


def test_a_retirement_noted_in_the_portal_outlives_an_import(
    database: Database, folder: Path
) -> None:
    take(database, sources(folder, GURU))
    with database.transaction() as session:
        session.scalars(select(Pegawai)).one().pensiun_sejak = TODAY

    outcome = take(database, sources(folder, GURU))

    assert outcome.counts.tetap == 1
    assert person(database).pensiun_sejak == TODAY


def test_a_retired_person_may_have_no_post(database: Database, folder: Path) -> None:
    gone = {"kedudukan_hukum_id": "99", "jenis_jabatan_id": "null", "jabatan_nama": "null"}

    take(database, sources(folder, GURU | gone))

    assert person(database).jabatan == "Pensiun"


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"jabatan": ("jabatan_id;eselon", "KADIS;VII.a")}, "Eselon tidak dikenal"),
        ({"jabatan": ("jabatan_id;kelompok_jabatan", "KADIS;bos")}, "Kelompok jabatan tidak"),
        (
            {"jabatan": ("jabatan_id;eselon;kelompok_jabatan", "KADIS;II.b;pengawas")},
            "Tidak cocok dengan eselon",
        ),
        ({"jabatan": ("jabatan_id;eselon", "KADIS;II.b", "KADIS;II.a")}, "Sudah ada di baris"),
        ({"jabatan": ("jabatan_id;eselon", ";II.b", "KADIS;II.b")}, "Isi jabatan_id, unor_id"),
        ({"jabatan": ("jabatan_id;eselon", "LAIN;II.b")}, "Eselon jabatan struktural ini tidak"),
        ({"jabatan": ("jabatan_id;eselon", "KADIS;99")}, "struktural ini tidak diketahui"),
        ({"jabatan": ("jabatan_id;syarat_pendidikan", "KADIS;S-7")}, "Tingkat pendidikan tidak"),
        ({"unor": ("id;parent;name", "DINAS;KAB;Dinas")}, "Unit atasan tidak ada"),
        (
            {"unor": ("id;parent;name", "DINAS;KAB;A", "DINAS;;B")},
            "unor.csv baris 2, kolom parent (isi: KAB): Unit atasan tidak ada",
        ),
        ({"unor": ("id;parent;name", "DINAS;;")}, "Kosong"),
        (
            {"unor": ("id;parent;name", "DINAS;;A", "DINAS;;B")},
            "kolom id (isi: DINAS): Sudah ada di baris 2",
        ),
        ({"unor": ("id;parent;name", "DINAS;A;Dinas", "A;DINAS;B")}, "Unit berputar"),
        ({"unor": ("id;parent;name", "DINAS;DINAS;Dinas")}, "Unit berputar: DINAS → DINAS"),
        ({"unor": ("id;parent;name", "LAIN;;Lain")}, "Unit ini tidak ada di berkas --unor"),
        ({"unor": ("id;name", "DINAS;Dinas")}, "Kolom tidak ada: parent"),
        (
            {
                "unor": (
                    "id;parent;name",
                    "DINAS;;0",
                    *(f"U{n};{f'U{n - 1}' if n else 'DINAS'};{n}" for n in range(11)),
                )
            },
            "Lebih dari 10 tingkat",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_names_what_is_wrong_in_posts_and_units(
    database: Database, folder: Path, files: dict[str, tuple[str, ...]], sentence: str
) -> None:
    given = {name: siasn.lines(folder, *lines, name=f"{name}.csv") for name, lines in files.items()}

    told = refusal(database, sources(folder, KADIS, **given))

    assert any(sentence in line for line in told), told


def test_a_corrected_number_stays_the_same_person(database: Database, folder: Path) -> None:
    take(database, sources(folder, GURU))
    before = person(database).id

    corrected = GURU | {"nip_baru": "198704122010012016"}
    outcome = take(database, sources(folder, corrected))

    assert outcome.counts.berubah == 1
    assert person(database, corrected).id == before


def test_a_number_never_changes_its_owner(database: Database, folder: Path) -> None:
    take(database, sources(folder, GURU, other(1)))

    with pytest.raises(Refused) as caught:
        take(database, sources(folder, GURU | {"nip_baru": other(1)["nip_baru"]}))

    assert "NIP ini milik orang lain" in str(caught.value.faults.kept[0])


def test_silence_about_an_address_keeps_the_known_one(database: Database, folder: Path) -> None:
    take(database, sources(folder, GURU | {"email": "sari@cendana.go.id"}))

    outcome = take(database, sources(folder, GURU))

    assert outcome.counts.tetap == 1
    assert person(database).email == "sari@cendana.go.id"
