"""The audit as a file: JSON Lines for programs (with the seals, so that it can be held against the
chain anywhere), XLSX for people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO
from zoneinfo import ZoneInfo

import msgspec
import xlsxwriter
from sqlalchemy import ColumnElement, tuple_

from portal.audit import AuditEntry
from portal.audit.words import act
from portal.db import Database
from portal.operations.audit_log import Line, Subjects, lines, subjects

STEP = 1000
SHEET = 1_000_000
"""Lines of one sheet; a program for tables takes 1,048,576 rows."""
CELL = 32_000
"""Letters that such a program takes in one cell."""
COLUMNS = (
    ("Tempat", 10),
    ("Waktu", 20),
    ("Pelaku", 28),
    ("Tindakan", 32),
    ("Kode", 26),
    ("Tentang", 44),
    ("Rincian", 60),
    ("Segel", 66),
)
Batch = tuple[list[Line], Subjects]
Batches = Iterable[Batch]


class Counted:
    """Batches that count their lines as they pass."""

    def __init__(self, found: Batches) -> None:
        self._found = found
        self.lines = 0

    def __iter__(self) -> Iterator[Batch]:
        for batch in self._found:
            self.lines += len(batch[0])
            yield batch


def batches(
    database: Database, *conditions: ColumnElement[bool], named: bool = False
) -> Iterator[Batch]:
    """The lines that fit, oldest first, in steps of bounded size; each step is a read of its own,
    so that a slow reader holds nothing open. With `named` also what they are about."""
    last: tuple[dt.datetime, int] | None = None
    while True:
        statement = lines(*conditions).order_by(AuditEntry.at, AuditEntry.id).limit(STEP)
        if last:
            statement = statement.where(tuple_(AuditEntry.at, AuditEntry.id) > tuple_(*last))
        with database.reading() as session:
            found = [Line(entry, seal) for entry, seal in session.execute(statement)]
            yield found, subjects(session, (one.entry for one in found)) if named else {}
        if len(found) < STEP:
            return
        last = (found[-1].entry.at, found[-1].entry.id)


def json_lines(found: Batches) -> Iterator[bytes]:
    """One line of the audit a line, with everything that its seal is made of."""
    for rows, _ in found:
        if rows:
            yield b"".join(msgspec.json.encode(_plain(one)) + b"\n" for one in rows)


def _plain(one: Line) -> dict[str, object]:
    entry, seal = one.entry, one.seal
    return {
        "tempat": seal.urutan if seal else None,
        "id": entry.id,
        "waktu": _moment(entry.at),
        "oleh_id": entry.actor_id,
        "oleh": entry.actor_name,
        "tindakan": entry.action,
        "tentang_id": entry.subject_id,
        "rincian": entry.facts,
        "disegel": _moment(seal.disegel) if seal else None,
        "isi": seal.isi if seal else None,
        "segel": seal.hash if seal else None,
    }


def _moment(at: dt.datetime) -> str:
    """As in the chain (portal.audit.chain)."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def write_xlsx(found: Batches, target: BinaryIO, zone: ZoneInfo) -> None:
    """A workbook in `target`; row by row, so that memory stays flat."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        head = book.add_format({"bold": True})
        sheet, row = _sheet(book, head), 1
        for rows, about in found:
            for one in rows:
                if row > SHEET:
                    sheet, row = _sheet(book, head), 1
                _write(sheet, row, _cells(one, about, zone))
                row += 1


def _sheet(book: xlsxwriter.Workbook, head: object) -> xlsxwriter.worksheet.Worksheet:
    sheet = book.add_worksheet(f"Audit {len(book.worksheets()) + 1}")
    sheet.freeze_panes(1, 0)
    for number, (name, width) in enumerate(COLUMNS):
        sheet.set_column(number, number, width)
        sheet.write_string(0, number, name, head)
    return sheet


def _write(sheet: xlsxwriter.worksheet.Worksheet, row: int, cells: Sequence[object]) -> None:
    for column, value in enumerate(cells):
        if isinstance(value, int):
            sheet.write_number(row, column, value)
        else:  # written as text, whatever it begins with
            sheet.write_string(row, column, str(value)[:CELL])


def _cells(one: Line, about: Subjects, zone: ZoneInfo) -> tuple[object, ...]:
    entry, seal = one.entry, one.seal
    subject = entry.subject_id
    return (
        seal.urutan if seal else "menunggu",
        entry.at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S"),
        entry.actor_name,
        act(entry.action),
        entry.action,
        about.get(subject, str(subject)) if subject else "",
        msgspec.json.encode(entry.facts).decode() if entry.facts else "",
        seal.hash if seal else "",
    )
