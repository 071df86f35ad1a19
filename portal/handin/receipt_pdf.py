"""The receipt as a PDF of one page: what was handed in, when, and the fingerprint of each file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fpdf import FPDF

Rows = Sequence[tuple[str, str]]
BRAND, INK, SOFT, LINE = (10, 95, 90), (20, 33, 31), (77, 93, 90), (200, 212, 209)
MARGIN = 20
"""Millimetres."""


@dataclass(frozen=True)
class Receipt:
    """The words of a receipt, in the order in which they are printed."""

    agency: str
    number: str
    moment: str
    title: str
    parts: Sequence[tuple[str, Rows]]
    note: str


def draw(receipt: Receipt) -> bytes:
    """The bytes of the PDF. Characters outside Latin-1 (emoji, other scripts) become "?"."""
    from fpdf import FPDF  # here: with its fonts it takes a fifth of a web process

    pdf = FPDF(format="A4")
    pdf.set_margin(MARGIN)
    pdf.set_title(f"Tanda terima {receipt.number}")
    pdf.set_lang("id")
    pdf.add_page()
    _line(pdf, receipt.agency, 11, SOFT)
    _line(pdf, "Tanda terima dokumen", 20, INK, bold=True)
    pdf.ln(4)
    _line(pdf, receipt.number, 26, BRAND, bold=True)
    _line(pdf, receipt.moment, 11, SOFT)
    pdf.ln(4)
    _line(pdf, receipt.title, 14, INK, bold=True)
    for heading, rows in receipt.parts:
        pdf.ln(3)
        pdf.set_draw_color(*LINE)
        pdf.line(MARGIN, pdf.get_y(), pdf.w - MARGIN, pdf.get_y())
        pdf.ln(2)
        _line(pdf, heading, 11, BRAND, bold=True)
        for label, value in rows:
            _pair(pdf, label, value or "-")
    pdf.ln(5)
    _line(pdf, receipt.note, 9, SOFT)
    return bytes(pdf.output())


def _line(
    pdf: FPDF, text: str, size: int, colour: tuple[int, int, int], *, bold: bool = False
) -> None:
    pdf.set_font("Helvetica", "B" if bold else "", size)
    pdf.set_text_color(*colour)
    pdf.multi_cell(0, size * 0.5, _printable(text), new_x="LMARGIN", new_y="NEXT")


def _pair(pdf: FPDF, label: str, value: str) -> None:
    pdf.set_font("Helvetica", "", 10)
    pdf.set_text_color(*SOFT)
    pdf.cell(48, 6, _printable(label))
    pdf.set_text_color(*INK)
    pdf.multi_cell(0, 6, _printable(value), new_x="LMARGIN", new_y="NEXT")


def _printable(text: str) -> str:
    """The fonts that every PDF reader has know Latin-1 alone; dashes and quotes get their twins."""
    plain = text.translate({0x2013: "-", 0x2014: "-", 0x2018: "'", 0x2019: "'", 0x2026: "..."})
    return plain.replace("“", '"').replace("”", '"').encode("latin-1", "replace").decode("latin-1")
