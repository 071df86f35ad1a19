"""A mistyped command line is answered in Indonesian, with what to do; so is the help."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from portal.cli import COMMANDS, cli
from tests.operations.test_commands import own_environment, refusal

__all__ = ["own_environment"]
ENGLISH = (
    "Usage",
    "Try ",
    "Error",
    "Options",
    "Missing",
    "Invalid",
    "unexpected",
    "No such",
)


def answer(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments, prog_name="python -m portal")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("--semua", "Pilihan --semua tidak dikenal. Lihat: python -m portal --help"),
        ("serve --prot", "Pilihan --prot tidak dikenal. Lihat: python -m portal serve --help"),
        ("impor-pegawai", "BERKAS belum disebut."),
        ("impor-pegawai /tiada.csv", "BERKAS: berkas /tiada.csv tidak ada."),
        ("impor-pegawai /", "BERKAS: / sebuah folder. Sebutkan berkasnya."),
        ("ekspor-audit /", "TARGET: / sebuah folder."),
        ("pindah-berkas", "Pilihan --dari belum disebut."),
        ("retensi --coba=3", "Pilihan --coba ditulis tanpa isi."),
        ("hitung-ulang --tahun", "Pilihan --tahun belum diberi isi."),
        ("hitung-ulang --tahun abc", "--tahun harus bilangan bulat, bukan 'abc'."),
        ("hitung-ulang --tahun 1800", "--tahun harus antara 1900 dan 2100, bukan 1800."),
        ("impor-nilai-bkn x.csv --tahun 1", "--tahun paling kecil "),
        ("migrate sekarang", "Terlalu banyak isian: sekarang."),
        ("atur-instansi --zona WIS", "--zona tidak mengenal 'WIS'. Pilih salah satu: 'WIB',"),
        ("beri-peran 1 raja", "PERAN tidak mengenal 'raja'. Pilih salah satu: 'operator_opd',"),
        ("atur-instansi --aturan bkn-2023", "Sebutkan tahunnya: --tahun 2026."),
    ],
)
def test_a_mistyped_line_gets_a_sentence_in_indonesian(
    line: str, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.csv").touch()

    result = answer(*line.split())

    assert result.exit_code == 2
    assert result.stderr.startswith(sentence)
    assert not [word for word in ENGLISH if word in result.stderr]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_every_command_is_indonesian(name: str) -> None:
    told = answer(name, "--help").output

    assert told.startswith(f"Pemakaian: python -m portal {name} [PILIHAN]")
    assert "Tampilkan bantuan ini." in told
    assert not [
        word
        for word in (*ENGLISH, "OPTIONS", "TEXT", "FILE", "INTEGER", "default", "required")
        if word in told
    ]


def test_no_command_at_all_shows_the_list_in_indonesian() -> None:
    result = answer()

    assert result.exit_code == 2
    assert "Pemakaian: python -m portal [PILIHAN] PERINTAH" in result.output
    assert "Perintah:" in result.output


def test_what_a_command_refuses_is_a_sentence_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    @click.command("migrate")
    def command() -> None:
        raise click.ClickException("Tidak bisa. Coba besok.")

    monkeypatch.setattr("portal.launch.commands.migrate", command)
    result = answer("migrate")

    assert (result.exit_code, result.stderr) == (1, "Tidak bisa. Coba besok.\n")


def test_ctrl_c_is_answered_in_indonesian(monkeypatch: pytest.MonkeyPatch) -> None:
    @click.command("migrate")
    def command() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("portal.launch.commands.migrate", command)
    result = answer("migrate")

    assert (result.exit_code, result.stderr) == (1, "Dihentikan.\n")


def test_a_place_that_the_world_refuses_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    cli(["migrate"], standalone_mode=False)
    file = tmp_path / "berkas"
    file.touch()

    told = refusal(monkeypatch, capsys, "cadangkan", str(file / "cadangan"))

    assert told == f"{file / 'cadangan'} tidak dapat dipakai: bagian jalurnya bukan folder."


def test_an_address_that_is_no_store_makes_no_folder(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)

    told = refusal(monkeypatch, capsys, "pindah-berkas", "--dari", "lokal", "--ke", "ftp://host/x")

    assert told.startswith("Alamat ftp:// tidak dikenal.")
    assert not (tmp_path / "ftp:").exists()
