"""The Content-Disposition header, for signed addresses and for files the app streams itself."""

from __future__ import annotations

import re
from urllib.parse import quote

_PLAIN = re.compile(r"[^A-Za-z0-9 ._()-]")


def content_disposition(disposition: str, filename: str) -> str:
    """`inline` or `attachment` with the name in both forms of RFC 6266.

    The name is data from a person: nothing of it can end the quotes or begin another header.
    Raises ValueError for any other disposition.
    """
    if disposition not in {"inline", "attachment"}:
        raise ValueError(f"unknown disposition: {disposition!r}")
    plain = _PLAIN.sub("_", filename)
    exact = quote(filename.encode("utf-8", "replace"), safe="")
    return f"{disposition}; filename=\"{plain}\"; filename*=UTF-8''{exact}"
