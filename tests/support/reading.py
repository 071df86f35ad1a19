"""Invented certificates through the whole reading, and how much of it is right."""

from __future__ import annotations

import io
import random
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from portal.documents.intake.assemble import Jpeg, assemble
from portal.documents.reading.lines import alike, folded
from portal.documents.reading.reader import read_paper
from portal.vocabulary import FileRole
from tests.support.certificates import LAYOUTS, certificate
from tests.support.photographs import as_jpeg, photograph

ALIKE = ("nama", "penyelenggara")
"""Long words: right when nine letters of ten are."""


Read = tuple[dict[str, str], list[str]]
"""Fields and codes of a paper, as they were read."""


@dataclass(frozen=True)
class Outcome:
    """One paper: what it states, and what was read, clean and as a photo."""

    layout: int
    truth: dict[str, str]
    clean: dict[str, str]
    photo: dict[str, str]
    codes: list[str]
    """That it carries."""
    codes_clean: list[str]
    codes_photo: list[str]


def outcome(seed: str, number: int, kinds: str = "clean photo") -> Outcome:
    """The paper `number` of a set; the layouts take turns. What is not asked for stays empty."""
    rng = random.Random(f"{seed}/{number}")
    made = certificate(rng, number % len(LAYOUTS))
    clean: Read = ({}, [])
    photo: Read = ({}, [])
    if "clean" in kinds:
        clean = _read([as_jpeg(page.copy(), rng) for page in made.pages])
    if "photo" in kinds:
        photo = _read([as_jpeg(photograph(page, rng), rng) for page in made.pages])
    return Outcome(made.layout, made.truth, clean[0], photo[0], made.codes, clean[1], photo[1])


def _read(pages: list[bytes]) -> Read:
    """From the pictures of a telephone to fields, by way of the PDF that the portal keeps."""
    with tempfile.TemporaryDirectory(prefix="bacaan-uji-") as name:
        folder = Path(name)
        jpegs = []
        for number, content in enumerate(pages):
            path = folder / f"{number}.jpg"
            path.write_bytes(content)
            size = Image.open(io.BytesIO(content)).size
            jpegs.append(Jpeg(path, *size, gray=False))
        assemble(jpegs, folder / "file.pdf")
        paper = read_paper(folder / "file.pdf", len(pages), FileRole.SERTIFIKAT)
    return paper.fields, paper.codes


def is_right(name: str, read: str, truth: str) -> bool:
    """Dates, JP and NIP to the digit, numbers to the sign (spaces aside), names to the letter."""
    if name == "nomor":
        return "".join(read.split()) == "".join(truth.split())
    if name == "nama_orang":
        return folded(read) == folded(truth)
    return alike(read, truth) >= 0.9 if name in ALIKE else read == truth


def shares(found: Iterable[tuple[dict[str, str], dict[str, str]]]) -> dict[str, tuple[int, int]]:
    """Field → (right, printed) over pairs of truth and reading."""
    sums: dict[str, tuple[int, int]] = {}
    for truth, read in found:
        for name, value in truth.items():
            right, printed = sums.get(name, (0, 0))
            sums[name] = right + is_right(name, read.get(name, ""), value), printed + 1
    return sums


def invented(found: Iterable[tuple[dict[str, str], dict[str, str]]]) -> list[str]:
    """Values that were read where the paper states none."""
    return [f"{name}={read[name]}" for truth, read in found for name in read.keys() - truth.keys()]
