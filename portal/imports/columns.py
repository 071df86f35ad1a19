"""Which column of a file holds what: the header is found by its names, wherever it stands."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from portal.imports.sheets import Limits, Lines, Table, Unreadable, open_tables
from portal.people.importer.cells import clean, keyword, tidy
from portal.people.importer.faults import shown

HEADER_WITHIN = 30
"""Lines among which the header is looked for; above it stand titles and dates."""
_ASIDE = re.compile(r"\(.*?\)")
"""What a heading says in brackets: "Kualifikasi (25)"."""
_NAMED = 20
"""Columns without a meaning here that are named; of more only the number is told."""


@dataclass(frozen=True)
class Columns:
    """The columns that a kind of file has."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    aliases: Mapping[str, str] | None = None
    """Other headings → name of the column; compared by letters and digits alone."""
    silent: tuple[str, ...] = ()
    """Known columns that are not taken over, so that nobody is told of them."""

    def meaning(self, heading: str) -> str:
        """The name of the column under this heading, empty for an unknown one."""
        word = keyword(_ASIDE.sub("", tidy(heading)))
        names = {keyword(name): name for name in (*self.required, *self.optional, *self.silent)}
        other = {keyword(also): name for also, name in (self.aliases or {}).items()}
        return names.get(word) or other.get(word, "")


@dataclass(frozen=True)
class Header:
    """The header of a file: where it stands, what it names."""

    line: int
    position: Mapping[str, int]
    """Column → index of its cell."""
    headings: Mapping[str, str]
    """Column → as the file writes it."""
    unknown: tuple[str, ...]
    """Headings that mean nothing here; their columns are ignored."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of data: its number and its cells by column."""

    baris: int
    cells: Mapping[str, str]

    def raw(self, column: str) -> str:
        """The cleaned cell; empty when the column is missing."""
        return clean(self.cells.get(column, ""))


class Sheet:
    """The table of a file that has the wanted header. Read as often as one likes."""

    def __init__(self, table: Table, header: Header) -> None:
        self.header = header
        self._table = table

    def lines(self) -> Iterator[Line]:
        """The rows below the header. Raises Unreadable when the file breaks off."""
        header = self.header
        for number, cells in self._table():
            if number > header.line:
                width = len(cells)
                yield Line(
                    number,
                    {
                        name: cells[index]
                        for name, index in header.position.items()
                        if index < width
                    },
                )


def find(stream: BinaryIO, columns: Columns, limits: Limits) -> Sheet:
    """The table whose header names the most of `columns`.

    Raises Unreadable, with what is missing, when none names all that is required.
    """
    best: tuple[int, Sheet] | None = None
    failure: Unreadable | None = None
    for table in open_tables(stream, limits):
        try:
            header = _header(table(), columns)
        except Unreadable as error:
            failure = failure or error
            continue
        if header and (best is None or len(header.position) > best[0]):
            best = (len(header.position), Sheet(table, header))
    if best is None:
        raise failure or Unreadable(
            f"Baris judul tidak ditemukan di {HEADER_WITHIN} baris pertama. Harus ada kolom "
            f"{_listed(columns.required)}."
        )
    missing = [name for name in columns.required if name not in best[1].header.position]
    if missing:
        raise Unreadable(
            f"Kolom tidak ada: {_listed(missing)}. Baris judul ada di baris "
            f"{best[1].header.line}. Tambahkan kolomnya, atau unduh ulang dengan semua kolom."
        )
    return best[1]


def _listed(names: Sequence[str]) -> str:
    words = [name.replace("_", " ") for name in names]
    return ", ".join("NIP" if word == "nip" else word.capitalize() for word in words)


def _header(lines: Lines, columns: Columns) -> Header | None:
    """The first line that names at least two of the wanted columns."""
    for number, cells in itertools.takewhile(lambda line: line[0] <= HEADER_WITHIN, lines):
        meanings = [columns.meaning(cell) for cell in cells]
        if len(set(meanings) & {*columns.required}) >= 2:
            return _named(number, cells, meanings)
    return None


def _named(line: int, cells: Sequence[str], meanings: Sequence[str]) -> Header:
    position: dict[str, int] = {}
    for index, name in enumerate(meanings):
        if name and name in position:
            raise Unreadable(
                f"Baris {line}: kolom {_listed([name])} ada dua kali. Hapus salah satunya."
            )
        if name:
            position[name] = index
    headings = {name: shown(tidy(cells[index])) for name, index in position.items()}
    unknown = [
        shown(tidy(cell))
        for cell, name in zip(cells, meanings, strict=True)
        if not name and tidy(cell)
    ]
    if len(unknown) > _NAMED:
        unknown = [*unknown[:_NAMED], f"dan {len(unknown) - _NAMED} lainnya"]
    return Header(line, position, headings, tuple(unknown))
