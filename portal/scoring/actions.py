"""Writing scores. Always in the transaction of the act that changed a fact."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import now
from portal.people.models import Pegawai
from portal.scoring import compute
from portal.scoring.compute import Fact, Measuring
from portal.scoring.engine.inputs import Person
from portal.scoring.engine.result import NotMeasured, Score
from portal.scoring.facts import people_with_facts
from portal.scoring.models import ScoreChange, StoredScore


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
    session.flush()
    session.execute(
        select(Pegawai.id).where(Pegawai.id == pegawai_id).with_for_update(key_share=True)
    )
    ((person, facts),) = people_with_facts(session, [pegawai_id])
    waiting = compute.waiting_facts(session, pegawai_id)
    rows = {
        row.tahun: row
        for row in session.scalars(select(StoredScore).where(StoredScore.pegawai_id == pegawai_id))
    }
    for tahun in sorted({today.year, *rows}):
        row = rows.get(tahun) or StoredScore(pegawai_id=pegawai_id, tahun=tahun)
        first = tahun not in rows
        rows[tahun] = row
        how = compute.measuring(session, person.instansi_id, tahun)
        before = None if first else row.total
        _write(row, facts, how, today, waiting if tahun == today.year else [], at or now())
        if first:
            session.add(row)
        if first or row.total != before:
            change = _change(row, before, cause, document_id)
            change.waktu = row.dihitung
            session.add(change)
    session.flush()
    return rows[today.year]


def _change(
    row: StoredScore, before: Decimal | None, cause: str, document_id: uuid.UUID | None
) -> ScoreChange:
    return ScoreChange(
        pegawai_id=row.pegawai_id,
        tahun=row.tahun,
        sebelum=before,
        sesudah=row.total,
        sebab=cause,
        document_id=document_id,
    )


def _write(
    row: StoredScore,
    person: Person,
    how: Measuring,
    today: dt.date,
    waiting: list[Fact],
    at: dt.datetime,
) -> None:
    result = compute.measure(person, how, today)
    row.aturan, row.aturan_versi = how.rules.id, how.rules.version
    row.per_tanggal = min(today, dt.date(how.tahun, 12, 31))
    row.dihitung = at
    row.diukur = isinstance(result, Score)
    if isinstance(result, NotMeasured):
        row.alasan = result.alasan
        row.kualifikasi = row.kompetensi = row.kinerja = row.disiplin = row.total = None
        row.kategori, row.sementara = None, False
        row.rincian, row.bisa, row.langkah = [], {}, None
        return
    row.alasan = ""
    row.kualifikasi, row.kompetensi = result.kualifikasi, result.kompetensi
    row.kinerja, row.disiplin, row.total = result.kinerja, result.disiplin, result.total
    row.kategori, row.sementara = result.kategori, result.sementara
    row.rincian = compute.explained(person, result)
    running = how.tahun == today.year
    row.bisa = compute.could_become(person, how, today, waiting, result)
    row.langkah = compute.next_step(person, how, today, row.bisa) if running else None
