"""XLSX: which sheets there are, their texts, their rows. See docs/decisions/0007."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from functools import partial
from typing import BinaryIO

from portal.imports.sheets.markup import Reader, local
from portal.imports.sheets.package import BROKEN, Package
from portal.imports.sheets.refusal import Unreadable

MOST_SHEETS = 20
MOST_ROWS = 1_048_576
"""As many as a sheet of Excel can have."""
MOST_COLUMNS = 256
LONGEST_CELL = 4000
"""Characters that are kept of a cell; a remark of BKN has some hundred."""
MOST_TEXT = 64 * 1024 * 1024
"""Characters of all shared texts together; each also counts with its overhead."""
_OVERHEAD = 64
_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_STRINGS = "xl/sharedStrings.xml"
_NO_TABLE = (
    "Ini bukan lembar kerja Excel. Simpan datanya sebagai “Buku Kerja Excel (.xlsx)” atau CSV."
)


def tables(stream: BinaryIO, unpacked: int) -> list[Callable[[], Iterator[tuple[int, list[str]]]]]:
    """The sheets of a workbook in their order."""
    package = Package(stream, unpacked)
    if "xl/vbaProject.bin" in package:
        raise Unreadable(
            "Berkas ini memuat makro. Simpan sebagai “Buku Kerja Excel (.xlsx)” tanpa makro."
        )
    if _WORKBOOK not in package or _RELATIONS not in package:
        raise Unreadable(_NO_TABLE)
    texts: list[str] = []
    parts = _sheets(package)
    if _STRINGS in package:
        texts = _Texts().read(package)
    return [partial(_rows, package, part, texts) for part in parts]


def _sheets(package: Package) -> list[str]:
    """Names of the parts that hold the first sheets, in the order of the tabs."""
    wanted: list[str] = []
    targets: dict[str, str] = {}

    def sheet(name: str, attributes: dict[str, str]) -> None:
        if local(name) == "workbookPr" and attributes.get("date1904") in {"1", "true"}:
            raise Unreadable(
                "Berkas memakai sistem tanggal 1904. Matikan di Excel (Opsi, Tingkat Lanjut), "
                "periksa tanggalnya, lalu simpan ulang."
            )
        if local(name) == "sheet":
            wanted.extend(v for k, v in attributes.items() if ":" in k and local(k) == "id")

    def relation(name: str, attributes: dict[str, str]) -> None:
        if local(name) == "Relationship" and attributes.get("TargetMode") != "External":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    Reader(sheet, _nothing, _nothing).feed_all(package.chunks(_WORKBOOK))
    Reader(relation, _nothing, _nothing).feed_all(package.chunks(_RELATIONS))
    parts = [_part(targets[key]) for key in wanted if key in targets]
    found = [part for part in parts if part in package][:MOST_SHEETS]
    if not found:
        raise Unreadable(BROKEN)
    return found


def _part(target: str) -> str:
    if target.startswith("/"):
        return target
    return posixpath.normpath(posixpath.join("xl", target))


def _nothing(*_event: object) -> None:
    """Handler of what does not matter."""


class _Texts:
    """The texts that cells point to by number."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._pieces: list[str] = []
        self._keeps = self._aside = False
        self._size = 0

    def read(self, package: Package) -> list[str]:
        Reader(self._start, self._end, self._text).feed_all(package.chunks(_STRINGS))
        return self.found

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        kind = local(name)
        if kind == "si":
            self._pieces = []
        elif kind == "rPh":  # how a text is read aloud, in Japanese files
            self._aside = True
        self._keeps = kind == "t" and not self._aside

    def _end(self, name: str) -> None:
        kind = local(name)
        self._keeps = False
        if kind == "rPh":
            self._aside = False
        elif kind == "si":
            text = "".join(self._pieces)[:LONGEST_CELL]
            self._pieces = []
            self._grow(_OVERHEAD)
            self.found.append(text)

    def _text(self, data: str) -> None:
        if self._keeps:
            self._grow(len(data))
            self._pieces.append(data)

    def _grow(self, by: int) -> None:
        self._size += by
        if self._size > MOST_TEXT:
            raise Unreadable(
                "Berkas memuat terlalu banyak teks. Sisakan lembar datanya saja, atau bagi "
                "menjadi beberapa berkas."
            )


def _rows(package: Package, part: str, texts: list[str]) -> Iterator[tuple[int, list[str]]]:
    sheet = _Sheet(texts)
    reader = Reader(sheet.start, sheet.end, sheet.text)
    for chunk in package.chunks(part):
        reader.feed(chunk)
        yield from sheet.take()
    reader.feed(b"", last=True)
    yield from sheet.take()


class _Sheet:
    """Collects the rows of a sheet. A formula counts by the value saved with it."""

    def __init__(self, texts: list[str]) -> None:
        self._texts = texts
        self._done: list[tuple[int, list[str]]] = []
        self._row = self._rows = 0
        self._column = -1
        self._cells: dict[int, str] = {}
        self._kind = ""
        self._pieces: list[str] = []
        self._keeps = self._aside = False
        self._room = 0

    def take(self) -> list[tuple[int, list[str]]]:
        done, self._done = self._done, []
        return done

    def start(self, name: str, attributes: dict[str, str]) -> None:
        kind = local(name)
        if kind == "c":
            self._begin_cell(attributes)
        elif kind == "row":
            self._begin_row(attributes.get("r", ""))
        elif kind == "rPh":
            self._aside = True
        self._keeps = kind in {"v", "t"} and not self._aside

    def end(self, name: str) -> None:
        kind = local(name)
        self._keeps = False
        if kind == "c":
            self._end_cell()
        elif kind == "row":
            self._end_row()
        elif kind == "rPh":
            self._aside = False

    def text(self, data: str) -> None:
        if self._keeps and self._room > 0:
            self._pieces.append(data[: self._room])
            self._room -= len(data)

    def _begin_row(self, number: str) -> None:
        self._rows += 1
        # Numbers may be left out, and only ever grow.
        given = int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 0
        self._row = max(given, self._row + 1)
        if self._rows > MOST_ROWS:
            raise Unreadable("Berkas memuat terlalu banyak baris. Bagi menjadi beberapa berkas.")
        self._column = -1
        self._cells = {}

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        letters = attributes.get("r", "").rstrip("0123456789")
        self._column = _number_of(letters) if letters else self._column + 1
        self._kind = attributes.get("t", "n")
        self._pieces = []
        self._room = LONGEST_CELL

    def _end_cell(self) -> None:
        value = "".join(self._pieces)
        if self._kind == "s" and value:
            value = self._shared(value)
        if value and 0 <= self._column < MOST_COLUMNS:
            self._cells[self._column] = value

    def _shared(self, number: str) -> str:
        try:
            return self._texts[int(number)]
        except (ValueError, IndexError):
            raise Unreadable(BROKEN) from None

    def _end_row(self) -> None:
        if any(value.strip() for value in self._cells.values()):
            width = max(self._cells) + 1
            self._done.append((self._row, [self._cells.get(n, "") for n in range(width)]))
        self._cells = {}


def _number_of(letters: str) -> int:
    """Column of the letters, A = 0; beyond every sheet for anything else."""
    if len(letters) > 3:
        return MOST_COLUMNS
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1
