"""Reads of accounts: who stands behind a session, own devices and roles."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from portal.accounts.models import Absence, Akun, LoginSession, Penugasan
from portal.accounts.tokens import digest
from portal.agency.models import Instansi, Opd
from portal.db import now
from portal.people.models import Pegawai
from portal.permissions import ROLE_PERMISSIONS, Actor, Grant, Permission
from portal.vocabulary import DocumentKind

NEW_PASSWORD = "accounts.new_password"  # noqa: S105 -- the name of a page
PRIVACY = "accounts.privacy"


@dataclass(frozen=True)
class Present:
    """Who is behind a session, and the page to pass before anything else (None: none)."""

    actor: Actor
    pending: str | None
    shortcuts: bool
    demo: bool


@dataclass(frozen=True)
class Device:
    """One login of a person; `key` names it in a form and is no secret."""

    key: str
    name: str
    since: dt.datetime
    until: dt.datetime
    here: bool


_PRESENT = (
    select(
        Akun.id.label("akun_id"),
        Akun.demo,
        Akun.wajib_ganti,
        Akun.setuju_privasi,
        Akun.pintasan,
        Pegawai.id.label("pegawai_id"),
        Pegawai.instansi_id,
        Pegawai.opd_id,
        Pegawai.nip,
        Pegawai.nama,
        Pegawai.pensiun_sejak,
        Pegawai.pasangan_id,
        Pegawai.atasan_id,
        Instansi.zona_waktu,
    )
    .select_from(LoginSession)
    .join(Akun, Akun.id == LoginSession.akun_id)
    .join(Pegawai, Pegawai.id == Akun.pegawai_id)
    .join(Instansi, Instansi.id == Pegawai.instansi_id)
    .where(
        LoginSession.token_hash == bindparam("token_hash"),
        LoginSession.kedaluwarsa > bindparam("moment"),
        Akun.aktif.is_(True),
    )
)
"""Runs on every request, hence columns instead of objects, and one statement made once."""
CHECKING = tuple(role for role, may in ROLE_PERMISSIONS.items() if Permission.VERIFY_DECIDE in may)
"""Roles that decide on items: a stand-in takes them over for the days of an absence, and they can
be narrowed to kinds of document or to a queue."""
_STOOD_IN_FOR = (
    select(Akun.id)
    .join(Pegawai, Pegawai.id == Akun.pegawai_id)
    .join(Absence, Absence.pegawai_id == Pegawai.id)
    .where(
        Absence.pengganti_id == bindparam("pegawai_id"),
        Absence.mulai <= bindparam("today"),
        Absence.sampai >= bindparam("today"),
        Akun.aktif.is_(True),
        or_(Pegawai.pensiun_sejak.is_(None), Pegawai.pensiun_sejak > bindparam("today")),
    )
    .scalar_subquery()
)
_GRANTS = (
    select(
        Penugasan.peran,
        Penugasan.instansi_id,
        Penugasan.opd_id,
        Opd.jalur,
        Penugasan.dengan_bawahan,
        Penugasan.jenis_dokumen,
        Penugasan.antrean_id,
    )
    .outerjoin(Opd, Opd.id == Penugasan.opd_id)
    .where(
        or_(
            Penugasan.akun_id == bindparam("akun_id"),
            and_(
                Penugasan.akun_id.in_(_STOOD_IN_FOR),
                Penugasan.peran.in_(bindparam("lent", CHECKING, expanding=True)),
            ),
        ),
        or_(Penugasan.berakhir.is_(None), Penugasan.berakhir > bindparam("moment")),
    )
)
"""The own roles, and those to check items of whoever is away and named this person."""


def present(session: Session, token: str) -> Present | None:
    """The person behind a session token, in two queries; None when it has ended."""
    moment = now()
    row = session.execute(_PRESENT, {"token_hash": digest(token), "moment": moment}).one_or_none()
    if row is None:
        return None
    today = moment.astimezone(ZoneInfo(row.zona_waktu)).date()
    actor = Actor(
        pegawai_id=row.pegawai_id,
        akun_id=row.akun_id,
        instansi_id=row.instansi_id,
        opd_id=row.opd_id,
        nip=row.nip,
        nama=row.nama,
        grants=_grants(session, row.akun_id, row.pegawai_id, moment, today),
        retired=row.pensiun_sejak is not None and row.pensiun_sejak <= today,
        zona_waktu=row.zona_waktu,
        ties=frozenset(
            (tie, other)
            for tie, other in (("pasangan", row.pasangan_id), ("atasan", row.atasan_id))
            if other is not None
        ),
    )
    pending = NEW_PASSWORD if row.wajib_ganti else None if row.setuju_privasi else PRIVACY
    return Present(actor, pending, row.pintasan, row.demo)


def actor_of(session: Session, pegawai_id: uuid.UUID) -> Actor | None:
    """The person as an actor, for work that goes on after the request; None when the account is
    closed."""
    akun = session.scalar(
        select(Akun)
        .join(Akun.pegawai)
        .where(Akun.pegawai_id == pegawai_id, Akun.aktif.is_(True))
        .options(contains_eager(Akun.pegawai).joinedload(Pegawai.instansi))
    )
    if akun is None:
        return None
    moment, person = now(), akun.pegawai
    today = moment.astimezone(ZoneInfo(person.instansi.zona_waktu)).date()
    return Actor(
        pegawai_id=person.id,
        akun_id=akun.id,
        instansi_id=person.instansi_id,
        opd_id=person.opd_id,
        nip=person.nip,
        nama=person.nama,
        grants=_grants(session, akun.id, person.id, moment, today),
        retired=person.has_retired(today),
        zona_waktu=person.instansi.zona_waktu,
    )


def _grants(
    session: Session,
    akun_id: uuid.UUID,
    pegawai_id: uuid.UUID,
    moment: dt.datetime,
    today: dt.date,
) -> tuple[Grant, ...]:
    asked = {"akun_id": akun_id, "pegawai_id": pegawai_id, "moment": moment, "today": today}
    rows = session.execute(_GRANTS, asked)
    return tuple(
        Grant(
            role=row.peran,
            instansi_id=row.instansi_id,
            opd_id=row.opd_id,
            opd_path=row.jalur,
            with_children=row.dengan_bawahan,
            kinds=frozenset(DocumentKind(kind) for kind in row.jenis_dokumen),
            antrean_id=row.antrean_id,
        )
        for row in rows
    )


def holds(moment: dt.datetime | BindParameter[Any]) -> ColumnElement[bool]:
    """Condition: the role has not run out."""
    return or_(Penugasan.berakhir.is_(None), Penugasan.berakhir > moment)


_ROLES = (
    select(Penugasan)
    .where(
        Penugasan.akun_id == bindparam("akun_id"),
        holds(bindparam("moment")),
    )
    .options(joinedload(Penugasan.opd), joinedload(Penugasan.antrean))
    .order_by(Penugasan.peran, Penugasan.id)
)


def roles_of(session: Session, akun_id: uuid.UUID) -> Sequence[Penugasan]:
    """The roles that an account holds at this moment, with their units."""
    return session.scalars(_ROLES, {"akun_id": akun_id, "moment": now()}).all()


_OWN_PERSON = (
    select(Pegawai)
    .where(Pegawai.id == bindparam("pegawai_id"))
    .options(joinedload(Pegawai.opd), joinedload(Pegawai.instansi))
)


def own_person(session: Session, actor: Actor) -> Pegawai:
    """The actor's own data with unit and agency."""
    return session.scalars(_OWN_PERSON, {"pegawai_id": actor.pegawai_id}).one()


_OWN_ACCOUNT = select(Akun).where(Akun.id == bindparam("akun_id"))


def own_account(session: Session, actor: Actor) -> Akun:
    return session.scalars(_OWN_ACCOUNT, {"akun_id": actor.akun_id}).one()


_DEVICES = (
    select(LoginSession)
    .where(
        LoginSession.akun_id == bindparam("akun_id"),
        LoginSession.kedaluwarsa > bindparam("moment"),
    )
    .order_by(LoginSession.dibuat.desc())
    .limit(100)
)


def devices(session: Session, akun_id: uuid.UUID, token: str = "") -> list[Device]:
    """Where an account is logged in, newest first; `token` marks the device that asks."""
    here = digest(token)
    rows = session.scalars(_DEVICES, {"akun_id": akun_id, "moment": now()})
    return [
        Device(row.token_hash, row.perangkat, row.dibuat, row.kedaluwarsa, row.token_hash == here)
        for row in rows
    ]


def account_of_nip(session: Session, nip: str) -> Akun | None:
    """The account of a NIP, with the person; for the login, where nobody is an actor yet."""
    return session.scalar(
        select(Akun)
        .join(Akun.pegawai)
        .where(Pegawai.nip == nip)
        .options(contains_eager(Akun.pegawai))
    )
