"""The command line: what an operator can repair is told in one sentence, without a traceback."""

from __future__ import annotations

import errno
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import click
import pytest
import structlog
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from portal.cli import COMMANDS, cli, main
from portal.storage.base import away
from tests.support.logs import write_plain_logs


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Nothing of the machine's own settings, nothing of its var/, no log into a closed stream."""
    for name in ("PORTAL_MODE", "DATABASE_URL", "OBJECT_STORE_URL", "REDIS_URL", "SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
    yield
    write_plain_logs()


def refusal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str
) -> str:
    """What `python -m portal …` writes to standard error when it gives up."""
    monkeypatch.setattr(sys, "argv", ["portal", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    (sentence,) = capsys.readouterr().err.splitlines()
    return sentence


def test_a_setting_that_makes_no_sense_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", "delapan")

    assert refusal(monkeypatch, capsys, "serve").startswith("PORT='delapan'")


def test_a_port_in_use_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))

        sentence = refusal(monkeypatch, capsys, "serve")

    assert sentence.startswith(f"Port {port} sudah dipakai program lain.")


def test_a_database_that_does_not_answer_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://portal@127.0.0.1:1/portal")

    assert "Basis data tidak dapat dibuka" in refusal(monkeypatch, capsys, "migrate")


def test_a_database_without_tables_leads_to_migrate(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sentence = refusal(monkeypatch, capsys, "rekonsiliasi")

    assert "python -m portal migrate" in sentence


def test_a_file_that_is_no_database_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "portal.db").write_text("bukan basis data\n" * 100)

    assert "Pulihkan dari cadangan" in refusal(monkeypatch, capsys, "migrate")


@pytest.mark.parametrize(
    ("refused", "told"),
    [
        (OperationalError("BEGIN", {}, Exception("database is locked")), "dipakai proses lain"),
        (OperationalError("INSERT", {}, Exception("database or disk is full")), "Ruang"),
        (
            ProgrammingError("SELECT", {}, Exception('relation "job" does not exist\nLINE 1: …')),
            "portal migrate",
        ),
    ],
)
def test_what_a_database_says_is_told_with_its_remedy(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    refused: DBAPIError,
    told: str,
) -> None:
    monkeypatch.setattr("portal.launch.commands.migrate_database", raising(refused))

    assert told in refusal(monkeypatch, capsys, "migrate")


@pytest.mark.parametrize(
    ("cause", "told"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "var/objects/a"), "var/objects/a tidak"),
        (ConnectionError("Could not connect to the endpoint URL"), "Periksa OBJECT_STORE_URL"),
    ],
)
def test_a_store_that_is_away_is_told_with_its_cause(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], cause: OSError, told: str
) -> None:
    unavailable = away(cause)
    unavailable.__cause__ = cause
    monkeypatch.setattr("portal.launch.commands.migrate_database", raising(unavailable))

    assert told in refusal(monkeypatch, capsys, "migrate")


@pytest.mark.parametrize("command", ["periksa-berkas", "sapu", "rekonsiliasi"])
def test_a_command_that_needs_the_store_tells_what_is_wrong_with_it(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], command: str
) -> None:
    cli(["migrate"], standalone_mode=False)
    capfd.readouterr()
    monkeypatch.setenv("OBJECT_STORE_URL", "http://kunci:rahasia@127.0.0.1:1/berkas")

    monkeypatch.setattr(sys, "argv", ["portal", command])
    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 2
    sentence = capfd.readouterr().err.splitlines()[-1]
    assert "127.0.0.1:1/berkas" in sentence
    assert "Periksa OBJECT_STORE_URL" in sentence


def raising(error: Exception) -> Callable[..., NoReturn]:
    def fail(*_: object) -> NoReturn:
        raise error

    return fail


def test_a_folder_that_cannot_be_written_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "berkas").write_text("bukan folder")
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "berkas" / "var"))

    assert "tidak dapat ditulisi" in refusal(monkeypatch, capsys, "migrate")


def test_a_file_of_another_user_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    database = tmp_path / "var" / "portal.db"
    database.parent.mkdir()
    database.touch()
    # Asked this way, since root may write everything.
    monkeypatch.setattr("os.access", lambda path, _mode: Path(path) != database)

    told = refusal(monkeypatch, capsys, "migrate")

    assert told.startswith(f"{database} tidak dapat ditulisi, mungkin milik pengguna lain.")


def test_what_is_not_the_portals_may_belong_to_anybody(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lost = tmp_path / "var" / "lost+found"
    lost.mkdir(parents=True)
    monkeypatch.setattr("os.access", lambda path, _mode: Path(path) != lost)

    cli(["migrate"], standalone_mode=False)

    assert (tmp_path / "var" / "portal.db").is_file()


def test_logs_stay_out_of_the_answer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    @click.command("migrate")
    def command() -> None:
        structlog.get_logger().info("audit_head", nip="198704122010012015")
        click.echo("Selesai.")

    monkeypatch.setattr("portal.launch.commands.migrate", command)
    monkeypatch.setattr(sys, "argv", ["portal", "migrate"])
    with pytest.raises(SystemExit):
        main()

    told = capsys.readouterr()
    assert told.out == "Selesai.\n"
    assert json.loads(told.err)["nip"] == "…2015"


def test_an_unknown_command_leads_to_the_list(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sentence = refusal(monkeypatch, capsys, "hapus-semua")

    assert sentence == "Perintah 'hapus-semua' tidak ada. Lihat: python -m portal --help"


def test_a_second_migration_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for _ in range(2):
        cli(["migrate"], standalone_mode=False)

    assert (tmp_path / "var" / "portal.db").is_file()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_in_a_sentence_what_it_does(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)

    assert command is not None
    assert command.help


def test_what_a_command_writes_is_for_this_user_alone(tmp_path: Path) -> None:
    environment = {**os.environ, "VAR_DIR": str(tmp_path / "var")}
    subprocess.run([sys.executable, "-m", "portal", "migrate"], check=True, env=environment)

    assert (tmp_path / "var" / "portal.db").stat().st_mode & 0o077 == 0
