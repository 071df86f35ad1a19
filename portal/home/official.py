"""BKN's value beside the own estimate: the line on Beranda, the card on Skor."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from portal.permissions import Actor
from portal.scoring import official
from portal.scoring.facts import Origin
from portal.scoring.models import OfficialScore, StoredScore
from portal.scoring.official_difference import Approval, Difference, Official, Own, explain
from portal.vocabulary import Dimensi
from portal.wording import points, tanggal_pendek

_EARLIER = 20
"""Former pulls that the card lists."""


@dataclass(frozen=True)
class Value:
    """One value of BKN in words. `ditarik` leaves the present year out."""

    tahun: int | None
    total: Decimal
    dihitung: dt.date | None
    ditarik: str


@dataclass(frozen=True)
class Card:
    """What Skor shows of BKN's value. `rest` are earlier pulls, the newest first."""

    value: Value
    differences: list[Difference]
    remarks: dict[str, str]
    rest: list[Value]

    @property
    def agrees(self) -> bool:
        return not any(each.selisih for each in self.differences)

    @staticmethod
    def signed(value: Decimal) -> str:
        """A difference with its sign: +6,00, −1,50, 0,00."""
        sign = "+" if value > 0 else "−" if value < 0 else ""
        return f"{sign}{points(abs(value))}"


def line(session: Session, actor: Actor) -> Value | None:
    """BKN's present value of the actor."""
    value = official.newest(official.history(session, actor.pegawai_id))
    return _in_words(value, actor) if value else None


def card(
    session: Session, actor: Actor, score: StoredScore, known: Mapping[str, Origin], bkd: str
) -> Card | None:
    """BKN's value beside the own score of a year, with what explains the difference; None where
    BKN says nothing of it. `known` tells where the facts of the score came from,
    `bkd` is whom to ask."""
    rows = official.history(session, actor.pegawai_id)
    value = official.beside(rows, score.tahun, running=score.tahun == actor.today.year)
    if value is None or not score.diukur:
        return None
    mine = Own(
        score.tahun,
        {dimensi: getattr(score, dimensi.value) or Decimal(0) for dimensi in Dimensi},
        score.rincian,
        _approvals(score, known, actor),
        bkd,
    )
    theirs = Official(
        value.tahun, official.points_of(value), value.dihitung, _day(value.ditarik, actor)
    )
    earlier = [row for row in rows if row.tahun == value.tahun and row.ditarik < value.ditarik]
    return Card(
        _in_words(value, actor),
        explain(theirs, mine),
        value.keterangan,
        [_in_words(row, actor) for row in earlier[:_EARLIER]],
    )


def _in_words(row: OfficialScore, actor: Actor) -> Value:
    day = _day(row.ditarik, actor)
    pulled = tanggal_pendek(day)
    if day.year == actor.today.year:
        pulled = pulled.removesuffix(f" {day.year}")
    return Value(row.tahun, row.total, row.dihitung, pulled)


def _approvals(score: StoredScore, known: Mapping[str, Origin], actor: Actor) -> list[Approval]:
    """The approved items that feed a score, by the ledger and the origins of its facts."""
    proofs = [proof for row in score.rincian for proof in row["bukti"] if proof["document_id"]]
    found = []
    for proof in proofs:
        origin = known.get(f"dokumen:{proof['document_id']}")
        if origin and origin.dicatat:
            day = _day(origin.dicatat, actor)
            found.append(Approval(proof["document_id"], proof["nama"] or "Dokumen", day))
    return found


def _day(moment: dt.datetime, actor: Actor) -> dt.date:
    return moment.astimezone(actor.zone).date()
