"""A rule set in words for people: its switches, its years, its certainty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from portal.scoring.engine.rules import RuleSet
from portal.scoring.engine.wording import KEDUDUKAN_HUKUM

SWITCHES = {
    "prorata": "Diklat teknis yang belum memenuhi kewajiban JP dihitung sebanding",
    "kepemimpinan_lebih_tinggi": "Diklat kepemimpinan di atas jenjang jabatan ikut dihitung",
    "jf_tanpa_diklat": "Jabatan fungsional yang tidak perlu diklat fungsional",
    "kedudukan_hukum": "Kedudukan hukum yang diukur",
}
"""Name in the file → what it decides."""


def value_of(name: str, value: object) -> str:
    """The setting of a switch."""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    items = [str(item) for item in value] if isinstance(value, Sequence) else []
    if name == "kedudukan_hukum":
        items = [f"{code} {KEDUDUKAN_HUKUM.get(code, '')}".rstrip() for code in items]
    return ", ".join(items) or "tidak ada"


def switches_of(rules: RuleSet) -> list[tuple[str, str]]:
    """Every switch in force: what it decides, how it stands."""
    return [
        (label, value_of(name, getattr(rules.saklar, name))) for name, label in SWITCHES.items()
    ]


def changed(saklar: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The switches that stand otherwise than in the file."""
    return [
        (label, value_of(name, saklar[name])) for name, label in SWITCHES.items() if name in saklar
    ]
