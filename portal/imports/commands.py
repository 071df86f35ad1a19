"""`impor-nilai-bkn`: BKN's values from a file, without the page."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import click
from sqlalchemy.orm import Session

from portal import audit
from portal.agency.models import Instansi
from portal.agency.queries import all_instansi, instansi_by_siasn
from portal.db import Database, now
from portal.errors import Rejected
from portal.imports.kinds import Message, Order
from portal.imports.official_values import FIRST_YEAR
from portal.imports.reading import File, Tally
from portal.imports.registry import OFFICIAL
from portal.imports.sheets import Limits
from portal.settings import Settings

_FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
_TOLD = 100
"""Messages that are printed; the page Impor gives all of them as CSV."""


@click.command("impor-nilai-bkn")
@click.argument("berkas", type=_FILE)
@click.option(
    "--tahun", type=click.IntRange(FIRST_YEAR), help="Tahun, bila berkas tidak memuatnya."
)
@click.option("--instansi", default="", help="Kode SIASN instansi, bila portal memuat beberapa.")
@click.option("--periksa", is_flag=True, help="Hanya periksa; tidak ada yang disimpan.")
def impor_nilai_bkn(berkas: Path, tahun: int | None, instansi: str, periksa: bool) -> None:
    """Impor nilai IP ASN dari BKN (PIP ASN, XLSX atau CSV). Baris galat dilewati."""
    settings = Settings.from_env()
    database = Database(settings.database_url)
    try:
        with database.transaction() as session:
            tally = _take(session, berkas, tahun, _agency(session, instansi), settings, not periksa)
    finally:
        database.dispose()
    counts = tally.as_data()
    click.echo(
        f"{'Diperiksa' if periksa else 'Selesai'}. {counts['baru']} baru, {counts['berubah']} "
        f"berubah, {counts['sama']} sama, {counts['lama']} masuk riwayat, {counts['galat']} "
        f"galat, {counts['peringatan']} peringatan."
    )
    sys.exit(1 if counts["galat"] else 0)


def _agency(session: Session, kode: str) -> Instansi:
    known = all_instansi(session)
    found = instansi_by_siasn(session, kode) if kode else known[0] if len(known) == 1 else None
    if found is None:
        raise Rejected("Instansi tidak dikenal. Sebutkan kode SIASN-nya dengan --instansi.")
    return found


def _take(
    session: Session,
    path: Path,
    tahun: int | None,
    instansi: Instansi,
    settings: Settings,
    write: bool,
) -> Tally:
    """Everything in one transaction: a file that breaks off leaves nothing behind."""
    moment = now()
    order = Order(instansi.id, instansi.zone, now=moment, received=moment, tahun=tahun)
    if tahun is not None and tahun > order.today.year:
        raise Rejected(f"Tahun {tahun} belum ada. Isi {FIRST_YEAR} sampai {order.today.year}.")
    tally, told = Tally(), 0
    with path.open("rb") as stream:
        file = File(stream, OFFICIAL, order, Limits(settings.max_import_bytes))
        for lines in file.batches():
            taken = file.take(session, lines, write=write)
            tally.add(taken)
            for message in (message for one in taken for message in one.messages):
                told += 1
                if told <= _TOLD:
                    click.echo(_sentence(message), err=True)
        if told > _TOLD:
            click.echo(f"… dan {told - _TOLD} pesan lain.", err=True)
        if write and tally.changes:
            stream.seek(0)
            audit.record(
                session, None, "import:finished", instansi.id, jenis=OFFICIAL.name,
                berkas=path.name, sha256=hashlib.file_digest(stream, "sha256").hexdigest(),
                jumlah=tally.as_data(),
            )  # fmt: skip
    return tally


def _sentence(message: Message) -> str:
    kind = "Galat" if message.galat else "Perhatikan"
    shown = f" (isi: {message.isi})" if message.isi else ""
    return f"{kind}, baris {message.baris}, kolom {message.kolom}{shown}: {message.pesan}"
