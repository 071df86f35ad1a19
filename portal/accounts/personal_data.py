"""What accounts and people keep about one person, as plain data for the person's own copy."""

from __future__ import annotations

from typing import Any

from sqlalchemy import inspect, or_, select
from sqlalchemy.orm import Session

from portal.accounts import queries
from portal.accounts.models import Absence
from portal.audit import AuditEntry
from portal.db import Base, now
from portal.people.models import Hukdis, Kinerja, Pegawai, Pendidikan, Pengembangan
from portal.permissions import Actor

RECORDS: tuple[type[Pendidikan | Pengembangan | Kinerja | Hukdis], ...] = (
    Pendidikan,
    Pengembangan,
    Kinerja,
    Hukdis,
)
MOST_ACTS = 5000
"""Audit lines in the copy; a busy verifikator writes tens of thousands about other people."""


def as_data(row: Base, *, without: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The columns of a row by name. Values that JSON does not know are written as text later."""
    columns = inspect(type(row)).column_attrs
    return {c.key: getattr(row, c.key) for c in columns if c.key not in without}


def collect(session: Session, actor: Actor) -> dict[str, Any]:
    """Person, account (without secrets), roles, devices, absences, records, acts on the account."""
    person = queries.own_person(session, actor)
    akun = queries.own_account(session, actor)
    return {
        "dibuat": now(),
        "pegawai": as_data(person) | {"unit": person.opd.nama, "instansi": person.instansi.nama},
        "akun": as_data(akun, without=frozenset({"kata_sandi"})),
        "peran": [
            as_data(given) | {"unit": given.opd.nama if given.opd else None}
            for given in queries.roles_of(session, actor.akun_id)
        ],
        "perangkat": [
            {"nama": device.name, "sejak": device.since, "sampai": device.until}
            for device in queries.devices(session, actor.akun_id)
        ],
        "ketidakhadiran": _absences(session, actor),
        **{table.__tablename__: _records(session, table, actor) for table in RECORDS},
        "catatan_akun": _acts(session, person),
    }


def _records(
    session: Session, table: type[Pendidikan | Pengembangan | Kinerja | Hukdis], actor: Actor
) -> list[dict[str, Any]]:
    statement = select(table).where(table.pegawai_id == actor.pegawai_id).order_by(table.id)
    return [as_data(row) for row in session.scalars(statement)]


def _absences(session: Session, actor: Actor) -> list[dict[str, Any]]:
    """Days on which the person was away, or stood in for somebody else."""
    either = or_(Absence.pegawai_id == actor.pegawai_id, Absence.pengganti_id == actor.pegawai_id)
    statement = select(Absence).where(either).order_by(Absence.mulai, Absence.id)
    return [as_data(row) for row in session.scalars(statement)]


def _acts(session: Session, person: Pegawai) -> list[dict[str, Any]]:
    """Who did what to the account and the data of this person, newest first."""
    statement = (
        select(AuditEntry)
        .where(AuditEntry.subject_id == person.id)
        .order_by(AuditEntry.id.desc())
        .limit(MOST_ACTS)
    )
    return [
        {"waktu": act.at, "oleh": act.actor_name, "tindakan": act.action, "rincian": act.facts}
        for act in session.scalars(statement)
    ]
