"""Commands that walk through all stored files: examination, and the move to another store."""

from __future__ import annotations

import sys
import time
from decimal import Decimal

import click

from portal.db import Database
from portal.errors import PortalError, Rejected, Unavailable
from portal.operations.file_examination import examine, findings_of
from portal.operations.file_move import LOCAL, move, name_of, store_of
from portal.operations.keeping import opened
from portal.operations.walks import Walk
from portal.settings import MIB, Settings
from portal.wording import plain

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
    megabytes = plain(Decimal(walk.counts["byte"]) / MIB)
    click.echo(
        f"{walk.counts['berkas']} berkas ({walk.counts['objek']} objek, {megabytes} MB) dan "
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


@click.command("pindah-berkas")
@click.option("--dari", required=True, metavar="TEMPAT", help="`lokal`, folder, atau alamat S3.")
@click.option("--ke", required=True, metavar="TEMPAT", help="`lokal`, folder, atau alamat S3.")
@click.option("--ulang", is_flag=True, help="Cocokkan lagi semuanya, juga yang sudah disalin.")
def pindah_berkas(*, dari: str, ke: str, ulang: bool) -> None:
    """Salin semua berkas ke penyimpanan lain; portal tetap berjalan, sumber tidak dihapus."""
    settings = Settings.from_env()
    source, target = name_of(dari, settings), name_of(ke, settings)
    if source == target:
        raise Rejected("Sumber dan tujuan sama. Tidak ada yang perlu dipindahkan.")
    database = Database(settings.database_url)
    try:
        walk = move(
            database,
            store_of(dari, settings, must_exist=True),
            store_of(ke, settings, must_exist=False),
            name=f"{source} → {target}"[:300],
            afresh=ulang,
            tell=Progress(),
        )
    except PortalError as refusal:
        click.echo(refusal.message, err=True)
        if isinstance(refusal, Unavailable):
            click.echo(
                "Jalankan perintah yang sama lagi; yang sudah disalin tidak diulang.", err=True
            )
        sys.exit(1)
    finally:
        database.dispose()
    if walk.resumed:
        click.echo("Pemindahan yang terputus dilanjutkan.")
    click.echo(
        f"{walk.counts['disalin']} objek disalin dan dibaca ulang, {walk.counts['sama']} sudah "
        f"sama, dari {source} ke {target}."
    )
    if walk.counts["gagal"]:
        for case in walk.findings:
            click.echo(f"✗ {case['kunci']} tidak sama sesudah disalin.", err=True)
        sys.exit(1)
    _say_what_is_next(ke, target, settings)


def _say_what_is_next(place: str, target: str, settings: Settings) -> None:
    if not target.startswith("http"):
        usual = settings.var_dir / "objects"
        folder = "" if place == LOCAL else f"; berkasnya harus berada di {usual}"
        setting = f"kosongkan OBJECT_STORE_URL{folder}"
    else:
        setting = "isi OBJECT_STORE_URL dengan alamat tujuan itu"
    click.echo(
        f"Berikutnya: {setting}, mulai ulang portal dan pekerjanya, jalankan perintah ini sekali "
        "lagi untuk berkas yang masuk di antaranya, lalu `python -m portal periksa-berkas`. "
        "Berkas di sumber tidak dihapus."
    )
