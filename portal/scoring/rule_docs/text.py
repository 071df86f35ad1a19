"""Explanation of rule sets as Markdown, made from the files alone so that it cannot drift."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from portal.scoring.engine.rules import RuleSet, years
from portal.scoring.engine.ruleset import IndicatorRule, Kepastian
from portal.scoring.engine.schema_certainty import PARTS
from portal.scoring.rule_docs.words import SWITCHES, switches_of
from portal.vocabulary import KelompokJabatan
from portal.wording import plain

TITLES = {
    "diukur": "Siapa yang diukur",
    "kategori": "Kategori",
    "kualifikasi": "Kualifikasi",
    "kualifikasi.kesesuaian": "Pendidikan dibandingkan dengan syarat jabatan",
    "kualifikasi.jenjang": "Poin menurut jenjang pendidikan",
    "kompetensi": "Kompetensi",
    "kompetensi.jabatan": "Poin menurut kelompok jabatan",
    "kompetensi.latihan": "Diklat kepemimpinan yang sesuai jabatan",
    "kompetensi.kepemimpinan": "Diklat kepemimpinan",
    "kompetensi.fungsional": "Diklat fungsional",
    "kompetensi.teknis": "Diklat teknis",
    "kompetensi.seminar": "Seminar dan sejenisnya",
    "kinerja": "Kinerja",
    "kinerja.predikat": "Poin menurut predikat",
    "disiplin": "Disiplin",
    "disiplin.poin": "Poin menurut hukuman",
    "saklar": "Sakelar",
    "langkah": "Usaha setiap langkah",
}
Rows = list[Sequence[str]]
Content = tuple[Sequence[str], Rows]
"""Heading and rows of a table."""


def explain(sets: Iterable[RuleSet]) -> str:
    """One chapter per rule set."""
    return "\n".join(_chapter(rules) for rules in sets)


def certainties() -> str:
    """What the letters mean."""
    return _table(("tanda", "kepastian"), [(one.value, one.label) for one in Kepastian])


def _chapter(rules: RuleSet) -> str:
    lines = [f"## {rules.nama} (`{rules.id}`)", f"Berlaku {years(rules)}. Versi `{rules.version}`."]
    if rules.catatan:
        lines.append(f"**{rules.catatan[0].upper()}{rules.catatan[1:]}.**")
    parts = [part for part in PARTS if part in rules.kepastian]
    return "\n".join([*lines, "", *(_part(rules, part) for part in parts)])


def _part(rules: RuleSet, part: str) -> str:
    known = rules.kepastian[part]
    head = f"{'####' if '.' in part else '###'} {TITLES[part]} [{known.kepastian.value}]"
    sentences = [known.keterangan, *_sentences(rules).get(part, []), *_article(rules, part)]
    text = f"{head}\n{' '.join(sentences)}\n"
    table = _content(rules, part)
    return f"{text}\n{_table(*table)}\n" if table else text


def _sentences(rules: RuleSet) -> dict[str, list[str]]:
    """Numbers that need no table."""
    duty = f"Kewajiban setahun {rules.kompetensi.jp_wajib} JP."
    none = f"Tanpa SKP {plain(rules.kinerja.kosong)}."
    return {
        "diukur": [f"Diukur: {', '.join(jenis.label for jenis in rules.diukur)}."],
        "kualifikasi": [_most(rules.kualifikasi.maks)],
        "kompetensi": [_most(rules.kompetensi.maks), duty],
        "kinerja": [_most(rules.kinerja.maks), none],
        "disiplin": [_most(rules.disiplin.maks)],
    }


def _most(maks: Decimal) -> str:
    return f"Paling tinggi {plain(maks)} poin."


def _article(rules: RuleSet, part: str) -> list[str]:
    sources: dict[str, str] = {
        "kualifikasi": rules.kualifikasi.pasal,
        "kinerja": rules.kinerja.pasal,
        "disiplin": rules.disiplin.pasal,
    }
    for name, rule in rules.kompetensi.indikator.items():
        sources[f"kompetensi.{name.value}"] = rule.pasal
    return [f"Dasar: {sources[part]}."] if part in sources else []


def _content(rules: RuleSet, part: str) -> Content | None:
    for name, rule in rules.kompetensi.indikator.items():
        if part == f"kompetensi.{name.value}":
            return _kinds(rule)
    write = {
        "kategori": _categories,
        "kualifikasi.kesesuaian": _conformity,
        "kualifikasi.jenjang": _ladder,
        "kompetensi.jabatan": _posts,
        "kompetensi.latihan": _levels,
        "kinerja": _bands,
        "kinerja.predikat": _predicates,
        "disiplin.poin": _punishments,
        "saklar": _switches,
        "langkah": _effort,
    }.get(part)
    return write(rules) if write else None


def _kinds(rule: IndicatorRule) -> Content:
    kinds = sorted(rule.jenis, key=lambda jenis: int(jenis.value))
    names = ", ".join(f"{jenis.label} ({jenis.value})" for jenis in kinds) or "tidak ada"
    return ("jenis kegiatan (kode SIASN)", "dihitung"), [(names, _counts(rule.jendela_tahun))]


def _counts(jendela: int) -> str:
    if jendela == 0:
        return "kapan pun selesainya"
    if jendela == 1:
        return "bila selesai pada tahun yang diukur"
    return f"bila selesai dalam {jendela} tahun kalender, tahun yang diukur yang terakhir"


def _categories(rules: RuleSet) -> Content:
    highs: list[Decimal | None] = [None, *(low for low, _ in rules.kategori)]
    return ("kategori", "nilai"), [
        (kategori.label, _between(low, high))
        for (low, kategori), high in zip(rules.kategori, highs, strict=False)
    ]


def _between(low: Decimal, high: Decimal | None) -> str:
    if high is None:
        return f"{plain(low)} ke atas"
    return f"{plain(low)} sampai di bawah {plain(high)}"


def _conformity(rules: RuleSet) -> Content | None:
    rule = rules.kualifikasi.kesesuaian
    if rule is None:
        return None
    return ("pendidikan tertinggi", "poin"), [
        ("di atas syarat jabatan", plain(rule.di_atas)),
        ("setara syarat jabatan", plain(rule.setara)),
        ("di bawah syarat jabatan", plain(rule.di_bawah)),
    ]


def _ladder(rules: RuleSet) -> Content:
    rows: Rows = [
        (level.label, plain(points)) for level, points in rules.kualifikasi.jenjang.items()
    ]
    return ("jenjang", "poin"), [*rows, ("tidak ada data", plain(rules.kualifikasi.kosong))]


def _posts(rules: RuleSet) -> Content:
    names = list(rules.kompetensi.indikator)
    titles = [TITLES[f"kompetensi.{name.value}"].lower() for name in names]
    points = rules.kompetensi.jabatan
    return ("kelompok jabatan", *titles), [
        (
            post.label,
            *(plain(points[post][name]) if name in points[post] else "–" for name in names),
        )
        for post in KelompokJabatan
    ]


def _levels(rules: RuleSet) -> Content:
    latihan = rules.kompetensi.latihan.items()
    return ("kelompok jabatan", "diklat"), [(post.label, level.label) for post, level in latihan]


def _bands(rules: RuleSet) -> Content:
    highs: list[Decimal | None] = [None, *(low for low, _ in rules.kinerja.nilai)]
    return ("nilai SKP", "poin"), [
        (_between(low, high), plain(points))
        for (low, points), high in zip(rules.kinerja.nilai, highs, strict=False)
    ]


def _predicates(rules: RuleSet) -> Content:
    predikat = rules.kinerja.predikat.items()
    return ("predikat", "poin"), [(one.label, plain(points)) for one, points in predikat]


def _punishments(rules: RuleSet) -> Content:
    rows: Rows = [(level.label, plain(points)) for level, points in rules.disiplin.poin.items()]
    return ("hukuman terberat", "poin"), [("Tidak ada", plain(rules.disiplin.tanpa)), *rows]


def _switches(rules: RuleSet) -> Content:
    stand = zip(SWITCHES, switches_of(rules), strict=True)
    return ("sakelar", "nama di berkas", "keadaan"), [
        (label, f"`{name}`", value) for name, (label, value) in stand
    ]


def _effort(rules: RuleSet) -> Content:
    order = sorted(rules.bobot, key=lambda name: (rules.upaya[name], name))
    return ("langkah", "sekali", "setiap satuan"), [
        (name.label, plain(rules.bobot[name].sekali), plain(rules.bobot[name].satuan))
        for name in order
    ]


def _table(heading: Sequence[str], rows: Rows) -> str:
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
