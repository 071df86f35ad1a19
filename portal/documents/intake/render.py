"""Pages of a PDF as pictures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pypdfium2
from PIL import Image

from portal.documents.intake.pdf import BROKEN
from portal.errors import Rejected

MAX_SCALE = 4.0
"""Of tiny pages: pixels per point."""


def render_pages(path: Path, expected: int, side: int) -> Iterator[Image.Image]:
    """Each page, long side at most `side` pixels whatever the size of the paper.

    `expected` is the number of pages that the other parser found; raises Rejected when they
    disagree or a page cannot be drawn.
    """
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise Rejected(BROKEN) from error
    try:
        if len(document) != expected:
            raise Rejected(BROKEN)
        document.init_forms()  # a visible signature is drawn as a form field
        for index in range(expected):
            yield _render(document, index, side)
    finally:
        document.close()


def _render(document: pypdfium2.PdfDocument, index: int, side: int) -> Image.Image:
    try:
        page = document[index]
        width, height = page.get_size()
        scale = min(side / max(width, height, 1.0), MAX_SCALE)
        bitmap = page.render(scale=scale, may_draw_forms=True)
        picture: Image.Image = bitmap.to_pil().convert("RGB")
        bitmap.close()
        page.close()
    except (pypdfium2.PdfiumError, ValueError) as error:
        raise Rejected(BROKEN) from error
    return picture
