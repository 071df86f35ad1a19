"""What the pages about the rules show: sums in words, tables and bars."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from portal.scoring.comparison.sums import Sums, from_json
from portal.scoring.engine import rules
from portal.scoring.engine.rules import RuleSet
from portal.scoring.models import RuleComparison
from portal.scoring.rule_docs.words import changed
from portal.scoring.years import Way
from portal.vocabulary import Dimensi, Kategori
from portal.web.histogram import Bar
from portal.wording import points, whole

PATIENCE = dt.timedelta(minutes=2)
"""After so long without anybody counted the page says that the worker may be away."""
_WIDTHS = (1, 2, 5, 10, 20)
"""Points that one bar may stand for."""
_BARS = 6
"""To each side of "no difference"."""
Look = tuple[str, str, str]
"""Word, tone and icon of a pill."""


@dataclass(frozen=True)
class Side:
    """One of the two ways: how the page calls it, and what it is."""

    label: str
    way: Way
    rules: RuleSet | None
    """None when its file was taken away."""

    @property
    def name(self) -> str:
        return self.rules.nama if self.rules else self.way.aturan

    @property
    def changed(self) -> list[tuple[str, str]]:
        """Switches that stand otherwise than in the file."""
        return changed(self.way.saklar)


def known_rules() -> Mapping[str, RuleSet]:
    """Every rule set on offer by its id."""
    return {name: rules.load(name) for name in rules.available()}


def sums_of(comparison: RuleComparison) -> Sums:
    """What was found so far."""
    kept = comparison.hasil.get("jumlah")
    return from_json(kept) if kept else Sums()


def state(comparison: RuleComparison) -> Look:
    """Where a comparison stands."""
    if comparison.galat:
        return "Tidak selesai", "bad", "cross"
    if comparison.diterapkan:
        return "Diterapkan", "ok", "check"
    if comparison.selesai:
        return "Selesai", "flat", "check"
    return "Sedang dihitung", "info", "refresh"


def tiles(sums: Sums, labels: tuple[str, str]) -> list[tuple[str, str]]:
    """The first numbers to look at."""
    rows = [
        ("Nilai naik", sums.naik),
        ("Nilai turun", sums.turun),
        ("Nilai tetap", sums.tetap),
        ("Pindah kategori", sums.pindah),
    ]
    for label, count in zip(labels, (sums.hanya_a, sums.hanya_b), strict=True):
        if count:
            rows.append((f"Hanya diukur menurut “{label}”", count))
    return [(label, f"{whole(count)} orang") for label, count in rows]


def means(sums: Sums) -> list[tuple[str, str, str, str]]:
    """Mean points per dimension and of the index: name, A, B, difference."""
    a, b = sums.a.means(), sums.b.means()
    names = [*(dimensi.label for dimensi in Dimensi), "Indeks"]
    empty: list[Decimal | None] = [None] * len(names)
    return [
        (
            name,
            _mean(before),
            _mean(after),
            signed(after - before) if before is not None and after is not None else "–",
        )
        for name, before, after in zip(names, a or empty, b or empty, strict=True)
    ]


def _mean(value: Decimal | None) -> str:
    return "–" if value is None else points(value)


def signed(value: Decimal) -> str:
    """A difference: +3,00, −3,00, 0,00."""
    text = points(abs(value))
    if text == "0,00":
        return text
    return f"+{text}" if value > 0 else f"−{text}"


def categories(sums: Sums) -> list[tuple[str, str, str]]:
    """People per category: name, A, B."""
    return [
        (kategori.label, whole(sums.a.of(kategori)), whole(sums.b.of(kategori)))
        for kategori in Kategori
    ]


def bars(sums: Sums) -> list[Bar]:
    """People by difference, in steps wide enough for a phone."""
    if not sums.keduanya:
        return []
    furthest = max(map(abs, sums.langkah), default=0)
    width = next((w for w in _WIDTHS if furthest <= w * _BARS), _WIDTHS[-1])
    counts: dict[int, int] = {}
    for step, count in sums.langkah.items():
        counts[_group(step, width)] = counts.get(_group(step, width), 0) + count
    return [
        _bar(group, width, counts.get(group, 0))
        for group in range(min(*counts, 0), max(*counts, 0) + 1)
    ]


def _group(step: int, width: int) -> int:
    """Number of the bar, from 0 outwards."""
    return -(-abs(step) // width) * (1 if step > 0 else -1)


def _bar(group: int, width: int, count: int) -> Bar:
    if group == 0:
        return Bar("0", "tetap", count, "same")
    low, high = (abs(group) - 1) * width, abs(group) * width
    span = f"lebih dari {low} sampai {high} poin" if low else f"sampai {high} poin"
    if group > 0:
        return Bar(f"+{high}", f"naik {span}", count, "up")
    return Bar(f"−{high}", f"turun {span}", count, "down")
