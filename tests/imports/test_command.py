"""`impor-nilai-bkn`: the same reading as the page, for a scheduled job."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from portal.agency.models import Instansi
from portal.audit import AuditEntry
from portal.cli import cli
from portal.db import Database
from portal.errors import Rejected
from portal.scoring.models import OfficialScore
from tests.imports import files
from tests.support.cast import TODAY, Cast

Run = Callable[..., Result]


@pytest.fixture
def run(database_url: str, tmp_path: Path) -> Run:
    def act(data: bytes, *options: str) -> Result:
        path = tmp_path / "pip.csv"
        path.write_bytes(data)
        environment = {"DATABASE_URL": database_url, "VAR_DIR": str(tmp_path)}
        return CliRunner().invoke(cli, ["impor-nilai-bkn", str(path), *options], env=environment)

    return act


def years(database: Database) -> list[int | None]:
    with database.reading() as session:
        return list(session.scalars(select(OfficialScore.tahun)))


def test_good_rows_are_kept_and_bad_ones_are_named(
    run: Run, cast: Cast, database: Database
) -> None:
    result = run(files.csv([files.row(cast.sari.nip), files.row(cast.budi.nip, Kinerja="31")]))

    assert result.exit_code == 1
    assert "1 baru, 0 berubah, 0 sama" in result.stdout
    assert "Galat, baris 3, kolom kinerja (isi: 31)" in result.stderr
    assert years(database) == [None]


def test_the_year_may_be_named(run: Run, cast: Cast, database: Database) -> None:
    result = run(files.csv([files.row(cast.sari.nip)]), "--tahun", "2024")

    assert (result.exit_code, years(database)) == (0, [2024])


def test_looking_only_keeps_nothing(run: Run, cast: Cast, database: Database) -> None:
    result = run(files.csv([files.row(cast.sari.nip)]), "--periksa")

    assert result.stdout.startswith("Diperiksa. 1 baru")
    assert years(database) == []


def test_the_act_is_in_the_audit_with_the_hash(run: Run, cast: Cast, database: Database) -> None:
    run(files.csv([files.row(cast.sari.nip)]))

    with database.reading() as session:
        (entry,) = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "import:finished")
        ).all()
    assert (entry.facts["berkas"], len(entry.facts["sha256"])) == ("pip.csv", 64)


def test_the_same_file_again_changes_nothing(run: Run, cast: Cast, database: Database) -> None:
    data = files.csv([files.row(cast.sari.nip, tanggal_penarikan="03-11-2025")])
    run(data)

    assert "0 baru, 0 berubah, 1 sama" in run(data).stdout
    assert years(database) == [None]


@pytest.mark.parametrize(
    ("data", "options", "words"),
    [
        (b"", [], "0 byte"),
        (b"apa saja", [], "Baris judul tidak ditemukan"),
        (b"NIP;Kualifikasi\n", [], "Kolom tidak ada"),
        (files.csv([files.row("1")]), ["--tahun", str(TODAY.year + 1)], "belum ada"),
        (files.csv([files.row("1")]), ["--instansi", "tidak-ada"], "Instansi tidak dikenal"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_in_one_sentence(
    run: Run, cast: Cast, data: bytes, options: list[str], words: str
) -> None:
    result = run(data, *options)

    assert isinstance(result.exception, Rejected)
    assert words in result.exception.message


def test_of_several_agencies_one_must_be_named(run: Run, cast: Cast, database: Database) -> None:
    with database.transaction() as session:
        session.add(Instansi(nama="Pemerintah Kota Lain"))

    assert isinstance(run(files.csv([files.row(cast.sari.nip)])).exception, Rejected)
