"""The printed accounts of the demo: one password each, derived, valid in demo mode only."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Akun, Penugasan
from portal.accounts.passwords import hasher
from portal.accounts.queries import roles_of
from portal.agency.models import Opd
from portal.agency.queries import units_by_siasn
from portal.db import new_id
from portal.demo.clock import Clock
from portal.demo.data import SEED, table
from portal.demo.people import generate
from portal.people.models import Pegawai
from portal.permissions import Actor, Grant
from portal.vocabulary import DocumentKind, Role

_FIRST = ("melati", "kenari", "pelangi", "rembulan", "anggrek", "cempaka", "merpati", "samudra")
_SECOND = ("perahu", "jembatan", "payung", "lentera", "bukit", "dermaga", "kompas", "sawah")
_NOT_ACTIVATED = "199905172025042002"
"""Shows the activation: this account has no password yet."""


def password(nip: str) -> str:
    """Memorable, the same everywhere; not a secret, so it opens nothing outside demo mode."""
    digest = hashlib.sha256(f"{SEED}:{nip}".encode()).digest()
    first, second = _FIRST[digest[0] % len(_FIRST)], _SECOND[digest[1] % len(_SECOND)]
    return f"{first}-{second}-{digest[2] % 90 + 10}"


def list_accounts() -> list[dict[str, str]]:
    """What `demo --akun` prints; the first is the guru of the first screen."""
    people = {person.nip: person for person in generate()}
    return [
        {
            "peran": entry["peran"],
            "nip": entry["nip"],
            "nama": people[entry["nip"]].nama_lengkap,
            "kata_sandi": password(entry["nip"]),
        }
        for entry in table("agency")["akun"]
    ]


def open_accounts(
    session: Session, people: Mapping[str, Pegawai], clock: Clock, *, cheap_hashes: bool
) -> None:
    """Accounts for everybody but one; only those that are printed have a password known to people.

    The privacy notice counts as read, so that a visitor meets the portal at once.
    """
    make = hasher(cheap=cheap_hashes)
    unknown = make.hash(new_id().hex)
    printed = {entry["nip"] for entry in table("agency")["akun"]}
    session.add_all(
        Akun(
            pegawai_id=person.id,
            kata_sandi=make.hash(password(nip)) if nip in printed else unknown,
            setuju_privasi=clock.start,
            demo=True,
        )
        for nip, person in people.items()
        if nip != _NOT_ACTIVATED
    )
    session.flush()
    _grant_roles(session, people)


def _grant_roles(session: Session, people: Mapping[str, Pegawai]) -> None:
    instansi_id = next(iter(people.values())).instansi_id
    units: dict[str, Opd] = units_by_siasn(session, instansi_id)
    accounts = accounts_of(session)
    for entry in table("agency")["akun"]:
        if entry["peran"] == Role.ASN:
            continue
        session.add(
            Penugasan(
                akun_id=accounts[people[entry["nip"]].id].id,
                peran=Role(entry["peran"]),
                instansi_id=instansi_id,
                opd_id=units[entry["lingkup"]].id if "lingkup" in entry else None,
            )
        )
    session.flush()


def accounts_of(session: Session) -> dict[uuid.UUID, Akun]:
    """Every account by its person."""
    return {akun.pegawai_id: akun for akun in session.scalars(select(Akun))}


def actor_of(session: Session, person: Pegawai, akun: Akun) -> Actor:
    """The person as the portal would know it after a login."""
    grants = tuple(
        Grant(
            role=given.peran,
            instansi_id=given.instansi_id,
            opd_id=given.opd_id,
            opd_path=given.opd.jalur if given.opd else None,
            with_children=given.dengan_bawahan,
            kinds=frozenset(map(DocumentKind, given.jenis_dokumen)),
        )
        for given in roles_of(session, akun.id)
    )
    return Actor(
        pegawai_id=person.id,
        akun_id=akun.id,
        instansi_id=person.instansi_id,
        opd_id=person.opd_id,
        nip=person.nip,
        nama=person.nama,
        grants=grants,
        zona_waktu=person.instansi.zona_waktu,
    )
