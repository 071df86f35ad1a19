"""A person and facts in one line each, as the tests of the engine need them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from portal.scoring.engine.inputs import Hukdis, Kinerja, Pendidikan, Pengembangan, Person
from portal.scoring.engine.result import Row, Score
from portal.scoring.engine.rules import load
from portal.scoring.engine.ruleset import RuleSet
from portal.scoring.engine.score import score
from portal.vocabulary import (
    Indikator,
    JenisDiklat,
    JenisPegawai,
    KelompokJabatan,
    LatihanStruktural,
    Predikat,
    Tingkat,
    TingkatHukuman,
)

OLD = load("pbkn8-2019")
NEW = load("bkn-2023")


def day(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)


def person(post: KelompokJabatan = KelompokJabatan.FUNGSIONAL, **facts: Any) -> Person:
    facts.setdefault("jenis_pegawai", JenisPegawai.PNS)
    return Person(nip="198704122010012015", kelompok_jabatan=post, **facts)


def degree(level: str, finished: str | None = None, year: int | None = None) -> Pendidikan:
    return Pendidikan(Tingkat(level), day(finished), year)


def course(
    kind: int,
    end: str | None = None,
    jp: int = 0,
    level: int | None = None,
    name: str | None = None,
) -> Pengembangan:
    latihan = None if level is None else LatihanStruktural(str(level))
    return Pengembangan(JenisDiklat(str(kind)), jp, day(end), latihan, nama=name)


def skp(year: int, result: str | None = None, judged: str | None = None) -> Kinerja:
    """`result` is a number or a predikat."""
    if result is None or result[0].isdigit():
        return Kinerja(year, None if result is None else Decimal(result), None, day(judged))
    return Kinerja(year, None, Predikat(result), day(judged))


def punishment(level: str, start: str, end: str | None = None) -> Hukdis:
    return Hukdis(TingkatHukuman(level), dt.date.fromisoformat(start), day(end))


def measured(someone: Person, rules: RuleSet = OLD, year: int = 2021, **how: Any) -> Score:
    """The score of somebody who is measured."""
    result = score(someone, rules, year, **how)
    assert isinstance(result, Score)
    return result


def row(result: Score, indikator: Indikator) -> Row:
    return next(found for found in result.rincian if found.indikator is indikator)


GURU = person(
    syarat_pendidikan=Tingkat.S1,
    pendidikan=(degree("S-1", "2009-08-01"),),
    pengembangan=(course(2, "2015-03-01", 60), course(3, "2026-04-10", 8)),
    kinerja=(skp(2026, "Baik"),),
)
"""The teacher of the demonstration, measured for 2026: 71.00 Sedang."""
