"""What a page looks like in 64 bits, so that a photo of the same paper is found again.

Imports the standard library and Pillow alone: the process that makes a paper uses it too.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations, pairwise

from PIL import Image

ALIKE = 8
"""Two pages that differ in at most so many bits look alike."""
WIDTHS = (22, 21, 21)
"""Bits of the three parts that are indexed."""
NEAR = ALIKE // len(WIDTHS)
"""Of three parts that differ in `ALIKE` bits together, one at least differs in so few."""
_COLUMNS, _ROWS = 9, 8
_FLAT = 4
"""Fewer set (or unset) bits than these are a page without anything to see."""


def dhash(picture: Image.Image) -> str:
    """The look of a picture: 16 hexadecimal digits, one bit for each of 8 × 8 steps to the right
    that becomes brighter. Transparent places count as paper."""
    if "A" in picture.getbands() or "transparency" in picture.info:
        paper = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(paper, picture.convert("RGBA"))
    small = picture.convert("L").resize((_COLUMNS, _ROWS), Image.Resampling.BOX).tobytes()
    bits = 0
    for row in range(_ROWS):
        line = small[row * _COLUMNS : (row + 1) * _COLUMNS]
        for left, right in pairwise(line):
            bits = bits << 1 | (right > left)
    return f"{bits:016x}"


def thirds(look: str) -> tuple[int, int, int]:
    """The parts of a look as its columns keep them; the first bits first."""
    bits = int(look, 16)
    _, second, third = WIDTHS
    return (
        bits >> (second + third),
        bits >> third & (1 << second) - 1,
        bits & (1 << third) - 1,
    )


def distance(one: str, other: str) -> int:
    """In how many of the 64 bits two looks differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def is_telling(look: str) -> bool:
    """False for the look of an empty page, which every other empty page shares."""
    ones = int(look, 16).bit_count()
    return _FLAT <= ones <= sum(WIDTHS) - _FLAT


def neighbours(part: int, width: int) -> list[int]:
    """Every value of `width` bits that differs from `part` in at most `NEAR` bits."""
    return [part ^ mask for mask in _masks(width)]


@lru_cache(maxsize=len(WIDTHS))
def _masks(width: int) -> tuple[int, ...]:
    return tuple(
        sum(1 << place for place in places)
        for number in range(NEAR + 1)
        for places in combinations(range(width), number)
    )
