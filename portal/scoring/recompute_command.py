"""`hitung-ulang`: the scores of everybody, from the facts as they stand."""

from __future__ import annotations

import os
import uuid

import click
from sqlalchemy import select

from portal.db import Database
from portal.scoring import runs
from portal.scoring.models import RecomputeRun
from portal.settings import Settings

CAUSE = "Penghitungan ulang"


@click.command("hitung-ulang")
@click.option("--tahun", type=click.IntRange(1900, 2100), help="Hanya tahun ini.")
@click.option(
    "--proses",
    type=click.IntRange(1, 64),
    help="Banyaknya proses; bawaan: satu per inti prosesor bila pegawainya banyak.",
)
def hitung_ulang(tahun: int | None, proses: int | None) -> None:
    """Hitung ulang skor semua pegawai; bila terputus, jalankan lagi untuk melanjutkan."""
    os.nice(5)  # people who wait for a page come first
    database = Database(Settings.from_env().database_url)
    try:
        run_id, begun_before = _run_of(database, tahun)
        if begun_before:
            click.echo("Melanjutkan penghitungan yang terputus.")
        runs.carry_on(database, run_id, proses)
        with database.reading() as session:
            done = runs.progress(session, session.get_one(RecomputeRun, run_id))
    finally:
        database.dispose()
    click.echo(f"{done.dihitung} orang dihitung ulang, {done.berubah} skor berubah.")


def _run_of(database: Database, tahun: int | None) -> tuple[uuid.UUID, bool]:
    """The run to carry on: one of the same year that was cut short, else a new one."""
    with database.transaction() as session:
        cut_short = session.scalar(
            select(RecomputeRun.id)
            .where(
                RecomputeRun.selesai.is_(None),
                RecomputeRun.instansi_id.is_(None),
                RecomputeRun.tahun.is_(None) if tahun is None else RecomputeRun.tahun == tahun,
            )
            .order_by(RecomputeRun.dibuat.desc())
            .limit(1)
        )
        if cut_short:
            return cut_short, True
        return runs.start(session, cause=CAUSE, tahun=tahun).id, False
