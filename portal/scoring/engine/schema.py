"""From the text of a rule set file to a RuleSet; whatever does not add up is refused."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from itertools import pairwise

from portal.scoring.engine.ruleset import (
    DisiplinRule,
    IndicatorRule,
    Kesesuaian,
    KinerjaRule,
    KompetensiRule,
    KualifikasiRule,
    RuleSet,
    Switches,
)
from portal.scoring.engine.schema_steps import read_effort, read_weights
from portal.scoring.engine.tables import RuleSetError, Table
from portal.vocabulary import (
    KKNI,
    Indikator,
    JenisDiklat,
    JenisPegawai,
    Kategori,
    KelompokJabatan,
    LatihanStruktural,
    Predikat,
    Tingkat,
    TingkatHukuman,
)

_FULL = Decimal(100)
_YEARS = (1900, 2100)
_HASH = 12
_WINDOWED = (Indikator.TEKNIS, Indikator.SEMINAR)
"""Indicators whose reasons name the years of a window."""
_KOMPETENSI = (Indikator.KEPEMIMPINAN, Indikator.FUNGSIONAL, Indikator.TEKNIS, Indikator.SEMINAR)


def read(text: str, switches: Mapping[str, object]) -> RuleSet:
    """Check and build a rule set; `switches` (None = as in the file) replace those of the file.

    Raises RuleSetError naming the place: unknown or missing keys, gaps between bands, points over
    a maximum, years that do not follow, codes that exist nowhere.
    """
    try:
        top = Table(tomllib.loads(text, parse_float=Decimal))
    except tomllib.TOMLDecodeError as error:
        raise RuleSetError(f"bukan TOML yang benar: {error}") from None
    own = top.table("saklar")
    saklar, changed = _switches(own, switches)
    langkah = top.table("langkah")
    upaya = read_effort(langkah)
    bobot = read_weights(langkah.table("bobot"), upaya)
    langkah.close()
    rules = RuleSet(
        id=top.text("id"),
        version=_version(text, changed),
        nama=top.text("nama"),
        catatan=top.text("catatan"),
        tahun_mulai=top.whole("tahun_mulai", low=_YEARS[0], high=_YEARS[1]),
        tahun_sampai=_last_year(top),
        saklar=saklar,
        diukur=_measured(top.table("diukur")),
        kategori=_kategori(top.table("kategori")),
        kualifikasi=_kualifikasi(top.table("kualifikasi")),
        kompetensi=_kompetensi(top.table("kompetensi")),
        kinerja=_kinerja(top.table("kinerja")),
        disiplin=_disiplin(top.table("disiplin")),
        upaya=upaya,
        bobot=bobot,
    )
    top.close()
    dimensions = (rules.kualifikasi, rules.kompetensi, rules.kinerja, rules.disiplin)
    if sum(rule.maks for rule in dimensions) != _FULL:
        raise RuleSetError("maks: jumlah maksimum keempat dimensi harus 100")
    return rules


def _version(text: str, changed: Mapping[str, object]) -> str:
    version = hashlib.sha256(text.encode()).hexdigest()[:_HASH]
    if not changed:
        return version
    suffix = hashlib.sha256(json.dumps(changed, sort_keys=True).encode()).hexdigest()[:_HASH]
    return f"{version}+{suffix}"


def _switches(own: Table, given: Mapping[str, object]) -> tuple[Switches, dict[str, object]]:
    """The switches in force, and those of them that differ from the file."""
    filed = _read_switches(own)
    values = {name: getattr(filed, name) for name in Switches.__slots__}
    for name in given:
        if name not in values:
            raise RuleSetError(f"saklar.{name}: kunci tidak dikenal")
    replaced = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in given.items()
        if value is not None
    }
    asked = {name: list(v) if isinstance(v, tuple) else v for name, v in values.items()} | replaced
    switches = _read_switches(Table(asked, "saklar"))
    changed = {name: asked[name] for name in asked if getattr(switches, name) != values[name]}
    return switches, changed


def _read_switches(table: Table) -> Switches:
    switches = Switches(
        prorata=table.flag("prorata"),
        kepemimpinan_lebih_tinggi=table.flag("kepemimpinan_lebih_tinggi"),
        jf_tanpa_diklat=table.texts("jf_tanpa_diklat"),
        kedudukan_hukum=table.texts("kedudukan_hukum"),
    )
    table.close()
    return switches


def _last_year(top: Table) -> int | None:
    if not top.has("tahun_sampai"):
        return None
    first = top.whole("tahun_mulai", low=_YEARS[0], high=_YEARS[1])
    return top.whole("tahun_sampai", low=first, high=_YEARS[1])


def _measured(table: Table) -> tuple[JenisPegawai, ...]:
    measured = table.members("jenis_pegawai", JenisPegawai)
    table.close()
    return measured


def _points(maks: Decimal) -> Callable[[Table, str], Decimal]:
    return lambda table, key: table.points(key, maks)


def _falling(lows: Iterable[Decimal], path: str) -> None:
    """Bands named by their lowest value have no gap when they fall down to 0."""
    bounds = list(lows)
    if not bounds or bounds[-1] != 0:
        raise RuleSetError(f"{path}: ada celah, batas terendah harus 0")
    if any(upper <= lower for upper, lower in pairwise(bounds)):
        raise RuleSetError(f"{path}: batas harus turun dari yang tertinggi")


def _kategori(table: Table) -> tuple[tuple[Decimal, Kategori], ...]:
    lows = table.mapping(Kategori, _points(_FULL))
    _falling(lows.values(), "kategori")
    return tuple((low, kategori) for kategori, low in lows.items())


def _kualifikasi(table: Table) -> KualifikasiRule:
    maks = table.points("maks", _FULL)
    jenjang = table.table("jenjang").mapping(Tingkat, _points(maks))
    ladder = [jenjang[tingkat] for tingkat in sorted(jenjang, key=KKNI.__getitem__)]
    if any(lower > upper for lower, upper in pairwise(ladder)):
        raise RuleSetError("kualifikasi.jenjang: tingkat lebih tinggi bernilai lebih rendah")
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
        raise RuleSetError("kualifikasi.kesesuaian: poin harus naik dari di_bawah ke di_atas")
    return rule


def _kompetensi(table: Table) -> KompetensiRule:
    maks = table.points("maks", _FULL)
    kepemimpinan = table.table(Indikator.KEPEMIMPINAN)
    urutan = kepemimpinan.members("urutan", LatihanStruktural)
    indikator = {
        name: _indicator(name, kepemimpinan if name is _KOMPETENSI[0] else table.table(name))
        for name in _KOMPETENSI
    }
    rule = KompetensiRule(
        maks=maks,
        jp_wajib=table.whole("jp_wajib", low=1, high=1000),
        jabatan=table.table("jabatan").mapping(
            KelompokJabatan, lambda posts, post: _post(posts.table(post), maks)
        ),
        indikator=indikator,
        latihan=table.table("latihan").some(
            KelompokJabatan, lambda posts, post: posts.member(post, LatihanStruktural)
        ),
        urutan=urutan,
    )
    table.close()
    _check_kinds(rule)
    _check_posts(rule)
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
    points = table.some(Indikator, _points(maks))
    for indikator in points:
        if indikator not in _KOMPETENSI:
            raise RuleSetError(f"{table.at(indikator)}: bukan indikator kompetensi")
    if sum(points.values()) > maks:
        raise RuleSetError(f"{table.path}: jumlah poin melebihi maksimum {maks}")
    return points


def _check_kinds(rule: KompetensiRule) -> None:
    """Every SIASN kind feeds exactly one indicator."""
    kinds = [jenis for indicator in rule.indikator.values() for jenis in indicator.jenis]
    for jenis in JenisDiklat:
        if kinds.count(jenis) != 1:
            raise RuleSetError(f"kompetensi: jenis {jenis} harus mengisi tepat satu indikator")


def _check_posts(rule: KompetensiRule) -> None:
    for post, points in rule.jabatan.items():
        if Indikator.KEPEMIMPINAN in points and rule.latihan.get(post) not in rule.urutan:
            raise RuleSetError(f"kompetensi.latihan.{post}: harus salah satu dari urutan")


def _kinerja(table: Table) -> KinerjaRule:
    maks = table.points("maks", _FULL)
    bands = [
        _band(Table(item, f"kinerja.nilai[{index}]"), maks)
        for index, item in enumerate(table.items("nilai"))
    ]
    _falling((low for low, _ in bands), "kinerja.nilai")
    rule = KinerjaRule(
        maks=maks,
        kosong=table.points("kosong", maks),
        nilai=tuple(bands),
        predikat=table.table("predikat").mapping(Predikat, _points(maks)),
        pasal=table.text("pasal"),
    )
    table.close()
    return rule


def _band(table: Table, maks: Decimal) -> tuple[Decimal, Decimal]:
    band = (table.points("dari", _FULL), table.points("poin", maks))
    table.close()
    return band


def _disiplin(table: Table) -> DisiplinRule:
    maks = table.points("maks", _FULL)
    poin = table.table("poin")
    by_tmt = table.text("jendela") == "tmt"
    if not by_tmt and table.text("jendela") != "berjalan":
        raise RuleSetError('disiplin.jendela: harus "tmt" atau "berjalan"')
    rule = DisiplinRule(
        maks=maks,
        tanpa=poin.points("tanpa", maks),
        poin=poin.mapping(TingkatHukuman, _points(maks)),
        jendela_tahun=table.whole("jendela_tahun", low=1, high=100) if by_tmt else None,
        pasal=table.text("pasal"),
    )
    table.close()
    return rule
