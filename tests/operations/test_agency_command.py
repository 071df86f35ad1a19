"""The agency's own words, clock, target and rule sets are set by a command."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from portal.agency.models import Instansi, MeasuringYear
from portal.audit import AuditEntry
from portal.db import Database
from portal.operations.agency_command import atur_instansi
from portal.scoring.models import StoredScore
from tests.support.cast import TODAY, Cast
from tests.support.database import on_sqlite_alone

pytestmark = on_sqlite_alone


@pytest.fixture(autouse=True)
def _environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database: Database, database_url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("PORTAL_MODE", "uji")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(atur_instansi, arguments)


def agency(database: Database) -> Instansi:
    with database.reading() as session:
        return session.scalars(select(Instansi)).one()


def test_sets_the_words_and_the_clock(database: Database, cast: Cast) -> None:
    assert run("--bkd", "Biro SDM", "--zona", "WIT").exit_code == 0
    assert (agency(database).sebutan_bkd, agency(database).zona_waktu) == (
        "Biro SDM",
        "Asia/Jayapura",
    )


def test_sets_the_target_of_a_year_and_keeps_its_rule_set(database: Database, cast: Cast) -> None:
    run("--tahun", str(TODAY.year), "--target", "80,5")
    with database.reading() as session:
        year = session.get_one(MeasuringYear, (cast.units.instansi_id, TODAY.year))
        assert (year.target, year.aturan) == (Decimal("80.5"), "bkn-2023")


def test_another_rule_set_recomputes_the_scores(database: Database, cast: Cast) -> None:
    run("--tahun", str(TODAY.year), "--aturan", "pbkn8-2019")
    with database.reading() as session:
        score = session.get_one(StoredScore, (cast.sari.pegawai_id, TODAY.year))
        assert (score.aturan, score.total) == ("pbkn8-2019", Decimal(60))


def test_asks_for_two_people_or_for_one(database: Database, cast: Cast) -> None:
    run("--dua-pemeriksa", "ijazah")
    assert agency(database).dua_pemeriksa == ["ijazah"]
    run("--satu-pemeriksa")
    assert agency(database).dua_pemeriksa == []


def test_every_change_is_audited(database: Database, cast: Cast) -> None:
    run("--nama", "Pemerintah Kota Cendana", "--tahun", "2026", "--target", "75")
    with database.reading() as session:
        assert set(session.scalars(select(AuditEntry.action))) >= {
            "agency:changed",
            "agency:year-set",
        }


@pytest.mark.parametrize("target", ["101", "-1", "delapan", "NaN", "1e9"])
def test_refuses_a_target_that_is_none(cast: Cast, target: str) -> None:
    answer = run("--tahun", "2026", f"--target={target}")
    assert answer.exit_code == 2
    assert "0 sampai 100" in answer.output


def test_asks_for_the_year_of_a_target(cast: Cast) -> None:
    assert "Sebutkan tahunnya" in run("--target", "80").output


def test_tells_when_there_is_no_agency_yet() -> None:
    assert "impor-pegawai dahulu" in run("--bkd", "BKD").output
