"""The queue of a day: items of every sort that a verifikator meets, and the people around them."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from portal.accounts.models import Akun, Penugasan
from portal.agency.models import Antrean, Instansi
from portal.db import now
from portal.documents.models import Document
from portal.documents.reasons import ensure_reasons
from portal.people.models import Pegawai
from portal.permissions import Actor
from portal.scoring.actions import recompute_many
from portal.storage import Storage
from portal.verification import records
from portal.verification.checking import Light
from portal.verification.queueing.routing import way_of
from portal.verification.queueing.staffing import staffing
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
from tests.verification.checking.test_work import reading_of

EACH = 5
"""Items of one owner: decisions on them meet at the owner's score."""
OF_VERIFIKATOR = 20
"""Of so many items one belongs to a verifikator, who must not decide it."""
GREEN = 3
"""Of so many items one has been read, and all its checks are green."""
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
    nama: str


@dataclass(frozen=True)
class People:
    """Who decides for the agency, who looks first for an OPD, and whose items they are
    (verifikator own some themselves)."""

    verifikator: list[Person]
    opd_level: list[Person]
    owners: list[Person]

    @property
    def desks(self) -> list[Person]:
        return [*self.verifikator, *self.opd_level]


def fill(portal: LivePortal, items: int, verifikator: int) -> People:
    """Put so many waiting items into the portal; every score is computed as it stands then."""
    cast, storage = portal.cast, portal.storage
    with portal.database.transaction() as session:
        ensure_reasons(session)
        people = _people(session, cast, verifikator, max(items // EACH, 4))
        _organise(session, cast, people)
    with portal.database.transaction() as session:
        instansi = session.get_one(Instansi, cast.units.instansi_id)
        there = staffing(session, instansi, now())
        for number in range(items):
            owner = people.owners[number % len(people.owners)]
            if number % OF_VERIFIKATOR == 0:
                owner = people.verifikator[number // OF_VERIFIKATOR % verifikator]
            made = _item(session, storage, cast, owner, number)
            for column, value in way_of(session, there, made).items():
                setattr(made, column, value)
    everybody = [person.id for person in (*people.verifikator, *people.owners)]
    with portal.database.transaction() as session:
        recompute_many(session, everybody, today=TODAY, cause="Penghitungan harian")
    return people


def _people(session: Session, cast: Cast, verifikator: int, owners: int) -> People:
    ids = [uuid.uuid4() for _ in range(verifikator + 1 + owners)]
    units = [cast.units.smpn.id, cast.units.kesehatan.id, cast.units.pendidikan.id]
    rows = list(data.crowd(cast, ids, units))
    session.execute(insert(Pegawai), rows)
    session.execute(insert(Akun), list(data.accounts(ids)))
    people = [Person(row["id"], row["nip"], row["nama"]) for row in rows]
    # An objection to what one of the OPD refused is read by the other.
    vivi = Person(cast.vivi.pegawai_id, cast.vivi.nip, cast.vivi.nama)
    new, others = people[verifikator], people[verifikator + 1 :]
    return People(people[:verifikator], [new, vivi], others)


def _organise(session: Session, cast: Cast, people: People) -> None:
    """A queue for seminars with a member of its own; degrees are looked at twice, and first by
    the OPD where it has somebody for it."""
    instansi = session.get_one(Instansi, cast.units.instansi_id)
    instansi.dua_pemeriksa = instansi.lapis_opd = [DocumentKind.IJAZAH]
    queue = Antrean(
        id=uuid.uuid4(),
        instansi_id=instansi.id,
        nama="Seminar",
        jenis_dokumen=[DocumentKind.SEMINAR],
    )
    session.add(queue)
    session.flush()
    for number, person in enumerate(people.verifikator):
        bound = {"antrean_id": queue.id} if number == 0 else {}
        _grant(session, cast, person, Role.VERIFIKATOR, **bound)
    first, opd_id = people.opd_level[0], cast.units.pendidikan.id
    _grant(session, cast, first, Role.VERIFIKATOR_OPD, opd_id=opd_id)


def _grant(session: Session, cast: Cast, person: Person, role: Role, **scope: uuid.UUID) -> None:
    account = select(Akun.id).where(Akun.pegawai_id == person.id)
    session.add(
        Penugasan(
            akun_id=session.scalars(account).one(),
            peran=role,
            instansi_id=cast.units.instansi_id,
            **scope,
        )
    )


def _item(session: Session, storage: Storage, cast: Cast, owner: Person, number: int) -> Document:
    actor = replace(cast.sari, pegawai_id=owner.id, nip=owner.nip, nama=owner.nama)
    begin = dt.date(TODAY.year, 1, 1)
    day = begin + dt.timedelta(days=number % ((TODAY - begin).days + 1))
    fields = SORTS[number % len(SORTS)] | {
        "nama": f"Kegiatan {number:04}",
        "receipt": f"M{number:09}",
        "tanggal_mulai": day,
        "tanggal_selesai": day,
        "tanggal_sertifikat": day,
        "submitted_at": now() - dt.timedelta(minutes=number),
    }
    if number % REPLACING == 0 and fields["kind"] is not DocumentKind.IJAZAH:
        fields["replaces_id"] = _approved(session, cast, actor, fields).id
    made = builders.document(session, actor, DocumentState.DIAJUKAN, storage=storage, **fields)
    if made.kind is DocumentKind.IJAZAH:
        for role in (FileRole.IJAZAH, FileRole.TRANSKRIP):
            builders.file(session, made, role, storage=storage)
    elif number % GREEN == 0:
        session.add(reading_of(made, actor, jp=str(made.jp)))
        made.lampu = Light.GREEN.value
    return made


def _approved(session: Session, cast: Cast, owner: Actor, fields: dict[str, Any]) -> Document:
    """An item that counts already."""
    fields = fields | {"receipt": fields["receipt"].replace("M", "L")}
    made = builders.document(session, owner, DocumentState.DISETUJUI, verifier=cast.vera, **fields)
    records.write(session, made, now())
    return made
