"""Acts on comparisons of two ways of measuring, and on the way of a year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import audit
from portal.agency.models import Instansi, MeasuringYear
from portal.db import now
from portal.errors import Conflict, Rejected
from portal.jobs import enqueue
from portal.people.models import Pegawai
from portal.permissions import Actor
from portal.scoring import runs
from portal.scoring.comparison.people import People
from portal.scoring.comparison.work import KIND
from portal.scoring.engine.rules import RuleSetError
from portal.scoring.models import RecomputeRun, RuleComparison
from portal.scoring.years import Way, can_be_set, way_of

FRESH = dt.timedelta(hours=24)
"""So long a dry run may be applied: what people read must still be what happens."""
STALE = "Uji coba ini tidak berlaku lagi: {why}. Buat uji coba baru, lalu terapkan yang itu."


def order(
    session: Session, actor: Actor, instansi: Instansi, tahun: int, a: Way, b: Way
) -> RuleComparison:
    """Write a comparison that the worker computes after the commit; wake the queue then.

    Raises Rejected when both ways are the same, or the year can not be measured.
    """
    if not can_be_set(tahun, actor.today):
        raise Rejected(f"Tahun {tahun} tidak dapat diukur.", "tahun")
    if a == b:
        raise Rejected("Kedua cara sama. Ubah aturan atau sakelarnya dahulu.", "aturan")
    comparison = RuleComparison(
        instansi_id=instansi.id,
        tahun=tahun,
        aturan_a=a.aturan,
        saklar_a=dict(a.saklar),
        aturan_b=b.aturan,
        saklar_b=dict(b.saklar),
        oleh_id=actor.pegawai_id,
    )
    try:
        people = People(session, comparison, now())
    except RuleSetError as gone:
        raise Rejected(f"Cara yang sekarang tidak dapat dihitung: {gone}.", "aturan") from gone
    comparison.jumlah = (
        session.scalar(select(func.count()).select_from(Pegawai).where(people.whole)) or 0
    )
    comparison.hasil = people.settled
    session.add(comparison)
    session.flush()
    enqueue(session, KIND, {"banding": comparison.id.hex})
    return comparison


def why_not(comparison: RuleComparison, present: Way, moment: dt.datetime) -> str | None:
    """Why way B cannot become the way of the year any more; None when it can."""
    a, b = (
        Way(comparison.aturan_a, comparison.saklar_a),
        Way(comparison.aturan_b, comparison.saklar_b),
    )
    if a != present:
        return "cara mengukur tahun itu sudah berubah"
    if moment - comparison.dibuat > FRESH:
        return "sudah lebih dari 24 jam"
    try:
        versions = [a.rules.version, b.rules.version]
    except RuleSetError:
        return "salah satu aturannya tidak tersedia lagi"
    return None if versions == comparison.hasil["versi"] else "isi berkas aturannya sudah berubah"


def apply(session: Session, actor: Actor, comparison: RuleComparison) -> RecomputeRun | None:
    """Make way B of a finished dry run the way of its year, and order the recomputation; wake the
    queue then. None when it was applied before, or when there is nothing to compute yet.

    Raises Conflict for a dry run that is not finished or does not hold any more.
    """
    # Whoever changes the way of a year of this agency waits here for the one before.
    session.execute(
        select(Instansi.id).where(Instansi.id == comparison.instansi_id).with_for_update()
    )
    session.refresh(comparison, with_for_update=True)
    if comparison.diterapkan:
        return None
    if not comparison.selesai or comparison.galat:
        raise Conflict("Uji coba ini belum selesai. Tunggu sampai hasilnya tampil.")
    key = (comparison.instansi_id, comparison.tahun)
    year = session.get(MeasuringYear, key, populate_existing=True)
    before = way_of(year, comparison.tahun)
    if why := why_not(comparison, before, now()):
        raise Conflict(STALE.format(why=why))
    comparison.diterapkan = now()
    if year is None:
        year = MeasuringYear(instansi_id=key[0], tahun=key[1])
        session.add(year)
    year.aturan, year.saklar = comparison.aturan_b, dict(comparison.saklar_b)
    _record(session, actor, year, before, banding=str(comparison.id))
    run = _recompute(session, actor, year, f"Aturan tahun {year.tahun} diubah")
    if run:
        comparison.hasil = {**comparison.hasil, "hitung_ulang": str(run.id)}
    return run


def set_target(
    session: Session, actor: Actor, instansi: Instansi, tahun: int, target: Decimal | None
) -> RecomputeRun | None:
    """Set or take away the target of a year; what people are advised follows from it, so scores
    are computed anew. None when nothing changed."""
    session.execute(select(Instansi.id).where(Instansi.id == instansi.id).with_for_update())
    year = session.get(MeasuringYear, (instansi.id, tahun), populate_existing=True)
    before = way_of(year, tahun)
    if target == (year.target if year else None):
        return None
    if year is None:
        year = MeasuringYear(
            instansi_id=instansi.id, tahun=tahun, aturan=before.aturan, saklar=dict(before.saklar)
        )
        session.add(year)
    year.target = target
    _record(session, actor, year, before)
    return _recompute(session, actor, year, f"Target tahun {tahun} diubah")


def _record(session: Session, actor: Actor, year: MeasuringYear, before: Way, **more: Any) -> None:
    shown: Mapping[str, Any] = {
        "tahun": year.tahun,
        "aturan": year.aturan,
        "saklar": year.saklar,
        "target": None if year.target is None else str(year.target),
        "sebelumnya": {"aturan": before.aturan, "saklar": dict(before.saklar)},
    }
    audit.record(session, actor, "agency:year-set", year.instansi_id, **shown, **more)


def _recompute(
    session: Session, actor: Actor, year: MeasuringYear, cause: str
) -> RecomputeRun | None:
    if year.tahun > actor.today.year:
        return None  # nobody has a score of it yet
    session.flush()
    return runs.order(session, actor, cause=cause, instansi_id=year.instansi_id, tahun=year.tahun)
