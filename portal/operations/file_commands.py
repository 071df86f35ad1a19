"""Commands that walk through all stored files: examination, and the move to another store."""

from __future__ import annotations

import sys
import time

import click

from portal.operations.file_examination import examine, findings_of
from portal.operations.keeping import opened
from portal.operations.walks import Walk

PAUSE = 2.0
"""Seconds between two lines of progress."""


class Progress:
    """Lines on standard error, not too many."""

    def __init__(self) -> None:
        self._told = time.monotonic()

    def __call__(self, walk: Walk) -> None:
        if time.monotonic() - self._told < PAUSE:
            return
        self._told = time.monotonic()
        counts = ", ".join(f"{number} {what}" for what, number in sorted(walk.counts.items()))
        click.echo(f"… {walk.stage}: {counts}", err=True)


@click.command("periksa-berkas")
@click.option("--ulang", is_flag=True, help="Mulai dari awal, bukan dari tempat terputus.")
def periksa_berkas(*, ulang: bool) -> None:
    """Baca setiap berkas dan cocokkan dengan sidiknya; keluar dengan 1 bila ada yang salah."""
    with opened() as (database, storage):
        walk = examine(database, storage, afresh=ulang, tell=Progress())
    if walk.resumed:
        click.echo("Pemeriksaan yang terputus dilanjutkan.")
    megabytes = walk.counts["byte"] / 1024 / 1024
    click.echo(
        f"{walk.counts['berkas']} berkas ({walk.counts['objek']} objek, {megabytes:.1f} MB) dan "
        f"{walk.counts['keputusan']} keputusan diperiksa."
    )
    for finding in findings_of(walk):
        click.echo(f"✗ {finding.title}: {finding.number}. {finding.remedy}")
        for case in finding.cases:
            click.echo(f"    {case}")
    if walk.counts["baru"]:
        click.echo(
            f"{walk.counts['baru']} objek belum sehari dan belum mempunyai dokumen: mungkin masih "
            "dikirim. Bila besok masih ada, objek itu yatim."
        )
    if findings_of(walk):
        sys.exit(1)
    click.echo("Semua berkas utuh.")
