"""RULES_DIR: a good folder widens what is on offer, a bad one keeps the portal from starting."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.agency.models import MeasuringYear
from portal.cli import main
from portal.db import Database
from portal.scoring.engine import rules
from portal.scoring.engine.rules import RuleSetError
from portal.scoring.models import RuleComparison
from portal.settings import Settings, SettingsError
from tests.support.app import Browser, MakeApp
from tests.support.cast import TODAY, Cast
from tests.support.database import on_sqlite_alone
from tests.support.logs import write_plain_logs

OWN = 'dasar = "bkn-2023"\nid = "cendana"\nnama = "Cara Cendana"\ntahun_mulai = {year}\n'


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder of rules; the process forgets it afterwards."""
    made = tmp_path / "aturan"
    made.mkdir()
    yield made
    rules.look_in(None)
    write_plain_logs()  # a command logs into a stream that is closed by now


def put(folder: Path, more: str = "", *, year: int = 2050) -> None:
    (folder / "cendana.toml").write_text(OWN.format(year=year) + more, encoding="utf-8")


def refusal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str
) -> str:
    """What `python -m portal …` writes when it gives up."""
    monkeypatch.setattr(sys, "argv", ["portal", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    return capsys.readouterr().err


@pytest.mark.parametrize("command", ["serve", "worker", "jalankan", "aturan"])
def test_a_faulty_file_stops_the_start_with_file_and_line(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    folder: Path,
    command: str,
) -> None:
    put(folder, "[saklar]\nprorata = 1\n")
    monkeypatch.setenv("RULES_DIR", str(folder))
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("PORT", "24017")

    sentence = refusal(monkeypatch, capsys, command)

    assert "cendana.toml, baris 6: saklar.prorata: harus true atau false" in sentence


def test_hitung_takes_an_own_rule_set(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    folder: Path,
) -> None:
    put(folder)
    people = tmp_path / "orang.jsonl"
    people.write_text('{"nip": "198704122010012015", "kelompok_jabatan": "fungsional"}\n')
    monkeypatch.setenv("RULES_DIR", str(folder))
    monkeypatch.setattr(
        sys, "argv", ["portal", "hitung", "--aturan", "cendana", "--tahun", "2050", str(people)]
    )

    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 0
    assert '"aturan": "cendana"' in capsys.readouterr().out


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"RULES_DIR=.*folder ini tidak ada"):
        Settings.from_env({"VAR_DIR": str(tmp_path), "RULES_DIR": str(tmp_path / "tidak-ada")})


def test_without_the_setting_only_what_ships_is_on_offer(tmp_path: Path) -> None:
    assert Settings.from_env({"VAR_DIR": str(tmp_path), "RULES_DIR": " "}).rules_dir is None


@on_sqlite_alone
def test_an_application_is_not_made_of_faulty_rules(
    settings: Settings, make_app: MakeApp, folder: Path
) -> None:
    put(folder, "x = 1\n")

    with pytest.raises(RuleSetError, match=r"cendana\.toml, baris 5: x: kunci tidak dikenal"):
        make_app(replace(settings, rules_dir=folder))


@on_sqlite_alone
def test_the_page_offers_an_own_rule_set_for_its_years(
    settings: Settings, database: Database, make_app: MakeApp, folder: Path, cast: Cast
) -> None:
    put(folder, year=TODAY.year + 1)
    browser = Browser(make_app(replace(settings, rules_dir=folder)))
    browser.enter(cast.ani)

    page = browser.get("rules.index")

    assert page.texts("table tbody tr")[0] == f"{TODAY.year + 1} Cara Cendana –"
    assert "milik instansi" in page.text


@on_sqlite_alone
@pytest.mark.parametrize("typed", ["tidak ada", " Tidak Ada\n"])
def test_a_list_that_an_own_file_fills_can_be_emptied_for_a_year(
    settings: Settings,
    database: Database,
    make_app: MakeApp,
    folder: Path,
    cast: Cast,
    typed: str,
) -> None:
    put(folder, '[saklar]\njf_tanpa_diklat = ["guru"]\n')
    browser = Browser(make_app(replace(settings, rules_dir=folder)))
    browser.enter(cast.ani)
    browser.get("rules.year", tahun=TODAY.year)

    browser.submit("Lihat dampaknya", expect=303, aturan="cendana", jf_tanpa_diklat=typed)

    with database.reading() as session:
        tried = session.scalars(select(RuleComparison)).one()
    assert (tried.aturan_b, tried.saklar_b) == ("cendana", {"jf_tanpa_diklat": []})


@on_sqlite_alone
def test_an_emptied_list_stays_empty_in_the_form(
    settings: Settings, database: Database, make_app: MakeApp, folder: Path, cast: Cast
) -> None:
    put(folder, '[saklar]\njf_tanpa_diklat = ["guru"]\n')
    browser = Browser(make_app(replace(settings, rules_dir=folder)))
    with database.transaction() as session:
        year = session.get_one(MeasuringYear, (cast.units.instansi_id, TODAY.year))
        year.aturan, year.saklar = "cendana", {"jf_tanpa_diklat": []}
    browser.enter(cast.ani)

    page = browser.get("rules.year", tahun=TODAY.year)

    assert page.one("#jf_tanpa_diklat").text == "tidak ada"


@on_sqlite_alone
def test_a_year_whose_rule_set_was_taken_away_is_not_ready(
    app: Flask, client: FlaskClient, database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        session.get_one(MeasuringYear, (cast.units.instansi_id, TODAY.year)).aturan = "cendana-2020"

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json) == (
        503,
        {"status": "not ready", "faults": ["rules"]},
    )
