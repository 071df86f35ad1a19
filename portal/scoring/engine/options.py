"""Everything that somebody could still do this year, and what each would add.

Points of one indicator rest on facts of their own, so options of different indicators add up:
the index after several of them is the index now plus their gains. Of one indicator at most one
option is taken.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from portal.scoring.engine import kinerja, kompetensi, kualifikasi
from portal.scoring.engine.inputs import Kinerja, Pendidikan, Pengembangan, Person
from portal.scoring.engine.result import Moment, NotMeasured, Row, Score
from portal.scoring.engine.ruleset import RuleSet
from portal.scoring.engine.score import score
from portal.vocabulary import KKNI, DocumentKind, Indikator, Predikat, Tingkat

Fact = Pendidikan | Pengembangan | Kinerja
KIND = {
    Indikator.PENDIDIKAN: DocumentKind.IJAZAH,
    Indikator.KEPEMIMPINAN: DocumentKind.KEPEMIMPINAN,
    Indikator.FUNGSIONAL: DocumentKind.FUNGSIONAL,
    Indikator.TEKNIS: DocumentKind.TEKNIS,
    Indikator.SEMINAR: DocumentKind.SEMINAR,
}
"""What is handed in afterwards; a predikat comes from E-Kinerja instead."""
_UNUSUAL = frozenset({Tingkat.D4, Tingkat.SPESIALIS, Tingkat.SUBSPESIALIS})
"""Levels that are named after the usual one of the same KKNI rank."""
LEVELS = tuple(sorted(Tingkat, key=lambda tingkat: (KKNI[tingkat], tingkat in _UNUSUAL)))
_PAPER_AT_HAND = -1
"""Handing in an old diploma is less effort than any course."""


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that can be switched on."""

    kunci: str
    """Names it in addresses and plans, and stays true when facts change: "seminar", "teknis:20"
    (20 JP this year, whatever is there already), "kepemimpinan:2" (PIM IV), "pendidikan:S-2"."""
    indikator: Indikator
    uraian: str
    fact: Fact
    gain: Decimal
    upaya: int
    """Class of effort; a smaller number is less."""
    bobot: Decimal
    """Effort that adds up over a set of options."""
    jp: int | None = None
    """JP still to collect; teknis only."""

    @property
    def pilihan(self) -> str:
        """Which of the indicator's options: "20", "S-2"; empty where there is only one."""
        return self.kunci.partition(":")[2]

    @property
    def tujuan(self) -> str:
        """The step in words that stay true when some of it is done."""
        if self.indikator is Indikator.TEKNIS:
            return f"Diklat teknis sampai {self.pilihan} JP tahun ini"
        return self.uraian


@dataclass(frozen=True, slots=True)
class Standing:
    """A person who is measured, with the score that options are added to."""

    person: Person
    rules: RuleSet
    at: Moment
    now: Score

    @classmethod
    def of(
        cls,
        person: Person,
        rules: RuleSet,
        year: int,
        *,
        as_of: dt.date | None = None,
        provisional: bool = False,
    ) -> Standing | None:
        """Where the person stands; None for who is not measured."""
        now = score(person, rules, year, as_of=as_of, provisional=provisional)
        if isinstance(now, NotMeasured):
            return None
        return cls(person, rules, Moment.of(year, as_of, provisional), now)


def with_facts(person: Person, extra: Fact | Iterable[Fact]) -> Person:
    """The same person with further facts, added after those there are."""
    facts = [extra] if isinstance(extra, Fact) else list(extra)
    return replace(
        person,
        pendidikan=(*person.pendidikan, *(f for f in facts if isinstance(f, Pendidikan))),
        pengembangan=(*person.pengembangan, *(f for f in facts if isinstance(f, Pengembangan))),
        kinerja=(*person.kinerja, *(f for f in facts if isinstance(f, Kinerja))),
    )


def all_options(standing: Standing) -> tuple[tuple[Option, ...], ...]:
    """Every option that raises the index by itself, grouped by indicator: groups of least effort
    first, in a group from the least to the most. Groups without an option are left out."""
    groups = [tuple(_of_row(standing, row, every=True)) for row in standing.now.rincian]
    return tuple(sorted(filter(None, groups), key=lambda group: group[0].upaya))


Known = dict[tuple[object, ...], Option | None]
"""Next options by what they hang on, under one rule set at one moment."""


def next_options(standing: Standing, known: Known) -> Iterator[Option]:
    """Of every indicator that needs only papers the option to name as a next step: the nearest
    degree, the whole of the missing JP. What is `known` from people who stand alike is not asked
    again."""
    for row in standing.now.rincian:
        if row.indikator is not Indikator.KINERJA:
            key = _hangs_on(standing.person, row)
            if key not in known:
                known[key] = next(_of_row(standing, row, every=False), None)
            if option := known[key]:
                yield option


def _hangs_on(person: Person, row: Row) -> tuple[object, ...]:
    """Everything that the next option of a row can depend on, but for rule set and moment."""
    if row.indikator is not Indikator.PENDIDIKAN:
        return (row.indikator, person.kelompok_jabatan, row.poin, row.jp)
    return (row.indikator, person.syarat_pendidikan, row.poin, _held(person, row))


def _held(person: Person, row: Row) -> Tingkat | None:
    return person.pendidikan[row.bukti[0]].tingkat if row.bukti else None


def stands_like(standing: Standing) -> tuple[object, ...]:
    """Equal for people whose next options, and what these lead to, are the same."""
    person, rows = standing.person, standing.now.rincian
    points = ((row.poin, row.jp) for row in rows)
    held = _held(person, rows[0])
    return (person.kelompok_jabatan, person.syarat_pendidikan, held, *points)


def _of_row(standing: Standing, row: Row, *, every: bool) -> Iterator[Option]:
    if row.indikator is Indikator.PENDIDIKAN:
        return _degrees(standing, row)
    if row.indikator is Indikator.KINERJA:
        return _predicates(standing)
    if row.poin >= row.maks or row.indikator not in standing.rules.kompetensi.indikator:
        return iter(())
    if row.indikator is Indikator.TEKNIS:
        return _hours(standing, row, every=every)
    return _course(standing, row)


def _option(
    standing: Standing, kunci: str, uraian: str, fact: Fact, units: int, jp: int | None = None
) -> Option | None:
    """The option with its gain; None when there is none. `units` as in `Bobot`."""
    indikator = Indikator(kunci.partition(":")[0])
    gain = _gain(standing, indikator, fact)
    if gain <= 0:
        return None
    rules = standing.rules
    weight = rules.bobot[indikator].of(units)
    return Option(kunci, indikator, uraian, fact, gain, rules.upaya[indikator], weight, jp)


def _gain(standing: Standing, indikator: Indikator, fact: Fact) -> Decimal:
    """What the fact adds to its indicator, as the engine reads it; the others stay as they are."""
    person, rules, at, now = standing.person, standing.rules, standing.at, standing.now
    if isinstance(fact, Pendidikan):
        person = replace(person, pendidikan=(*person.pendidikan, fact))
        return kualifikasi.row(person, rules, at).poin - now.kualifikasi
    if isinstance(fact, Kinerja):
        person = replace(person, kinerja=(*person.kinerja, fact))
        return kinerja.row(person, rules, at)[0].poin - now.kinerja
    person = replace(person, pengembangan=(*person.pengembangan, fact))
    before = next(row.poin for row in now.rincian if row.indikator is indikator)
    return kompetensi.row(person, rules, at, indikator).poin - before


def _degrees(standing: Standing, row: Row) -> Iterator[Option]:
    """Every level above the one that counts, nearest first."""
    if not row.bukti:
        return _first_degrees(standing)
    held = max(KKNI[standing.person.pendidikan[index].tingkat] for index in row.bukti)
    return _above(standing, held)


def _first_degrees(standing: Standing) -> Iterator[Option]:
    """Who has no degree on record holds at least the one that the post requires: its paper only
    has to be handed in. Where the requirement is unknown, that is the lowest that counts."""
    gaining = (tingkat for tingkat in LEVELS if _degree(standing, tingkat, 0))
    least = standing.person.syarat_pendidikan or next(gaining, LEVELS[0])
    paper = _degree(standing, least, 0)
    if paper:
        uraian = "Unggah ijazah yang sudah Anda miliki"
        yield replace(paper, uraian=uraian, upaya=_PAPER_AT_HAND, bobot=Decimal(0))
    worth = paper.gain if paper else Decimal(0)
    yield from (found for found in _above(standing, KKNI[least]) if found.gain > worth)


def _above(standing: Standing, held: int) -> Iterator[Option]:
    for tingkat in LEVELS:
        found = _degree(standing, tingkat, KKNI[tingkat] - held) if KKNI[tingkat] > held else None
        if found:
            yield found


def _degree(standing: Standing, tingkat: Tingkat, above: int) -> Option | None:
    fact = Pendidikan(tingkat, standing.at.tanggal)
    uraian = f"Lulus pendidikan {tingkat}"
    return _option(standing, f"{Indikator.PENDIDIKAN}:{tingkat}", uraian, fact, above)


def _predicates(standing: Standing) -> Iterator[Option]:
    """Better predicates of this year's SKP, the next one first."""
    points = standing.rules.kinerja.predikat
    at = standing.at
    units = 0
    for predikat in sorted(Predikat, key=points.__getitem__):
        fact = Kinerja(at.tahun, None, predikat, at.tanggal)
        uraian = f"Predikat SKP {at.tahun} {predikat.label}"
        found = _option(standing, f"{Indikator.KINERJA}:{predikat}", uraian, fact, units + 1)
        if found:
            units += 1
            yield found


def _hours(standing: Standing, row: Row, *, every: bool) -> Iterator[Option]:
    """Teknis in every number of the missing JP that gains; only the whole without `every`."""
    jenis = standing.rules.kompetensi.indikator[Indikator.TEKNIS].jenis[:1]
    duty, done = standing.rules.kompetensi.jp_wajib, row.jp or 0
    more = " lagi" if done else ""
    for kind in jenis:
        for jp in range(1 if every else duty - done, duty - done + 1):
            fact = Pengembangan(kind, jp, standing.at.tanggal)
            uraian = f"Diklat teknis {jp} JP{more} tahun ini"
            found = _option(standing, f"{Indikator.TEKNIS}:{done + jp}", uraian, fact, jp, jp)
            if found:
                yield found


def _course(standing: Standing, row: Row) -> Iterator[Option]:
    """One course of the kind that the indicator asks for."""
    uraian, latihan = "Satu seminar atau sejenisnya tahun ini", None
    kunci = row.indikator.value
    if row.indikator is Indikator.KEPEMIMPINAN:
        latihan = standing.rules.kompetensi.latihan[standing.person.kelompok_jabatan]
        kunci, uraian = f"{kunci}:{latihan}", f"Diklat {latihan.label}"
    elif row.indikator is Indikator.FUNGSIONAL:
        uraian = "Diklat fungsional untuk jabatan Anda"
    kinds = standing.rules.kompetensi.indikator[row.indikator].jenis[:1]
    facts = (Pengembangan(kind, 0, standing.at.tanggal, latihan) for kind in kinds)
    return filter(None, (_option(standing, kunci, uraian, fact, 0) for fact in facts))
