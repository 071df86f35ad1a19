"""Acts on notifications."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal import audit
from portal.db import now
from portal.errors import Rejected
from portal.jobs import enqueue
from portal.notifications import kinds, queries
from portal.notifications.kinds import KINDS, Cara, Kind
from portal.notifications.models import MailChoice, Notification
from portal.people.models import Pegawai
from portal.permissions import Actor
from portal.web.pagination import Position

KIND = "surel"
"""Jobs that send letters about messages."""
GRACE = dt.timedelta(seconds=15)
"""A decision can be undone for ten seconds; nothing leaves the portal before."""
TOO_OLD = dt.timedelta(days=2)
"""What nobody could send for so long is no news."""


def notify(
    session: Session,
    pegawai_id: uuid.UUID,
    judul: str,
    isi: str = "",
    document_id: uuid.UUID | None = None,
    *,
    kunci: str | None = None,
    tujuan: str = "",
    objek_id: uuid.UUID | None = None,
    jenis: str = kinds.DOKUMEN.code,
    at: dt.datetime | None = None,
) -> None:
    """Tell one person, in the transaction of the act that is told about.

    The message leads to its document, or to the page of the endpoint `tujuan` about `objek_id`.
    What has a `kunci` can be told to a person once only; the table refuses a second one. By e-mail
    it comes as the person wants messages of its `jenis` (portal.notifications.kinds), a little
    later, so that an act that is undone at once was never told outside.
    """
    moment = at or now()
    outdated = moment < now() - TOO_OLD
    if not outdated and kinds.kind_of(jenis).at_once:
        order(session, pegawai_id, Cara.SEGERA)
    session.add(
        Notification(
            pegawai_id=pegawai_id,
            judul=judul,
            isi=isi,
            document_id=document_id,
            kunci=kunci,
            tujuan=tujuan,
            objek_id=objek_id,
            jenis=jenis,
            dibuat=moment,
            disurel=moment if outdated else None,
        )
    )


def order(
    session: Session, pegawai_id: uuid.UUID, cara: Cara, delay: dt.timedelta | None = None
) -> None:
    """Have what is new for a person sent by e-mail; several orders make one letter."""
    payload = {"pegawai_id": str(pegawai_id), "cara": cara.value}
    enqueue(session, KIND, payload, delay=GRACE if delay is None else delay)


def mark_read(
    session: Session,
    actor: Actor,
    notification_id: uuid.UUID | None = None,
    *,
    newest: Position | None = None,
) -> None:
    """Mark one of the actor's own messages as read, or all up to the `newest` that was shown."""
    statement = update(Notification).where(
        Notification.pegawai_id == actor.pegawai_id, Notification.dibaca.is_(None)
    )
    if notification_id is not None:
        statement = statement.where(Notification.id == notification_id)
    if newest is not None:
        statement = statement.where(queries.at_place <= queries.place_of(newest))
    session.execute(statement.values(dibaca=now()))


def choose(session: Session, actor: Actor, ways: Mapping[str, Cara]) -> None:
    """How the actor wants each kind by e-mail. Raises Rejected for what is not on offer."""
    for code, cara in ways.items():
        if code not in KINDS or cara not in KINDS[code].ways:
            raise Rejected("Pilih salah satu cara yang ada.", code)
    changed = _keep(session, actor.pegawai_id, ways)
    if changed:
        audit.record(session, actor, "account:mail-chosen", actor.pegawai_id, **changed)


def unsubscribe(session: Session, pegawai_id: uuid.UUID, which: Sequence[Kind]) -> None:
    """No more letters of these kinds, as the signed link of one of them asks. Done again it
    changes nothing."""
    changed = _keep(session, pegawai_id, {kind.code: Cara.TIDAK for kind in which})
    if changed:
        audit.record(session, None, "account:mail-unsubscribed", pegawai_id, **changed)


def _keep(session: Session, pegawai_id: uuid.UUID, ways: Mapping[str, Cara]) -> dict[str, Any]:
    """Write the choices that differ from what is known; returns those. A mail program and its
    reader may both end a kind at the same moment: one after the other."""
    person = select(Pegawai.id).where(Pegawai.id == pegawai_id)
    session.execute(person.with_for_update(key_share=True))
    known = {
        row.jenis: row.cara
        for row in session.scalars(select(MailChoice).where(MailChoice.pegawai_id == pegawai_id))
    }
    changed = {
        code: cara.value
        for code, cara in ways.items()
        if known.get(code, KINDS[code].usual.value) != cara.value
    }
    for code, cara in changed.items():
        session.merge(MailChoice(pegawai_id=pegawai_id, jenis=code, cara=cara))
    return changed
