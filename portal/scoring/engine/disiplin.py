"""Disiplin: what the worst punishment in the window leaves."""

from __future__ import annotations

import datetime as dt

from portal.scoring.engine.inputs import Hukdis, Person
from portal.scoring.engine.result import Excluded, Moment, Row
from portal.scoring.engine.ruleset import DisiplinRule, RuleSet
from portal.scoring.engine.wording import jendela
from portal.vocabulary import Dimensi, Indikator
from portal.wording import tanggal


def row(person: Person, rules: RuleSet, at: Moment) -> Row:
    """Full points without a punishment in the window (rules.md §1.4)."""
    rule = rules.disiplin
    counted: list[int] = []
    excluded: list[Excluded] = []
    for index, punishment in enumerate(person.hukdis):
        reason = _outside(punishment, rule, at)
        if reason is None:
            counted.append(index)
        else:
            excluded.append(Excluded(index, reason))
    worst = min(
        counted,
        key=lambda index: (
            rule.poin[person.hukdis[index].tingkat],
            -_last_day(person.hukdis[index], rule).toordinal(),
        ),
        default=None,
    )
    excluded += [
        Excluded(index, "hukuman yang lebih berat atau lebih lama yang menentukan")
        for index in counted
        if index != worst
    ]
    item = None if worst is None else person.hukdis[worst]
    return Row(
        dimensi=Dimensi.DISIPLIN,
        indikator=Indikator.DISIPLIN,
        poin=rule.tanpa if item is None else rule.poin[item.tingkat],
        maks=rule.maks,
        alasan=_reason(item, rule, at),
        bukti=() if worst is None else (worst,),
        tidak_dihitung=tuple(sorted(excluded, key=lambda left: left.index)),
        pasal=rule.pasal,
        bukti_sampai=() if item is None else (_last_day(item, rule),),
    )


def _reason(item: Hukdis | None, rule: DisiplinRule, at: Moment) -> str:
    if item is not None:
        return f"Hukuman disiplin {item.tingkat} sejak {tanggal(item.tmt)}."
    if rule.jendela_tahun is None:
        return f"Tidak ada hukuman disiplin yang berjalan pada tahun {at.tahun}."
    return f"Tidak ada hukuman disiplin pada {jendela(at.tahun, rule.jendela_tahun)}."


def _outside(item: Hukdis, rule: DisiplinRule, at: Moment) -> str | None:
    if item.tmt > at.tanggal:
        return f"mulai {tanggal(item.tmt)}, setelah tanggal ukur {tanggal(at.tanggal)}"
    if _last_day(item, rule).year >= at.tahun:
        return None
    if rule.jendela_tahun is not None:
        return f"TMT {item.tmt.year} di luar jendela {jendela(at.tahun, rule.jendela_tahun)}"
    if item.akhir is not None:
        return f"sudah berakhir {tanggal(item.akhir)}"
    return f"TMT {item.tmt.year}, tanpa tanggal akhir: hanya dihitung pada tahun itu"


def _last_day(item: Hukdis, rule: DisiplinRule) -> dt.date:
    """Last day on which the punishment still lowers the index: the end of a calendar year."""
    if rule.jendela_tahun is not None:
        year = item.tmt.year + rule.jendela_tahun - 1
    else:
        year = (item.akhir or item.tmt).year
    return dt.date(min(year, dt.MAXYEAR), 12, 31)
