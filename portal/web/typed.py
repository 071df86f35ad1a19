"""What people typed, made fit to be kept: no control characters, no stray spaces."""

from __future__ import annotations

import re
import unicodedata

# Overrides and isolates of the writing direction garble everything printed beside them; the
# letters themselves carry their direction. Joiners (emoji, Arabic) stay.
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")


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
        for character in _DIRECTION.sub("", text)
        if character in keep or unicodedata.category(character) not in {"Cc", "Cs"}
    )
