"""Whether a step that somebody planned has been taken: read from the facts, like every point."""

from __future__ import annotations

from collections.abc import Sequence

from portal.scoring.engine.inputs import Person
from portal.scoring.engine.options import Fact
from portal.scoring.engine.result import Row, Score
from portal.scoring.engine.ruleset import RuleSet
from portal.vocabulary import KKNI, Dimensi, Indikator, Predikat, Tingkat


def evidence(kunci: str, person: Person, rules: RuleSet, result: Score) -> tuple[str, ...] | None:
    """References of the facts that fulfil the step named by `Option.kunci`, in their order; None
    while it is not fulfilled."""
    name, _, choice = kunci.partition(":")
    row = next((row for row in result.rincian if row.indikator == name), None)
    if row is None or not row.bukti or not asked(kunci, person, rules):
        return None
    if not _enough(row, choice, person, rules, result):
        return None
    facts: Sequence[Fact] = person.pengembangan
    if row.dimensi is Dimensi.KUALIFIKASI:
        facts = person.pendidikan
    elif row.dimensi is Dimensi.KINERJA:
        facts = person.kinerja
    return tuple(facts[index].id or "" for index in row.bukti)


def asked(kunci: str, person: Person, rules: RuleSet) -> bool:
    """Whether the post that the person holds asks for such a step at all."""
    name, _, choice = kunci.partition(":")
    indikator = Indikator(name)
    if indikator in (Indikator.PENDIDIKAN, Indikator.KINERJA):
        return True
    if indikator is Indikator.KEPEMIMPINAN:
        return rules.kompetensi.latihan.get(person.kelompok_jabatan) == choice
    return indikator in rules.kompetensi.jabatan[person.kelompok_jabatan]


def _enough(row: Row, choice: str, person: Person, rules: RuleSet, result: Score) -> bool:
    if row.indikator is Indikator.PENDIDIKAN:
        return KKNI[person.pendidikan[row.bukti[0]].tingkat] >= KKNI[Tingkat(choice)]
    if row.indikator is Indikator.KINERJA:
        wanted = rules.kinerja.predikat[Predikat(choice)]
        return row.poin >= wanted and not result.sementara
    if row.indikator is Indikator.TEKNIS:
        return (row.jp or 0) >= int(choice)
    return True
