"""Whom an admin or an operator OPD may look up: only people within their own scope."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from portal.accounts.models import Akun
from portal.agency.models import Opd
from portal.errors import NotFound
from portal.people.models import Pegawai
from portal.people.scopes import within
from portal.permissions import Actor, Permission

MOST = 25
SHORTEST = 3
MOST_UNITS = 10


@dataclass(frozen=True)
class Found:
    """People who fit a search; `more` when others fit too and the words should be narrowed."""

    people: Sequence[Pegawai]
    more: bool


def scope(actor: Actor, permission: Permission) -> ColumnElement[bool]:
    """Condition on Pegawai joined with Opd: the person lies within a grant of the permission."""
    return within(actor.grants_for(permission))


_PERSON = (
    select(Pegawai)
    .join(Pegawai.opd)
    .options(contains_eager(Pegawai.opd), joinedload(Pegawai.instansi))
)


def person_in_scope(
    session: Session, actor: Actor, permission: Permission, pegawai_id: uuid.UUID
) -> Pegawai:
    """The person with unit and agency; raises NotFound outside the actor's scope."""
    found = session.scalar(_PERSON.where(Pegawai.id == pegawai_id, scope(actor, permission)))
    if found is None:
        raise NotFound
    return found


def person_by_nip(
    session: Session, actor: Actor, permission: Permission, nip: str
) -> Pegawai | None:
    """Somebody within the actor's scope, by the number."""
    return session.scalar(_PERSON.where(Pegawai.nip == nip, scope(actor, permission)))


def is_in_scope(
    session: Session, actor: Actor, permission: Permission, pegawai_id: uuid.UUID
) -> bool:
    """Whether the actor holds the permission for this person."""
    statement = (
        select(Pegawai.id)
        .join(Pegawai.opd)
        .where(Pegawai.id == pegawai_id, scope(actor, permission))
    )
    return actor.may(permission) and session.scalar(statement) is not None


def search(session: Session, actor: Actor, text: str) -> Found:
    """People by NIP (from its beginning) or by words of the name; nothing for fewer than three
    characters: nobody leafs through everyone."""
    words = text.split()
    if len("".join(words)) < SHORTEST:
        return Found([], more=False)
    rows = session.scalars(
        select(Pegawai)
        .join(Pegawai.opd)
        .where(scope(actor, Permission.ACCOUNTS_ISSUE_CODE), _fits(words))
        .options(contains_eager(Pegawai.opd))
        .order_by(Pegawai.nama, Pegawai.id)
        .limit(MOST + 1)
    ).all()
    return Found(rows[:MOST], more=len(rows) > MOST)


def _fits(words: list[str]) -> ColumnElement[bool]:
    digits = re.sub(r"[\s'.\-]", "", "".join(words))
    if digits.isdecimal() and digits.isascii():
        return Pegawai.nip.startswith(digits[:18], autoescape=True)
    return and_(*(Pegawai.nama.icontains(word[:60], autoescape=True) for word in words[:8]))


def account_of(session: Session, pegawai: Pegawai) -> Akun | None:
    """The person's account, None before anybody made one."""
    return session.scalar(select(Akun).where(Akun.pegawai_id == pegawai.id))


def units_like(session: Session, actor: Actor, text: str) -> Sequence[Opd]:
    """Active units of the agencies that the actor administers, by words of the name.

    An exact name stands alone; otherwise one more than MOST_UNITS at most, ordered by name.
    """
    agencies = {grant.instansi_id for grant in actor.grants_for(Permission.ACCOUNTS_MANAGE)}
    words = text.split()[:8]
    rows = session.scalars(
        select(Opd)
        .where(
            Opd.instansi_id.in_(agencies),
            Opd.aktif.is_(True),
            *(Opd.nama.icontains(word[:60], autoescape=True) for word in words),
        )
        .options(joinedload(Opd.parent))
        .order_by(Opd.nama, Opd.id)
        .limit(200)
    ).all()
    exact = [opd for opd in rows if opd.nama.casefold() == " ".join(words).casefold()]
    return exact if len(exact) == 1 else rows[: MOST_UNITS + 1]


def unit(session: Session, actor: Actor, opd_id: uuid.UUID) -> Opd:
    """One active unit of an agency that the actor administers; raises NotFound otherwise."""
    agencies = {grant.instansi_id for grant in actor.grants_for(Permission.ACCOUNTS_MANAGE)}
    found = session.scalar(
        select(Opd).where(Opd.id == opd_id, Opd.instansi_id.in_(agencies), Opd.aktif.is_(True))
    )
    if found is None:
        raise NotFound
    return found
