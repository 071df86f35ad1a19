"""Writing scores. Always in the transaction of the act that changed a fact."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection
from functools import cache, partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import now
from portal.people.models import Pegawai
from portal.scoring import compute, rows
from portal.scoring.facts import people_with_facts
from portal.scoring.models import ScoreChange, StoredScore
from portal.scoring.plans import ticking as plans_ticking


def recompute(
    session: Session,
    pegawai_id: uuid.UUID,
    *,
    today: dt.date,
    cause: str,
    document_id: uuid.UUID | None = None,
    at: dt.datetime | None = None,
) -> StoredScore:
    """Compute the person's running year, and every stored earlier year, from the facts as they
    stand in this transaction; returns the row of the running year.

    The person's row is locked first: two approvals at the same moment must each see the other.
    Rows that only refer to the person (a new draft) are not waited for, so nobody locks in a ring.
    """
    stored = recompute_many(
        session, [pegawai_id], today=today, cause=cause, document_id=document_id, at=at
    )
    return stored[pegawai_id]


def recompute_many(
    session: Session,
    pegawai_ids: Collection[uuid.UUID],
    *,
    today: dt.date,
    cause: str,
    document_id: uuid.UUID | None = None,
    at: dt.datetime | None = None,
) -> dict[uuid.UUID, StoredScore]:
    """The same for many people (some hundred at a time) in a fixed number of queries.

    Returns each person's row of the running year. A row is never computed before the one that it
    follows: an act begun earlier, which had to wait for its lock, stands later in the history.
    """
    session.flush()
    session.execute(
        select(Pegawai.id)
        .where(Pegawai.id.in_(pegawai_ids))
        .order_by(Pegawai.id)
        .with_for_update(key_share=True)
    )
    waiting = compute.waiting_facts_of(session, pegawai_ids)
    stored: dict[uuid.UUID, dict[int, StoredScore]] = defaultdict(dict)
    for found in session.scalars(
        select(StoredScore)
        .where(StoredScore.pegawai_id.in_(pegawai_ids))
        .execution_options(populate_existing=True)  # as it stands under the lock
    ):
        stored[found.pegawai_id][found.tahun] = found
    plans = plans_ticking.plans_of(session, pegawai_ids)
    measuring = cache(partial(compute.measuring, session))
    for person, facts in people_with_facts(session, list(pegawai_ids)):
        own = stored[person.id]
        for tahun in sorted({today.year, *own}):
            first = tahun not in own
            before = {} if first else rows.points_of(own[tahun])
            row = own.setdefault(tahun, StoredScore(pegawai_id=person.id, tahun=tahun))
            coming = waiting[person.id] if tahun == today.year else []
            how = measuring(person.instansi_id, tahun)
            given = rows.as_measured(row, facts, today)
            moment = _after(row.dihitung, at or now())
            rows.write(row, given, how, today, coming, moment)
            plans_ticking.tick(plans.get((person.id, tahun), ()), given, how, today, moment)
            if first:
                session.add(row)
            if first or rows.points_of(row) != before:
                session.add(ScoreChange(**rows.change_of(row, before, cause, document_id)))
    session.flush()
    return {pegawai_id: stored[pegawai_id][today.year] for pegawai_id in pegawai_ids}


def _after(last: dt.datetime | None, moment: dt.datetime) -> dt.datetime:
    """The moment, or the first one after the last computation where that is later."""
    return max(moment, last + dt.timedelta.resolution) if last else moment
