"""The command that writes the whole file of a person, for who asks for it in writing."""

from __future__ import annotations

from pathlib import Path

import click
from sqlalchemy import select

from portal import audit
from portal.documents.models import Document
from portal.errors import Rejected
from portal.nip import Nip
from portal.operations import person_file
from portal.operations.keeping import opened
from portal.operations.person_file_views import ACTION
from portal.people.models import Pegawai
from portal.verification.readings import note_export


@click.command("ekspor-berkas")
@click.argument("nip")
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
def ekspor_berkas(nip: str, target: Path) -> None:
    """Tulis semua berkas pegawai dengan NIP ini, beserta daftarnya, ke TARGET.zip yang baru."""
    with opened() as (database, storage):
        if target.exists():
            raise Rejected(f"{target} sudah ada. Pilih nama lain.")
        with database.transaction() as session:
            pegawai_id = session.scalar(select(Pegawai.id).where(Pegawai.nip == _digits(nip)))
            if pegawai_id is None:
                raise Rejected("NIP ini belum ada di portal.")
            whole = person_file.gather(session, pegawai_id)
            number = len(whole.items)
            owned = select(Document.id).where(Document.owner_id == pegawai_id)
            note_export(session, session.scalars(owned).all())
            audit.record(session, None, ACTION, pegawai_id, dokumen=number, lewat="ekspor-berkas")
        partial = target.with_name(target.name + ".sebagian")
        try:
            with partial.open("wb") as stream:
                for piece in person_file.written(storage, whole):
                    stream.write(piece)
            partial.rename(target)
        except OSError as error:
            raise Rejected(f"{target} tidak dapat ditulis. Periksa folder dan ruangnya.") from error
        finally:
            partial.unlink(missing_ok=True)
    click.echo(f"{number} dokumen di {target}.")
    for paper in whole.lacking:
        click.echo(f"✗ {paper.name}: {paper.state}", err=True)


def _digits(nip: str) -> str:
    try:
        return Nip.parse(nip).digits
    except ValueError as error:
        raise Rejected(str(error)) from error
