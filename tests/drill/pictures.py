"""Photos of certificates that differ in their bytes, as many as are wanted, for little work."""

from __future__ import annotations

import functools

from tests.support.sample_files import certificate, encoded

SIDE = 1000
"""Pixels of the long side that are enough to be a photo."""
COMMENT = b"\xff\xfe"
"""Marker of a comment in a JPEG."""


@functools.cache
def _photo(side: int) -> bytes:
    return encoded(certificate((side, side * 7 // 10)), "JPEG", quality=92)


def photo(number: int, side: int = SIDE) -> bytes:
    """A JPEG of its own: the same picture with another comment right after its beginning."""
    base, text = _photo(side), f"lembar {number}".encode()
    comment = COMMENT + (len(text) + 2).to_bytes(2, "big") + text
    return base[:2] + comment + base[2:]
