"""Writing scores. Always in the transaction of the act that changed a fact."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache, partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import now
from portal.people.models import Pegawai
from portal.scoring import compute
from portal.scoring.compute import Fact, Measuring
from portal.scoring.engine.advise import Step
from portal.scoring.engine.inputs import Person
from portal.scoring.engine.result import NotMeasured, Score
from portal.scoring.facts import people_with_facts
from portal.scoring.models import ScoreChange, StoredScore
from portal.vocabulary import Dimensi, Indikator


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
    rows = recompute_many(
        session, [pegawai_id], today=today, cause=cause, document_id=document_id, at=at
    )
    return rows[pegawai_id]


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

    Returns each person's row of the running year.
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
        select(StoredScore).where(StoredScore.pegawai_id.in_(pegawai_ids))
    ):
        stored[found.pegawai_id][found.tahun] = found
    measuring = cache(partial(compute.measuring, session))
    for person, facts in people_with_facts(session, list(pegawai_ids)):
        rows = stored[person.id]
        for tahun in sorted({today.year, *rows}):
            first = tahun not in rows
            before = {} if first else _points(rows[tahun])
            row = rows.setdefault(tahun, StoredScore(pegawai_id=person.id, tahun=tahun))
            coming = waiting[person.id] if tahun == today.year else []
            how = measuring(person.instansi_id, tahun)
            _write(row, _as_measured(row, facts, today), how, today, coming, at or now())
            if first:
                session.add(row)
            if first or _points(row) != before:
                session.add(_change(row, before, cause, document_id))
    session.flush()
    return {pegawai_id: stored[pegawai_id][today.year] for pegawai_id in pegawai_ids}


def _as_measured(row: StoredScore, facts: Person, today: dt.date) -> Person:
    """The facts with the post of the year: a closed year keeps the one that it closed with, so
    that a promotion of today never rewrites what was reported; late facts still count."""
    if row.tahun >= today.year or row.kelompok_jabatan is None or row.jenis_pegawai is None:
        return facts
    return replace(
        facts,
        jenis_pegawai=row.jenis_pegawai,
        kelompok_jabatan=row.kelompok_jabatan,
        jabatan=row.jabatan,
        syarat_pendidikan=row.syarat_pendidikan,
        kedudukan_hukum=row.kedudukan_hukum,
    )


def _points(row: StoredScore) -> dict[str, Decimal | None]:
    """The total and every dimension of a row."""
    return {name: getattr(row, name) for name in ("total", *Dimensi)}


def _change(
    row: StoredScore,
    before: dict[str, Decimal | None],
    cause: str,
    document_id: uuid.UUID | None,
) -> ScoreChange:
    after = _points(row)
    return ScoreChange(
        pegawai_id=row.pegawai_id,
        tahun=row.tahun,
        waktu=row.dihitung,
        sebelum=before.get("total"),
        sesudah=row.total,
        sebab=cause,
        document_id=document_id,
        aturan_versi=row.aturan_versi,
        dimensi={
            dimensi.value: [_text(before.get(dimensi)), _text(after[dimensi])]
            for dimensi in Dimensi
            if before.get(dimensi) != after[dimensi]
        },
    )


def _text(points: Decimal | None) -> str | None:
    return None if points is None else str(points)


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
    row.jenis_pegawai, row.kelompok_jabatan = person.jenis_pegawai, person.kelompok_jabatan
    row.jabatan, row.syarat_pendidikan = person.jabatan, person.syarat_pendidikan
    row.kedudukan_hukum = person.kedudukan_hukum
    row.diukur = isinstance(result, Score)
    if isinstance(result, NotMeasured):
        row.alasan = result.alasan
        row.kualifikasi = row.kompetensi = row.kinerja = row.disiplin = row.total = None
        row.kategori, row.sementara = None, False
        row.rincian, row.tidak_dinilai, row.bisa, row.langkah = [], [], {}, None
        _note_openings(row, [])
        return
    row.alasan = ""
    row.kualifikasi, row.kompetensi = result.kualifikasi, result.kompetensi
    row.kinerja, row.disiplin, row.total = result.kinerja, result.disiplin, result.total
    row.kategori, row.sementara = result.kategori, result.sementara
    row.rincian = compute.explained(person, result)
    row.tidak_dinilai = compute.not_asked(person, result)
    running = how.tahun == today.year
    row.bisa = compute.could_become(person, how, today, waiting, result)
    steps = compute.open_steps(person, how, today) if running else []
    row.langkah = compute.next_step(steps, how, row.bisa)
    _note_openings(row, steps)


def _note_openings(row: StoredScore, steps: Sequence[Step]) -> None:
    gains = {step.indikator: step.gain for step in steps}
    row.peluang_pendidikan = gains.get(Indikator.PENDIDIKAN)
    row.peluang_kepemimpinan = gains.get(Indikator.KEPEMIMPINAN)
    row.peluang_fungsional = gains.get(Indikator.FUNGSIONAL)
    row.peluang_teknis = gains.get(Indikator.TEKNIS)
    row.peluang_seminar = gains.get(Indikator.SEMINAR)
