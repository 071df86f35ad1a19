"""Whose people an import may touch, and what a fault takes back."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from portal.agency.models import Instansi
from portal.db import Database
from portal.people.importer.faults import Refused
from portal.people.models import Pendidikan
from tests.people.import_support import (
    person,
    refusal,
    sources,
    take,
)
from tests.people.siasn_files import GURU, other


def test_one_bad_row_among_many_takes_nothing(database: Database, folder: Path) -> None:
    rows = [other(number) for number in range(20)]

    (told,) = refusal(database, sources(folder, *rows, GURU | {"nip_baru": "1.98E+17"}))

    assert told == (
        "pegawai.csv baris 22, kolom nip_baru (isi: 1.98E+17): NIP rusak oleh Excel (1,98E+17). "
        "Ubah kolom NIP menjadi Teks, lalu simpan ulang."
    )


def test_a_later_fault_takes_back_what_was_written_before(database: Database, folder: Path) -> None:
    rows = [other(number) for number in range(600)]

    refusal(database, sources(folder, *rows, GURU | {"unor_id": "TIDAK-ADA"}))


def test_people_of_another_agency_are_refused(database: Database, folder: Path) -> None:
    foreign = {"instansi_kerja_id": "INS-2", "instansi_induk_id": "INS-2"}

    (told,) = refusal(database, sources(folder, GURU, other(1, **foreign)))

    assert "Satu berkas untuk satu instansi" in told


def test_people_lent_to_another_agency_stay(database: Database, folder: Path) -> None:
    outcome = take(database, sources(folder, GURU, other(1, instansi_kerja_id="INS-2")))

    assert outcome.counts.baru == 2


def test_refuses_an_agency_that_nobody_knows(database: Database, folder: Path) -> None:
    take(database, sources(folder, GURU))

    with pytest.raises(Refused) as caught:
        take(database, sources(folder, GURU, instansi_id="INS-9"))

    assert "belum dikenal" in str(caught.value.faults.kept[0])


def test_an_agency_can_be_chosen_where_there_are_several(database: Database, folder: Path) -> None:
    with database.transaction() as session:
        session.add(Instansi(siasn_id="INS-7", nama="Pemerintah Kota Lain"))
        session.add(Instansi(siasn_id="INS-1", nama="Pemerintah Kabupaten Cendana"))

    outcome = take(database, sources(folder, GURU, instansi_id="INS-1"))

    assert outcome.counts.baru == 1


def test_a_person_of_another_agency_of_the_portal_is_refused(
    database: Database, folder: Path
) -> None:
    take(database, sources(folder, GURU))
    with database.transaction() as session:
        session.add(Instansi(siasn_id="INS-7", nama="Pemerintah Kota Lain"))
    foreign = {"instansi_kerja_id": "INS-7", "instansi_induk_id": "INS-7"}

    with pytest.raises(Refused) as caught:
        take(database, sources(folder, GURU | foreign, instansi_id="INS-7"))

    assert "Tercatat di instansi lain" in str(caught.value.faults.kept[0])


def test_takes_a_person_of_whom_little_is_known(database: Database, folder: Path) -> None:
    little = dict.fromkeys(
        ("tingkat_pendidikan_id", "tahun_lulus", "tanggal_lahir", "jenis_kelamin"), "null"
    )

    take(database, sources(folder, GURU | little))

    with database.reading() as session:
        assert session.scalars(select(Pendidikan)).all() == []
    assert person(database).tanggal_lahir is None


def test_a_year_of_zero_is_no_year(database: Database, folder: Path) -> None:
    take(database, sources(folder, GURU | {"tahun_lulus": "0"}))

    with database.reading() as session:
        assert session.scalars(select(Pendidikan)).one().tahun_lulus is None
