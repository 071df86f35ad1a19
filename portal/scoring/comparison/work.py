"""The job behind a comparison: range after range, each counted once whatever is killed."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import Database, now
from portal.jobs import Handler
from portal.scoring.comparison.people import People
from portal.scoring.comparison.sums import Sums, as_json, from_json
from portal.scoring.engine.rules import RuleSetError
from portal.scoring.models import RuleComparison

KIND = "banding-aturan"


def handler(database: Database) -> Handler:
    """What the worker does with an order."""

    def carry_on(payload: dict[str, Any]) -> None:
        comparison_id = uuid.UUID(hex=payload["banding"])
        going = True
        while going:
            with database.transaction() as session:
                going = advance(session, comparison_id)

    return carry_on


def advance(session: Session, comparison_id: uuid.UUID) -> bool:
    """Count the next range and note how far it is, in one transaction; False when nothing is left.

    The row is held meanwhile: of two workers the second goes on where the first ends.
    """
    comparison = session.scalar(
        select(RuleComparison).where(RuleComparison.id == comparison_id).with_for_update()
    )
    if comparison is None or comparison.selesai:
        return False
    try:
        people = People(session, comparison, now())
    except RuleSetError:
        comparison.galat = "Salah satu aturan tidak tersedia lagi. Buat perbandingan baru."
        comparison.selesai = now()
        return False
    kept = comparison.hasil
    last = uuid.UUID(hex=kept["terakhir"]) if kept.get("terakhir") else None
    sums = from_json(kept["jumlah"]) if "jumlah" in kept else Sums()
    found = people.after(last)
    sums.add(compared for _, compared in found)
    comparison.diperiksa += len(found)
    comparison.hasil = {
        **kept,
        "jumlah": as_json(sums),
        "terakhir": found[-1][0].id.hex if found else kept.get("terakhir"),
    }
    if not found:
        comparison.selesai = now()
    return bool(found)
