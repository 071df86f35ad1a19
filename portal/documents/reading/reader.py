"""The reading itself; it draws what strangers sent, so run it through `read_isolated`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.metadata import version
from itertools import islice, tee
from pathlib import Path

from PIL import Image

from portal.documents.intake.render import render_pages
from portal.documents.reading import codes, fields, preparation, text
from portal.documents.reading.result import LONGEST_TEXT, Paper
from portal.documents.reading.text import NOTHING, PageText
from portal.vocabulary import FileRole

PAGES = 4
"""Front, back and what is glued to them; more pages say nothing that a form asks for."""
SIDE = 2200
"""Pixels of the long side: no fewer than the picture on the page has."""
SURE = 0.75
"""Confidence from which on a page lies the right way up."""
FEW, ENOUGH = 12, 150
"""Letters below which a page says nothing, and below which something was overlooked."""


def read_paper(pdf: Path, pages: int, role: FileRole) -> Paper:
    """Codes, words and fields of the first pages. Raises Rejected when they cannot be drawn.

    Without tesseract the codes alone.
    """
    found: list[str] = []
    words: list[PageText] = []
    for number, picture in enumerate(islice(render_pages(pdf, pages, SIDE), PAGES), 1):
        on_page = codes.read(picture)
        found += [code.text for code in on_page if code.text not in found]
        words.append(_words(picture, on_page, front=number == 1))
    return Paper(
        fields=_fields([page.lines for page in words], found, role),
        codes=found,
        text="\n\n".join("\n".join(page.lines) for page in words)[:LONGEST_TEXT],
        engine=" · ".join(part for part in (text.version(), f"zxing {_zxing()}") if part),
    )


def _fields(pages: list[tuple[str, ...]], found: list[str], role: FileRole) -> dict[str, str]:
    if role is FileRole.SERTIFIKAT:
        return fields.of_certificate(pages, found)
    return fields.of_degree(pages, found) if role is FileRole.IJAZAH else {}


def _zxing() -> str:
    return version("zxing-cpp")


def _words(picture: Image.Image, on_page: list[codes.Code], *, front: bool) -> PageText:
    """The page as it reads best. Pages behind the front hold tables, as do those of few words."""
    if text.engine() is None:
        return NOTHING
    ways, again = tee(_ways(preparation.flattened(picture), on_page))
    page = _best(map(text.read, ways)) if front else NOTHING
    if page.letters >= ENOUGH:
        return page
    return max(page, _best(map(_as_table, again)), key=lambda found: found.weight)


def _best(readings: Iterable[PageText]) -> PageText:
    """Of the ways in which a page may lie, the one that makes sense; sure at the first is done."""
    best = NOTHING
    for page in readings:
        if page.letters >= FEW and page.confidence > best.confidence:
            best = page
        if best.confidence > SURE:
            break
    return best


def _as_table(level: Image.Image) -> PageText:
    return text.read(preparation.unruled(preparation.sheet(level)), text.BLOCK)


def _ways(flat: Image.Image, on_page: list[codes.Code]) -> Iterator[Image.Image]:
    """The page levelled, in the ways in which it may lie, the likeliest first."""
    told = {code.quarter for code in on_page}
    first, angle = preparation.slope(flat, [*told] if len(told) == 1 else (0, 1))
    for more in (0, 2):
        yield preparation.levelled(flat, (first + more) % 4, angle)
    other, angle = preparation.slope(flat, [(first + 1) % 4])
    for more in (0, 2):
        yield preparation.levelled(flat, (other + more) % 4, angle)
