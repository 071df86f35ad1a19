"""A page with a pen: what the layouts of invented certificates are drawn with."""

from __future__ import annotations

import io
import random
from functools import cache
from pathlib import Path

import segno
from PIL import Image, ImageDraw, ImageFont

from tests.support.certificate_facts import invent

LANDSCAPE, PORTRAIT = (2000, 1414), (1414, 2000)
_FOLDER = Path("/usr/share/fonts/truetype")
_FONTS = {
    "sans": "liberation/LiberationSans-Regular.ttf",
    "sans-bold": "liberation/LiberationSans-Bold.ttf",
    "serif": "liberation/LiberationSerif-Regular.ttf",
    "serif-bold": "liberation/LiberationSerif-Bold.ttf",
    "serif-italic": "liberation/LiberationSerif-BoldItalic.ttf",
    "dejavu": "dejavu/DejaVuSans.ttf",
    "dejavu-bold": "dejavu/DejaVuSans-Bold.ttf",
    "dejavu-serif": "dejavu/DejaVuSerif.ttf",
}
_INKS = ("#1d2733", "#1f3f7a", "#14532d", "#5b2333", "#222222")
_PAPERS = ("#ffffff", "#fdfbf4", "#f7f9fd", "#f6fbf9", "#fff8ee")
_ORNAMENTS = ("#b58a2e", "#8a1c3b", "#0f5257", "#3b6ea8")


def fonts_missing() -> bool:
    """Whether the typefaces of the layouts (fonts-liberation, fonts-dejavu-core) are not here."""
    return not all((_FOLDER / name).is_file() for name in _FONTS.values())


@cache
def typeface(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FOLDER / _FONTS[name], size)


class Sheet:
    """A page with a pen that walks down from line to line."""

    def __init__(self, rng: random.Random, size: tuple[int, int]) -> None:
        self.ink = rng.choice(_INKS)
        self.ornament = rng.choice(_ORNAMENTS)
        self.picture = Image.new("RGB", size, rng.choice(_PAPERS))
        self.pen = ImageDraw.Draw(self.picture)
        self.width, self.height = size
        self.y = 0.0

    def write(
        self,
        text: str,
        font: str = "sans",
        size: int = 36,
        *,
        x: float | None = None,
        anchor: str = "m",
        width: float | None = None,
        gap: float = 0.45,
        ink: str | None = None,
    ) -> None:
        """Text at `x` (the middle when nobody says), folded at `width`, and a gap below."""
        face = typeface(font, size)
        place = self.width / 2 if x is None else x
        for line in _folded(text, face, width or self.width - 360):
            self.pen.text(
                (place, self.y), line, fill=ink or self.ink, font=face, anchor=f"{anchor}a"
            )
            self.y += size * 1.28
        self.y += size * gap

    def frame(self, kind: int) -> None:
        """A border, as printers love them."""
        w, h = self.width, self.height
        if kind == 0:
            self.pen.rectangle((40, 40, w - 40, h - 40), outline=self.ornament, width=14)
            self.pen.rectangle((70, 70, w - 70, h - 70), outline=self.ink, width=3)
        elif kind == 1:
            self.pen.polygon(((0, 0), (240, 0), (0, 240)), fill=self.ornament)
            self.pen.polygon(((w, h), (w - 240, h), (w, h - 240)), fill=self.ink)
        elif kind == 2:
            self.pen.rectangle((0, 0, w, 60), fill=self.ornament)
            self.pen.rectangle((0, h - 60, w, h), fill=self.ornament)

    def crest(self, x: float, y: float) -> None:
        self.pen.ellipse((x - 60, y - 60, x + 60, y + 60), outline=self.ornament, width=8)
        self.pen.polygon(((x, y - 36), (x + 34, y + 28), (x - 34, y + 28)), fill=self.ornament)

    def code(self, text: str, x: float, y: float, scale: int = 6) -> None:
        """A QR code whose upper left corner is at (x, y)."""
        stream = io.BytesIO()
        segno.make(text, error="m").save(stream, kind="png", scale=scale, border=3)
        self.picture.paste(Image.open(stream).convert("RGB"), (round(x), round(y)))

    def signed(self, rng: random.Random, place: str, title: str, x: float, name: str) -> None:
        """Place and day, an office, a scribble, a name with a NIP of its own."""
        self.write(place, "serif", 32, x=x, gap=0.1)
        self.write(title, "serif", 32, x=x, gap=0.1, width=620)
        top = self.y + 30
        points = [(x - 90 + 22 * n, top + rng.randint(-26, 40)) for n in range(9)]
        self.pen.line(points, fill="#26366b", width=5, joint="curve")
        self.y += 100
        self.write(name, "serif-bold", 32, x=x, gap=0)
        signer = invent(rng)
        self.write(f"NIP {signer.nip}", "serif", 28, x=x)


def _folded(text: str, face: ImageFont.FreeTypeFont, width: float) -> list[str]:
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and face.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
