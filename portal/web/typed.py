"""What people typed, made fit to be kept: no control characters, no stray spaces."""

from __future__ import annotations

import re
import unicodedata

# Overrides, isolates and marks of the writing direction garble what is printed beside them (the
# letters themselves carry their direction); spaces without width and soft hyphens come along from
# web pages and make two equal numbers differ. Joiners (emoji, Arabic) stay.
_UNSEEN = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


def clean(typed: str | None) -> str:
    """One line: control characters and lone surrogates dropped, spaces folded, ends trimmed."""
    return " ".join(_printable(typed, keep="\n").split())


def clean_lines(typed: str | None) -> str:
    """Several lines, each cleaned."""
    lines = _printable(typed, keep="\n").splitlines()
    return "\n".join(" ".join(line.split()) for line in lines).strip()


def _printable(typed: str | None, *, keep: str) -> str:
    text = unicodedata.normalize("NFC", typed or "").replace("\t", " ").replace("\r\n", "\n")
    return "".join(
        character
        for character in _UNSEEN.sub("", text)
        if character in keep or unicodedata.category(character) not in {"Cc", "Cs"}
    )
