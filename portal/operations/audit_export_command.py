"""The command that writes the audit into a file."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import click
from sqlalchemy import select

from portal import audit
from portal.agency.models import Instansi
from portal.audit.sealing import seal_committed
from portal.db import Database, now
from portal.errors import Rejected
from portal.operations import audit_export, audit_log
from portal.operations.audit_command import opened
from portal.operations.audit_views import EXPORTED

SHAPES = {".jsonl": "jsonl", ".xlsx": "xlsx"}


@click.command("ekspor-audit")
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--dari", default="", metavar="TANGGAL", help="Hari pertama, misalnya 2026-01-01.")
@click.option("--sampai", default="", metavar="TANGGAL", help="Hari terakhir.")
@click.option("--oleh", default="", metavar="NIP", help="Pelaku; `sistem` untuk portal sendiri.")
@click.option("--tentang", default="", metavar="NIP", help="NIP pegawai, atau nomor terima.")
@click.option(
    "--tindakan", default="", help="Kelompok (keputusan, baca, akun, …) atau kode tindakan."
)
def ekspor_audit(target: Path, **given: str) -> None:
    """Tulis audit ke TARGET.jsonl (dengan segelnya) atau TARGET.xlsx yang baru."""
    shape = SHAPES.get(target.suffix.lower())
    with opened() as (_, database):
        if shape is None:
            raise Rejected("Akhiri nama berkas dengan .jsonl atau .xlsx.")
        if target.exists():
            raise Rejected(f"{target} sudah ada. Pilih nama lain.")
        seal_committed(database)
        zone, search = _search(database, given)
        _note(database, given, shape)
        found = audit_export.batches(
            database,
            audit_log.fits(search),
            audit.AuditEntry.at <= now(),
            named=shape == "xlsx",
        )
        number = _write(found, target, shape, zone)
    click.echo(f"{number} baris audit di {target}.")


def _search(database: Database, given: dict[str, str]) -> tuple[ZoneInfo, audit_log.Wanted]:
    with database.reading() as session:
        zone = ZoneInfo(session.scalar(select(Instansi.zona_waktu).limit(1)) or "Asia/Jakarta")
        return zone, audit_log.wanted(session, zone, given)


def _note(database: Database, given: dict[str, str], shape: str) -> None:
    chosen = {name: value for name, value in given.items() if value}
    with database.transaction() as session:
        audit.record(
            session, None, EXPORTED, None, bentuk=shape, saring=chosen, lewat="ekspor-audit"
        )


def _write(found: audit_export.Batches, target: Path, shape: str, zone: ZoneInfo) -> int:
    counted = audit_export.Counted(found)
    partial = target.with_name(target.name + ".sebagian")
    try:
        with partial.open("w+b") as stream:
            if shape == "xlsx":
                audit_export.write_xlsx(counted, stream, zone)
            else:
                stream.writelines(audit_export.json_lines(counted))
        partial.rename(target)
    except OSError as error:
        raise Rejected(f"{target} tidak dapat ditulis. Periksa folder dan ruangnya.") from error
    finally:
        partial.unlink(missing_ok=True)
    return counted.lines
