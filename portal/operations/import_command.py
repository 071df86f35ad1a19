"""`impor-pegawai`: people, units, posts and histories from files."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from pathlib import Path

import click

from portal.agency.models import Instansi
from portal.db import Database
from portal.errors import Unavailable
from portal.migrating import current
from portal.operations.people_import import Outcome, Sources, import_people
from portal.people.importer.codes import Options
from portal.people.importer.faults import KEPT, Faults, Refused
from portal.settings import Settings
from portal.vocabulary import KelompokJabatan

_FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
_WARNINGS_SHOWN = 20


@click.command("impor-pegawai")
@click.argument("berkas", type=_FILE)
@click.option("--jabatan", type=_FILE, help="CSV: jabatan_id/unor_id, eselon, syarat_pendidikan.")
@click.option("--unor", type=_FILE, help="CSV: id, parent, name.")
@click.option("--riwayat", type=_FILE, help="JSON Lines: riwayat per NIP.")
@click.option("--instansi", default="", help="Kode SIASN instansi, bila portal memuat beberapa.")
@click.option(
    "--eselon-v",
    type=click.Choice([KelompokJabatan.PELAKSANA.value, KelompokJabatan.PENGAWAS.value]),
    default=Options().eselon_v.value,
    show_default=True,
    help="Kelompok jabatan untuk eselon V.",
)
@click.option(
    "--pensiun",
    default=",".join(sorted(Options().pensiun)),
    show_default=True,
    help="Kode kedudukan hukum yang berarti tidak lagi bekerja.",
)
def impor_pegawai(
    berkas: Path,
    jabatan: Path | None,
    unor: Path | None,
    riwayat: Path | None,
    instansi: str,
    eselon_v: str,
    pensiun: str,
) -> None:
    """Impor pegawai dari "Export Data ASN" SIASN (CSV). Semua masuk, atau tidak sama sekali."""
    options = Options(
        KelompokJabatan(eselon_v), frozenset(code.strip() for code in pensiun.split(","))
    )
    sources = Sources(berkas, jabatan, unor, riwayat, options, instansi)
    database = Database(Settings.from_env().database_url)
    try:
        if current(database) is None:
            raise click.ClickException(
                "Basis data masih kosong. Jalankan dahulu: python -m portal migrate"
            )
        with database.transaction() as session:
            outcome = import_people(session, None, sources, today=_today)
        with suppress(Unavailable):  # the import stands, and the night makes up for it
            database.gather_statistics()
    except Refused as refusal:
        _tell_faults(refusal.faults)
        raise click.ClickException(refusal.message) from refusal
    except Unavailable as error:
        raise click.ClickException(
            "Basis data terkunci atau tidak terjangkau. Coba lagi; tidak ada data yang berubah."
        ) from error
    finally:
        database.dispose()
    _tell(outcome)


def _today(instansi: Instansi) -> dt.date:
    return dt.datetime.now(instansi.zone).date()


def _tell_faults(faults: Faults) -> None:
    for fault in faults.kept:
        click.echo(str(fault), err=True)
    if faults.count > KEPT:
        click.echo(f"… dan {faults.count - KEPT} kesalahan lain.", err=True)


def _tell(outcome: Outcome) -> None:
    for warning in outcome.faults.warnings[:_WARNINGS_SHOWN]:
        click.echo(f"Perhatikan: {warning}", err=True)
    if outcome.faults.warning_count > _WARNINGS_SHOWN:
        rest = outcome.faults.warning_count - _WARNINGS_SHOWN
        click.echo(f"… dan {rest} hal lain untuk diperhatikan.", err=True)
    counts = outcome.counts
    click.echo(
        f"Selesai. Pegawai: {counts.baru} baru, {counts.berubah} berubah, "
        f"{counts.pindah} pindah unit, {counts.tetap} tetap. "
        f"Unit: {outcome.units} berubah. Riwayat: {outcome.histories} orang berubah. "
        f"Skor dihitung ulang: {len(outcome.changed)} orang."
    )
