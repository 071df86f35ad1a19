"""What was read, in the words of the screens."""

from __future__ import annotations

import datetime as dt
import re

from portal.wording import tanggal

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def as_words(value: str) -> str:
    """A value of a reading as people write it: 12 Oktober 2026 for 2026-10-12."""
    if not _ISO.fullmatch(value):
        return value
    try:
        return tanggal(dt.date.fromisoformat(value))
    except ValueError:
        return value
