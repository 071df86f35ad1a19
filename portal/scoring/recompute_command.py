"""`hitung-ulang`: the scores of everybody, of an agency, of a year, from the present facts."""

from __future__ import annotations

import uuid

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.agency.models import Instansi
from portal.agency.queries import all_instansi
from portal.db import Database
from portal.scoring import runs, years
from portal.scoring.models import RecomputeRun
from portal.settings import Settings

CAUSE = "Penghitungan ulang"


@click.command("hitung-ulang")
@click.option("--instansi", default="", help="Hanya instansi dengan kode SIASN ini.")
@click.option("--tahun", type=click.IntRange(1900, 2100), help="Hanya tahun ini.")
@click.option(
    "--proses",
    type=click.IntRange(1, 64),
    help="Banyaknya proses; bawaan: satu per inti prosesor bila pegawainya banyak.",
)
def hitung_ulang(instansi: str, tahun: int | None, proses: int | None) -> None:
    """Hitung ulang skor pegawai; bila terputus, jalankan lagi untuk melanjutkan."""
    runs.give_way()
    database = Database(Settings.from_env().database_url)
    try:
        run_id, begun_before = _run_of(database, instansi, tahun)
        if begun_before:
            click.echo("Melanjutkan penghitungan yang terputus.")
        runs.carry_on(database, run_id, proses)
        with database.reading() as session:
            done = runs.progress(session, session.get_one(RecomputeRun, run_id))
            left_out = [
                f"{session.get_one(Instansi, year.instansi_id).nama} tidak dihitung: "
                f"tahun {year.tahun}, {year.alasan}."
                for year in years.gone(session)
            ]
    finally:
        database.dispose()
    for sentence in left_out:
        click.echo(sentence, err=True)
    click.echo(f"{done.dihitung} orang dihitung ulang, {done.berubah} skor berubah.")


def _run_of(database: Database, instansi: str, tahun: int | None) -> tuple[uuid.UUID, bool]:
    """The run to carry on: one of the same people and year that was cut short, else a new one."""
    with database.transaction() as session:
        instansi_id = _instansi(session, instansi).id if instansi else None
        cut_short = session.scalar(
            select(RecomputeRun.id)
            .where(
                RecomputeRun.selesai.is_(None),
                RecomputeRun.instansi_id.is_not_distinct_from(instansi_id),
                RecomputeRun.tahun.is_not_distinct_from(tahun),
            )
            .order_by(RecomputeRun.dibuat.desc())
            .limit(1)
        )
        if cut_short:
            return cut_short, True
        return runs.start(session, cause=CAUSE, instansi_id=instansi_id, tahun=tahun).id, False


def _instansi(session: Session, siasn_id: str) -> Instansi:
    found = next((row for row in all_instansi(session) if row.siasn_id == siasn_id), None)
    if found is None:
        known = ", ".join(f"{row.nama} ({row.siasn_id})" for row in all_instansi(session))
        raise click.ClickException(f"Instansi {siasn_id} tidak ada. Yang ada: {known or '-'}.")
    return found
