"""Everything the page of one comparison shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from portal.db import now
from portal.operations import rules_page as page
from portal.permissions import Actor, Permission
from portal.scoring.comparison import actions as comparison
from portal.scoring.comparison import queries
from portal.scoring.models import RuleComparison
from portal.scoring.years import Way, way_of_year
from portal.vocabulary import Dimensi
from portal.web.histogram import histogram
from portal.wording import points

SHOWN = 15
"""People with the largest differences on the page."""


@dataclass(frozen=True)
class Told:
    """One person of a comparison, in words."""

    nama: str
    nip: str
    unit: str
    a: str
    b: str
    selisih: str
    dimensi: str


def context(session: Session, actor: Actor, opened: queries.Opened, text: str) -> dict[str, Any]:
    """What the template needs; `text` is searched for among the people."""
    row = opened.row
    present = way_of_year(session, row.instansi_id, row.tahun)
    a, b = _sides(row, present)
    done = row.selesai is not None and not row.galat
    there = a.rules is not None and b.rules is not None
    proposal = done and there and not row.diterapkan and present == a.way
    sums = page.sums_of(row)
    bars = page.bars(sums)
    found = queries.search(session, actor, row, text) if done and there else None
    return {
        "row": row,
        "a": a,
        "b": b,
        "by": opened.oleh.nama_lengkap,
        "done": done,
        "data_year": row.hasil["tahun_data"],
        "sums": sums,
        "tiles": page.tiles(sums, (a.label, b.label)),
        "bars": bars,
        "example": next((bar for bar in bars if bar.count and bar.tone != "same"), None),
        "picture": histogram(bars, "Selisih nilai", "orang"),
        "means": page.means(sums),
        "categories": page.categories(sums),
        "largest": _told(queries.largest(session, actor, sums, SHOWN)) if done and not text else [],
        "q": text,
        "found": None if found is None else _told(found),
        "searchable": there,
        "may_apply": proposal and actor.may(Permission.RULES_MANAGE),
        "refused": comparison.why_not(row, present, now()) if proposal else None,
        "slow": not row.selesai and not row.diperiksa and now() - row.dibuat > page.PATIENCE,
    }


def _told(lines: Sequence[queries.Line]) -> list[Told]:
    return [
        Told(
            nama=line.nama,
            nip=line.nip,
            unit=line.unit,
            a=_total(line.a),
            b=_total(line.b),
            selisih="–" if line.difference is None else page.signed(line.difference),
            dimensi=", ".join(
                f"{Dimensi(name).label} {page.signed(moved)}" for name, moved in line.moved
            ),
        )
        for line in lines
    ]


def _total(numbers: Sequence[Decimal] | None) -> str:
    return points(numbers[-1]) if numbers else "tidak diukur"


def _sides(row: RuleComparison, present: Way) -> tuple[page.Side, page.Side]:
    a, b = Way(row.aturan_a, row.saklar_a), Way(row.aturan_b, row.saklar_b)
    words = ("Cara A", "Cara B")
    if row.diterapkan:
        words = ("Sebelumnya", "Diterapkan")
    elif present == a:
        words = ("Sekarang", "Usulan")
    known = page.known_rules()
    return (
        page.Side(words[0], a, known.get(a.aturan)),
        page.Side(words[1], b, known.get(b.aturan)),
    )
