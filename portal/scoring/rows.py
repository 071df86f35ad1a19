"""What one row of "skor" holds and what its change says, for one person and for a million.

A row is anything with the attributes of a StoredScore: the night computes without its objects.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from portal.db import new_id
from portal.scoring import compute
from portal.scoring.compute import Fact, Measuring
from portal.scoring.engine.advise import Step
from portal.scoring.engine.inputs import Person
from portal.scoring.engine.result import NotMeasured, Score
from portal.vocabulary import Dimensi, Indikator


def as_measured(row: Any, facts: Person, today: dt.date) -> Person:
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


# Plain words: an enumeration is slow to walk and to look up a million times.
_DIMENSI = tuple(dimensi.value for dimensi in Dimensi)
_POINTS = ("total", *_DIMENSI)


def points_of(row: Any) -> dict[str, Decimal | None]:
    """The total and every dimension of a row."""
    return {name: getattr(row, name) for name in _POINTS}


def change_of(
    row: Any,
    before: dict[str, Decimal | None],
    cause: str,
    document_id: uuid.UUID | None = None,
) -> dict[str, Any]:
    """The row of "perubahan_skor" that tells how `row` came to differ from `before`."""
    return {
        "id": new_id(),
        "pegawai_id": row.pegawai_id,
        "tahun": row.tahun,
        "waktu": row.dihitung,
        "sebab": cause,
        "document_id": document_id,
        "aturan_versi": row.aturan_versi,
        **difference(before, points_of(row)),
    }


def difference(
    before: Mapping[str, Decimal | None], after: Mapping[str, Decimal | None]
) -> dict[str, Any]:
    """What such a row says of the points; `before` is empty for the first score."""
    return {
        "sebelum": before.get("total"),
        "sesudah": after["total"],
        "dimensi": {
            name: [_text(before.get(name)), _text(after[name])]
            for name in _DIMENSI
            if before.get(name) != after[name]
        },
    }


def _text(points: Decimal | None) -> str | None:
    return None if points is None else f"{points.normalize():f}"


def write(
    row: Any,
    person: Person,
    how: Measuring,
    today: dt.date,
    waiting: Sequence[Fact],
    at: dt.datetime,
) -> None:
    """Fill the row of one person and year from the facts, and from those that wait."""
    stamp(row, how, today, at)
    row.jenis_pegawai, row.kelompok_jabatan = person.jenis_pegawai, person.kelompok_jabatan
    row.jabatan, row.syarat_pendidikan = person.jabatan, person.syarat_pendidikan
    row.kedudukan_hukum = person.kedudukan_hukum
    answer(row, person, how, today, waiting)


def stamp(row: Any, how: Measuring, today: dt.date, at: dt.datetime) -> None:
    """Note by which rules the row is computed, with the data of which day, and when."""
    row.aturan, row.aturan_versi = how.rules.id, how.rules.version
    row.per_tanggal = min(today, dt.date(how.tahun, 12, 31))
    row.dihitung = at


def answer(
    row: Any, person: Person, how: Measuring, today: dt.date, waiting: Sequence[Fact]
) -> None:
    """Fill in what the engine says: points, ledger, next step."""
    result = compute.measure(person, how, today)
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
    steps = compute.open_steps(person, how, today, result) if running else []
    row.langkah = compute.next_step(steps, how, row.bisa)
    _note_openings(row, steps)


def _note_openings(row: Any, steps: Sequence[Step]) -> None:
    gains = {step.indikator: step.gain for step in steps}
    row.peluang_pendidikan = gains.get(Indikator.PENDIDIKAN)
    row.peluang_kepemimpinan = gains.get(Indikator.KEPEMIMPINAN)
    row.peluang_fungsional = gains.get(Indikator.FUNGSIONAL)
    row.peluang_teknis = gains.get(Indikator.TEKNIS)
    row.peluang_seminar = gains.get(Indikator.SEMINAR)
