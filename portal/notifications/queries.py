"""Reads of messages: always the actor's own."""

from __future__ import annotations

import uuid

from sqlalchemy import Tuple, bindparam, func, select, tuple_
from sqlalchemy.orm import Session

from portal.errors import NotFound
from portal.notifications.kinds import KINDS, Cara
from portal.notifications.models import MailChoice, Notification
from portal.permissions import Actor
from portal.web.pagination import Page, Position, cut

PAGE = 20
_UNREAD = select(func.count()).where(
    Notification.pegawai_id == bindparam("pegawai_id"), Notification.dibaca.is_(None)
)
"""Runs on every page, hence one statement made once."""


at_place = tuple_(Notification.dibuat, Notification.id)
"""A message's place among those of its person."""


def place_of(position: Position) -> Tuple:
    """The same of a position."""
    return tuple_(
        bindparam("moment", position.moment, type_=Notification.dibuat.type),
        bindparam("place", position.id, type_=Notification.id.type),
    )


def unread_count(session: Session, actor: Actor) -> int:
    """Number of unread messages; the partial index holds nothing but unread ones."""
    return session.scalar(_UNREAD, {"pegawai_id": actor.pegawai_id}) or 0


def messages(session: Session, actor: Actor, before: Position | None) -> Page[Notification]:
    """One page of messages, newest first."""
    statement = (
        select(Notification)
        .where(Notification.pegawai_id == actor.pegawai_id)
        .order_by(Notification.dibuat.desc(), Notification.id.desc())
        .limit(PAGE + 1)
    )
    if before:
        statement = statement.where(at_place < place_of(before))
    rows = session.scalars(statement).all()
    return cut(rows, PAGE, lambda row: Position(row.dibuat, row.id))


def own_message(session: Session, actor: Actor, notification_id: uuid.UUID) -> Notification:
    """One message of the actor; raises NotFound for those of others."""
    found = session.get(Notification, notification_id)
    if found is None or found.pegawai_id != actor.pegawai_id:
        raise NotFound("Pesan ini tidak ditemukan.")
    return found


def mail_ways(session: Session, pegawai_id: uuid.UUID) -> dict[str, Cara]:
    """How a person wants each kind of message by e-mail."""
    chosen = select(MailChoice).where(MailChoice.pegawai_id == pegawai_id)
    known = {row.jenis: Cara(row.cara) for row in session.scalars(chosen)}
    return {code: known.get(code, kind.usual) for code, kind in KINDS.items()}
