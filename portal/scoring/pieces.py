"""Pieces of which rows of "skor" and "perubahan_skor" are put together.

Many rows share a piece, which is made once: the columns as the driver takes them, and the same as
COPY, the quickest way into PostgreSQL, reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple, cast

import msgspec
from sqlalchemy import JSON, Dialect, Table

from portal.scoring.models import ScoreChange, StoredScore

SCORES = cast("Table", StoredScore.__table__)
CHANGES = cast("Table", ScoreChange.__table__)
POINTS = ("total", "kualifikasi", "kompetensi", "kinerja", "disiplin")
STAMP = ("tahun", "aturan", "aturan_versi", "per_tanggal", "dihitung")
POST = (
    "jenis_pegawai",
    "kelompok_jabatan",
    "syarat_pendidikan",
    "jabatan",
    "kedudukan_hukum",
)
OUTCOME = (
    *POINTS,
    *("diukur", "alasan", "kategori", "sementara", "bisa", "langkah"),
    *("peluang_pendidikan", "peluang_kepemimpinan", "peluang_fungsional"),
    *("peluang_teknis", "peluang_seminar"),
)
CAUSE = ("tahun", "waktu", "sebab", "document_id", "aturan_versi")
DIFFERENCE = ("sebelum", "sesudah", "dimensi")


class Piece(NamedTuple):
    """Some columns of a row."""

    values: tuple[Any, ...]
    line: str
    """A part of a line for COPY."""


class Pieces:
    """Makes pieces for one database; values pass the types of the columns."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._to = cache(self._processor)

    def of(self, table: Table, names: Sequence[str], row: Mapping[str, Any]) -> Piece:
        """These columns of a row."""
        values = tuple([self._to(table, name)(row[name]) for name in names])
        return Piece(values, "\t".join([_copied(value) for value in values]))

    def _processor(self, table: Table, name: str) -> Callable[[Any], Any]:
        kind = table.c[name].type
        if isinstance(kind, JSON):
            return json_text
        return kind.dialect_impl(self._dialect).bind_processor(self._dialect) or _as_it_is


def json_text(value: object) -> str:
    """What a JSON column holds."""
    return msgspec.json.encode(value).decode()


def _as_it_is(value: Any) -> Any:
    return value


def _copied(value: object) -> str:
    return "\\N" if value is None else escaped(str(value))


def escaped(text: str) -> str:
    """A text as COPY reads it."""
    if "\\" in text:
        text = text.replace("\\", "\\\\")
    return text.replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
