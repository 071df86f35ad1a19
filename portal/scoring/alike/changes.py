"""Changes of points, which many people share."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import cache

from sqlalchemy import Dialect

from portal.db import Points, new_id
from portal.scoring import rows
from portal.scoring.alike.agencies import Way
from portal.scoring.pieces import CAUSE, CHANGES, DIFFERENCE, POINTS, Piece, Pieces
from portal.scoring.stock import NewChange

Stored = tuple[int | None, ...]
"""Total and dimensions as they are stored."""


class Changes:
    """Rows of "perubahan_skor" with one cause."""

    def __init__(self, dialect: Dialect, cause: str, moment: dt.datetime) -> None:
        self._pieces = Pieces(dialect)
        self._why, self._moment = cause, moment
        self._cause = cache(self._make_cause)
        self._difference = cache(self._make_difference)

    def row(self, pegawai_id: str, way: Way, before: Stored | None, after: Stored) -> NewChange:
        """How somebody's points came to differ; `before` is None for the first score."""
        cause = self._cause(way.how.tahun, way.how.rules.version)
        return NewChange(new_id().hex, pegawai_id, cause, self._difference(before, after))

    def _make_cause(self, tahun: int, version: str) -> Piece:
        told = {"tahun": tahun, "aturan_versi": version, "waktu": self._moment}
        return self._pieces.of(CHANGES, CAUSE, told | {"sebab": self._why, "document_id": None})

    def _make_difference(self, before: Stored | None, after: Stored) -> Piece:
        told = rows.difference(_points(before) if before else {}, _points(after))
        return self._pieces.of(CHANGES, DIFFERENCE, told)


def _points(stored: Stored) -> dict[str, Decimal | None]:
    to = Points().process_result_value
    return {name: to(value, None) for name, value in zip(POINTS, stored, strict=True)}
