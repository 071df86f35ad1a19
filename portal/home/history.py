"""How a score came to be, as its page tells it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from portal.scoring.models import ScoreChange
from portal.scoring.queries import Change
from portal.vocabulary import MONTHS, Dimensi
from portal.wording import points

STEPS = 6
"""So many changes the picture of a year shows, the newest ones."""


@dataclass(frozen=True)
class Told:
    """One change in words. `tone` is that of templates/components/timeline.html."""

    sebab: str
    document_id: uuid.UUID | None
    waktu: dt.datetime
    tahun: int
    nilai: str
    tone: str
    catatan: str


@dataclass(frozen=True)
class Step:
    """One point of the picture: the day, the index from then on, and what led to it."""

    hari: str
    nilai: Decimal
    sebab: str


def told(change: Change) -> Told:
    """The index before and after, the dimensions that moved, and a change of the rules."""
    row = change.row
    return Told(
        sebab=row.sebab,
        document_id=row.document_id,
        waktu=row.waktu,
        tahun=row.tahun,
        nilai=_values(row),
        tone=_tone(row),
        catatan=_note(row, change.aturan_baru),
    )


def path(changes: Sequence[Change], tahun: int, zone: ZoneInfo) -> list[Step]:
    """The way of one year through its newest changes, oldest first."""
    rows = [change.row for change in changes if change.row.tahun == tahun]
    return [
        Step(_day(row.waktu.astimezone(zone)), row.sesudah, row.sebab)
        for row in rows[STEPS - 1 :: -1]
        if row.sesudah is not None
    ]


def _day(moment: dt.datetime) -> str:
    return f"{moment.day} {MONTHS[moment.month - 1][:3]}"


def _values(row: ScoreChange) -> str:
    after = "tidak diukur" if row.sesudah is None else points(row.sesudah)
    return after if row.sebelum is None else f"{points(row.sebelum)} → {after}"


def _tone(row: ScoreChange) -> str:
    if row.sebelum is None or row.sesudah is None or row.sebelum == row.sesudah:
        return ""
    return "ok" if row.sesudah > row.sebelum else "warn"


def _note(row: ScoreChange, new_rules: bool) -> str:
    moved = [
        f"{dimensi.label} {points(before)} → {points(after)}"
        for dimensi in Dimensi
        for before, after in [row.dimensi.get(dimensi.value, (None, None))]
        if before is not None and after is not None
    ]
    rules = [f"Cara menghitung berubah (aturan versi {row.aturan_versi})"] if new_rules else []
    return "; ".join(moved + rules)
