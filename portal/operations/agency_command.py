"""`atur-instansi`: what the agency calls its things, its clock, its target, its rule sets."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import click
from sqlalchemy.orm import Session

from portal.agency.actions import describe, set_year
from portal.agency.models import Instansi
from portal.agency.queries import all_instansi, instansi_by_siasn
from portal.db import Database
from portal.errors import Rejected
from portal.scoring.engine import rules
from portal.scoring.runs import recompute_all
from portal.settings import Settings
from portal.vocabulary import ZONES, DocumentKind

_ZONE_OF = {short: name for name, short in ZONES.items()}
CAUSE = "Pengaturan instansi diubah"


class Points(click.ParamType[Decimal]):
    """A number of the index, with comma or point."""

    name = "nilai"

    def convert(
        self, value: str | Decimal, param: click.Parameter | None, ctx: click.Context | None
    ) -> Decimal:
        try:
            number = Decimal(str(value).replace(",", "."))
        except InvalidOperation:
            number = Decimal("NaN")
        if not (number.is_finite() and 0 <= number <= 100):
            self.fail(f"{value}: isi dengan angka 0 sampai 100, misalnya 80.", param, ctx)
        return number


@click.command("atur-instansi")
@click.option("--instansi", default="", help="Kode SIASN instansi, bila portal memuat beberapa.")
@click.option("--nama", help="Nama instansi.")
@click.option("--bkd", help="Sebutan badan kepegawaian: BKD, BKPSDM, Biro SDM …")
@click.option("--zona", type=click.Choice(sorted(_ZONE_OF)), help="Zona waktu.")
@click.option(
    "--dua-pemeriksa",
    multiple=True,
    type=click.Choice([kind.value for kind in DocumentKind]),
    help="Jenis dokumen yang diperiksa dua orang; boleh diulang.",
)
@click.option("--satu-pemeriksa", is_flag=True, help="Semua jenis diperiksa satu orang.")
@click.option("--tahun", type=click.IntRange(2018, 2100), help="Tahun yang diatur.")
@click.option("--target", type=Points(), help="Target indeks tahun itu.")
@click.option("--aturan", type=click.Choice(rules.available()), help="Aturan tahun itu.")
def atur_instansi(
    instansi: str,
    nama: str | None,
    bkd: str | None,
    zona: str | None,
    dua_pemeriksa: tuple[str, ...],
    satu_pemeriksa: bool,
    tahun: int | None,
    target: Decimal | None,
    aturan: str | None,
) -> None:
    """Atur nama, zona waktu, pemeriksa, target, dan aturan instansi; skor lalu dihitung ulang."""
    if tahun is None and (target is not None or aturan is not None):
        raise click.UsageError("Sebutkan tahunnya: --tahun 2026.")
    database = Database(Settings.from_env().database_url)
    asked = {
        "nama": nama,
        "sebutan_bkd": bkd,
        "zona_waktu": _ZONE_OF.get(zona or ""),
        "dua_pemeriksa": sorted(dua_pemeriksa) if dua_pemeriksa or satu_pemeriksa else None,
    }
    values = {name: value for name, value in asked.items() if value is not None}
    try:
        with database.transaction() as session:
            agency = _chosen(session, instansi)
            describe(session, None, agency, **values)
            if tahun is not None:
                set_year(
                    session,
                    None,
                    agency,
                    tahun,
                    aturan=aturan,
                    otherwise=rules.default_for_year(tahun),
                    target=target,
                )
            name = agency.nama
        if tahun is not None:
            recompute_all(database, cause=CAUSE)
    except Rejected as refusal:
        raise click.ClickException(refusal.message) from refusal
    finally:
        database.dispose()
    click.echo(f"{name}: pengaturan disimpan.")


def _chosen(session: Session, siasn_id: str) -> Instansi:
    known = all_instansi(session)
    if not siasn_id and len(known) == 1:
        return known[0]
    found = instansi_by_siasn(session, siasn_id) if siasn_id else None
    if found is None:
        raise Rejected(
            "Instansi belum ada. Jalankan impor-pegawai dahulu."
            if not known
            else "Sebutkan instansinya: --instansi KODE. Yang ada: "
            + ", ".join(f"{row.nama} ({row.siasn_id})" for row in known)
        )
    return found
