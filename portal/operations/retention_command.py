"""The command of the rules of retention, which the worker follows every night by itself."""

from __future__ import annotations

import click

from portal.operations.keeping import opened
from portal.operations.retention import Terms, retain
from portal.settings import Settings


@click.command("retensi")
@click.option("--coba", is_flag=True, help="Tunjukkan saja; tidak ada yang dihapus.")
def retensi(*, coba: bool) -> None:
    """Hapus draf yang lama tak disentuh dan berkas dokumen yang lama ditolak atau dibatalkan."""
    settings = Settings.from_env()
    terms = Terms(settings.draft_days, settings.refused_days)
    with opened() as (database, storage):
        kept = retain(database, storage, terms, trial=coba)
    click.echo("Yang akan dilakukan:" if coba else "Yang dilakukan:")
    for what, items in (
        ("pemilik draf diberi tahu", kept.warned),
        ("draf dihapus", kept.discarded),
        ("dokumen dihapus berkasnya", kept.erased),
    ):
        click.echo(f"  {len(items)} {what}")
        for item in items if coba else ():
            click.echo(f"    {item}")
    if coba:
        click.echo("Tidak ada yang diubah.")
