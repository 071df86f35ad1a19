"""Advice for a whole OPD: how long the sums over 50,000 people take."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from decimal import Decimal

from sqlalchemy import Date, DateTime, Integer, String, func, insert, literal, select, update
from sqlalchemy.orm import Session

from portal.db import now
from portal.people.models import Pegawai
from portal.permissions import Grant
from portal.scoring.models import PlannedStep, StoredScore
from portal.scoring.opd_advice import opd_advice, plan_sums
from portal.vocabulary import Kategori, Role
from tests.bench.figures import Figure
from tests.bench.place import Place
from tests.support.cast import TODAY
from tests.support.queries import statements

PEOPLE = 50_000
ROUNDS = 9


def figures(place: Place) -> list[Figure]:
    """Milliseconds and queries of both sums over one OPD of a portal with at least so many people;
    for everybody a score is written, for every fifth a plan."""
    database = place.app.extensions["database"]
    with database.transaction() as session:
        _gather(session, place)
        _write_scores(session)
        _write_plans(session)
    opd = place.cast.units.pendidikan
    grants = [Grant(Role.PIMPINAN, opd.instansi_id, opd.id, opd.jalur)]
    with database.reading() as session:
        advice = opd_advice(session, grants, TODAY.year, TODAY, opd)
        assert advice.diukur >= PEOPLE
        with statements(database.engine) as seen:
            opd_advice(session, grants, TODAY.year, TODAY, opd)
            plan_sums(session, grants, TODAY.year, TODAY, opd)
        told = _median(lambda: opd_advice(session, grants, TODAY.year, TODAY, opd))
        summed = _median(lambda: plan_sums(session, grants, TODAY.year, TODAY, opd))
    return [
        Figure(f"advice for an OPD of {PEOPLE:,}", told, "ms", note=f"{len(seen) - 1} query"),
        Figure("sum of its plans", summed, "ms", note="1 query, every fifth has a plan"),
    ]


def _median(act: Callable[[], object]) -> float:
    taken = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        act()
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken)


def _gather(session: Session, place: Place) -> None:
    crowd = select(Pegawai.id).where(Pegawai.nama.startswith("Rekan")).limit(PEOPLE)
    school = place.cast.units.smpn.id
    session.execute(update(Pegawai).where(Pegawai.id.in_(crowd)).values(opd_id=school))


def _write_scores(session: Session) -> None:
    """Different openings for different people, in one statement."""
    known = select(StoredScore.pegawai_id)
    number = func.substr(Pegawai.nip, 14).cast(Integer)
    values = {
        "pegawai_id": Pegawai.id,
        "tahun": literal(TODAY.year),
        "aturan": literal("bkn-2023"),
        "aturan_versi": literal("1"),
        "per_tanggal": literal(TODAY, Date),
        "dihitung": literal(now(), DateTime),
        "diukur": literal(True),
        "alasan": literal(""),
        "kualifikasi": literal(200_000),
        "kompetensi": literal(210_000),
        "kinerja": literal(250_000),
        "disiplin": literal(50_000),
        "total": literal(710_000),
        "kategori": literal(Kategori.SEDANG.value, String),
        "sementara": literal(False),
        "rincian": literal("[]", String),
        "tidak_dinilai": literal("[]", String),
        "bisa": literal("{}", String),
        "peluang_seminar": func.nullif(number % 2 * 100_000, 0),
        "peluang_teknis": func.nullif(number % 20 * 7_500, 0),
    }
    rows = select(*values.values()).where(Pegawai.id.not_in(known))
    session.execute(insert(StoredScore.__table__).from_select(list(values), rows))  # type: ignore[arg-type]


def _write_plans(session: Session) -> None:
    people = session.scalars(
        select(Pegawai.id).where(Pegawai.nama.startswith("Rekan")).limit(PEOPLE)
    ).all()[::5]
    session.execute(
        insert(PlannedStep),
        [
            {
                "pegawai_id": pegawai_id,
                "tahun": TODAY.year,
                "kunci": "seminar",
                "indikator": "seminar",
                "uraian": "Satu seminar",
                "poin": Decimal(10),
            }
            for pegawai_id in people
        ],
    )
