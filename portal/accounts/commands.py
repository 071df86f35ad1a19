"""Commands for the first accounts of an installation, and for an admin who is locked out."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts import codes, management
from portal.accounts.models import CodePurpose
from portal.accounts.tokens import readable
from portal.agency.models import Opd
from portal.db import Database
from portal.errors import PortalError, Rejected
from portal.nip import Nip
from portal.people.models import Pegawai
from portal.settings import Settings
from portal.vocabulary import Role

_GRANTABLE = [role.value for role in management.GRANTABLE]


@contextmanager
def _writing(settings: Settings) -> Iterator[Session]:
    """A transaction; a refusal is printed and ends the command with 1."""
    database = Database(settings.database_url)
    try:
        with database.transaction() as session:
            yield session
    except PortalError as refusal:
        click.echo(refusal.message, err=True)
        sys.exit(1)
    finally:
        database.dispose()


def _person(session: Session, nip: str) -> Pegawai:
    try:
        digits = Nip.parse(nip).digits
    except ValueError as error:
        raise Rejected(str(error)) from error
    found = session.scalar(select(Pegawai).where(Pegawai.nip == digits))
    if found is None:
        raise Rejected("NIP ini belum ada di portal. Impor datanya lebih dahulu (impor-pegawai).")
    return found


def _unit(session: Session, pegawai: Pegawai, name: str) -> Opd:
    """The unit of the person's agency with this SIASN id or exactly this name."""
    units = session.scalars(
        select(Opd).where(
            Opd.instansi_id == pegawai.instansi_id, (Opd.siasn_id == name) | (Opd.nama == name)
        )
    ).all()
    if len(units) != 1:
        raise Rejected(
            f"{len(units)} unit bernama atau ber-id {name!r}. Isi --opd dengan id SIASN unit itu."
        )
    return units[0]


@click.command()
@click.argument("nip")
def kode_aktivasi(nip: str) -> None:
    """Buat kode sekali pakai untuk NIP; berlaku 24 jam."""
    settings = Settings.from_env()
    with _writing(settings) as session:
        pegawai = _person(session, nip)
        code = codes.issue(session, None, pegawai, CodePurpose.AKTIVASI, settings.secret_key)
        nama = pegawai.nama_lengkap
    click.echo(f"{nama}: {readable(code)} (24 jam, sekali pakai, di {settings.public_url}/kode)")


@click.command(help=f"Beri PERAN kepada pegawai dengan NIP.\n\nPERAN: {', '.join(_GRANTABLE)}.")
@click.argument("nip")
@click.argument("peran", type=click.Choice(_GRANTABLE), metavar="PERAN")
@click.option("--opd", default=None, help="Nama atau id SIASN unit; tanpa ini seluruh instansi.")
def beri_peran(nip: str, peran: str, opd: str | None) -> None:
    """Grant a role, for instance to the first admin."""
    with _writing(Settings.from_env()) as session:
        pegawai = _person(session, nip)
        unit = _unit(session, pegawai, opd) if opd else None
        role = Role(peran)
        management.grant(session, None, pegawai, role, unit)
        nama = pegawai.nama_lengkap
        where = unit.nama if unit else pegawai.instansi.nama
    click.echo(f"{nama} kini {role.label} di {where}.")
