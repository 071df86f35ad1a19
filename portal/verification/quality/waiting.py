"""How long an owner still waits, and how many wait before: from what really happened."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from portal.agency.queries import calendar
from portal.agency.working_days import WorkingDays
from portal.db import now
from portal.documents.models import OPEN_STATES, Document
from portal.documents.rulings import Decision
from portal.documents.transitions import Act
from portal.people.models import Pegawai
from portal.vocabulary import DocumentKind, DocumentState
from portal.wording import exact

ENDS = (Act.SETUJUI, Act.KEMBALIKAN, Act.TOLAK)
"""Decisions that end a wait; after a first approval it goes on."""
ENOUGH = 5
"""Decisions from which on an average is told; fewer would be a guess."""
RECENT = 600
"""So many newest decisions of the agency are looked at, and no older ones than a year."""
YEAR = dt.timedelta(days=365)
MOST_AHEAD = 500
TOO_FEW = "Belum cukup riwayat untuk memperkirakan lamanya."


@dataclass(frozen=True, slots=True)
class Wait:
    """What can be told honestly of a waiting item."""

    place: int | None
    """Place in its queue, from 1; None when more than MOST_AHEAD are before it, or while somebody
    looks at it."""
    held: bool
    days: Decimal | None
    """Mean of the working days from hand-in to decision; None with too little history."""
    decisions: int
    """How many decisions it is the mean of."""
    same_kind: bool
    """Whether these are of the same kind as the item, or of all kinds."""

    @property
    def length(self) -> str:
        """ "rata-rata 2,1 hari kerja", or that nobody can tell yet."""
        if self.days is None:
            return "belum dapat diperkirakan"
        if self.days < Decimal("0.5"):
            return "rata-rata pada hari yang sama"
        return f"rata-rata {exact(self.days)} hari kerja"

    def position(self, *, own: bool = True) -> str:
        """ "Anda ke-14"."""
        if self.held:
            return "sedang diperiksa"
        if self.place is None:
            return f"lebih dari {MOST_AHEAD} dokumen sebelum {'Anda' if own else 'dokumen ini'}"
        return f"{'Anda' if own else 'dokumen ini'} ke-{self.place}"

    def sentence(self, *, own: bool = True) -> str:
        """ "Rata-rata 2,1 hari kerja; Anda ke-14.", with too little history another one."""
        place = self.position(own=own)
        if self.days is None:
            return f"{TOO_FEW} {place[:1].upper()}{place[1:]}."
        return f"{self.length[:1].upper()}{self.length[1:]}; {place}."

    @property
    def ground(self) -> str:
        """What the average rests on."""
        if self.days is None:
            return TOO_FEW
        which = "untuk jenis dokumen ini" if self.same_kind else "untuk semua jenis dokumen"
        return f"Dihitung dari {self.decisions} keputusan terakhir {which}, dalam hari kerja."


def wait_of(session: Session, document: Document, *, at: dt.datetime | None = None) -> Wait | None:
    """The wait of an item that is in the queue; None for every other."""
    if not document.is_open or document.submitted_at is None:
        return None
    held = document.state is DocumentState.DIPERIKSA
    days, number, same_kind = _average(session, document, at or now())
    place = None if held else _place(session, document)
    return Wait(place, held, days, number, same_kind)


def _place(session: Session, document: Document) -> int | None:
    """Items of the same queue that wait no shorter, itself included; the count ends early."""
    ahead = (
        select(Document.id)
        .join(Document.owner)
        .where(
            Document.state.in_(OPEN_STATES),
            Document.antrean_id.is_not_distinct_from(document.antrean_id)
            if document.antrean_id is None
            else Document.antrean_id == document.antrean_id,
            Pegawai.instansi_id == document.owner.instansi_id,
            Document.lapis_pertama == document.lapis_pertama,
            tuple_(Document.submitted_at, Document.id) <= (document.submitted_at, document.id),
        )
        .limit(MOST_AHEAD + 1)
    )
    if document.lapis_pertama:  # its OPD looks at items of that OPD alone
        ahead = ahead.where(Document.opd_id == document.opd_id)
    found = session.scalar(select(func.count()).select_from(ahead.subquery())) or 0
    return found if found <= MOST_AHEAD else None


@dataclass(frozen=True, slots=True)
class _Past:
    kind: DocumentKind
    antrean_id: uuid.UUID | None
    begun: dt.datetime
    ended: dt.datetime


def _average(
    session: Session, document: Document, moment: dt.datetime
) -> tuple[Decimal | None, int, bool]:
    """The mean over the same queue and kind, else over the kind, else over everything."""
    instansi = document.owner.instansi
    past, days = _recent(session, instansi.id, moment), calendar(session, instansi.id)
    of_kind = [one for one in past if one.kind is document.kind]
    of_queue = [one for one in of_kind if one.antrean_id == document.antrean_id]
    for chosen in (of_queue, of_kind, past):
        if len(chosen) >= ENOUGH:
            return mean(chosen, days, instansi.zone), len(chosen), chosen is not past
    return None, 0, False


def mean(past: Sequence[_Past], days: WorkingDays, zone: ZoneInfo) -> Decimal:
    """Working days between hand-in and decision on the average, one decimal, half up."""
    total = sum(
        days.between(one.begun.astimezone(zone).date(), one.ended.astimezone(zone).date())
        for one in past
    )
    return (Decimal(total) / len(past)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _recent(session: Session, instansi_id: uuid.UUID, moment: dt.datetime) -> list[_Past]:
    begun = func.coalesce(Decision.masuk, Document.submitted_at, type_=Decision.masuk.type)
    rows = session.execute(
        select(Document.kind, Decision.antrean_id, begun, Decision.at)
        .join(Document, Document.id == Decision.document_id)
        .join(Document.owner)
        .where(
            Pegawai.instansi_id == instansi_id,
            Decision.act.in_(ENDS),
            Decision.undone_at.is_(None),
            Decision.at > moment - YEAR,
            Decision.at >= begun,
        )
        .order_by(Decision.at.desc())
        .limit(RECENT)
    )
    return [_Past(*row) for row in rows]
