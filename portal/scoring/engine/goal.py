"""The least effort that reaches a goal: exact, not greedy.

One option at most of every indicator, gains and weights add up (see options.py): a knapsack with
choices. Options that another of the same indicator beats in both are left out; then the longest
group is searched, the others are enumerated, some hundred sets at most.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from portal.scoring.engine.options import Option

_Place = tuple[int, int]
"""Group and position of an option, for the order between equals."""


@dataclass(frozen=True, slots=True)
class Way:
    """A set of steps, lightest first, and the index after them."""

    steps: tuple[Option, ...]
    total: Decimal
    reached: bool
    """Whether it meets the goal; else it is the lightest way to the highest index there is."""

    @property
    def bobot(self) -> Decimal:
        """Effort of the whole set."""
        return sum((step.bobot for step in self.steps), Decimal(0))


def highest(groups: Sequence[Sequence[Option]], start: Decimal) -> Decimal:
    """The most that this year still allows."""
    return sum((max(step.gain for step in group) for group in groups if group), start)


def cheapest(groups: Sequence[Sequence[Option]], start: Decimal, goal: Decimal) -> Way:
    """The set of least weight that lifts `start` to `goal`; of equal weight that of fewer steps,
    then of the higher index, then the first in the order of the groups."""
    kept = [_unbeaten(group, number) for number, group in enumerate(groups) if group]
    if goal >= highest(groups, start):
        best = [group[-1] for group in kept]
    else:
        best = min(_ways(sorted(kept, key=len), goal - start), key=_rank)
    steps = tuple(step for _, step in sorted(best, key=lambda chosen: chosen[0]))
    total = sum((step.gain for step in steps), start)
    return Way(steps, total, reached=total >= goal)


_Choice = tuple[_Place, Option]


def _unbeaten(group: Sequence[Option], number: int) -> list[_Choice]:
    """Weight and gain both rise from one of these to the next."""
    kept: list[_Choice] = []
    by_weight = sorted(enumerate(group), key=lambda place: (place[1].bobot, -place[1].gain))
    for position, option in by_weight:
        if not kept or option.gain > kept[-1][1].gain:
            kept.append(((number, position), option))
    return kept


def _ways(kept: list[list[_Choice]], need: Decimal) -> Iterator[list[_Choice]]:
    """Every set that could be the best: all of the shorter groups, each with the lightest option
    of the longest group that fills what is missing."""
    if need <= 0:
        yield []
        return
    *shorter, longest = kept
    gains = [option.gain for _, option in longest]
    for picked in product(*([None, *group] for group in shorter)):
        chosen = [choice for choice in picked if choice]
        missing = need - sum((option.gain for _, option in chosen), Decimal(0))
        if missing <= 0:
            yield chosen
        elif missing <= gains[-1]:
            yield [*chosen, longest[bisect_left(gains, missing)]]


def _rank(chosen: list[_Choice]) -> tuple[Decimal, int, Decimal, list[_Place]]:
    weight = sum((option.bobot for _, option in chosen), Decimal(0))
    gain = sum((option.gain for _, option in chosen), Decimal(0))
    return weight, len(chosen), -gain, sorted(place for place, _ in chosen)
