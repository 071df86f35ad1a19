"""Ticking planned steps off, in the transaction that changed the facts."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.scoring import compute
from portal.scoring.compute import Measuring
from portal.scoring.engine.inputs import Person
from portal.scoring.engine.plan import asked, evidence
from portal.scoring.engine.result import NotMeasured
from portal.scoring.models import PlannedStep

Plans = Mapping[tuple[uuid.UUID, int], Sequence[PlannedStep]]
"""Steps by person and year."""


def plans_of(session: Session, pegawai_ids: Collection[uuid.UUID]) -> Plans:
    """The plans of these people, of every year; most have none."""
    found: dict[tuple[uuid.UUID, int], list[PlannedStep]] = defaultdict(list)
    statement = select(PlannedStep).where(PlannedStep.pegawai_id.in_(pegawai_ids))
    for step in session.scalars(statement):
        found[step.pegawai_id, step.tahun].append(step)
    return found


def tick(
    steps: Sequence[PlannedStep], person: Person, how: Measuring, today: dt.date, at: dt.datetime
) -> None:
    """Bring the steps of one person and year in line with the facts: what they fulfil is done,
    with the newest approval behind it; what they no longer fulfil is open again."""
    if not steps:
        return
    result = compute.measure(person, how, today)
    if isinstance(result, NotMeasured):
        return
    for step in steps:
        proof = evidence(step.kunci, person, how.rules, result)
        if proof is not None:
            _done(step, proof, at)
        elif asked(step.kunci, person, how.rules) or _is_gone(step, person):
            step.selesai = step.document_id = None


def _done(step: PlannedStep, proof: Sequence[str], at: dt.datetime) -> None:
    parts = [reference.partition(":") for reference in proof]
    documents = [uuid.UUID(key) for kind, _, key in parts if kind == "dokumen"]
    step.selesai = step.selesai or at
    if step.document_id not in documents:
        step.document_id = documents[-1] if documents else None


def _is_gone(step: PlannedStep, person: Person) -> bool:
    """Whether the approval behind a step is gone. What was done for a former post stays done."""
    known = {item.id for item in person.pendidikan} | {item.id for item in person.pengembangan}
    return step.document_id is not None and f"dokumen:{step.document_id}" not in known
