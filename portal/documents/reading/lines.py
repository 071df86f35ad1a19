"""The read text as the parsers look at it: bounded, line by line, repaired where machines err.

Whoever prints a certificate may print anything on it. Patterns are therefore searched in windows
of bounded length and never nest repetitions over the same letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from itertools import islice

MAX_LINES = 600
MAX_LETTERS = 300
"""Of one line."""
_RIM = " \t|_~`'’‘“”\"*=<>«»•·-–—:;,.°^#[]{}\\/"
_FRAMES = frozenset("|[]{}_¦")
_HAS_COLON = re.compile(r"^[A-Za-z][A-Za-z ,/]{1,30}\s?:\s?\S")
_LOST_COLON = re.compile(
    r"^(NIP|Waktu|Tanggal|Periode|Jumlah(?: jam)?(?: pelajaran)?(?: JP)?)\.? "
    r"[12lI!|;](?: |(?=\d{18}\b|\d{8} \d{6}|\d{2} [A-Z]|\d{1,2} ?[-–&sdh]|\d{1,3} ?(?:JP|jam)))",
    re.IGNORECASE,
)
_A_LIST = 2
"""Lines with a colon from which on a paper is one of labels and values."""
_OPENERS = re.compile(r"^\W*(?:[^\W\d_I]\W+)?(?=[^\W\d_]{2,}|[IVX]+ )")
_DIGIT_TWINS = str.maketrans("OoQDIl|!iSsBZz", "00001111155822")


def bounded(lines: Iterable[str]) -> list[str]:
    """Lines with something in them, in the common form of their letters, without frames."""
    found = (_folded_spaces(line) for line in islice(lines, 2 * MAX_LINES))
    return [line for line in found if any(sign.isalnum() for sign in line)][:MAX_LINES]


def _folded_spaces(line: str) -> str:
    words = unicodedata.normalize("NFKC", line[:MAX_LETTERS])[:MAX_LETTERS].split()
    while words and words[0] in _FRAMES:
        del words[0]
    while words and words[-1] in _FRAMES:
        del words[-1]
    return " ".join("I" if word == "|" else word for word in words)  # I Gede, not a frame


def with_colons(lines: Sequence[str]) -> list[str]:
    """The lines, with colons again where a list of labels and values shows that one was taken
    for a digit: "NIP 1198810192013122025" among "Tempat : …" and "Penyelenggara : …"."""
    if sum(_HAS_COLON.search(line) is not None for line in lines) < _A_LIST:
        return list(lines)
    return [_LOST_COLON.sub(r"\1 : ", line) for line in lines]


def as_digits(text: str) -> str:
    """What a machine took for letters where a number has to stand."""
    return text.translate(_DIGIT_TWINS)


def trimmed(text: str) -> str:
    """Without the crumbs of frames and logos at either end, and on one line."""
    return " ".join(text.split()).strip(_RIM)


def without_crumbs(text: str) -> str:
    """As `trimmed`, and without a lone letter that an ornament left before the first word."""
    whole = trimmed(text)
    start = _OPENERS.match(whole)
    return whole[start.end() :] if start else whole


def alike(one: str, other: str) -> float:
    """0 … 1, for words that may be misread; case and punctuation do not count."""
    return SequenceMatcher(None, folded(one), folded(other), autojunk=False).ratio()


def folded(text: str) -> str:
    """Letters and digits alone, lower case."""
    return "".join(sign for sign in text.casefold() if sign.isalnum())
