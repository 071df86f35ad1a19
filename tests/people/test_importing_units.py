"""Posts and units in the import of people: groups, heads, trees that move."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from portal.agency.models import Opd
from portal.db import Database
from portal.people.importer.codes import Options
from portal.vocabulary import KelompokJabatan
from tests.people import siasn_files as siasn
from tests.people.import_support import (
    UNITS,
    person,
    sources,
    take,
)
from tests.people.siasn_files import GURU, KADIS


@pytest.mark.parametrize(
    ("eselon", "group"),
    [
        ("10", KelompokJabatan.JPT_UTAMA),
        ("I.a", KelompokJabatan.JPT_MADYA),
        ("12", KelompokJabatan.JPT_MADYA),
        ("II/a", KelompokJabatan.JPT_PRATAMA),
        ("iii.b", KelompokJabatan.ADMINISTRATOR),
        ("42", KelompokJabatan.PENGAWAS),
        ("V.a", KelompokJabatan.PELAKSANA),
    ],
)
def test_the_group_of_a_structural_post_follows_its_eselon(
    database: Database, folder: Path, eselon: str, group: KelompokJabatan
) -> None:
    posts = siasn.lines(folder, "jabatan_id;eselon", f"KADIS;{eselon}", name="jabatan.csv")

    take(database, sources(folder, KADIS, jabatan=posts))

    assert person(database, KADIS).kelompok_jabatan is group


@pytest.mark.parametrize(
    ("header", "line"),
    [
        ("unor_id,eselon", "DINAS,II.b"),
        ("unor_id;kelompok_jabatan", "DINAS;jpt_pratama"),
        ("jabatan_id;unor_id;eselon", "KADIS;DINAS;22"),
    ],
)
def test_a_post_is_found_by_unit_or_by_both(
    database: Database, folder: Path, header: str, line: str
) -> None:
    posts = siasn.lines(folder, header, line, name="jabatan.csv")

    take(database, sources(folder, KADIS, jabatan=posts))

    assert person(database, KADIS).kelompok_jabatan is KelompokJabatan.JPT_PRATAMA


@pytest.mark.parametrize(
    ("jenis", "group"), [("2", KelompokJabatan.FUNGSIONAL), ("4", KelompokJabatan.PELAKSANA)]
)
def test_kinds_two_and_four_need_no_eselon(
    database: Database, folder: Path, jenis: str, group: KelompokJabatan
) -> None:
    take(database, sources(folder, GURU | {"jenis_jabatan_id": jenis}, jabatan=None))

    assert person(database).kelompok_jabatan is group


def test_who_leads_a_unit_says_nothing_of_who_works_there(database: Database, folder: Path) -> None:
    posts = siasn.lines(folder, "unor_id;eselon;syarat_pendidikan", "SMPN2;IV.a;S-2", name="j.csv")

    take(database, sources(folder, GURU, jabatan=posts))

    assert person(database).syarat_pendidikan is None


def test_eselon_v_can_be_read_otherwise(database: Database, folder: Path) -> None:
    posts = siasn.lines(folder, "jabatan_id;eselon", "KADIS;51", name="jabatan.csv")
    options = Options(eselon_v=KelompokJabatan.PENGAWAS)

    take(database, sources(folder, KADIS, jabatan=posts, options=options))

    assert person(database, KADIS).kelompok_jabatan is KelompokJabatan.PENGAWAS


def test_without_the_file_of_posts_what_is_known_stays(database: Database, folder: Path) -> None:
    take(database, sources(folder, GURU, KADIS))

    outcome = take(database, sources(folder, GURU, KADIS, jabatan=None))

    assert outcome.counts.tetap == 2


def test_without_the_tree_unknown_units_become_opd(database: Database, folder: Path) -> None:
    take(database, sources(folder, GURU, unor=None))

    with database.reading() as session:
        unit = session.scalars(select(Opd)).one()
    assert (unit.nama, unit.kedalaman, unit.parent_id) == ("SMP Negeri 2", 0, None)


def test_a_unit_that_moves_takes_its_path_along(database: Database, folder: Path) -> None:
    flat = siasn.lines(folder, "id;parent;name", "SMPN2;;SMPN 2", "DINAS;;Dinas", name="a.csv")
    take(database, sources(folder, GURU, KADIS, unor=flat))

    take(database, sources(folder, GURU, KADIS))

    with database.reading() as session:
        units = {unit.siasn_id: unit for unit in session.scalars(select(Opd))}
    assert units["SMPN2"].jalur == f"{units['DINAS'].jalur}{units['SMPN2'].id.hex}/"
    assert units["SMPN2"].nama == "SMP Negeri 2"


def test_a_unit_that_moves_takes_those_below_along(database: Database, folder: Path) -> None:
    deep = siasn.lines(folder, *UNITS, "KELAS;SMPN2;Kelas Jauh", name="a.csv")
    take(database, sources(folder, GURU, KADIS, unor=deep))
    flat = siasn.lines(folder, "id;parent;name", "SMPN2;;SMPN 2", "DINAS;;Dinas", name="b.csv")

    take(database, sources(folder, GURU, KADIS, unor=flat))

    with database.reading() as session:
        units = {unit.siasn_id: unit for unit in session.scalars(select(Opd))}
    below = units["KELAS"]
    assert below.jalur == f"{units['SMPN2'].jalur}{below.id.hex}/"
    assert below.kedalaman == 1


def test_the_agency_on_top_of_the_tree_is_no_unit(database: Database, folder: Path) -> None:
    tree = siasn.lines(
        folder,
        "id,parent_id,nama",
        "ROOT,,Pemerintah Kabupaten Cendana",
        "DINAS,ROOT,Dinas Pendidikan",
        "SMPN2,DINAS,SMP Negeri 2",
        name="unor.csv",
    )

    take(database, sources(folder, GURU, unor=tree))

    with database.reading() as session:
        depths = dict(session.execute(select(Opd.siasn_id, Opd.kedalaman)).all())
    assert depths == {"DINAS": 0, "SMPN2": 1}
