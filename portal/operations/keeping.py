"""Commands that keep what the portal holds: backup, restore, sweep, reconciliation."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from portal import storage as storage_of
from portal.db import Database
from portal.errors import PortalError, Unavailable
from portal.migrating import migrate
from portal.operations.backup import backup, restore
from portal.operations.reconciliation import findings_of, reconcile
from portal.operations.sweep import sweep
from portal.settings import Settings
from portal.storage import Storage


@contextmanager
def opened() -> Iterator[tuple[Database, Storage]]:
    """Database and storage of the settings; a refusal is printed and ends the command with 1,
    what is away with 2."""
    settings = Settings.from_env()
    database = Database(settings.database_url)
    try:
        yield database, storage_of.connect(settings)
    except Unavailable:
        raise  # told with its cause (portal.cli)
    except PortalError as refusal:
        click.echo(refusal.message, err=True)
        sys.exit(1)
    finally:
        database.dispose()


def _report(database: Database, storage: Storage) -> bool:
    """Reconcile and print; True when nothing was found."""
    findings = findings_of(reconcile(database, storage))
    for finding in findings:
        click.echo(f"✗ {finding.judul}: {finding.jumlah}. {finding.langkah}")
        for case in finding.contoh:
            click.echo(f"    {case}")
    if not findings:
        click.echo("Rekonsiliasi bersih: tidak ada temuan.")
    return not findings


@click.command()
def rekonsiliasi() -> None:
    """Cocokkan berkas, dokumen, keputusan, dan skor; keluar dengan 1 bila ada temuan."""
    with opened() as (database, storage):
        sys.exit(0 if _report(database, storage) else 1)


@click.command()
def sapu() -> None:
    """Hapus berkas yatim dan data yang sudah kedaluwarsa."""
    days = Settings.from_env().quarantine_days
    with opened() as (database, storage):
        swept = sweep(database, storage, quarantine_days=days)
    click.echo(f"{swept.objects} berkas dan {swept.rows} baris dihapus.")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
def cadangkan(folder: Path) -> None:
    """Simpan seluruh basis data dan berkas ke FOLDER yang kosong."""
    with opened() as (database, storage):
        manifest = backup(database, storage, folder)
    rows = sum(manifest["tabel"].values())
    click.echo(f"Cadangan selesai: {rows} baris, {len(manifest['objek'])} berkas di {folder}.")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
def pulihkan(folder: Path) -> None:
    """Isi basis data dan penyimpanan yang kosong dari FOLDER, lalu rekonsiliasi."""
    with opened() as (database, storage):
        migrate(database)
        manifest = restore(database, storage, folder)
        rows = sum(manifest["tabel"].values())
        click.echo(f"Pemulihan selesai: {rows} baris, {len(manifest['objek'])} berkas.")
        sys.exit(0 if _report(database, storage) else 1)
