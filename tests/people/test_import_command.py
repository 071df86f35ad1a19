"""`impor-pegawai` as an admin types it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import Mock

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from portal.db import Database
from portal.errors import Unavailable
from portal.operations.import_command import impor_pegawai
from portal.people.importer.faults import KEPT
from portal.people.models import Pegawai
from tests.people import siasn_files as siasn
from tests.people.siasn_files import GURU, KADIS, other


@pytest.fixture(autouse=True)
def _environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database: Database, database_url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("PORTAL_MODE", "uji")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(impor_pegawai, [str(argument) for argument in arguments])


def test_tells_what_happened_in_numbers(tmp_path: Path) -> None:
    result = run(siasn.export(tmp_path, GURU, other(1)))

    assert result.exit_code == 0, result.output
    assert "Pegawai: 2 baru, 0 berubah, 0 pindah unit, 0 tetap." in result.stdout


def test_an_import_stands_and_is_told_when_the_statistics_cannot_be_gathered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Database, "gather_statistics", Mock(side_effect=Unavailable))

    result = run(siasn.export(tmp_path, GURU))

    assert result.exit_code == 0, result.output
    assert "Pegawai: 1 baru" in result.stdout


def test_a_refused_import_ends_with_its_reasons(tmp_path: Path, database: Database) -> None:
    result = run(siasn.export(tmp_path, GURU, other(1, nama="")))

    with database.reading() as session:
        assert session.scalars(select(Pegawai)).all() == []
    assert result.exit_code == 1
    assert "pegawai.csv baris 3, kolom nama: Kosong." in result.stderr
    assert "Impor dibatalkan: 1 kesalahan. Tidak ada data yang berubah." in result.stderr


def test_tells_what_is_odd_and_goes_on(tmp_path: Path) -> None:
    result = run(siasn.export(tmp_path, GURU | {"jenis_kelamin": "M"}))

    assert result.exit_code == 0
    assert "Perhatikan: pegawai.csv baris 2, kolom jenis_kelamin" in result.stderr


def test_tells_no_more_than_a_screenful_of_oddities(tmp_path: Path) -> None:
    rows = [other(number, jenis_kelamin="M") for number in range(25)]

    result = run(siasn.export(tmp_path, *rows))

    assert "… dan 5 hal lain untuk diperhatikan." in result.stderr


def test_the_group_of_eselon_v_is_a_choice(tmp_path: Path, database: Database) -> None:
    posts = siasn.lines(tmp_path, "jabatan_id;eselon", "KADIS;V.a", name="jabatan.csv")

    run(siasn.export(tmp_path, KADIS), "--jabatan", posts, "--eselon-v", "pengawas")

    with database.reading() as session:
        assert session.scalars(select(Pegawai.kelompok_jabatan)).one() == "pengawas"


def test_which_codes_mean_retirement_is_a_choice(tmp_path: Path, database: Database) -> None:
    run(siasn.export(tmp_path, GURU | {"kedudukan_hukum_id": "20"}), "--pensiun", "20,99")

    with database.reading() as session:
        assert session.scalars(select(Pegawai.pensiun_sejak)).one() is not None


def test_a_missing_file_is_a_plain_sentence(tmp_path: Path) -> None:
    result = run(tmp_path / "hilang.csv")

    assert result.exit_code == 2


def test_asks_for_the_schema_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'kosong.db'}")

    result = run(siasn.export(tmp_path, GURU))

    assert result.exit_code == 1
    assert "python -m portal migrate" in result.stderr


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_says_when_the_database_is_busy(
    tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def locked(_self: Database) -> Iterator[None]:
        raise Unavailable
        yield

    monkeypatch.setattr(Database, "transaction", locked)

    result = run(siasn.export(tmp_path, GURU))

    assert result.exit_code == 1
    assert "terkunci atau tidak terjangkau" in result.stderr


def test_tells_how_many_faults_it_left_out(tmp_path: Path) -> None:
    rows = [other(number, nama="") for number in range(KEPT + 3)]

    result = run(siasn.export(tmp_path, *rows))

    assert "… dan 3 kesalahan lain." in result.stderr
