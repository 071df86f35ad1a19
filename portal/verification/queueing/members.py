"""Who staffs which queue, for the pages of the admin."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, contains_eager

from portal.accounts.models import Absence, Akun, Penugasan
from portal.accounts.queries import holds
from portal.agency.models import Antrean, Instansi, Opd
from portal.agency.queries import queues
from portal.db import now
from portal.errors import NotFound
from portal.people.models import Pegawai
from portal.permissions import Actor, Permission
from portal.verification.models import QueueCount
from portal.verification.queueing.staffing import staffing


@dataclass(frozen=True)
class Group:
    """A queue with how many people are there for it today, and how many items wait; without
    `antrean` it is the general one."""

    antrean: Antrean | None
    members: int
    waiting: int


def agency(session: Session, actor: Actor) -> Instansi:
    """The agency that the actor keeps the queues of. Raises NotFound without one."""
    for grant in actor.grants_for(Permission.QUEUES_MANAGE):
        if grant.opd_id is None:
            return session.get_one(Instansi, grant.instansi_id)
    raise NotFound


_WAITING = (
    select(QueueCount.antrean_id, func.sum(QueueCount.jumlah))
    .join(Opd, Opd.id == QueueCount.opd_id)
    .where(Opd.instansi_id == bindparam("instansi_id"))
    .group_by(QueueCount.antrean_id)
)


def groups(session: Session, instansi: Instansi) -> list[Group]:
    """Every queue of the agency, the general one last. A stand-in is there for whoever is away."""
    waiting: Counter[uuid.UUID | None] = Counter()
    for antrean_id, number in session.execute(_WAITING, {"instansi_id": instansi.id}):
        waiting[antrean_id] = number or 0
    there: defaultdict[uuid.UUID | None, set[uuid.UUID]] = defaultdict(set)
    for post in staffing(session, instansi, now()).posts:  # as items are sent
        there[post.grant.antrean_id].add(post.pegawai_id)
    found = [
        Group(each, len(there[each.id]), waiting[each.id]) for each in queues(session, instansi.id)
    ]
    return [*found, Group(None, 0, waiting[None])]


def queue_of(session: Session, actor: Actor, antrean_id: uuid.UUID) -> Antrean:
    """A queue of the agency. Raises NotFound for any other."""
    antrean = session.get(Antrean, antrean_id)
    if antrean is None or antrean.instansi_id != agency(session, actor).id:
        raise NotFound("Antrean ini tidak ada.")
    return antrean


_MEMBERS = (
    select(Penugasan)
    .join(Penugasan.akun)
    .join(Akun.pegawai)
    .where(Penugasan.antrean_id == bindparam("antrean_id"), holds(bindparam("moment")))
    .options(contains_eager(Penugasan.akun).contains_eager(Akun.pegawai))
    .order_by(Pegawai.nama, Penugasan.id)
)


def members_of(session: Session, antrean: Antrean) -> Sequence[Penugasan]:
    """The roles that hold for this queue, with the people."""
    return session.scalars(_MEMBERS, {"antrean_id": antrean.id, "moment": now()}).all()


def absence_of(session: Session, actor: Actor, absence_id: uuid.UUID) -> Absence:
    """An absence of the agency. Raises NotFound for any other."""
    noted = session.get(Absence, absence_id)
    if noted is None or noted.pegawai.instansi_id != agency(session, actor).id:
        raise NotFound("Catatan ini sudah dihapus.")
    return noted
