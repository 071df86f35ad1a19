"""`demo`: fill an empty portal with the demo agency, or print its accounts."""

from __future__ import annotations

import json

import click

from portal import storage
from portal.db import Database
from portal.demo import build
from portal.demo.accounts import list_accounts
from portal.demo.crowd import multiply
from portal.demo.people import generate
from portal.migrating import migrate
from portal.settings import Settings
from portal.vocabulary import Role

_TAKEN = "Basis data sudah berisi. Data demo hanya mengisi portal yang kosong (make reset-demo)."


@click.command("demo")
@click.option("--akun", is_flag=True, help="Cetak akun demo sebagai JSON.")
@click.option("--orang", type=click.IntRange(len(generate()), 1_000_000), help="Jumlah pegawai.")
@click.option("--tanpa-dokumen", is_flag=True, help="Tanpa dokumen yang diajukan.")
def demo(*, akun: bool, orang: int | None, tanpa_dokumen: bool) -> None:
    """Isi portal kosong dengan instansi contoh (hanya mode demo)."""
    settings = Settings.from_env()
    if not settings.demo:
        raise click.ClickException(
            f"Data dan akun demo hanya ada di mode demo, bukan di mode {settings.mode}."
        )
    if akun:
        click.echo(json.dumps(list_accounts(), ensure_ascii=False, indent=1))
        return
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    if not fill_when_empty(settings, people=orang, documents=not tanpa_dokumen):
        raise click.ClickException(_TAKEN)
    announce(settings)


def fill_when_empty(
    settings: Settings, *, people: int | None = None, documents: bool = True
) -> bool:
    """Fill an empty portal; False when there is something in it already."""
    database = Database(settings.database_url)
    try:
        migrate(database)
        filled = build.fill(
            database,
            storage.connect(settings),
            settings,
            documents=documents,
            begun=lambda: click.echo("Mengisi instansi contoh, sekitar setengah menit …"),
        )
        if filled and people:
            multiply(database, people)
        if filled:
            database.gather_statistics()
    finally:
        database.dispose()
    return filled


def announce(settings: Settings) -> None:
    """Print the address and who can log in with which password."""
    click.echo(f"\nAkun demo untuk {settings.public_url}/masuk")
    rows = [
        (Role(entry["peran"]).label, entry["nip"], entry["kata_sandi"], entry["nama"])
        for entry in list_accounts()
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        click.echo("  " + "  ".join([*cells, row[3]]))
