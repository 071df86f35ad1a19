"""`demo`: what it prints, and when it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from portal.accounts.passwords import hasher
from portal.demo.accounts import list_accounts
from portal.demo.commands import announce, demo
from portal.settings import Settings


@pytest.mark.parametrize("mode", ["uji", "produksi"])
def test_no_demo_outside_demo_mode(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, mode: str
) -> None:
    values = {
        "PORTAL_MODE": mode,
        "VAR_DIR": str(tmp_path),
        "DATABASE_URL": "postgresql://localhost/tidak-ada",
        "OBJECT_STORE_URL": "https://kunci:rahasia@localhost:9/ember",
        "SECRET_KEY": "abcdefghijklmnopqrstuvwxyz0123456789",
        "PUBLIC_URL": "https://portal.contoh.go.id",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)

    result = CliRunner().invoke(demo, ["--akun"])

    assert result.exit_code == 1
    assert "hanya ada di mode demo" in result.output


def test_prints_the_accounts_as_json(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    monkeypatch.delenv("PORTAL_MODE", raising=False)

    result = CliRunner().invoke(demo, ["--akun"])

    assert result.exit_code == 0
    assert '"peran": "asn"' in result.output


def test_announces_address_and_accounts(
    place: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    announce(place)

    told = capsys.readouterr().out
    assert "http://127.0.0.1:8000/masuk" in told
    assert all(entry["kata_sandi"] in told for entry in list_accounts())


def test_the_command_fills_once_and_refuses_a_second_time(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, few: None
) -> None:
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    monkeypatch.delenv("PORTAL_MODE", raising=False)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr("portal.demo.accounts.hasher", lambda **_: hasher(cheap=True))

    first = CliRunner().invoke(demo, ["--tanpa-dokumen", "--orang", "700"])
    second = CliRunner().invoke(demo)

    assert first.exit_code == 0, first.output
    assert "Sari Rahmawati" in first.output
    assert (second.exit_code, "make reset-demo" in second.output) == (1, True)
