"""Where an item waits: its queue, the level that looks first, the unit it is counted in, its day.

One item is in one queue by construction: `Document.antrean_id` names it, and nothing there means
the general queue.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TypedDict

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.agency.models import Instansi
from portal.agency.queries import calendar
from portal.documents.models import Document
from portal.documents.rulings import Decision
from portal.documents.transitions import Act
from portal.verification.decisions import lock_owner
from portal.verification.nearness import near_people
from portal.verification.queueing.staffing import Cell, Staffing, staffing
from portal.vocabulary import DocumentKind, DocumentState


class Way(TypedDict):
    """Columns of Document that say where an item waits."""

    antrean_id: uuid.UUID | None
    opd_id: uuid.UUID
    lapis_pertama: bool


class Routed(Way):
    """The same with the day by which a decision is due."""

    tenggat: dt.date


def route(session: Session, document: Document, at: dt.datetime) -> Routed:
    """Where an item goes that is handed in (again) at this moment; values for `advance`.

    The owner's row is kept until the commit: whoever moves the owner meanwhile waits, and the note
    of the move comes after the item.
    """
    lock_owner(session, document)
    session.refresh(document.owner, ["opd_id"])
    session.expire(document.owner, ["opd"])
    instansi = document.owner.instansi
    way = way_of(session, staffing(session, instansi, at), document)
    return Routed(**way, tenggat=due_day(session, instansi, document.kind, at))


def due_day(session: Session, instansi: Instansi, kind: DocumentKind, at: dt.datetime) -> dt.date:
    """The working day by which a decision is due on what was handed in at this moment: so many
    working days after the day of the hand-in by the agency's clock."""
    handed_in = at.astimezone(instansi.zone).date()
    return calendar(session, instansi.id).after(handed_in, instansi.due_days(kind))


def way_of(session: Session, there: Staffing, document: Document) -> Way:
    """Where an item waits, as people are there and as it stands."""
    owner = document.owner
    cell = Cell(owner.opd_id, owner.opd.jalur, document.kind)
    if there.plain:
        return Way(antrean_id=None, opd_id=owner.opd_id, lapis_pertama=False)
    without = barred(session, document)
    second = document.first_approver_id is not None
    antrean_id = there.queue_for(cell, without=without, second=second)
    first = not second and there.opd_looks_first(cell, antrean_id, without=without)
    return Way(antrean_id=antrean_id, opd_id=owner.opd_id, lapis_pertama=first)


def barred(session: Session, document: Document) -> set[uuid.UUID]:
    """Everybody who may never decide this item, whatever their roles."""
    found = {document.owner_id, document.created_by_id}
    found |= set(session.scalars(near_people(document.owner_id)))
    if document.first_approver_id:
        found.add(document.first_approver_id)
    if document.objected or document.state is DocumentState.DITOLAK:
        refused = select(Decision.decider_id).where(
            Decision.document_id == document.id,
            Decision.act == Act.TOLAK,
            Decision.undone_at.is_(None),
        )
        found |= set(session.scalars(refused))
    return found
