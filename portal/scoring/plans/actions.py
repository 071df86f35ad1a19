"""Making and changing one's own rencana pengembangan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal import audit
from portal.db import now
from portal.errors import Conflict, Rejected
from portal.people.models import Pegawai
from portal.permissions import Actor
from portal.scoring.engine.options import Option
from portal.scoring.models import PlannedStep
from portal.scoring.plans.steps import steps_of

LONGEST = 300
"""Letters of a step's description."""


def save(
    session: Session,
    actor: Actor,
    tahun: int,
    chosen: Sequence[Option],
    *,
    under_way: Collection[str] = (),
    at: dt.datetime | None = None,
) -> None:
    """Make these steps the actor's plan of the year, in this order. Steps that are done stay, and
    so do those `under_way`: what waiting items fulfil cannot be chosen again. Other open ones that
    were not chosen again are left behind, and the audit tells which.

    Raises Rejected when nothing is chosen.
    """
    if not chosen:
        raise Rejected("Pilih sedikitnya satu langkah yang menambah nilai Anda.")
    _lock(session, actor)
    kept = {step.kunci: step for step in steps_of(session, actor.pegawai_id, tahun)}
    wanted = [option.kunci for option in chosen]
    stays = {*wanted, *under_way}
    left = [step for step in kept.values() if not step.selesai and step.kunci not in stays]
    fresh = [option for option in chosen if option.kunci not in kept]
    for step in left:
        session.delete(step)
    for number, option in enumerate(chosen):
        step = kept.get(option.kunci) or _planned(session, actor, tahun, option, at)
        step.urutan, step.poin, step.jp = number, option.gain, option.jp
        step.uraian = option.tujuan[:LONGEST]
    session.flush()
    if left or fresh:
        audit.record(
            session,
            actor,
            "plan:saved",
            actor.pegawai_id,
            at=at,
            tahun=tahun,
            langkah=wanted,
            ditinggalkan=[step.kunci for step in left],
        )


def remove(session: Session, actor: Actor, tahun: int, kunci: str) -> None:
    """Take one open step out of the own plan; raises Conflict when it is done or gone."""
    _lock(session, actor)
    # Found among the own steps, so that whatever a form holds never reaches the database.
    found = [step.id for step in steps_of(session, actor.pegawai_id, tahun) if step.kunci == kunci]
    removed = session.scalar(
        delete(PlannedStep)
        .where(PlannedStep.id.in_(found), PlannedStep.selesai.is_(None))
        .returning(PlannedStep.id)
    )
    if removed is None:
        raise Conflict("Langkah itu sudah selesai atau sudah dihapus dari rencana Anda.")
    audit.record(
        session, actor, "plan:step-removed", actor.pegawai_id, tahun=tahun, langkah=[kunci]
    )


def _planned(
    session: Session, actor: Actor, tahun: int, option: Option, at: dt.datetime | None
) -> PlannedStep:
    step = PlannedStep(
        pegawai_id=actor.pegawai_id,
        tahun=tahun,
        kunci=option.kunci,
        indikator=option.indikator.value,
        dibuat=at or now(),
    )
    session.add(step)
    return step


def _lock(session: Session, actor: Actor) -> None:
    """Two plans of one person follow each other, and no approval ticks in between."""
    session.execute(
        select(Pegawai.id).where(Pegawai.id == actor.pegawai_id).with_for_update(key_share=True)
    )
