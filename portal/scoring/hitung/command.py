"""`python -m portal hitung`: the batch computation (perhitungan mandiri) of rules.md §4."""

from __future__ import annotations

import os
from contextlib import ExitStack

import click

from portal.scoring.engine.rules import RuleSet, RuleSetError, available, load
from portal.scoring.hitung import targets
from portal.scoring.hitung.batch import Batch, recap_table
from portal.scoring.hitung.endings import Unusable, plain_sentences, whole_number

_ALL_GOOD, _SOME_BAD = 0, 1
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_MOST_PROCESSES = 256


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

    Berkas --keluaran baru muncul bila seluruhnya selesai. Status keluar: 0 semua baris baik, 1 ada
    baris yang salah, 2 perintah tidak dapat dijalankan atau terputus.
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
    with plain_sentences():
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


def _processes(text: str | None) -> int:
    if text is None:
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    return whole_number(text, "--proses", 1, _MOST_PROCESSES)


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
