"""`python -m portal contoh-pegawai`: people who do not exist, to try `hitung` with."""

from __future__ import annotations

from contextlib import ExitStack

import click

from portal.scoring import targets
from portal.scoring.endings import plain_sentences
from portal.scoring.sample import MOST, Sample

_YEAR = 2026


@click.command("contoh-pegawai")
@click.argument("banyak", metavar="N", type=click.IntRange(0, MOST))
@click.option("--benih", default=1, show_default=True, help="Benih lain, pegawai lain.")
@click.option(
    "--tahun",
    default=_YEAR,
    show_default=True,
    type=click.IntRange(2000, 2100),
    help="Tahun ukur; data pegawai ada di sekitarnya.",
)
@click.option("--keluaran", metavar="BERKAS", default=targets.STANDARD, help="Tujuan baris.")
def contoh_pegawai(banyak: int, benih: int, tahun: int, keluaran: str) -> None:
    """Tulis N pegawai karangan sebagai JSON Lines, masukan untuk `hitung`.

    N, benih, dan tahun yang sama memberi bita yang sama. Semua nama dan NIP karangan.
    """
    with plain_sentences(), ExitStack() as files:
        output = targets.open_output(keluaran, files)
        for block in Sample(tahun, benih).blocks(banyak):
            output.write(block)
        output.flush()
