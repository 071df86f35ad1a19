"""The figures as a workbook. Every text is written as text: no cell can become a formula."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter

from portal.verification.quality.statistics import Figures, Report

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""First letters that a spreadsheet takes for a formula once somebody edits or copies the cell."""
COLUMNS = (
    *("Diputuskan", "Per hari kerja", "Disetujui", "Dikembalikan", "Ditolak"),
    *("Median hari kerja", "Menunggu sekarang", "Diuji petik", "Kesepakatan (%)"),
)
Cell = str | int | Decimal | dt.date | None


class Sheets:
    """Writes tables, one worksheet each."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._head = book.add_format({"bold": True, "text_wrap": True, "bottom": 1})
        self._day = book.add_format({"num_format": "dd-mm-yyyy", "align": "left"})
        self._quoted = book.add_format({"quote_prefix": True})

    def add(self, name: str, head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
        sheet = self._book.add_worksheet(name)
        sheet.set_column(0, 0, 44)
        sheet.set_column(1, len(head), 15)
        sheet.freeze_panes(1, 1)
        for column, text in enumerate(head):
            sheet.write_string(0, column, text, self._head)
        for place, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                self._write(sheet, place, column, cell)

    def _write(self, sheet: Any, row: int, column: int, cell: Cell) -> None:
        if cell is None:
            return
        if isinstance(cell, str):
            risky = cell.startswith(FORMULA)
            sheet.write_string(row, column, cell, self._quoted if risky else None)
        elif isinstance(cell, dt.date):
            sheet.write_datetime(row, column, cell, self._day)
        else:
            sheet.write_number(row, column, float(cell))


def workbook(report: Report, agency: str) -> bytes:
    """The whole report as .xlsx."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        sheets = Sheets(book)
        whole = [("Instansi", agency), ("Masa", report.period.words)]
        whole += [("Hari kerja", report.working_days)]  # type: ignore[list-item]
        figures = zip(COLUMNS, _cells(report.whole, report), strict=True)
        sheets.add("Ringkasan", ("Hal", "Isi"), [*whole, *figures])
        for name, first, groups in (
            ("Per antrean", "Antrean", report.queues),
            ("Per jenis", "Jenis dokumen", report.kinds),
            ("Per pemeriksa", "Pemeriksa", report.people),
        ):
            rows = [(one.label, *_cells(one, report)) for one in groups]
            sheets.add(name, (first, *COLUMNS), rows)
        sheets.add("Alasan", ("Alasan dikembalikan atau ditolak", "Jumlah"), report.reasons)
        sheets.add("Perkembangan", ("Dari", "Sampai", "Diputuskan"), report.course)
    return out.getvalue()


def _cells(one: Figures, report: Report) -> tuple[Cell, ...]:
    return (
        *(one.decided, one.per_day(report.working_days)),
        *(one.approved, one.returned, one.refused),
        *(one.median, one.waiting, one.looked, one.agreement),
    )
