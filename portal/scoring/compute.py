"""From facts and waiting items to everything that is stored about a score. Reads, never writes."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import zip_longest
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from portal.agency.models import MeasuringYear
from portal.documents.models import OPEN_STATES, Document
from portal.scoring import years
from portal.scoring.engine import advise, rules
from portal.scoring.engine.advise import Step
from portal.scoring.engine.inputs import Pendidikan, Pengembangan, Person
from portal.scoring.engine.options import Standing
from portal.scoring.engine.result import Excluded, Moment, NotMeasured, Row, Score
from portal.scoring.engine.rules import RuleSet
from portal.scoring.engine.score import score
from portal.scoring.facts import fact_of_document
from portal.vocabulary import Dimensi, Indikator

Fact = Pendidikan | Pengembangan


@dataclass(frozen=True)
class Measuring:
    """How one agency measures one year."""

    tahun: int
    rules: RuleSet
    target: Decimal | None


def measuring(session: Session, instansi_id: uuid.UUID, tahun: int) -> Measuring:
    """The agency's choice for a year; without one, the rule set made for it."""
    return as_chosen(years.year_of(session, instansi_id, tahun), tahun)


def as_chosen(chosen: MeasuringYear | None, tahun: int) -> Measuring:
    """The same from the row at hand."""
    if chosen is None:
        return Measuring(tahun, rules.load(rules.default_for_year(tahun)), None)
    return Measuring(tahun, rules.load(chosen.aturan, **chosen.saklar), chosen.target)


def waiting_facts(session: Session, pegawai_id: uuid.UUID) -> list[Fact]:
    """Facts of the items that wait for a decision (they are never counted, only shown)."""
    return waiting_facts_of(session, [pegawai_id])[pegawai_id]


_WAITING = (
    select(Document)
    .where(
        Document.owner_id.in_(bindparam("owners", expanding=True)),
        Document.state.in_(OPEN_STATES),
    )
    .order_by(Document.submitted_at, Document.id)
)
"""Asked for by every page about scores; a statement is dear to make."""


def waiting_facts_of(
    session: Session, pegawai_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, list[Fact]]:
    """The same for many people; a person without waiting items has an empty list."""
    found: dict[uuid.UUID, list[Fact]] = defaultdict(list)
    for document in session.scalars(_WAITING, {"owners": list(pegawai_ids)}):
        if fact := fact_of_document(document):
            found[document.owner_id].append(fact)
    return found


def measure(person: Person, how: Measuring, today: dt.date) -> Score | NotMeasured:
    """The live score of the running year, or that of a closed one up to its 31 December."""
    at = moment(how, today)
    return score(person, how.rules, how.tahun, as_of=at.tanggal, provisional=at.sementara)


def moment(how: Measuring, today: dt.date) -> Moment:
    """When that score is measured."""
    running = how.tahun >= today.year
    return Moment.of(how.tahun, today if running else None, provisional=running)


def could_become(
    person: Person, how: Measuring, today: dt.date, waiting: Sequence[Fact], now: Score
) -> dict[str, Any]:
    """Points that all waiting items would add, per dimension and indicator; empty without any."""
    if not waiting:
        return {}
    then = measure(advise.with_facts(person, waiting), how, today)
    if isinstance(then, NotMeasured):
        return {}
    before = {(row.dimensi, row.indikator): row for row in now.rincian}
    gains = {
        row.indikator.value: str(row.poin - before[row.dimensi, row.indikator].poin)
        for row in then.rincian
        if row.poin > before[row.dimensi, row.indikator].poin
    }
    return {
        "total": str(then.total),
        "kategori": then.kategori.value,
        "dokumen": len(waiting),
        "dimensi": {d.value: str(then.dimensi(d) - now.dimensi(d)) for d in Dimensi},
        "indikator": gains,
    }


def open_steps(person: Person, how: Measuring, today: dt.date, now: Score) -> list[Step]:
    """The single steps that would each raise the running year above the score as it stands, least
    effort first."""
    standing = Standing(person, how.rules, Moment.of(how.tahun, today, provisional=True), now)
    return advise.steps_from(standing, _memo(how.rules.id, how.rules.version, standing.at))


@lru_cache(16)
def _memo(_rules: str, _version: str, _at: Moment) -> advise.Memo:
    """What people who stand alike share; a few rule sets and days are in use at a time."""
    return advise.Memo()


def next_step(
    steps: Sequence[Step], how: Measuring, coming: dict[str, Any]
) -> dict[str, Any] | None:
    """The best of them that is not on its way already."""
    pending = frozenset(Indikator(name) for name in coming.get("indikator", {}))
    step = advise.best_of([step for step in steps if step.indikator not in pending], how.target)
    if step is None:
        return None
    return {
        "uraian": step.uraian,
        "indikator": step.indikator.value,
        "gain": str(step.gain),
        "total": str(step.total_after),
        "kategori": step.kategori_after.value,
        "jp": step.jp,
        "kind": step.kind.value,
        "kunci": step.kunci,
    }


def explained(person: Person, result: Score) -> list[dict[str, Any]]:
    """The ledger of a score: its rows with the names and references of their evidence."""
    return [told(person, row) for row in result.rincian]


def not_asked(person: Person, result: Score) -> list[dict[str, Any]]:
    """Facts of kinds that no indicator of the post asks for, each with the reason."""
    return [left_out(person.pengembangan, excluded) for excluded in result.tidak_dihitung]


def told(person: Person, row: Row) -> dict[str, Any]:
    """One row of the ledger; what does not count comes last."""
    source = _source(person, row.dimensi)
    return {
        "dimensi": row.dimensi,
        "indikator": row.indikator,
        "poin": str(row.poin),
        "maks": str(row.maks),
        "alasan": row.alasan,
        "pasal": row.pasal,
        "jp": row.jp,
        "jp_wajib": row.jp_wajib,
        "bukti": [
            _evidence(source[index], until)
            for index, until in zip_longest(row.bukti, row.bukti_sampai)
        ],
        "tidak_dihitung": [left_out(source, excluded) for excluded in row.tidak_dihitung],
    }


def _source(person: Person, dimensi: Dimensi) -> Sequence[Any]:
    """The facts that a row of the dimension points into."""
    # Asked six times a person: enumerations hash slowly.
    if dimensi is Dimensi.KOMPETENSI:
        return person.pengembangan
    if dimensi is Dimensi.KUALIFIKASI:
        return person.pendidikan
    return person.kinerja if dimensi is Dimensi.KINERJA else person.hukdis


def left_out(source: Sequence[Any], excluded: Excluded) -> dict[str, Any]:
    """A fact that does not count, and why."""
    return {**_evidence(source[excluded.index]), "alasan": excluded.alasan}


def _evidence(fact: Any, until: dt.date | None = None) -> dict[str, Any]:
    """What a fact is called, and where it is kept: an approved document or an imported record."""
    kind, _, key = (fact.id or "").partition(":")
    name = fact.sebutan if isinstance(fact, Pengembangan) else fact.nama
    entry = {"nama": name or "", "document_id": key if kind == "dokumen" else None}
    if kind == "riwayat":
        entry["riwayat"] = key
    if until is not None:
        entry["sampai"] = until.isoformat()
    return entry
