"""Text of a picture, by tesseract as a program of its own (optional at run time)."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from PIL import Image

LANGUAGES = ("ind", "eng")
"""Indonesian has to be there; English beside it reads numbers better, which are no words."""
COLUMN, BLOCK = "4", "6"
"""Ways to find lines: a column of lines of any size reads a certificate best, one block of lines
keeps the rows of a table together. Measured: docs/decisions/0012-reading.md."""
SECONDS = 20.0
"""For one page; a page full of noise takes longer than one of text."""
MAX_LINES, MAX_LETTERS = 400, 300
"""Of a page, and of a line of it."""
_WORD_ROW = "5"


@dataclass(frozen=True)
class PageText:
    """What was read on a page."""

    lines: tuple[str, ...]
    weight: float
    """Letters and digits, each counted with the confidence of its word (0 … 1)."""
    letters: int

    @property
    def confidence(self) -> float:
        """0 … 1; of a page on its head far below that of an upright one."""
        return self.weight / self.letters if self.letters else 0.0


NOTHING = PageText((), 0.0, 0)


@cache
def engine() -> str | None:
    """The path of tesseract when it can read Indonesian, else None."""
    program = shutil.which("tesseract")
    if program is None:
        return None
    return program if LANGUAGES[0] in _known(program) else None


@cache
def _known(program: str) -> tuple[str, ...]:
    """Those of our languages that are installed."""
    told = (_run([program, "--list-langs"], b"") or b"").decode(errors="replace").split()
    return tuple(language for language in LANGUAGES if language in told)


@cache
def version() -> str:
    """As the program tells it, for the record; "" without one."""
    program = engine()
    told = _run([program, "--version"], b"") if program else None
    return told.decode(errors="replace").split("\n")[0][:30] if told else ""


def read(picture: Image.Image, segmentation: str = COLUMN) -> PageText:
    """The lines of a grey picture, top down; NOTHING when the program is away or gave up."""
    program = engine()
    if program is None:
        return NOTHING
    stream = io.BytesIO()
    picture.save(stream, "PPM")
    languages = "+".join(_known(program))
    command = [program, "stdin", "stdout", "-l", languages, "--psm", segmentation, "tsv"]
    table = _run(command, stream.getvalue())
    return _lines(table.decode(errors="replace")) if table else NOTHING


def _run(command: list[str], given: bytes) -> bytes | None:
    try:
        done = subprocess.run(  # noqa: S603  a fixed program, a picture of our own making
            command, input=given, capture_output=True, check=False, timeout=SECONDS
        )
    except (subprocess.TimeoutExpired, OSError):
        return None
    return done.stdout if done.returncode == 0 else None


def _lines(table: str) -> PageText:
    lines: dict[tuple[str, ...], list[str]] = {}
    weight, letters = 0.0, 0
    for place, confidence, word in _words(table):
        if len(lines) >= MAX_LINES and place not in lines:
            break
        lines.setdefault(place, []).append(word)
        signs = sum(sign.isalnum() for sign in word)
        letters += signs
        weight += signs * confidence / 100
    texts = (" ".join(words)[:MAX_LETTERS] for words in lines.values())
    return PageText(tuple(texts), weight, letters)


def _words(table: str) -> Iterator[tuple[tuple[str, ...], float, str]]:
    """(line, confidence, word) of each row of tesseract's table that is a word."""
    for row in table.splitlines():
        cells = row.split("\t")
        if len(cells) != 12 or cells[0] != _WORD_ROW:
            continue
        word = cells[11].strip()
        if word:
            yield tuple(cells[1:5]), float(cells[10]), word
