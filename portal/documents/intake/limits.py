"""How much may come in, and how large the outcome gets."""

from __future__ import annotations

import math
from dataclasses import dataclass

from portal.errors import Rejected

MIB = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Bounds of one hand-in; sizes in bytes, sides in pixels."""

    max_bytes: int = 10 * MIB
    """Of each file."""
    max_pages: int = 20
    """Pages of the PDF, or number of pictures."""
    max_pixels: int = 60_000_000
    """Of each picture as it came in; phones reach 50 megapixels."""
    picture_side: int = 2000
    """Long side of a stored picture: 170 dpi on A4, small print stays readable."""
    preview_side: int = 1400
    """Long side of a page picture."""
    thumbnail_side: int = 320


def megabytes(size: int) -> str:
    """Size for people, "14 MB" or "10,1 MB"; rounded up, so that too large never looks equal."""
    tenths = math.ceil(size * 10 / MIB)
    whole, tenth = divmod(tenths, 10)
    return f"{whole},{tenth} MB" if tenth else f"{whole} MB"


def too_many_pages(pages: int, most: int) -> Rejected:
    """The refusal of files that have too many pages together."""
    return Rejected(
        f"Seluruhnya {pages} halaman. Paling banyak {most} halaman. "
        "Unggah hanya halaman yang diperlukan."
    )
