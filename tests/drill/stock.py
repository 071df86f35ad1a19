"""The queue of a day: items of every sort that a verifikator meets, and the people around them."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from portal.accounts.models import Akun, Penugasan
from portal.agency.models import Instansi
from portal.db import now
from portal.documents.models import Document
from portal.documents.reasons import ensure_reasons
from portal.people.models import Pegawai
from portal.permissions import Actor
from portal.scoring.actions import recompute_many
from portal.storage import Storage
from portal.verification import records
from portal.vocabulary import (
    DocumentKind,
    DocumentState,
    FileRole,
    JenisDiklat,
    Role,
    Tingkat,
)
from tests.bench import data
from tests.support import builders
from tests.support.cast import TODAY, Cast
from tests.support.live import LivePortal

EACH = 5
"""Items of one owner: decisions on them meet at the owner's score."""
OF_VERIFIKATOR = 20
"""Of so many items one belongs to a verifikator, who must not decide it."""
REPLACING = 15
"""Of so many items one replaces an approved one."""
SEMINAR: dict[str, Any] = {"kind": DocumentKind.SEMINAR, "jenis": JenisDiklat.SEMINAR}
TEKNIS: dict[str, Any] = {"kind": DocumentKind.TEKNIS, "jenis": JenisDiklat.TEKNIS, "jp": 6}
IJAZAH: dict[str, Any] = {
    "kind": DocumentKind.IJAZAH,
    "jenis": None,
    "nama": "",
    "tingkat": Tingkat.S2,
    "program_studi": "Manajemen Pendidikan",
    "perguruan_tinggi": "Universitas Terbuka",
    "tanggal_lulus": dt.date(TODAY.year - 2, 8, 1),
}
SORTS = (SEMINAR, TEKNIS, SEMINAR, TEKNIS, SEMINAR, IJAZAH, SEMINAR, TEKNIS)


@dataclass(frozen=True)
class Person:
    """Somebody with an account."""

    id: uuid.UUID
    nip: str


@dataclass(frozen=True)
class People:
    """Who decides, and whose items they are (verifikator own some themselves)."""

    verifikator: list[Person]
    owners: list[Person]


def fill(portal: LivePortal, items: int, verifikator: int) -> People:
    """Put so many waiting items into the portal; every score is computed as it stands then."""
    cast = portal.cast
    with portal.database.transaction() as session:
        ensure_reasons(session)
        # Two pairs of eyes for degrees, as the rules of most agencies ask.
        session.get_one(Instansi, cast.units.instansi_id).dua_pemeriksa = [DocumentKind.IJAZAH]
        people = _people(session, cast, verifikator, max(items // EACH, 4))
    with portal.database.transaction() as session:
        for number in range(items):
            owner = people.owners[number % len(people.owners)]
            if number % OF_VERIFIKATOR == 0:
                owner = people.verifikator[number // OF_VERIFIKATOR % verifikator]
            _item(session, portal.storage, cast, owner, number)
    everybody = [person.id for person in (*people.verifikator, *people.owners)]
    with portal.database.transaction() as session:
        recompute_many(session, everybody, today=TODAY, cause="Penghitungan harian")
    return people


def _people(session: Session, cast: Cast, verifikator: int, owners: int) -> People:
    ids = [uuid.uuid4() for _ in range(verifikator + owners)]
    units = [cast.units.smpn.id, cast.units.kesehatan.id, cast.units.pendidikan.id]
    rows = list(data.crowd(cast, ids, units))
    session.execute(insert(Pegawai), rows)
    session.execute(insert(Akun), list(data.accounts(ids)))
    people = [Person(row["id"], row["nip"]) for row in rows]
    chosen = [person.id for person in people[:verifikator]]
    for akun in session.query(Akun).filter(Akun.pegawai_id.in_(chosen)):
        session.add(
            Penugasan(akun_id=akun.id, peran=Role.VERIFIKATOR, instansi_id=cast.units.instansi_id)
        )
    return People(people[:verifikator], people[verifikator:])


def _item(session: Session, storage: Storage, cast: Cast, owner: Person, number: int) -> None:
    actor = replace(cast.sari, pegawai_id=owner.id)
    fields = SORTS[number % len(SORTS)] | {
        "nama": f"Kegiatan {number:04}",
        "submitted_at": now() - dt.timedelta(minutes=number),
    }
    if number % REPLACING == 0 and fields["kind"] is not DocumentKind.IJAZAH:
        fields["replaces_id"] = _approved(session, cast, actor, fields).id
    made = builders.document(session, actor, DocumentState.DIAJUKAN, storage=storage, **fields)
    if made.kind is DocumentKind.IJAZAH:
        for role in (FileRole.IJAZAH, FileRole.TRANSKRIP):
            builders.file(session, made, role, storage=storage)


def _approved(session: Session, cast: Cast, owner: Actor, fields: dict[str, Any]) -> Document:
    """An item that counts already."""
    made = builders.document(session, owner, DocumentState.DISETUJUI, verifier=cast.vera, **fields)
    records.write(session, made, now())
    return made
