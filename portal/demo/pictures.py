"""Certificates, degrees and transcripts as pictures: small, plausible, no two alike."""

from __future__ import annotations

import random
from pathlib import Path

from PIL import Image, ImageColor, ImageDraw

_LANDSCAPE, _PORTRAIT = (1120, 792), (792, 1120)
_SCHEMES = (
    ("#fdfbf4", "#1c5d4a", "#b58a2e"),
    ("#f7f9fd", "#1f3f7a", "#8a1c3b"),
    ("#fffaf6", "#6b3a12", "#a0522d"),
    ("#f6fbf9", "#0f5257", "#c08a1e"),
    ("#fbf7fd", "#4a2a6b", "#9a7b1f"),
)
"""Paper, ink, ornament."""
_GRAY = "#46505a"
_SPOTS = 12


def draw(path: Path, title: str, lines: list[str], rng: random.Random, *, portrait: bool) -> None:
    """Write one sheet as a JPEG, as a phone would send it after cropping."""
    paper, ink, ornament = rng.choice(_SCHEMES)
    sheet = Image.new("RGB", _PORTRAIT if portrait else _LANDSCAPE, paper)
    pen = ImageDraw.Draw(sheet)
    _watermark(pen, sheet.size, ImageColor.getrgb(paper), ImageColor.getrgb(ornament), lines)
    rng.choice((_double_frame, _banner, _corners))(pen, sheet.size, ink, ornament)
    _write(pen, sheet.size, title, lines, ink)
    _seal(pen, sheet.size, ornament)
    sheet.save(path, "JPEG", quality=82)


def _watermark(
    pen: ImageDraw.ImageDraw,
    size: tuple[int, int],
    paper: tuple[int, ...],
    ornament: tuple[int, ...],
    lines: list[str],
) -> None:
    """Soft spots in a place of their own on every sheet, so that no two look alike from afar."""
    places = random.Random("\n".join(lines))  # noqa: S311 -- an ornament
    for _ in range(_SPOTS):
        x, y = places.uniform(0, size[0]), places.uniform(0, size[1])
        radius, strength = places.uniform(70, 190), places.uniform(0.1, 0.4)
        mixed = [round(p + (o - p) * strength) for p, o in zip(paper, ornament, strict=True)]
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=tuple(mixed))


def printable(text: str) -> str:
    """What the printer of a certificate can print: Latin letters."""
    return " ".join("".join(sign if ord(sign) < 0x250 else " " for sign in text).split())


def _double_frame(pen: ImageDraw.ImageDraw, size: tuple[int, int], ink: str, ornament: str) -> None:
    width, height = size
    pen.rectangle((24, 24, width - 24, height - 24), outline=ink, width=8)
    pen.rectangle((40, 40, width - 40, height - 40), outline=ornament, width=2)


def _banner(pen: ImageDraw.ImageDraw, size: tuple[int, int], ink: str, ornament: str) -> None:
    width, height = size
    pen.rectangle((0, 0, width, 70), fill=ink)
    pen.rectangle((0, 70, width, 80), fill=ornament)
    pen.rectangle((0, height - 36, width, height), fill=ink)


def _corners(pen: ImageDraw.ImageDraw, size: tuple[int, int], ink: str, ornament: str) -> None:
    width, height = size
    pen.polygon(((0, 0), (200, 0), (0, 200)), fill=ink)
    pen.polygon(((width, height), (width - 200, height), (width, height - 200)), fill=ink)
    pen.polygon(((0, 0), (120, 0), (0, 120)), fill=ornament)
    pen.rectangle((28, 28, width - 28, height - 28), outline=ornament, width=2)


def _write(
    pen: ImageDraw.ImageDraw, size: tuple[int, int], title: str, lines: list[str], ink: str
) -> None:
    width, height = size
    top = height * 0.2
    pen.text((width / 2, top), title, fill=ink, anchor="mm", font_size=54)
    step = min(62, (height * 0.56) / max(len(lines), 1))
    for number, line in enumerate(lines):
        large = number == 1
        size_of_line = min(40 if large else 25, int(1.7 * width / max(len(line), 1)))
        place = (width / 2, top + 78 + step * number)
        pen.text(
            place, line, fill=ink if large else _GRAY, anchor="mm", font_size=max(size_of_line, 14)
        )


def _seal(pen: ImageDraw.ImageDraw, size: tuple[int, int], ornament: str) -> None:
    """A stamp and a signature, where one expects them."""
    width, height = size
    x, y = width * 0.8, height * 0.82
    pen.ellipse((x - 54, y - 54, x + 54, y + 54), outline=ornament, width=4)
    pen.ellipse((x - 40, y - 40, x + 40, y + 40), outline=ornament, width=2)
    points = [(x + 20 + 13 * n, y + (18 if n % 2 else -16) - n) for n in range(9)]
    pen.line(points, fill="#26366b", width=3, joint="curve")
