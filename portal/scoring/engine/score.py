"""The index of one person: four dimensions added up, each row with its reason."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from portal.scoring.engine import disiplin, kinerja, kompetensi, kualifikasi
from portal.scoring.engine.inputs import Person
from portal.scoring.engine.result import Excluded, Moment, NotMeasured, Row, Score
from portal.scoring.engine.ruleset import RuleSet
from portal.scoring.engine.wording import KEDUDUKAN_HUKUM, format_points
from portal.vocabulary import JenisPegawai

__all__ = ["Excluded", "NotMeasured", "Row", "Score", "format_points", "score"]


def score(
    person: Person,
    rules: RuleSet,
    year: int,
    *,
    as_of: dt.date | None = None,
    provisional: bool = False,
) -> Score | NotMeasured:
    """Measure a person for a year (PermenPANRB 38/2018: points are added, 100 in all).

    Facts count up to 31 December of the year, or up to `as_of` when that is earlier. With
    `provisional` the SKP of the year before stands in while that of the year is not there.
    """
    reason = _not_measured(person, rules)
    if reason is not None:
        return NotMeasured(reason)
    at = Moment.of(year, as_of, provisional)
    education = kualifikasi.row(person, rules, at)
    development = kompetensi.rows(person, rules, at)
    performance, stands_in = kinerja.row(person, rules, at)
    discipline = disiplin.row(person, rules, at)
    points = sum((row.poin for row in development), Decimal(0))
    total = education.poin + points + performance.poin + discipline.poin
    return Score(
        kualifikasi=education.poin,
        kompetensi=points,
        kinerja=performance.poin,
        disiplin=discipline.poin,
        total=total,
        kategori=rules.kategori_of(total),
        sementara=stands_in,
        rincian=(education, *development, performance, discipline),
        tidak_dihitung=kompetensi.unused(person, rules),
    )


def _not_measured(person: Person, rules: RuleSet) -> str | None:
    if person.jenis_pegawai is JenisPegawai.CPNS and person.jenis_pegawai not in rules.diukur:
        return "CPNS belum diukur; indeks dihitung setelah menjadi PNS."
    if person.jenis_pegawai not in rules.diukur:
        return f"{person.jenis_pegawai} tidak diukur menurut {rules.nama}."
    code = person.kedudukan_hukum
    if code is not None and code not in rules.saklar.kedudukan_hukum:
        return f"Tidak diukur karena kedudukan hukum: {KEDUDUKAN_HUKUM.get(code, code)}."
    return None
