"""Pictures, a page of A4 each, and checked PDFs become one PDF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name

A4 = (595.28, 841.89)
"""Points, upright."""


@dataclass(frozen=True)
class Jpeg:
    """An encoded picture, ready to be embedded as it is."""

    path: Path
    width: int
    height: int
    gray: bool


def assemble(parts: Sequence[Jpeg | Path], target: Path) -> None:
    """Write the PDF of pictures and the pages of PDFs; the same parts give the same bytes."""
    with pikepdf.new() as pdf:
        for part in parts:
            if isinstance(part, Jpeg):
                _add_page(pdf, part)
            else:
                with pikepdf.open(part) as source:
                    pdf.pages.extend(source.pages)
        pdf.save(target, deterministic_id=True)


def _add_page(pdf: pikepdf.Pdf, picture: Jpeg) -> None:
    """A page turned like its picture, which fills it as far as its shape allows."""
    wide = picture.width > picture.height
    page_width, page_height = A4[::-1] if wide else A4
    scale = min(page_width / picture.width, page_height / picture.height)
    width, height = picture.width * scale, picture.height * scale
    left, bottom = (page_width - width) / 2, (page_height - height) / 2
    image = pikepdf.Stream(pdf, picture.path.read_bytes())
    image.stream_dict = Dictionary(
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=picture.width,
        Height=picture.height,
        BitsPerComponent=8,
        ColorSpace=Name.DeviceGray if picture.gray else Name.DeviceRGB,
        Filter=Name.DCTDecode,
    )
    placed = f"q {width:.2f} 0 0 {height:.2f} {left:.2f} {bottom:.2f} cm /Foto Do Q"
    page = Dictionary(
        Type=Name.Page,
        MediaBox=Array([0, 0, page_width, page_height]),
        Resources=Dictionary(XObject=Dictionary(Foto=pdf.make_indirect(image))),
        Contents=pikepdf.Stream(pdf, placed.encode()),
    )
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
