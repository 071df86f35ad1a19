"""The part of a rule set file for kompetensi."""

from __future__ import annotations

from decimal import Decimal

from portal.scoring.engine.ruleset import IndicatorRule, KompetensiRule
from portal.scoring.engine.schema_dimensions import FULL, within
from portal.scoring.engine.tables import RuleSetError, Table
from portal.vocabulary import Indikator, JenisDiklat, KelompokJabatan, LatihanStruktural

_WINDOWED = (Indikator.TEKNIS, Indikator.SEMINAR)
"""Indicators whose reasons name the years of a window."""
_KOMPETENSI = (Indikator.KEPEMIMPINAN, Indikator.FUNGSIONAL, Indikator.TEKNIS, Indikator.SEMINAR)
_SCALE = 10_000
"""Points are kept exactly down to this part of one (portal.db.Points)."""


def read_kompetensi(table: Table) -> KompetensiRule:
    """Raises RuleSetError."""
    maks = table.points("maks", FULL)
    kepemimpinan = table.table(Indikator.KEPEMIMPINAN)
    urutan = kepemimpinan.members("urutan", LatihanStruktural)
    rule = KompetensiRule(
        maks=maks,
        jp_wajib=table.whole("jp_wajib", low=1, high=1000),
        jabatan=table.table("jabatan").mapping(
            KelompokJabatan, lambda posts, post: _post(posts.table(post), maks)
        ),
        indikator={name: _indicator(name, table.table(name)) for name in _KOMPETENSI},
        latihan=table.table("latihan").some(
            KelompokJabatan, lambda posts, post: posts.member(post, LatihanStruktural)
        ),
        urutan=urutan,
    )
    table.close()
    _check_kinds(rule, table)
    _check_posts(rule, table)
    _check_shares(rule, table)
    return rule


def _indicator(name: Indikator, table: Table) -> IndicatorRule:
    rule = IndicatorRule(
        indikator=name,
        jenis=table.members("jenis", JenisDiklat),
        jendela_tahun=table.whole("jendela_tahun", low=int(name in _WINDOWED), high=100),
        pasal=table.text("pasal"),
    )
    table.close()
    return rule


def _post(table: Table, maks: Decimal) -> dict[Indikator, Decimal]:
    points = table.some(Indikator, within(maks))
    for indikator in points:
        if indikator not in _KOMPETENSI:
            raise RuleSetError("bukan indikator kompetensi", table.at(indikator))
    if sum(points.values()) > maks:
        raise RuleSetError(f"jumlah poin melebihi maksimum {maks}", table.where)
    return points


def _check_kinds(rule: KompetensiRule, table: Table) -> None:
    """Every SIASN kind feeds exactly one indicator."""
    seen: set[JenisDiklat] = set()
    for name, indicator in rule.indikator.items():
        for index, jenis in enumerate(indicator.jenis):
            if jenis in seen:
                raise RuleSetError(
                    f"jenis {jenis} harus mengisi tepat satu indikator",
                    table.at(name, "jenis", index),
                )
            seen.add(jenis)
    for jenis in JenisDiklat:
        if jenis not in seen:
            raise RuleSetError(f"jenis {jenis} harus mengisi tepat satu indikator", table.where)


def _check_posts(rule: KompetensiRule, table: Table) -> None:
    for post, points in rule.jabatan.items():
        if Indikator.KEPEMIMPINAN in points and rule.latihan.get(post) not in rule.urutan:
            raise RuleSetError("harus salah satu dari urutan", table.at("latihan", post))


def _check_shares(rule: KompetensiRule, table: Table) -> None:
    """One JP must be worth points that are kept exactly, or sums would not add up."""
    for post, points in rule.jabatan.items():
        teknis = points.get(Indikator.TEKNIS, Decimal(0))
        if teknis * _SCALE % rule.jp_wajib:
            raise RuleSetError(
                f"{teknis} poin teknis untuk {post} tidak terbagi habis oleh {rule.jp_wajib} JP"
                " (paling banyak empat angka di belakang koma)",
                table.at("jp_wajib"),
            )
