"""A histogram drawn on the server as SVG; its words stand in the text alternative and a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from portal.wording import whole

_WIDTH, _HEIGHT, _TOP, _BOTTOM = 360, 180, 20, 24
_GAP = 0.2
"""Of the room of a bar."""
_THOUSAND = 1000


@dataclass(frozen=True, slots=True)
class Bar:
    """How many (`count`) fall where; `edge` stands under the bar, `words` in sentences."""

    edge: str
    words: str
    count: int
    tone: Literal["down", "same", "up"]


def histogram(bars: Sequence[Bar], label: str, unit: str) -> Markup:
    """The bars side by side; nothing without any."""
    if not bars:
        return Markup("")
    highest = max(bar.count for bar in bars) or 1
    room = _WIDTH / len(bars)
    drawn = Markup("").join(
        _drawn(bar, room * place, room, bar.count / highest) for place, bar in enumerate(bars)
    )
    words = "; ".join(f"{bar.words} {whole(bar.count)} {unit}" for bar in bars if bar.count)
    return Markup(
        '<svg class="histogram" viewBox="0 0 {0} {1}" role="img" aria-label="{2}">'
        '<line x1="0" x2="{0}" y1="{3}" y2="{3}"/>{4}</svg>'
    ).format(_WIDTH, _HEIGHT, f"{label}: {words}", _HEIGHT - _BOTTOM, drawn)


def _drawn(bar: Bar, left: float, room: float, share: float) -> Markup:
    height = max((_HEIGHT - _TOP - _BOTTOM) * share, 2) if bar.count else 0
    top = _HEIGHT - _BOTTOM - height
    middle = left + room / 2
    return Markup(
        '<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>'
        '<text x="{:.1f}" y="{:.1f}">{}</text><text class="axis" x="{:.1f}" y="{}">{}</text>'
    ).format(
        bar.tone, left + room * _GAP / 2, top, room * (1 - _GAP), height,
        middle, top - 5, _short(bar.count), middle, _HEIGHT - 8, bar.edge,
    )  # fmt: skip


def _short(count: int) -> str:
    """As much as fits above a bar: 87, 1,2rb, 34rb; nothing above an empty one."""
    if count < _THOUSAND:
        return str(count or "")
    if count < 10 * _THOUSAND:
        return f"{count / _THOUSAND:.1f}rb".replace(".", ",")
    return f"{count // _THOUSAND}rb"
