"""Whole imports into a database: what enters, what changes, and that a bad file leaves nothing."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.accounts.models import Akun, Penugasan
from portal.agency.models import Instansi, Opd
from portal.audit import AuditEntry
from portal.db import Database
from portal.operations.people_import import Outcome, Sources, import_people
from portal.people.importer.codes import Options
from portal.people.importer.faults import Refused
from portal.people.models import Hukdis, Kinerja, Pegawai, Pendidikan, Pengembangan
from portal.scoring.models import StoredScore
from portal.vocabulary import JenisDiklat, KelompokJabatan, Role, Tingkat
from tests.people import siasn_files as siasn
from tests.people.siasn_files import GURU, KADIS, other

TODAY = dt.date(2026, 11, 22)
POSTS = ("jabatan_id;unor_id;eselon;syarat_pendidikan", "GURU;;;S-1", "KADIS;;II.b;40")
UNITS = ("id;parent;name", "SMPN2;DINAS;SMP Negeri 2", "DINAS;;Dinas Pendidikan")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


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
        ({"unor": ("id;parent;name", "DINAS;;")}, "Kosong"),
        ({"unor": ("id;parent;name", "DINAS;;A", "DINAS;;B")}, "Sudah ada di baris 2"),
        ({"unor": ("id;parent;name", "DINAS;A;Dinas", "A;DINAS;B")}, "Unit berputar"),
        ({"unor": ("id;parent;name", "DINAS;DINAS;Dinas")}, "Unit berputar: DINAS → DINAS"),
        ({"unor": ("id;parent;name", "LAIN;;Lain")}, "Unit ini tidak ada di berkas --unor"),
        ({"unor": ("id;name", "DINAS;Dinas")}, "Kolom tidak ada: unor_induk_id"),
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

    assert "tidak dapat dibaca" in told


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
