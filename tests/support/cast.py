"""The people of every test: always the same, each standing for one question.

`sari` owns, `budi` works beside her, `tono` in another OPD must see nothing of hers. `oki` hands
in for colleagues of her OPD, `vivi` verifies there, `vera` and `bima` verify for the whole agency,
`kepala` leads her OPD, `ani` administers, `aud` reads all and changes nothing.
"""

from __future__ import annotations

import datetime as dt
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import argon2
import pytest
from sqlalchemy.orm import Session

from portal.accounts.models import Akun, Penugasan
from portal.agency.models import Instansi, MeasuringYear, Opd
from portal.db import Database, now
from portal.people.models import Kinerja, Pegawai, Pendidikan, Pengembangan
from portal.permissions import Actor, Grant
from portal.vocabulary import (
    JenisDiklat,
    JenisKelamin,
    JenisPegawai,
    KelompokJabatan,
    Predikat,
    Role,
    Tingkat,
)
from tests.support.database import settle
from tests.support.postgres import PostgresServer

PASSWORD = "kucing-hujan-pagi-7"
"""Of everybody in the cast."""
TODAY = dt.datetime.now(ZoneInfo("Asia/Jakarta")).date()


@dataclass(frozen=True)
class Units:
    """Where the cast works."""

    instansi_id: uuid.UUID
    pendidikan: Opd
    smpn: Opd
    """A school below `pendidikan`."""
    kesehatan: Opd
    bkd: Opd


@dataclass(frozen=True)
class Cast:
    """Each is an actor for actions and queries, and can log in with PASSWORD."""

    units: Units
    sari: Actor
    budi: Actor
    tono: Actor
    oki: Actor
    vivi: Actor
    kepala: Actor
    vera: Actor
    bima: Actor
    ani: Actor
    aud: Actor

    @property
    def everybody(self) -> dict[str, Actor]:
        names = [field.name for field in fields(self) if field.name != "units"]
        return {name: getattr(self, name) for name in names}


@cache
def password_hash() -> str:
    """argon2id with parameters that take no time."""
    return argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def assemble(session: Session) -> Cast:
    """Put the agency and its people into an empty database."""
    instansi = Instansi(
        id=uuid.uuid4(),
        nama="Pemerintah Kabupaten Cendana",
        sebutan_bkd="BKPSDM",
        uji_petik_persen=0,  # no lot in tests that are not about it
    )
    session.add(instansi)
    session.flush()
    session.add(
        MeasuringYear(instansi_id=instansi.id, tahun=TODAY.year, aturan="bkn-2023", saklar={})
    )
    pendidikan = _unit(session, instansi, "Dinas Pendidikan")
    smpn = _unit(session, instansi, "SMP Negeri 2 Cendana", pendidikan)
    kesehatan = _unit(session, instansi, "Dinas Kesehatan")
    bkd = _unit(session, instansi, "BKPSDM")
    units = Units(instansi.id, pendidikan, smpn, kesehatan, bkd)

    guru, pelaksana = KelompokJabatan.FUNGSIONAL, KelompokJabatan.PELAKSANA
    cast = Cast(
        units=units,
        sari=_person(session, smpn, "198704122010012015", "Sari Wulandari", guru, "Guru Ahli Muda"),
        budi=_person(session, smpn, "198301052008011003", "Budi Santoso", guru, "Guru Ahli Muda"),
        tono=_person(session, kesehatan, "199002172014031002", "Tono Hartono", guru, "Perawat"),
        oki=_person(
            session, pendidikan, "198806302012011004", "Oki Pratama", pelaksana, "Pengelola Data",
            (Role.OPERATOR_OPD, pendidikan),
        ),
        vivi=_person(
            session, pendidikan, "198511192009022001", "Vivi Lestari", pelaksana, "Analis SDM",
            (Role.VERIFIKATOR_OPD, pendidikan),
        ),
        kepala=_person(
            session, pendidikan, "197203081998031005", "Kepala Suryana",
            KelompokJabatan.JPT_PRATAMA, "Kepala Dinas Pendidikan", (Role.PIMPINAN, pendidikan),
        ),
        vera=_person(
            session, bkd, "198409252009012006", "Vera Anggraini", guru, "Analis SDM Aparatur",
            (Role.VERIFIKATOR, None),
        ),
        bima=_person(
            session, bkd, "198612012011011007", "Bima Nugraha", guru, "Analis SDM Aparatur",
            (Role.VERIFIKATOR, None),
        ),
        ani=_person(
            session, bkd, "197905142005012008", "Ani Rahmawati", KelompokJabatan.ADMINISTRATOR,
            "Kepala Bidang Kinerja", (Role.ADMIN, None),
        ),
        aud=_person(
            session, bkd, "197510102001121009", "Audi Firmansyah", guru, "Auditor Ahli Madya",
            (Role.AUDITOR, None),
        ),
    )  # fmt: skip
    _facts_of_sari(session, cast.sari.pegawai_id)
    session.flush()
    return cast


def _unit(session: Session, instansi: Instansi, nama: str, parent: Opd | None = None) -> Opd:
    own_id = uuid.uuid4()
    opd = Opd(
        id=own_id,
        instansi_id=instansi.id,
        parent_id=parent.id if parent else None,
        nama=nama,
        jalur=Opd.path_below(parent, own_id),
        kedalaman=parent.kedalaman + 1 if parent else 0,
    )
    session.add(opd)
    session.flush()
    return opd


def _person(
    session: Session,
    opd: Opd,
    nip: str,
    nama: str,
    kelompok: KelompokJabatan,
    jabatan: str,
    grant: tuple[Role, Opd | None] | None = None,
) -> Actor:
    pegawai = Pegawai(
        id=uuid.uuid4(),
        instansi_id=opd.instansi_id,
        opd_id=opd.id,
        nip=nip,
        nama=nama,
        gelar_belakang="S.Pd.",
        jenis_kelamin=JenisKelamin.PEREMPUAN if nip[14] == "2" else JenisKelamin.LAKI_LAKI,
        tanggal_lahir=dt.date(int(nip[:4]), int(nip[4:6]), int(nip[6:8])),
        jenis_pegawai=JenisPegawai.PNS,
        kelompok_jabatan=kelompok,
        jabatan=jabatan,
        golongan="III/c",
        syarat_pendidikan=Tingkat.S1,
    )
    session.add(pegawai)
    session.flush()
    akun = Akun(
        id=uuid.uuid4(), pegawai_id=pegawai.id, kata_sandi=password_hash(), setuju_privasi=now()
    )
    session.add(akun)
    session.flush()
    grants: tuple[Grant, ...] = ()
    if grant:
        role, scope = grant
        opd_id, path = (scope.id, scope.jalur) if scope else (None, None)
        session.add(
            Penugasan(akun_id=akun.id, peran=role, instansi_id=opd.instansi_id, opd_id=opd_id)
        )
        grants = (Grant(role, opd.instansi_id, opd_id, path),)
    return Actor(
        pegawai_id=pegawai.id,
        akun_id=akun.id,
        instansi_id=opd.instansi_id,
        opd_id=opd.id,
        nip=nip,
        nama=nama,
        grants=grants,
    )


def _facts_of_sari(session: Session, pegawai_id: uuid.UUID) -> None:
    """20 + 21 + 25 + 5 = 71,00 Sedang under `bkn-2023`, the figures of design.md."""
    new_year = dt.date(TODAY.year, 1, 1)
    session.add_all(
        [
            Pendidikan(
                pegawai_id=pegawai_id,
                tingkat=Tingkat.S1,
                program_studi="Pendidikan Matematika",
                tanggal_lulus=dt.date(2009, 8, 1),
            ),
            Pengembangan(
                pegawai_id=pegawai_id,
                jenis=JenisDiklat.FUNGSIONAL,
                nama="Diklat Fungsional Guru",
                tanggal_selesai=dt.date(2015, 5, 29),
            ),
            Pengembangan(
                pegawai_id=pegawai_id,
                jenis=JenisDiklat.TEKNIS,
                nama="Bimtek Asesmen",
                jp=8,
                tanggal_selesai=new_year,
            ),
            Kinerja(
                pegawai_id=pegawai_id,
                tahun=TODAY.year - 1,
                predikat=Predikat.BAIK,
                dinilai=new_year,
            ),
        ]
    )


@dataclass(frozen=True)
class Template:
    """A database that holds the cast, to be copied: a file, or the name of a database."""

    path: str
    cast: Cast


@pytest.fixture(scope="session")
def sqlite_with_cast(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Template:
    path = tmp_path_factory.mktemp("cast") / "portal.db"
    shutil.copyfile(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    with database.transaction() as session:
        people = assemble(session)
    settle(database)
    return Template(str(path), people)


@pytest.fixture(scope="session")
def postgresql_with_cast(postgres: PostgresServer, postgres_template: str) -> Iterator[Template]:
    with postgres.database(postgres_template) as name:
        database = Database(postgres.address(name))
        with database.transaction() as session:
            people = assemble(session)
        database.dispose()
        yield Template(name, people)


@pytest.fixture
def cast(request: pytest.FixtureRequest, database: Database) -> Cast:
    """The cast, committed into this test's database."""
    template: Template = request.getfixturevalue(f"{database.engine.dialect.name}_with_cast")
    return template.cast
