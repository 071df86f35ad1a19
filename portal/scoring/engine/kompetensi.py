"""Kompetensi: one row for every indicator that the post asks for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

from portal.scoring.engine.inputs import Pengembangan, Person
from portal.scoring.engine.result import Excluded, Moment, Row
from portal.scoring.engine.ruleset import IndicatorRule, RuleSet
from portal.scoring.engine.wording import jendela
from portal.vocabulary import Dimensi, Indikator, LatihanStruktural
from portal.wording import tanggal

_Found = list[tuple[int, Pengembangan]]
_Objection = Callable[[Pengembangan], str | None]


def rows(person: Person, rules: RuleSet, at: Moment) -> tuple[Row, ...]:
    """Rows in the order of the rule set (rules.md §1.2)."""
    points = rules.kompetensi.jabatan[person.kelompok_jabatan]
    return tuple(_ROWS[name](person, rules, at, maks) for name, maks in points.items())


def row(person: Person, rules: RuleSet, at: Moment, indikator: Indikator) -> Row:
    """One of these rows alone; KeyError where the post does not ask for the indicator."""
    maks = rules.kompetensi.jabatan[person.kelompok_jabatan][indikator]
    return _ROWS[indikator](person, rules, at, maks)


def unused(person: Person, rules: RuleSet) -> tuple[Excluded, ...]:
    """Items of kinds that feed no indicator of the post."""
    asked = rules.kompetensi.jabatan[person.kelompok_jabatan]
    used = {kind for name in asked for kind in rules.kompetensi.indikator[name].jenis}
    return tuple(
        Excluded(
            index, f"{item.jenis.label} tidak dinilai untuk jabatan {person.kelompok_jabatan.label}"
        )
        for index, item in enumerate(person.pengembangan)
        if item.jenis not in used
    )


def _kepemimpinan(person: Person, rules: RuleSet, at: Moment, maks: Decimal) -> Row:
    post = person.kelompok_jabatan
    required = rules.kompetensi.latihan[post]

    def objection(item: Pengembangan) -> str | None:
        if item.latihan_struktural is None:
            return "tidak menyebut tingkat diklat kepemimpinan"
        if _fits(item.latihan_struktural, required, rules):
            return None
        return f"{item.latihan_struktural.label} tidak sesuai; perlu {required.label}"

    rule = rules.kompetensi.indikator[Indikator.KEPEMIMPINAN]
    found, excluded = _sift(person, rule, at, objection)
    return _one(
        rule,
        found,
        excluded,
        maks=maks,
        present=lambda item: f"{item.sebutan} sesuai dengan jabatan {post.label}.",
        absent=f"Belum ada {required.label}, diklat yang sesuai dengan jabatan {post.label}.",
    )


def _fits(held: LatihanStruktural, required: LatihanStruktural, rules: RuleSet) -> bool:
    if held == required:
        return True
    order = rules.kompetensi.urutan
    higher = held in order and order.index(held) > order.index(required)
    return rules.saklar.kepemimpinan_lebih_tinggi and higher


def _fungsional(person: Person, rules: RuleSet, at: Moment, maks: Decimal) -> Row:
    rule = rules.kompetensi.indikator[Indikator.FUNGSIONAL]
    found, excluded = _sift(person, rule, at)
    if not found and exempt(person, rules):
        alasan = f"Jabatan {person.jabatan} mendapat poin penuh tanpa diklat fungsional."
        return _row(rule, poin=maks, maks=maks, alasan=alasan, excluded=excluded)
    return _one(
        rule,
        found,
        excluded,
        maks=maks,
        present=lambda item: f"Diklat fungsional sudah ada: {item.sebutan}.",
        absent="Belum ada diklat fungsional.",
    )


def exempt(person: Person, rules: RuleSet) -> bool:
    """Whether the post is on the list of functional posts that need no course."""
    post = f"{person.jabatan or ''} ".casefold()
    return any(post.startswith(f"{name} ".casefold()) for name in rules.saklar.jf_tanpa_diklat)


def _teknis(person: Person, rules: RuleSet, at: Moment, maks: Decimal) -> Row:
    rule = rules.kompetensi.indikator[Indikator.TEKNIS]
    found, excluded = _sift(
        person, rule, at, lambda item: None if item.jp else "tidak menyebut jumlah JP"
    )
    years = jendela(at.tahun, rule.jendela_tahun)
    duty = rules.kompetensi.jp_wajib
    jp = sum(item.jp for _, item in found)
    if jp >= duty:
        poin, verdict = maks, "sudah terpenuhi"
    elif rules.saklar.prorata:
        poin, verdict = maks * jp / duty, "dihitung sebanding"
    else:
        poin, verdict = Decimal(0), "poin diberikan setelah semuanya terpenuhi"
    return _row(
        rule,
        poin=poin,
        maks=maks,
        alasan=f"{jp} dari {duty} JP diklat teknis tahun {years}: {verdict}.",
        bukti=tuple(index for index, _ in found),
        excluded=excluded,
        until=tuple(_until(rule, item) for _, item in found),
        jp=jp,
        jp_wajib=duty,
    )


def _seminar(person: Person, rules: RuleSet, at: Moment, maks: Decimal) -> Row:
    rule = rules.kompetensi.indikator[Indikator.SEMINAR]
    years = jendela(at.tahun, rule.jendela_tahun)
    found, excluded = _sift(person, rule, at)
    return _one(
        rule,
        found,
        excluded,
        maks=maks,
        present=lambda item: f"Sudah ada seminar atau sejenisnya pada {years}: {item.sebutan}.",
        absent=f"Belum ada seminar atau sejenisnya pada {years}.",
    )


_ROWS: dict[Indikator, Callable[[Person, RuleSet, Moment, Decimal], Row]] = {
    Indikator.KEPEMIMPINAN: _kepemimpinan,
    Indikator.FUNGSIONAL: _fungsional,
    Indikator.TEKNIS: _teknis,
    Indikator.SEMINAR: _seminar,
}


def _sift(
    person: Person, rule: IndicatorRule, at: Moment, objection: _Objection = lambda _: None
) -> tuple[_Found, list[Excluded]]:
    """The items of the indicator that count, and the others with the reason."""
    found: _Found = []
    excluded: list[Excluded] = []
    for index, item in enumerate(person.pengembangan):
        if item.jenis not in rule.jenis:
            continue
        reason = _untimely(item.tanggal_selesai, rule, at) or objection(item)
        if reason is None:
            found.append((index, item))
        else:
            excluded.append(Excluded(index, reason))
    return found, excluded


def _untimely(end: dt.date | None, rule: IndicatorRule, at: Moment) -> str | None:
    if end is None:
        return "tidak menyebut tanggal selesai" if rule.jendela_tahun else None
    if end > at.tanggal:
        return f"selesai {tanggal(end)}, setelah tanggal ukur {tanggal(at.tanggal)}"
    if rule.jendela_tahun and end.year <= at.tahun - rule.jendela_tahun:
        return f"sertifikat {end.year} di luar jendela {jendela(at.tahun, rule.jendela_tahun)}"
    return None


def _one(
    rule: IndicatorRule,
    found: _Found,
    excluded: list[Excluded],
    *,
    maks: Decimal,
    present: Callable[[Pengembangan], str],
    absent: str,
) -> Row:
    """A row that one item fulfils: the one that counts longest, so that the points last."""
    if not found:
        return _row(rule, poin=Decimal(0), maks=maks, alasan=absent, excluded=excluded)
    index, item = max(found, key=lambda pair: pair[1].tanggal_selesai or dt.date.min)
    spare = [Excluded(other, "cukup satu") for other, _ in found if other != index]
    return _row(
        rule,
        poin=maks,
        maks=maks,
        alasan=present(item),
        bukti=(index,),
        excluded=sorted([*excluded, *spare], key=lambda left: left.index),
        until=(_until(rule, item),),
    )


def _until(rule: IndicatorRule, item: Pengembangan) -> dt.date | None:
    """Last day on which the item is in the window."""
    if item.tanggal_selesai is None or not rule.jendela_tahun:
        return None
    return dt.date(item.tanggal_selesai.year + rule.jendela_tahun - 1, 12, 31)


def _row(
    rule: IndicatorRule,
    *,
    poin: Decimal,
    maks: Decimal,
    alasan: str,
    bukti: tuple[int, ...] = (),
    excluded: list[Excluded],
    until: tuple[dt.date | None, ...] = (),
    jp: int | None = None,
    jp_wajib: int | None = None,
) -> Row:
    return Row(
        dimensi=Dimensi.KOMPETENSI,
        indikator=rule.indikator,
        poin=poin,
        maks=maks,
        alasan=alasan,
        bukti=bukti,
        tidak_dihitung=tuple(excluded),
        pasal=rule.pasal,
        jp=jp,
        jp_wajib=jp_wajib,
        bukti_sampai=until,
    )
