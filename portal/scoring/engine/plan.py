"""Whether a step that somebody planned has been taken: read from the facts, like every point."""

from __future__ import annotations

from portal.scoring.engine.inputs import Person
from portal.scoring.engine.result import Row, Score
from portal.scoring.engine.ruleset import RuleSet
from portal.vocabulary import KKNI, Dimensi, Indikator, Predikat, Tingkat


def evidence(kunci: str, person: Person, rules: RuleSet, result: Score) -> tuple[str, ...] | None:
    """References of the facts that fulfil the step named by `Option.kunci`, in their order; None
    while it is not fulfilled. Who changed to a post that does not ask for it never fulfils it."""
    name, _, choice = kunci.partition(":")
    row = next((row for row in result.rincian if row.indikator == name), None)
    if row is None or not row.bukti or not _enough(row, choice, person, rules, result):
        return None
    facts = {
        Dimensi.KUALIFIKASI: person.pendidikan,
        Dimensi.KOMPETENSI: person.pengembangan,
        Dimensi.KINERJA: person.kinerja,
        Dimensi.DISIPLIN: person.hukdis,
    }[row.dimensi]
    return tuple(facts[index].id or "" for index in row.bukti)


def _enough(row: Row, choice: str, person: Person, rules: RuleSet, result: Score) -> bool:
    if row.indikator is Indikator.PENDIDIKAN:
        return KKNI[person.pendidikan[row.bukti[0]].tingkat] >= KKNI[Tingkat(choice)]
    if row.indikator is Indikator.KINERJA:
        wanted = rules.kinerja.predikat[Predikat(choice)]
        return row.poin >= wanted and not result.sementara
    if row.indikator is Indikator.TEKNIS:
        return (row.jp or 0) >= int(choice)
    return True
