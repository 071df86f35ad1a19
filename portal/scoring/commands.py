"""`python -m portal hitung`: the batch computation (perhitungan mandiri) of rules.md §4."""

from __future__ import annotations

import errno
import os
import stat
import sys
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO, Any, BinaryIO, TextIO

import click

from portal.scoring.batch import Batch, recap_table
from portal.scoring.engine.rules import RuleSet, RuleSetError, available, load

_ALL_GOOD, _SOME_BAD, _UNUSABLE = 0, 1, 2
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_STANDARD = "-"
_PLAIN = {
    errno.EACCES: "tidak ada izin",
    errno.EISDIR: "ini sebuah folder, bukan berkas",
    errno.ENOENT: "berkas atau foldernya tidak ada",
    errno.ENOSPC: "ruang penyimpanan penuh",
    errno.ENOTDIR: "bagian jalurnya bukan folder",
    errno.EROFS: "hanya dapat dibaca",
}


class Unusable(click.ClickException):
    """The call itself cannot be carried out."""

    exit_code = _UNUSABLE

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(f"hitung: {self.message}", file=file or sys.stderr)


@click.command("hitung")
@click.argument("input_", metavar="[INPUT]", default=_STANDARD)
@click.option("--aturan", metavar="ID", help="Aturan pengukuran, misalnya pbkn8-2019.")
@click.option("--tahun", metavar="TAHUN", help="Tahun yang diukur; data dibaca s.d. 31 Desember.")
@click.option("--sementara", is_flag=True, help="SKP tahun sebelumnya dipakai bila belum ada.")
@click.option(
    "--prorata/--tanpa-prorata",
    default=None,
    help="Diklat teknis di bawah 20 JP dinilai sebanding, atau tidak; bawaannya menurut aturan.",
)
@click.option("--keluaran", metavar="BERKAS", default=_STANDARD, help="Tujuan hasil.")
@click.option("--galat", metavar="BERKAS", help="Tujuan laporan baris yang salah.")
@click.option("--ringkas", is_flag=True, help="Tanpa rincian.")
@click.option("--rekap", is_flag=True, help="Cetak rata-rata di akhir, ke keluaran galat baku.")
@click.pass_context
def hitung(
    ctx: click.Context,
    input_: str,
    aturan: str | None,
    tahun: str | None,
    sementara: bool,
    prorata: bool | None,
    keluaran: str,
    galat: str | None,
    ringkas: bool,
    rekap: bool,
) -> None:
    """Hitung indeks dari JSON Lines: satu pegawai per baris, satu hasil per baris.

    Status keluar: 0 semua baris baik, 1 ada baris yang salah, 2 perintah tidak dapat dijalankan.
    """
    rules = _rules(aturan, prorata)
    year = _year(tahun)
    _check_targets(input_, keluaran, galat)
    batch = Batch(rules, year, provisional=sementara, brief=ringkas)
    try:
        with ExitStack() as files:
            source = _source(input_, files)
            output = _output(keluaran, files)
            faults = _faults(galat, files)
            if not rules.covers(year):
                click.echo(f"Peringatan: aturan {rules.id} tidak dibuat untuk {year}.", err=True)
            batch.run(source, output, faults)
            if rekap:
                click.echo(recap_table(batch.recap, rules), err=True, nl=False)
    except BrokenPipeError:
        # Whoever read the result has enough, as `head` does: end without a word.
        _let_go()
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        raise Unusable(place + _PLAIN.get(error.errno or 0, str(error.strerror))) from None
    ctx.exit(_SOME_BAD if batch.bad_lines else _ALL_GOOD)


def _rules(rule_set: str | None, prorata: bool | None) -> RuleSet:
    if rule_set is None:
        raise Unusable(f"sebutkan --aturan; yang ada: {', '.join(available())}")
    try:
        return load(rule_set, prorata=prorata)
    except RuleSetError as error:
        raise Unusable(str(error)) from None


def _year(text: str | None) -> int:
    if text is None:
        raise Unusable("sebutkan --tahun, misalnya --tahun 2021")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == len("2021") else 0
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise Unusable(f"--tahun harus antara {_FIRST_YEAR} dan {_LAST_YEAR}")
    return year


def _check_targets(source: str, output: str, faults: str | None) -> None:
    """Refuse a call that would overwrite its own input, or mix results and faults."""
    places = [_identity(source, standard=sys.stdin)]
    for path in (output, faults):
        if path is None or path == _STANDARD:
            continue
        place = _identity(path)
        if place is not None and place in places:
            raise Unusable(f"{path} sudah dipakai oleh INPUT atau --keluaran")
        places.append(place)


def _identity(path: str, standard: TextIO | None = None) -> object:
    """What tells two names of one regular file; None for devices and pipes."""
    status = None
    with suppress(OSError, ValueError):
        if path == _STANDARD:
            status = os.fstat(standard.fileno()) if standard is not None else None
        else:
            status = Path(path).stat()
    if status is None:
        return None if path == _STANDARD else Path(path).absolute()
    return (status.st_dev, status.st_ino) if stat.S_ISREG(status.st_mode) else None


def _source(path: str, files: ExitStack) -> BinaryIO:
    if path == _STANDARD:
        return sys.stdin.buffer
    return files.enter_context(Path(path).open("rb"))


def _output(path: str, files: ExitStack) -> BinaryIO:
    if path == _STANDARD:
        return sys.stdout.buffer
    return files.enter_context(Path(path).open("wb"))


def _faults(path: str | None, files: ExitStack) -> TextIO:
    if path is None or path == _STANDARD:
        return sys.stderr
    # A fault may repeat letters of the input that UTF-8 cannot write.
    return files.enter_context(Path(path).open("w", encoding="utf-8", errors="backslashreplace"))


def _let_go() -> None:
    """Point the closed stream at nothing, or the end of the process would write to it again."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            os.dup2(nothing, stream.fileno())
