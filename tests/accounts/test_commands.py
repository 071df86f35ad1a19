"""The commands of the first day."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from portal.accounts.commands import beri_peran, kode_aktivasi
from portal.db import Database
from tests.accounts.acting import SECRET, acts_on
from tests.support.cast import Cast
from tests.support.database import on_sqlite_alone

pytestmark = on_sqlite_alone

Run = Callable[..., Result]


@pytest.fixture
def run(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command on this test's database."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("SECRET_KEY", SECRET)
    monkeypatch.delenv("PORTAL_MODE", raising=False)
    return lambda command, *words: CliRunner().invoke(command, words)


def test_a_code_is_printed(run: Run, cast: Cast, database: Database) -> None:
    result = run(kode_aktivasi, f"{cast.sari.nip[:8]} {cast.sari.nip[8:]}")

    assert result.exit_code == 0
    assert f"{cast.sari.nama}, S.Pd.: " in result.output
    with database.reading() as session:
        assert acts_on(session, cast.sari) == ["account:code-issued"]


@pytest.mark.parametrize("nip", ["123", "199912312020121999", "1,98E+17"])
def test_an_unknown_nip_is_told(run: Run, cast: Cast, nip: str) -> None:
    result = run(kode_aktivasi, nip)

    assert result.exit_code == 1
    assert "NIP" in result.stderr


def test_a_role_is_given_by_command(run: Run, cast: Cast, database: Database) -> None:
    result = run(beri_peran, cast.budi.nip, "operator_opd", "--opd", "Dinas Pendidikan")

    assert result.exit_code == 0
    assert "kini Operator OPD di Dinas Pendidikan" in result.output
    with database.reading() as session:
        assert acts_on(session, cast.budi) == ["account:role-granted"]


def test_a_role_for_the_whole_agency_needs_no_unit(run: Run, cast: Cast) -> None:
    assert run(beri_peran, cast.budi.nip, "admin").exit_code == 0


@pytest.mark.parametrize(
    "words",
    [["operator_opd"], ["operator_opd", "--opd", "Tidak Ada"], ["admin", "--opd", "BKPSDM"]],
)
def test_a_scope_that_does_not_fit_is_told(run: Run, cast: Cast, words: list[str]) -> None:
    result = run(beri_peran, cast.budi.nip, *words)

    assert result.exit_code == 1
    assert "nit" in result.stderr


def test_an_unknown_role_is_refused(run: Run, cast: Cast) -> None:
    assert run(beri_peran, cast.budi.nip, "raja").exit_code == 2
