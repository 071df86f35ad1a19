"""The command that holds the audit against its chain."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from portal import storage as storage_of
from portal.audit.chain import LATE
from portal.audit.checking import Check, faults
from portal.audit.sealing import Head, head, seal_committed
from portal.db import Database, now
from portal.errors import PortalError, Unavailable
from portal.operations import audit_heads
from portal.settings import Settings

SHOWN = 200
"""Faults that are told one by one; the number tells the rest."""
TAMPERED, UNCHECKED = 1, 2


@contextmanager
def opened() -> Iterator[tuple[Settings, Database]]:
    """The database of the settings. Whatever keeps the command from its work ends it with 2."""
    settings = Settings.from_env()
    database = Database(settings.database_url)
    try:
        yield settings, database
    except Unavailable:
        raise  # told with its cause (portal.cli)
    except PortalError as refusal:
        click.echo(refusal.message, err=True)
        sys.exit(UNCHECKED)
    finally:
        database.dispose()


@click.command("periksa-audit")
@click.option(
    "--terhadap",
    multiple=True,
    metavar="KEPALA",
    help="Kepala yang disimpan di luar: TEMPAT:SIDIK dari log, atau manifest.json cadangan. "
    "Boleh berkali-kali.",
)
@click.option("--kepala", is_flag=True, help="Segel yang menunggu, lalu cetak kepala rantai saja.")
def periksa_audit(*, terhadap: tuple[str, ...], kepala: bool) -> None:
    """Cocokkan setiap baris audit dengan rantai segelnya; 0 utuh, 1 diubah, 2 tak dapat dicek."""
    with opened() as (settings, database):
        if kepala:
            seal_committed(database)
            with database.reading() as session:
                click.echo(str(head(session)))
            return
        wanted = [audit_heads.given(text) for text in terhadap]
        kept, store_away = _kept(settings)
        check = Check()
        number = 0
        for fault in faults(database, check, [*wanted, *kept]):
            number += 1
            if number <= SHOWN:
                click.echo(f"✗ {fault.sentence}")
        if number > SHOWN:
            click.echo(f"✗ … dan {number - SHOWN} temuan lain.")
        _conclude(check, number, store_away)


def _kept(settings: Settings) -> tuple[list[Head], str]:
    """The heads of the object store, or the sentence why they cannot be read."""
    try:
        return list(audit_heads.kept(storage_of.connect(settings))), ""
    except (Unavailable, FileNotFoundError) as away:
        return [], str(away) or "Penyimpanan berkas tidak terjangkau."


def _conclude(check: Check, number: int, store_away: str) -> None:
    click.echo(
        f"{check.lines} baris bersegel diperiksa, {check.heads} kepala tersimpan cocok. "
        f"Kepala rantai: {check.head}"
    )
    if check.unsealed:
        click.echo(f"{check.unsealed} baris terbaru menunggu segel pekerja.")
    oldest = check.oldest_unsealed
    if oldest and oldest < now() - LATE:
        click.echo("Pekerja tidak menyegel sejak lebih dari satu jam: jalankan worker.", err=True)
    if number:
        click.echo(f"Audit TIDAK utuh: {number} temuan. Simpan basis data ini untuk pemeriksaan.")
        sys.exit(TAMPERED)
    if store_away:
        click.echo(f"Rantai utuh, tetapi kepala tersimpan tidak terbaca: {store_away}", err=True)
        sys.exit(UNCHECKED)
    click.echo("Audit utuh.")
