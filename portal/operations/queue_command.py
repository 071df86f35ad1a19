"""The command that counts and routes the queue anew; the worker keeps both right by itself."""

from __future__ import annotations

import click

from portal.operations.keeping import opened
from portal.verification.queueing import rerouting, tallies


@click.command("hitung-antrean")
def hitung_antrean() -> None:
    """Hitung ulang isi antrean dan kirim dokumen yang menunggu ke antrean yang tepat."""
    with opened() as (database, _):
        cells = tallies.recount(database)
        rerouting.look_for_astray(database)
        moved = rerouting.reroute(database)
        days = rerouting.give_days(database)
    click.echo(f"{cells} kelompok hitungan ditulis ulang.")
    click.echo(f"{moved} dokumen pindah antrean, {days} dokumen mendapat tenggat.")
