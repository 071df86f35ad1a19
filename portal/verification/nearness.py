"""Who is too near to an item to decide on it: its owner, husband or wife, the direct superior, the
own staff, and whoever handed it in. Known as far as admins have noted it on a person."""

from __future__ import annotations

import uuid

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, aliased

from portal.documents.models import Document
from portal.people.models import Pegawai
from portal.permissions import Actor

_OTHERS = "Pemeriksa lain yang memutuskannya."
OWN = f"Ini dokumen Anda sendiri. {_OTHERS}"
HANDED_IN = f"Anda yang mengajukan dokumen ini untuk rekan Anda. {_OTHERS}"
SPOUSE = f"Ini dokumen suami atau istri Anda. {_OTHERS}"
SUPERIOR = f"Ini dokumen atasan langsung Anda. {_OTHERS}"
STAFF = f"Ini dokumen staf Anda langsung. {_OTHERS}"


def not_near(person_id: uuid.UUID) -> ColumnElement[bool]:
    """Condition on Document joined with its owner: nothing but the own item itself ties the person
    to it (`rights.reach` leaves own items out already)."""
    me = aliased(Pegawai)

    def mine(column: ColumnElement[uuid.UUID | None]) -> ColumnElement[uuid.UUID | None]:
        return select(column).where(me.id == person_id).scalar_subquery()

    return and_(
        Document.created_by_id != person_id,
        Pegawai.pasangan_id.is_distinct_from(person_id),
        Pegawai.atasan_id.is_distinct_from(person_id),
        Document.owner_id.is_distinct_from(mine(me.pasangan_id.expression)),
        Document.owner_id.is_distinct_from(mine(me.atasan_id.expression)),
    )


def near_people(person_id: uuid.UUID) -> Select[uuid.UUID]:
    """Ids of the people whose items the person never decides: few, found by indexes. The person is
    not among them."""
    me = aliased(Pegawai)
    own = [
        select(column).where(me.id == person_id).scalar_subquery()
        for column in (me.pasangan_id, me.atasan_id)
    ]
    return select(Pegawai.id).where(
        or_(
            Pegawai.pasangan_id == person_id,
            Pegawai.atasan_id == person_id,
            *(Pegawai.id == known for known in own),
        )
    )


def nearness(session: Session, actor: Actor, document: Document) -> str | None:
    """The same question for one item, answered by a sentence; None when nothing ties them."""
    me, owner = actor.pegawai_id, document.owner
    if document.owner_id == me:
        return OWN
    if document.created_by_id == me:
        return HANDED_IN
    if owner.pasangan_id == me:
        return SPOUSE
    if owner.atasan_id == me:
        return STAFF
    pasangan_id, atasan_id = _own(session, actor)
    if pasangan_id == document.owner_id:
        return SPOUSE
    return SUPERIOR if atasan_id == document.owner_id else None


def _own(session: Session, actor: Actor) -> tuple[uuid.UUID | None, uuid.UUID | None]:
    """Husband or wife and superior of the actor, as the login has brought them, else as noted."""
    if actor.ties is not None:
        known = dict(actor.ties)
        return known.get("pasangan"), known.get("atasan")
    columns = select(Pegawai.pasangan_id, Pegawai.atasan_id)
    row = session.execute(columns.where(Pegawai.id == actor.pegawai_id)).one_or_none()
    return (row.pasangan_id, row.atasan_id) if row else (None, None)
