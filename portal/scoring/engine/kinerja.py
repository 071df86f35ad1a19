"""Kinerja: the SKP of the measured year, or provisionally that of the year before."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from portal.scoring.engine.inputs import Kinerja, Person
from portal.scoring.engine.result import Excluded, Moment, Row
from portal.scoring.engine.ruleset import KinerjaRule, RuleSet
from portal.vocabulary import Dimensi, Indikator, Predikat
from portal.wording import exact


def row(person: Person, rules: RuleSet, at: Moment) -> tuple[Row, bool]:
    """The row, and whether the SKP of the year before stands in (rules.md §1.3)."""
    rule = rules.kinerja
    excluded = [
        Excluded(index, "tanpa nilai dan predikat")
        for index, item in enumerate(person.kinerja)
        if item.tahun == at.tahun and not _says_something(item)
    ]
    year = at.tahun
    of_year = _results(person, year)
    if not of_year and at.sementara:
        year -= 1
        of_year = _results(person, year)
    stands_in = bool(of_year) and year < at.tahun
    poin, alasan = rule.kosong, f"Belum ada SKP tahun {at.tahun}."
    bukti: tuple[int, ...] = ()
    if of_year:
        index = max(of_year, key=lambda candidate: _rank(candidate, person.kinerja[candidate]))
        bukti = (index,)
        poin, alasan = _judge(rule, person.kinerja[index])
        excluded += [
            Excluded(other, f"ada hasil SKP {year} yang lebih baru")
            for other in of_year
            if other != index
        ]
    if stands_in:
        alasan = f"Sementara, selama SKP {at.tahun} belum ada. {alasan}"
    return (
        Row(
            dimensi=Dimensi.KINERJA,
            indikator=Indikator.KINERJA,
            poin=poin,
            maks=rule.maks,
            alasan=alasan,
            bukti=bukti,
            tidak_dihitung=tuple(sorted(excluded, key=lambda left: left.index)),
            pasal=rule.pasal,
            bukti_sampai=tuple(dt.date(at.tahun, 12, 31) if stands_in else None for _ in bukti),
        ),
        stands_in,
    )


def _says_something(item: Kinerja) -> bool:
    return item.nilai is not None or item.predikat is not None


def _results(person: Person, year: int) -> list[int]:
    return [
        index
        for index, item in enumerate(person.kinerja)
        if item.tahun == year and _says_something(item)
    ]


def _rank(index: int, item: Kinerja) -> tuple[dt.date, int]:
    """The latest `dinilai` wins; without it, and between equals, the last given."""
    return item.dinilai or dt.date.min, index


def _judge(rule: KinerjaRule, item: Kinerja) -> tuple[Decimal, str]:
    if item.predikat is Predikat.TIDAK_MEMBUAT:
        return rule.predikat[item.predikat], f"Tidak membuat SKP tahun {item.tahun}."
    if item.predikat is not None:
        alasan = f"Predikat SKP {item.tahun}: {item.predikat.label}."
        return rule.predikat[item.predikat], alasan
    nilai = item.nilai or Decimal(0)
    poin = next(poin for low, poin in rule.nilai if nilai >= low)
    return poin, f"Nilai SKP {item.tahun}: {exact(nilai)}."
