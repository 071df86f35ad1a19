"""Commands that keep what the portal holds: backup, restore, sweep, reconciliation."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from portal import storage as storage_of
from portal.db import Database
from portal.errors import PortalError
from portal.migrating import migrate
from portal.operations.backup import backup, restore
from portal.operations.reconciliation import findings_of, reconcile
from portal.operations.sweep import sweep
from portal.settings import Settings
from portal.storage import Storage


def _open() -> tuple[Database, Storage]:
    settings = Settings.from_env()
    return Database(settings.database_url), storage_of.connect(settings)


def _refuse(error: PortalError) -> None:
    click.echo(error.message, err=True)
    sys.exit(1)


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
    try:
        sys.exit(0 if _report(*_open()) else 1)
    except PortalError as error:
        _refuse(error)


@click.command()
def sapu() -> None:
    """Hapus berkas yatim dan data yang sudah kedaluwarsa."""
    try:
        swept = sweep(*_open())
    except PortalError as error:
        _refuse(error)
    else:
        click.echo(f"{swept.objects} berkas dan {swept.rows} baris dihapus.")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
def cadangkan(folder: Path) -> None:
    """Simpan seluruh basis data dan berkas ke FOLDER yang kosong."""
    try:
        manifest = backup(*_open(), folder)
    except PortalError as error:
        _refuse(error)
    else:
        rows = sum(manifest["tabel"].values())
        click.echo(f"Cadangan selesai: {rows} baris, {len(manifest['objek'])} berkas di {folder}.")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
def pulihkan(folder: Path) -> None:
    """Isi basis data dan penyimpanan yang kosong dari FOLDER, lalu rekonsiliasi."""
    database, storage = _open()
    try:
        migrate(database)
        manifest = restore(database, storage, folder)
        rows = sum(manifest["tabel"].values())
        click.echo(f"Pemulihan selesai: {rows} baris, {len(manifest['objek'])} berkas.")
        sys.exit(0 if _report(database, storage) else 1)
    except PortalError as error:
        _refuse(error)
