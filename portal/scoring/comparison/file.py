"""All people of a comparison as CSV, written while it is read: memory stays flat."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from sqlalchemy.orm import Session

from portal.db import now
from portal.scoring.comparison.people import People
from portal.scoring.comparison.sums import Compared
from portal.scoring.engine.result import Score
from portal.scoring.models import RuleComparison
from portal.vocabulary import Dimensi
from portal.wording import points

_HEADINGS = ("kualifikasi", "kompetensi", "kinerja", "disiplin", "total", "kategori")
COLUMNS = (
    "nip",
    "nama",
    "jabatan",
    *(f"{name}_a" for name in _HEADINGS),
    *(f"{name}_b" for name in _HEADINGS),
    "selisih",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_ROWS = 200
"""Of one piece that is sent."""


def lines(session: Session, comparison: RuleComparison) -> Iterator[str]:
    """Pieces of the file: `;` between cells and a decimal comma, as Excel expects in Indonesia."""
    yield "\ufeff" + _text([COLUMNS])
    rows: list[tuple[str, ...]] = []
    for person, compared in People(session, comparison, now()).everybody():
        rows.append(_row(person.nip, person.nama, person.jabatan, compared))
        if len(rows) == _ROWS:
            yield _text(rows)
            rows.clear()
    yield _text(rows)


def _row(nip: str, nama: str, jabatan: str, compared: Compared) -> tuple[str, ...]:
    difference = compared.difference
    return (
        f"'{nip}",  # or Excel makes 1,98E+17 of it
        harmless(nama),
        harmless(jabatan),
        *_cells(compared.a),
        *_cells(compared.b),
        "" if difference is None else points(difference),
    )


def _cells(score: Score | None) -> tuple[str, ...]:
    if score is None:
        return ("tidak diukur",) + ("",) * (len(_HEADINGS) - 1)
    dimensions = [points(score.dimensi(dimensi)) for dimensi in Dimensi]
    return (*dimensions, points(score.total), score.kategori.label)


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.lstrip().startswith(_FORMULA) or text.startswith(_FORMULA) else text


def _text(rows: list[tuple[str, ...]]) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(rows)
    return out.getvalue()
