"""What would raise the index: the single steps that are open to a person.

Every gain is the difference of two computations; nothing is estimated apart from the engine.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from portal.scoring.engine.inputs import Pendidikan, Pengembangan, Person
from portal.scoring.engine.result import Moment, NotMeasured, Row, Score
from portal.scoring.engine.ruleset import RuleSet
from portal.scoring.engine.score import score
from portal.vocabulary import (
    KKNI,
    DocumentKind,
    Indikator,
    Kategori,
    Tingkat,
)

_KIND = {
    Indikator.PENDIDIKAN: DocumentKind.IJAZAH,
    Indikator.KEPEMIMPINAN: DocumentKind.KEPEMIMPINAN,
    Indikator.FUNGSIONAL: DocumentKind.FUNGSIONAL,
    Indikator.TEKNIS: DocumentKind.TEKNIS,
    Indikator.SEMINAR: DocumentKind.SEMINAR,
}
_USUAL = (
    Tingkat.SD,
    Tingkat.SLTP,
    Tingkat.SLTA,
    Tingkat.D1,
    Tingkat.D2,
    Tingkat.D3,
    Tingkat.S1,
    Tingkat.PROFESI,
    Tingkat.S2,
    Tingkat.S3,
)
"""The level that advice names for each KKNI rank, rank 0 first."""
_PAPER_AT_HAND = -1
"""Handing in an old diploma is less effort than any course."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, and the index once it is done and approved."""

    indikator: Indikator
    uraian: str
    gain: Decimal
    total_after: Decimal
    kategori_after: Kategori
    kind: DocumentKind
    """What to hand in afterwards."""
    jp: int | None = None
    """JP still to collect; teknis only."""


def with_facts(
    person: Person, extra: Pengembangan | Pendidikan | Iterable[Pengembangan | Pendidikan]
) -> Person:
    """The same person with further degrees and development, added after those there are."""
    facts = [extra] if isinstance(extra, Pengembangan | Pendidikan) else list(extra)
    degrees = tuple(fact for fact in facts if isinstance(fact, Pendidikan))
    courses = tuple(fact for fact in facts if isinstance(fact, Pengembangan))
    return replace(
        person,
        pendidikan=person.pendidikan + degrees,
        pengembangan=person.pengembangan + courses,
    )


def single_steps(
    person: Person,
    rules: RuleSet,
    year: int,
    *,
    as_of: dt.date | None = None,
    provisional: bool = False,
) -> list[Step]:
    """Steps that each raise the index by themselves, least effort first, then highest gain."""
    before = score(person, rules, year, as_of=as_of, provisional=provisional)
    if isinstance(before, NotMeasured):
        return []
    at = Moment.of(year, as_of, provisional)
    steps: list[tuple[int, Step]] = []
    for row in before.rincian:
        for plan in _plans(person, rules, row, at):
            after = score(
                with_facts(person, plan.fact), rules, year, as_of=as_of, provisional=provisional
            )
            if isinstance(after, Score) and after.total > before.total:
                steps.append((plan.effort, _step(row, plan, before, after)))
                break
    return [step for _, step in sorted(steps, key=lambda ranked: (ranked[0], -ranked[1].gain))]


def best_of(steps: Sequence[Step], target: Decimal | None = None) -> Step | None:
    """The step of least effort, of those that reach the target alone when one does."""
    reaching = [step for step in steps if target is not None and step.total_after >= target]
    return next(iter(reaching or steps), None)


@dataclass(frozen=True, slots=True)
class _Plan:
    """A fact that a step would add; the plans of one indicator stand in rising order."""

    uraian: str
    fact: Pengembangan | Pendidikan
    effort: int
    jp: int | None = None


def _step(row: Row, plan: _Plan, before: Score, after: Score) -> Step:
    return Step(
        indikator=row.indikator,
        uraian=plan.uraian,
        gain=after.total - before.total,
        total_after=after.total,
        kategori_after=after.kategori,
        kind=_KIND[row.indikator],
        jp=plan.jp,
    )


def _plans(person: Person, rules: RuleSet, row: Row, at: Moment) -> Iterator[_Plan]:
    if row.indikator is Indikator.PENDIDIKAN:
        yield from _degrees(person, rules, row, at)
    elif row.indikator in rules.kompetensi.indikator and row.poin < row.maks:
        yield _course(person, rules, row, at)


def _degrees(person: Person, rules: RuleSet, row: Row, at: Moment) -> Iterator[_Plan]:
    """Every level above the one that counts; the first that gains is the nearest."""
    held = max((KKNI[person.pendidikan[index].tingkat] for index in row.bukti), default=-1)
    for tingkat in _USUAL[held + 1 :]:
        fact = Pendidikan(tingkat, at.tanggal)
        if row.bukti:
            yield _Plan(f"Lulus pendidikan {tingkat}", fact, rules.upaya[row.indikator])
        else:
            yield _Plan("Unggah ijazah yang sudah Anda miliki", fact, _PAPER_AT_HAND)


def _course(person: Person, rules: RuleSet, row: Row, at: Moment) -> _Plan:
    jenis = rules.kompetensi.indikator[row.indikator].jenis[0]
    effort = rules.upaya[row.indikator]
    fact = Pengembangan(jenis, 0, at.tanggal)
    if row.indikator is Indikator.KEPEMIMPINAN:
        level = rules.kompetensi.latihan[person.kelompok_jabatan]
        return _Plan(f"Diklat {level.label}", replace(fact, latihan_struktural=level), effort)
    if row.indikator is Indikator.FUNGSIONAL:
        return _Plan("Diklat fungsional untuk jabatan Anda", fact, effort)
    if row.indikator is Indikator.SEMINAR:
        return _Plan("Satu seminar atau sejenisnya tahun ini", fact, effort)
    missing = rules.kompetensi.jp_wajib - (row.jp or 0)
    more = " lagi" if row.jp else ""
    uraian = f"Diklat teknis {missing} JP{more} tahun ini"
    return _Plan(uraian, replace(fact, jp=missing), effort, missing)
