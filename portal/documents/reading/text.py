"""Text of a picture, by tesseract as a program of its own (optional at run time)."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby, islice

from PIL import Image

LANGUAGES = ("ind", "eng")
"""Indonesian has to be there; English beside it reads numbers better, which are no words."""
COLUMN, BLOCK = "4", "6"
"""Ways to find lines: a column of lines of any size reads a certificate best and fastest; one
block of lines keeps the rows of a table together (docs/decisions/0016-reading.md)."""
SECONDS = 20.0
"""For one page; a page full of noise takes longer than one of text."""
MAX_WORDS, MAX_LINES, MAX_LETTERS = 3000, 400, 300
"""Of a page, and of a line of it."""
_WORD_ROW = "5"
_ENVIRONMENT = {
    "PATH": f"/usr/local/bin{os.pathsep}{os.defpath}",
    # A thread per processor costs more than it gains on a page.
    "OMP_THREAD_LIMIT": "1",
}


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
    program = shutil.which("tesseract", path=_ENVIRONMENT["PATH"])
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
    if not table:
        return NOTHING
    return _lines(table.decode(errors="replace"))


def _run(command: list[str], given: bytes) -> bytes | None:
    try:
        done = subprocess.run(  # noqa: S603  a fixed program, a picture of our own making
            command,
            input=given,
            capture_output=True,
            check=False,
            timeout=SECONDS,
            env=_ENVIRONMENT,
        )
    except (subprocess.TimeoutExpired, OSError):
        return None
    return done.stdout if done.returncode == 0 else None


def _lines(table: str) -> PageText:
    words = list(islice(_words(table), MAX_WORDS))
    rows = (row for _, row in groupby(words, lambda word: word.line))
    texts = (" ".join(word.text for word in row)[:MAX_LETTERS] for row in islice(rows, MAX_LINES))
    return PageText(
        tuple(texts),
        sum(word.letters * word.confidence for word in words),
        sum(word.letters for word in words),
    )


@dataclass(frozen=True)
class _Word:
    text: str
    confidence: float
    line: tuple[str, ...]

    @property
    def letters(self) -> int:
        return sum(sign.isalnum() for sign in self.text)


def _words(table: str) -> Iterator[_Word]:
    """Each row of tesseract's table that is a word."""
    for row in table.splitlines():
        cells = row.split("\t")
        if len(cells) == 12 and cells[0] == _WORD_ROW and cells[11].strip():
            yield _Word(cells[11].strip(), float(cells[10]) / 100, tuple(cells[1:5]))
