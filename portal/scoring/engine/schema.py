"""From the text of a rule set file to a RuleSet; whatever does not add up is refused with its line.

A file may say `dasar = "bkn-2023"` and hold only what it wants otherwise than that rule set.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from portal.scoring.engine.ruleset import RuleSet
from portal.scoring.engine.schema_certainty import read_certainty
from portal.scoring.engine.schema_dimensions import (
    FULL,
    read_disiplin,
    read_kategori,
    read_kinerja,
    read_kualifikasi,
)
from portal.scoring.engine.schema_kompetensi import read_kompetensi
from portal.scoring.engine.schema_steps import read_effort, read_weights
from portal.scoring.engine.schema_switches import HASH, read_switches
from portal.scoring.engine.tables import RuleSetError, Table
from portal.scoring.engine.toml_lines import KeyPath, line_of
from portal.vocabulary import JenisPegawai

_YEARS = (1900, 2100)
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)
_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")
_EXCESS = re.compile(r"\d{1000}|[eE][+-]?\d{10}|(?:[\[{]\s*){50}")
"""Numbers and brackets that break the reading without a word about where."""
_OWN = ("id", "nama", "tahun_mulai", "tahun_sampai")
"""What a file never takes over from the rule set that it stands on."""


def read(text: str, name: str, bases: Mapping[str, str] | None = None) -> RuleSet:
    """Check and build a rule set; `name` of the file opens every message, `bases` are the texts of
    the rule sets that `dasar` may name.

    Raises RuleSetError naming file, line and key: unknown or missing keys, gaps between bands,
    points over a maximum, years that do not follow, codes that exist nowhere.
    """
    values = _parse(text, name)
    try:
        base = _base(values, bases or {})
        inherited = {key: value for key, value in _parse(base, name).items() if key not in _OWN}
        return _build(Table(_merged(inherited, values)), _version(base + text))
    except RuleSetError as error:
        raise refused(str(error), text, name, error.where) from None


def refused(message: str, text: str, name: str, where: KeyPath) -> RuleSetError:
    """The same message with file and line; what is inherited is blamed on the line of `dasar`."""
    line = line_of(text, where) or line_of(text, ("dasar",)) or 1
    return RuleSetError(f"{name}, baris {line}: {message}")


def _parse(text: str, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise RuleSetError(
            f"{name}, baris {_broken_line(text, error)}: bukan TOML yang benar; periksa tanda"
            " kutip, kurung, tanda sama dengan, dan kunci yang tertulis dua kali"
        ) from None


def _broken_line(text: str, error: Exception) -> int:
    if found := _PLACE.search(str(error)):
        return int(found[1])
    excess = _EXCESS.search(text)
    return text.count("\n", 0, excess.start() if excess else len(text.rstrip())) + 1


def _base(values: dict[str, Any], bases: Mapping[str, str]) -> str:
    """Text of the rule set that the file stands on, "" for none."""
    named = values.pop("dasar", None)
    if named is None:
        return ""
    if not isinstance(named, str) or named not in bases:
        known = ", ".join(sorted(bases)) or "tidak ada"
        raise RuleSetError(f"harus id aturan bawaan: {known}", ("dasar",))
    return bases[named]


def _merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """`above` laid over `below`, table by table."""
    merged = dict(below)
    for key, value in above.items():
        old = merged.get(key)
        tables = isinstance(old, dict) and isinstance(value, dict)
        merged[key] = _merged(merged[key], value) if tables else value
    return merged


def _version(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:HASH]


def _build(top: Table, version: str) -> RuleSet:
    kepastian = read_certainty(top)
    langkah = top.table("langkah")
    upaya = read_effort(langkah)
    bobot = read_weights(langkah.table("bobot"), upaya)
    langkah.close()
    rules = RuleSet(
        id=_id(top),
        version=version,
        nama=top.text("nama", longest=100),
        catatan=top.text("catatan", longest=300),
        tahun_mulai=top.whole("tahun_mulai", low=_YEARS[0], high=_YEARS[1]),
        tahun_sampai=_last_year(top),
        saklar=read_switches(top.table("saklar")),
        diukur=_measured(top.table("diukur")),
        kategori=read_kategori(top.table("kategori")),
        kualifikasi=read_kualifikasi(top.table("kualifikasi")),
        kompetensi=read_kompetensi(top.table("kompetensi")),
        kinerja=read_kinerja(top.table("kinerja")),
        disiplin=read_disiplin(top.table("disiplin")),
        upaya=upaya,
        bobot=bobot,
        kepastian=kepastian,
    )
    top.close()
    dimensions = (rules.kualifikasi, rules.kompetensi, rules.kinerja, rules.disiplin)
    total = sum(rule.maks for rule in dimensions)
    if total != FULL:
        raise RuleSetError(
            f"jumlah maksimum keempat dimensi harus 100, bukan {total}", ("kualifikasi", "maks")
        )
    return rules


def _id(top: Table) -> str:
    found = top.text("id")
    if not _ID.fullmatch(found):
        raise RuleSetError(
            "harus huruf kecil, angka, dan tanda hubung, paling panjang 40", top.at("id")
        )
    return found


def _last_year(top: Table) -> int | None:
    if not top.has("tahun_sampai"):
        return None
    first = top.whole("tahun_mulai", low=_YEARS[0], high=_YEARS[1])
    return top.whole("tahun_sampai", low=first, high=_YEARS[1])


def _measured(table: Table) -> tuple[JenisPegawai, ...]:
    measured = table.members("jenis_pegawai", JenisPegawai)
    table.close()
    return measured
