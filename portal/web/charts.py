"""Charts and icons drawn on the server as SVG. Colours come from classes of the style sheet.

No style attribute (strict CSP) and no ids, so that a page may hold many. Points that are still
being checked are striped, never solid. The words beside a chart are the template's part; a ring
and a line also carry their text alternative.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from itertools import repeat
from typing import Literal

from markupsafe import Markup, escape

from portal import wording
from portal.vocabulary import Dimensi

_GAP = 1.6
"""Space between two dimensions on the ring, in hundredths of the circumference."""
_KEPT = 2048
"""Drawings kept in memory, some 2 MB: people open their page again, and scores are much alike."""


@dataclass(frozen=True, slots=True)
class Slice:
    """One dimension of the index: points reached, points possible, points that may come."""

    dimensi: Dimensi
    poin: Decimal
    maks: Decimal
    bisa: Decimal = Decimal(0)


def icons(sprite: str) -> Callable[..., Markup]:
    """A function that draws icons of the sprite at that address; a page holds two dozen."""

    @cache
    def icon(name: str, size: int = 24, css: str = "") -> Markup:
        return Markup(
            '<svg class="icon {}" width="{}" height="{}" aria-hidden="true" focusable="false">'
            '<use href="{}#{}"></use></svg>'
        ).format(css, size, size, sprite, name)

    return icon


def kept(macro: Callable[..., Markup]) -> Callable[..., Markup]:
    """The same macro, which draws anew only what it has not drawn before; for macros that show
    nothing but their arguments, such as a pill in every row."""
    drawn = lru_cache(_KEPT, typed=True)(macro)  # Markup equals the text that has to be escaped

    def draw(*args: Hashable, **kwargs: Hashable) -> Markup:
        try:
            return drawn(*args, **kwargs)
        except TypeError:  # a dict of attributes cannot be looked up
            return macro(*args, **kwargs)

    return draw


def short(points: Decimal | int) -> str:
    """Points as people say them: "20" when whole, else two decimals with a comma ("22,50")."""
    value = Decimal(points)
    if value == value.to_integral_value():
        return str(value.quantize(Decimal(1)))
    return wording.points(value)


def ring(slices: Sequence[Slice], size: int = 140) -> Markup:
    """The whole index as a ring of 100 points, one arc per dimension, `size` pixels wide."""
    return _ring(tuple(slices), size)


@lru_cache(_KEPT)
def _ring(slices: tuple[Slice, ...], size: int) -> Markup:
    total = float(sum(s.maks for s in slices)) or 1.0
    radius = (size - 14) / 2
    arcs: list[Markup] = []
    start = _GAP / 2
    for part in slices:
        span = float(part.maks) / total * 100
        arcs += _arcs(part, start, span - _GAP, size / 2, radius)
        start += span
    words = "; ".join(
        f"{s.dimensi.label} {short(s.poin)} dari {short(s.maks)}"
        + (f", bisa bertambah {short(s.bisa)}" if s.bisa else "")
        for s in slices
    )
    return Markup(
        '<svg class="ring-chart" width="{0}" height="{0}" viewBox="0 0 {0} {0}" role="img" '
        'aria-label="{1}">{2}</svg>'
    ).format(size, words, Markup("").join(arcs))


def _arcs(part: Slice, start: float, span: float, centre: float, radius: float) -> list[Markup]:
    maximum = float(part.maks) or 1.0
    reached = span * min(float(part.poin) / maximum, 1.0)
    coming = span * min(float(part.poin + part.bisa) / maximum, 1.0)
    pieces = [("track", start, start + span)]
    if coming > reached:
        pieces.append((f"{part.dimensi.value} coming", start + reached, start + coming))
    if reached > 0:
        pieces.append((part.dimensi.value, start, start + reached))
    return [
        Markup('<path class="{}" d="{}"/>').format(css, _arc(begin, end, centre, radius))
        for css, begin, end in pieces
    ]


def _arc(begin: float, end: float, centre: float, radius: float) -> str:
    """Path of an arc; `begin` and `end` in hundredths of the circle, clockwise from the top."""

    def point(share: float) -> str:
        angle = math.tau * share / 100
        return f"{centre + radius * math.sin(angle):.1f} {centre - radius * math.cos(angle):.1f}"

    large = 1 if end - begin > 50 else 0
    return f"M{point(begin)}A{radius:g} {radius:g} 0 {large} 1 {point(end)}"


@lru_cache(_KEPT)
def bar(
    value: Decimal | int,
    maximum: Decimal | int,
    pending: Decimal | int = 0,
    css: str = "kompetensi",
) -> Markup:
    """A bar as wide as its place; decoration, since value and maximum are written beside it.

    `css` is the code of a dimension or "neutral".
    """
    whole = float(maximum) or 1.0
    reached = min(max(float(value) / whole, 0.0), 1.0) * 100
    coming = min(max(float(value + pending) / whole, 0.0), 1.0) * 100
    stripes = Markup("")
    if coming > reached:
        stripes = Markup(
            '<line class="{} coming" x1="{:.1f}%" x2="{:.1f}%" y1="5" y2="5"/>'
        ).format(css, reached, coming)
    solid = Markup('<rect class="{}" width="{:.1f}%" height="10"/>').format(css, reached)
    return Markup(
        '<svg class="bar" width="100%" height="10" aria-hidden="true" focusable="false">{}{}</svg>'
    ).format(stripes, solid)


def line(points: Sequence[tuple[str, Decimal]], label: str, causes: Sequence[str] = ()) -> Markup:
    """A small line of values between 0 and 100, oldest first; `points` are (name, value), and
    `causes` what led to each of them, for the words beside the picture."""
    if not points:
        return Markup("")
    width, height, left, right, top, bottom = 320, 116, 24, 24, 26, 26
    values = [float(value) for _, value in points]
    low = max(0.0, math.floor((min(values) - 5) / 10) * 10)
    high = min(100.0, math.ceil((max(values) + 5) / 10) * 10)
    step = (width - left - right) / max(len(points) - 1, 1)
    places = [
        (left + n * step, top + (height - top - bottom) * (high - v) / ((high - low) or 1.0))
        for n, v in enumerate(values)
    ]
    marks = Markup("").join(
        _mark(x, y, name, value, _anchor(n, len(points)), height)
        for n, ((x, y), (name, value)) in enumerate(zip(places, points, strict=True))
    )
    words = "; ".join(
        f"{name}: {wording.points(value)}" + (f" ({cause})" if cause else "")
        for (name, value), cause in zip(points, causes or repeat(""), strict=False)
    )
    return Markup(
        '<svg class="line-chart" viewBox="0 0 {} {}" role="img" aria-label="{}">'
        '<polyline points="{}"/>{}</svg>'
    ).format(
        width, height, f"{label}. {words}", " ".join(f"{x:.1f},{y:.1f}" for x, y in places), marks
    )


def _anchor(index: int, count: int) -> Literal["start", "middle", "end"]:
    if count > 1 and index == 0:
        return "start"
    return "end" if count > 1 and index == count - 1 else "middle"


def _mark(x: float, y: float, name: str, value: Decimal, anchor: str, height: int) -> Markup:
    edge = {"start": x - 8, "middle": x, "end": x + 8}[anchor]
    return Markup(
        '<circle cx="{0:.1f}" cy="{1:.1f}" r="4"/>'
        '<text x="{2:.1f}" y="{3:.1f}" text-anchor="{4}">{5}</text>'
        '<text class="axis" x="{2:.1f}" y="{6}" text-anchor="{4}">{7}</text>'
    ).format(x, y, edge, y - 10, anchor, wording.points(value), height - 6, escape(name))
