"""`python -m portal contoh-pegawai`: people who do not exist, to try `hitung` with."""

from __future__ import annotations

from contextlib import ExitStack

import click

from portal.scoring.hitung import targets
from portal.scoring.hitung.endings import plain_sentences, whole_number
from portal.scoring.hitung.sample import MOST, Sample

_YEARS = (2000, 2100)
_LAST_SEED = 999_999_999


@click.command("contoh-pegawai")
@click.argument("banyak", metavar="N")
@click.option("--benih", metavar="ANGKA", default="1", help="Benih lain, pegawai lain.")
@click.option(
    "--tahun", metavar="TAHUN", default="2026", help="Tahun ukur; data pegawai ada di sekitarnya."
)
@click.option("--keluaran", metavar="BERKAS", default=targets.STANDARD, help="Tujuan baris.")
def contoh_pegawai(banyak: str, benih: str, tahun: str, keluaran: str) -> None:
    """Tulis N pegawai karangan sebagai JSON Lines, masukan untuk `hitung`.

    N, benih, dan tahun yang sama memberi bita yang sama. Semua nama dan NIP karangan.
    """
    count = whole_number(banyak, "N", 0, MOST)
    year = whole_number(tahun, "--tahun", *_YEARS)
    sample = Sample(year, whole_number(benih, "--benih", 0, _LAST_SEED))
    with plain_sentences(), ExitStack() as files:
        output = targets.open_output(keluaran, files)
        for block in sample.blocks(count):
            output.write(block)
        output.flush()
