"""`python -m portal hitung`: the batch computation (perhitungan mandiri) of rules.md §4."""

from __future__ import annotations

import errno
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from types import FrameType
from typing import IO, Any, NoReturn

import click

from portal.scoring import targets
from portal.scoring.batch import Batch, recap_table
from portal.scoring.engine.rules import RuleSet, RuleSetError, available, load
from portal.scoring.pool import WorkerLost

_ALL_GOOD, _SOME_BAD, _UNUSABLE = 0, 1, 2
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_MOST_PROCESSES = 256
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
        with suppress(OSError):
            click.echo(f"hitung: {self.message}", file=file or sys.stderr)


@click.command("hitung")
@click.argument("input_", metavar="[INPUT]", default=targets.STANDARD)
@click.option("--aturan", metavar="ID", help="Aturan pengukuran, misalnya pbkn8-2019.")
@click.option("--tahun", metavar="TAHUN", help="Tahun yang diukur; data dibaca s.d. 31 Desember.")
@click.option("--sementara", is_flag=True, help="SKP tahun sebelumnya dipakai bila belum ada.")
@click.option(
    "--prorata/--tanpa-prorata",
    default=None,
    help="Diklat teknis di bawah 20 JP dinilai sebanding, atau tidak; bawaannya menurut aturan.",
)
@click.option("--keluaran", metavar="BERKAS", default=targets.STANDARD, help="Tujuan hasil.")
@click.option("--galat", metavar="BERKAS", help="Tujuan laporan baris yang salah.")
@click.option("--ringkas", is_flag=True, help="Tanpa rincian.")
@click.option("--rekap", is_flag=True, help="Cetak rata-rata di akhir, ke keluaran galat baku.")
@click.option("--proses", metavar="N", help="Banyaknya proses; bawaannya sebanyak inti prosesor.")
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
    proses: str | None,
) -> None:
    """Hitung indeks dari JSON Lines: satu pegawai per baris, satu hasil per baris.

    Status keluar: 0 semua baris baik, 1 ada baris yang salah, 2 perintah tidak dapat dijalankan.
    """
    rules = _rules(aturan, prorata)
    batch = Batch(
        rules,
        _year(tahun),
        provisional=sementara,
        brief=ringkas,
        processes=_processes(proses),
        counting=rekap,
    )
    with _plain_sentences(), _ending_on_signals():
        targets.check(input_, keluaran, galat)
        with ExitStack() as files:
            source = targets.open_source(input_, files)
            output = targets.open_output(keluaran, files)
            faults = targets.open_faults(galat, files)
            if not rules.covers(batch.year):
                click.echo(
                    f"Peringatan: aturan {rules.id} tidak dibuat untuk {batch.year}.", err=True
                )
            batch.run(source, output, faults)
            if rekap:
                click.echo(recap_table(batch.recap, rules), err=True, nl=False)
    ctx.exit(_SOME_BAD if batch.bad_lines else _ALL_GOOD)


@contextmanager
def _plain_sentences() -> Iterator[None]:
    """Let whatever the world does end the run with one sentence."""
    try:
        yield
    except BrokenPipeError:
        # Whoever read the result has enough, as `head` does: end without a word.
        targets.let_go()
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        _end(place + _PLAIN.get(error.errno or 0, str(error.strerror)))
    except targets.Refused as error:
        raise Unusable(str(error)) from None
    except WorkerLost:
        raise Unusable(
            "satu proses penghitung mati mendadak, biasanya karena memori habis; "
            "hasilnya belum lengkap. Coba lagi dengan --proses 1"
        ) from None
    except MemoryError:
        raise Unusable("memori tidak cukup; hasilnya belum lengkap") from None
    except _Stopped as stopped:
        _end("dihentikan sebelum selesai; hasilnya belum lengkap", 128 + stopped.number)


def _end(sentence: str, status: int = _UNUSABLE) -> NoReturn:
    """End with a sentence, and without another try to write what a stream still holds."""
    Unusable(sentence).show()
    targets.let_go()
    raise SystemExit(status)


@contextmanager
def _ending_on_signals() -> Iterator[None]:
    """Turn Ctrl-C and a polite request to end into an exception, so that everything is cleared."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, _stop) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


class _Stopped(BaseException):
    """Somebody ended the run with a signal; no handler of errors may stand in the way."""

    def __init__(self, number: int) -> None:
        self.number = number


def _stop(number: int, _: FrameType | None) -> NoReturn:
    raise _Stopped(number)


def _processes(text: str | None) -> int:
    if text is None:
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    count = int(text) if text.isascii() and text.isdigit() and len(text) <= len("256") else 0
    if not 1 <= count <= _MOST_PROCESSES:
        raise Unusable(f"--proses harus antara 1 dan {_MOST_PROCESSES}")
    return count


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
