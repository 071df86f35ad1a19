"""QR and bar codes of a picture."""

from __future__ import annotations

from dataclasses import dataclass

import zxingcpp
from PIL import Image

from portal.documents.reading.result import LONGEST_CODE, MOST_CODES


@dataclass(frozen=True)
class Code:
    """A code and how the paper lies, as its corners tell."""

    text: str
    quarter: int
    """Turn the picture so many × 90° counterclockwise and the code stands upright."""


def read(picture: Image.Image) -> list[Code]:
    """Every code on the page, in no order that means anything."""
    found = zxingcpp.read_barcodes(picture)
    return [
        Code(_printable(code.text), round(code.orientation / 90) % 4)
        for code in found[:MOST_CODES]
        if code.valid and 0 < len(code.text) <= LONGEST_CODE
    ]


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text).strip()
