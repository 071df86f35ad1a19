"""The parts of a rule set file for categories, kualifikasi, kinerja and disiplin."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import pairwise

from portal.scoring.engine.ruleset import (
    DisiplinRule,
    Kesesuaian,
    KinerjaRule,
    KualifikasiRule,
)
from portal.scoring.engine.tables import RuleSetError, Table
from portal.scoring.engine.toml_lines import KeyPath
from portal.vocabulary import KKNI, Kategori, Predikat, Tingkat, TingkatHukuman

FULL = Decimal(100)


def within(maks: Decimal) -> Callable[[Table, str], Decimal]:
    """A reader of points up to a maximum."""
    return lambda table, key: table.points(key, maks)


def _falling(bounds: Sequence[tuple[Decimal, KeyPath]], where: KeyPath) -> None:
    """Bands named by their lowest value have no gap when they fall down to 0."""
    for (upper, _), (lower, place) in pairwise(bounds):
        if upper <= lower:
            raise RuleSetError("batas harus turun dari yang tertinggi", place)
    if not bounds or bounds[-1][0] != 0:
        place = bounds[-1][1] if bounds else where
        raise RuleSetError("ada celah, batas terendah harus 0", place)


def read_kategori(table: Table) -> tuple[tuple[Decimal, Kategori], ...]:
    """(lowest total, category), highest first; raises RuleSetError."""
    lows = table.mapping(Kategori, within(FULL))
    _falling([(low, table.at(kategori.value)) for kategori, low in lows.items()], table.where)
    return tuple((low, kategori) for kategori, low in lows.items())


def read_kualifikasi(table: Table) -> KualifikasiRule:
    """Raises RuleSetError."""
    maks = table.points("maks", FULL)
    ladder = table.table("jenjang")
    jenjang = ladder.mapping(Tingkat, within(maks))
    for lower, upper in pairwise(sorted(jenjang, key=KKNI.__getitem__)):
        if jenjang[lower] > jenjang[upper]:
            raise RuleSetError("tingkat lebih tinggi bernilai lebih rendah", ladder.at(upper.value))
    rule = KualifikasiRule(
        maks=maks,
        kosong=table.points("kosong", maks),
        jenjang=jenjang,
        kesesuaian=_kesesuaian(table.table("kesesuaian"), maks)
        if table.has("kesesuaian")
        else None,
        pasal=table.text("pasal"),
    )
    table.close()
    return rule


def _kesesuaian(table: Table, maks: Decimal) -> Kesesuaian:
    rule = Kesesuaian(
        di_atas=table.points("di_atas", maks),
        setara=table.points("setara", maks),
        di_bawah=table.points("di_bawah", maks),
    )
    table.close()
    if not rule.di_bawah <= rule.setara <= rule.di_atas:
        raise RuleSetError("poin harus naik dari di_bawah ke di_atas", table.where)
    return rule


def read_kinerja(table: Table) -> KinerjaRule:
    """Raises RuleSetError."""
    maks = table.points("maks", FULL)
    places = table.tables("nilai")
    bands = [_band(place, maks) for place in places]
    _falling(
        [(low, place.at("dari")) for (low, _), place in zip(bands, places, strict=True)],
        table.at("nilai"),
    )
    rule = KinerjaRule(
        maks=maks,
        kosong=table.points("kosong", maks),
        nilai=tuple(bands),
        predikat=table.table("predikat").mapping(Predikat, within(maks)),
        pasal=table.text("pasal"),
    )
    table.close()
    return rule


def _band(table: Table, maks: Decimal) -> tuple[Decimal, Decimal]:
    band = (table.points("dari", FULL), table.points("poin", maks))
    table.close()
    return band


def read_disiplin(table: Table) -> DisiplinRule:
    """Raises RuleSetError."""
    maks = table.points("maks", FULL)
    poin = table.table("poin")
    by_tmt = table.text("jendela") == "tmt"
    if not by_tmt and table.text("jendela") != "berjalan":
        raise RuleSetError('harus "tmt" atau "berjalan"', table.at("jendela"))
    rule = DisiplinRule(
        maks=maks,
        tanpa=poin.points("tanpa", maks),
        poin=poin.mapping(TingkatHukuman, within(maks)),
        jendela_tahun=table.whole("jendela_tahun", low=1, high=100) if by_tmt else None,
        pasal=table.text("pasal"),
    )
    table.close()
    return rule
