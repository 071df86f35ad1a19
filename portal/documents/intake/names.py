"""File names that people gave: data to show, never part of a path."""

from __future__ import annotations

import unicodedata

MAX_LENGTH = 120
NAMELESS = "berkas"
_MAX_SUFFIX = 10
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Controls, direction overrides, half surrogates: they can make `exe` read as `pdf`."""


def display_name(name: str) -> str:
    """The name as it can be shown, logged and offered for download; never empty.

    Folders, control and direction characters go, letters of every script stay. Longer names
    are cut before their suffix to 120 characters.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    visible = (c for c in unicodedata.normalize("NFC", last) if c.isspace() or not _hidden(c))
    cleaned = " ".join("".join(visible).split()).strip(". ")
    stem, dot, suffix = cleaned.rpartition(".")
    if not dot or len(suffix) > _MAX_SUFFIX:
        return cleaned[:MAX_LENGTH].rstrip() or NAMELESS
    return f"{stem[: MAX_LENGTH - len(suffix) - 1].rstrip()}.{suffix}"


def _hidden(character: str) -> bool:
    return unicodedata.category(character) in _INVISIBLE
