"""What to write as JP when the certificate states none (Peraturan LAN 10/2018)."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from portal.vocabulary import JenisDiklat

_TABLE = Path(__file__).with_name("jp.toml")


@cache
def _forms() -> dict[JenisDiklat, dict[str, Any]]:
    rows = tomllib.loads(_TABLE.read_text(encoding="utf-8"))["bentuk"]
    return {JenisDiklat(str(row["jenis"])): row for row in rows}


def sentence(jenis: JenisDiklat | None) -> str:
    """A hint for the field; the certificate comes first in every case."""
    row = _forms().get(jenis) if jenis else None
    if row is None:
        return "Jam pelajaran seperti tertulis di sertifikat."
    parts = [f"Bila tidak tertulis di sertifikat: {row['jp']} JP per {row['satuan']}"]
    if "luar_negeri" in row:
        parts.append(f"{row['luar_negeri']} JP di luar negeri")
    if "batas" in row:
        parts.append(row["batas"])
    return ", ".join(parts) + "."
