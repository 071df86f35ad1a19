"""Kualifikasi: the highest level held, by the ladder or against what the post requires."""

from __future__ import annotations

from decimal import Decimal

from portal.scoring.engine.inputs import Person
from portal.scoring.engine.result import Excluded, Moment, Row
from portal.scoring.engine.ruleset import Kesesuaian, KualifikasiRule, RuleSet
from portal.vocabulary import KKNI, Dimensi, Indikator, Tingkat
from portal.wording import tanggal


def row(person: Person, rules: RuleSet, at: Moment) -> Row:
    """Points of the highest degree that counts at the measurement date (rules.md §1.1)."""
    rule = rules.kualifikasi
    counted: list[int] = []
    excluded: list[Excluded] = []
    for index, item in enumerate(person.pendidikan):
        start = item.berlaku
        if start is not None and start > at.tanggal:
            reason = f"{item.tingkat} baru dihitung mulai {tanggal(start)}"
            excluded.append(Excluded(index, reason))
        else:
            counted.append(index)
    best = max(counted, key=lambda index: KKNI[person.pendidikan[index].tingkat], default=None)
    if best is None:
        poin = rule.kosong
        alasan = "Belum ada pendidikan yang dapat dihitung. Unggah ijazah terakhir Anda."
    else:
        tingkat = person.pendidikan[best].tingkat
        poin, alasan = _judge(rule, tingkat, person.syarat_pendidikan)
    return Row(
        dimensi=Dimensi.KUALIFIKASI,
        indikator=Indikator.PENDIDIKAN,
        poin=poin,
        maks=rule.maks,
        alasan=alasan,
        bukti=() if best is None else (best,),
        tidak_dihitung=tuple(excluded),
        pasal=rule.pasal,
    )


def _judge(rule: KualifikasiRule, held: Tingkat, required: Tingkat | None) -> tuple[Decimal, str]:
    if rule.kesesuaian is None:
        return rule.jenjang[held], f"Pendidikan tertinggi Anda {held}."
    if required is None:
        return rule.jenjang[held], (
            f"Pendidikan tertinggi Anda {held}. "
            "Syarat pendidikan jabatan belum diketahui, jadi dinilai menurut jenjang."
        )
    poin, verdict = _conformity(rule.kesesuaian, KKNI[held] - KKNI[required])
    return poin, f"Pendidikan tertinggi Anda {held}, {verdict} syarat jabatan ({required})."


def _conformity(rule: Kesesuaian, difference: int) -> tuple[Decimal, str]:
    if difference > 0:
        return rule.di_atas, "di atas"
    if difference == 0:
        return rule.setara, "setara dengan"
    return rule.di_bawah, "di bawah"
