"""A sheet of paper as a telephone sees it: tilted, out of focus, badly lit, squeezed."""

from __future__ import annotations

import io
import math
import random
from functools import cache

from PIL import Image, ImageChops, ImageEnhance, ImageFilter

SIDE = 2000
"""Long side, as the capture page shrinks pictures."""
_TABLES = ("#4a3b2c", "#7d8288", "#2d3a33", "#b9a98d")


def photograph(sheet: Image.Image, rng: random.Random) -> Image.Image:
    """The sheet on a table: up to 8° askew, perspective, shade, blur, noise, sometimes lying."""
    picture = _seen(sheet, rng)
    picture = _shaded(picture, rng)
    picture = picture.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1.3)))
    picture = _noisy(picture, rng)
    picture = ImageEnhance.Contrast(picture).enhance(rng.uniform(0.75, 1.05))
    turn = rng.choice((0, 0, 0, 0, 90, 180, 270))
    return picture.rotate(turn, expand=True) if turn else picture


def as_jpeg(picture: Image.Image, rng: random.Random) -> bytes:
    """As the capture page sends it."""
    picture.thumbnail((SIDE, SIDE))
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=rng.randint(62, 85))
    return stream.getvalue()


def _seen(sheet: Image.Image, rng: random.Random) -> Image.Image:
    """Perspective and tilt in one step; the table shows around the paper."""
    width, height = sheet.size
    frame = (round(width * 1.12), round(height * 1.12))
    angle, near = math.radians(rng.uniform(-8, 8)), rng.uniform(0, 0.05)
    scale = 0.9
    corners = []
    for x, y in ((0, 0), (width, 0), (width, height), (0, height)):
        dx, dy = (x - width / 2) * scale, (y - height / 2) * scale
        dx *= 1 + near * dy / height  # the far edge is shorter
        dy *= 1 + rng.uniform(-0.012, 0.012)
        turned = (
            dx * math.cos(angle) - dy * math.sin(angle),
            dx * math.sin(angle) + dy * math.cos(angle),
        )
        corners.append((turned[0] + frame[0] / 2, turned[1] + frame[1] / 2))
    source = ((0, 0), (width, 0), (width, height), (0, height))
    return sheet.transform(
        frame,
        Image.Transform.PERSPECTIVE,
        _coefficients(corners, source),
        Image.Resampling.BICUBIC,
        fillcolor=rng.choice(_TABLES),
    )


def _coefficients(
    target: list[tuple[float, float]], source: tuple[tuple[float, float], ...]
) -> list[float]:
    """The eight numbers that carry `target` onto `source`, by elimination."""
    rows = []
    for (x, y), (u, v) in zip(target, source, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    for i in range(8):
        pivot = max(range(i, 8), key=lambda r: abs(rows[r][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [value / rows[i][i] for value in rows[i]]
        for r in range(8):
            if r != i:
                rows[r] = [a - rows[r][i] * b for a, b in zip(rows[r], rows[i], strict=True)]
    return [row[8] for row in rows]


def _shaded(picture: Image.Image, rng: random.Random) -> Image.Image:
    """Light from one side, darkest where the hand was in its way."""
    darkest = rng.uniform(0.45, 0.8)
    ramp = Image.linear_gradient("L").point(
        lambda v: round(255 * (darkest + (1 - darkest) * v / 255))
    )
    ramp = ramp.resize((400, 400)).rotate(rng.uniform(0, 360)).crop((60, 60, 340, 340))
    return ImageChops.multiply(picture, ramp.resize(picture.size).convert("RGB"))


@cache
def _grain() -> Image.Image:
    """Noise around the middle grey, drawn once from a seed."""
    seeded = random.Random(7)
    values = bytes(min(255, max(0, round(seeded.gauss(128, 16)))) for _ in range(512 * 512))
    return Image.frombytes("L", (512, 512), values)


def _noisy(picture: Image.Image, rng: random.Random) -> Image.Image:
    grain, noise = _grain(), Image.new("L", picture.size)
    dx, dy = rng.randrange(512), rng.randrange(512)
    for x in range(-dx, picture.width, 512):
        for y in range(-dy, picture.height, 512):
            noise.paste(grain, (x, y))
    strength = rng.uniform(0.2, 1.0)
    noise = noise.point(lambda v: round(128 + (v - 128) * strength))
    return ImageChops.add(picture, noise.convert("RGB"), offset=-128)
