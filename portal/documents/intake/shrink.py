"""A smaller copy of a checked PDF, for systems that take no large ones; runs in the child."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pikepdf
from pikepdf import Name
from PIL import Image

from portal.documents.intake.assemble import Jpeg, assemble
from portal.documents.intake.limits import megabytes
from portal.documents.intake.render import render_pages
from portal.errors import Rejected


@dataclass(frozen=True)
class Rung:
    """How good the pictures are: long side in pixels, JPEG quality."""

    side: int
    quality: int


LADDER = (
    Rung(2000, 75),
    Rung(1800, 65),
    Rung(1600, 55),
    Rung(1400, 50),
    Rung(1200, 45),
    Rung(1000, 40),
    Rung(800, 35),
)
"""Best first. On the last the number of a certificate is still legible on A4."""
SMALL = 64
"""Pictures of fewer pixels a side are marks and masks that weigh nothing."""


def shrink(source: Path, target: Path, max_bytes: int) -> None:
    """Write the best copy of at most `max_bytes`; raises Rejected when even the worst is larger.

    First only the pictures on the pages become smaller, so that text stays text; when that does
    not suffice each page becomes a picture.
    """
    for attempt in (_with_smaller_pictures, _as_pictures):
        if _climb(partial(attempt, source, target), target, max_bytes):
            return
    raise Rejected(
        f"Berkas ini tidak dapat diperkecil sampai {megabytes(max_bytes)} tanpa menjadi tak "
        "terbaca. Unggah hanya halaman yang diperlukan."
    )


def _climb(write: Callable[[Rung], None], target: Path, max_bytes: int) -> bool:
    """Leave the copy of the best rung that fits, found by halving; False when none does."""
    best, low, high = None, 0, len(LADDER) - 1
    written = None
    while low <= high:
        middle = (low + high) // 2
        write(LADDER[middle])
        written = middle
        if target.stat().st_size <= max_bytes:
            best, high = middle, middle - 1
        else:
            low = middle + 1
    if best is None:
        return False
    if written != best:
        write(LADDER[best])
    return True


def _with_smaller_pictures(source: Path, target: Path, rung: Rung) -> None:
    with pikepdf.open(source) as pdf:
        for thing in pdf.objects:
            if isinstance(thing, pikepdf.Stream) and thing.get("/Subtype") == Name.Image:
                _make_smaller(thing, rung)
        pdf.remove_unreferenced_resources()
        pdf.save(
            target,
            deterministic_id=True,
            recompress_flate=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )


def _make_smaller(image: pikepdf.Stream, rung: Rung) -> None:
    """Encode one picture anew where that saves something and changes nothing but sharpness."""
    if image.get("/ImageMask") or "/Mask" in image or "/Decode" in image:
        return
    try:
        picture = pikepdf.PdfImage(image).as_pil_image()
    except Exception:  # noqa: BLE001  a kind of picture that the library cannot read stays
        return
    if max(picture.size) <= SMALL:
        return
    picture = picture.convert("L" if picture.mode in {"1", "L"} else "RGB")
    picture.thumbnail((rung.side, rung.side), reducing_gap=2.0)
    data = _jpeg(picture, rung)
    if len(data) >= len(image.read_raw_bytes()):
        return
    image.write(data, filter=Name.DCTDecode)
    image.Width, image.Height = picture.size
    image.ColorSpace = Name.DeviceGray if picture.mode == "L" else Name.DeviceRGB
    image.BitsPerComponent = 8


def _as_pictures(source: Path, target: Path, rung: Rung) -> None:
    with pikepdf.open(source) as pdf:
        pages = len(pdf.pages)
    jpegs: list[Jpeg | Path] = []
    for number, picture in enumerate(render_pages(source, pages, rung.side), 1):
        path = target.with_name(f"{target.stem}-{number:03}.jpg")
        path.write_bytes(_jpeg(picture, rung))
        jpegs.append(Jpeg(path, *picture.size, gray=False))
    assemble(jpegs, target)


def _jpeg(picture: Image.Image, rung: Rung) -> bytes:
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=rung.quality, optimize=True)
    return written.getvalue()
