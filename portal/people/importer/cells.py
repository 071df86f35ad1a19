"""One row of a file: cells by column name, read as typed values with every fault noted."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from portal.nip import Nip
from portal.people.importer.faults import Faults

_EMPTY = frozenset({"", "-", "null"})
_FORMULA = ("=", "@", "+")
_BIDI_CONTROLS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
"""Embeddings and overrides turn the words around them; names in any script work without."""
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?: 00:00:00)?", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00:00)?", re.ASCII)
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)+")
_LONGEST_EMAIL = 200

E = TypeVar("E", bound=StrEnum)


def clean(cell: str) -> str:
    """A cell without the apostrophe that keeps a number as text; `null` and `-` are empty."""
    text = cell.strip().removeprefix("'").strip()
    return "" if text.lower() in _EMPTY else text


def tidy(text: str) -> str:
    """One line of composed characters, without control characters. Emoji and all scripts stay."""
    plain = "".join(
        sign
        for sign in text.translate(_BIDI_CONTROLS)
        if sign.isspace() or unicodedata.category(sign) != "Cc"
    )
    return unicodedata.normalize("NFC", " ".join(plain.split()))


def keyword(text: str) -> str:
    """Letters and digits only, lower case, so that "III.a" and "iii/a" are one word."""
    return "".join(sign for sign in text.lower() if sign.isalnum())


def iso_date(text: str) -> dt.date | None:
    """The date written dd-mm-yyyy, dd/mm/yyyy or yyyy-mm-dd; None when it is none."""
    if found := _DAY_FIRST.fullmatch(text):
        day, month, year = map(int, found.groups())
    elif found := _YEAR_FIRST.fullmatch(text):
        year, month, day = map(int, found.groups())
    else:
        return None
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Row:
    """A row with its place. Reading a faulty cell notes the fault and returns None (or "")."""

    berkas: str
    baris: int
    cells: Mapping[str, str]
    faults: Faults

    def raw(self, column: str) -> str:
        """The cleaned cell; empty when the column is missing."""
        return clean(self.cells.get(column, ""))

    def fault(self, column: str, message: str, value: str | None = None) -> None:
        """Note that the cell is wrong; `value` replaces what would be repeated from it."""
        shown = self.raw(column) if value is None else value
        self.faults.add(self.berkas, self.baris, column, shown, message)

    def warn(self, column: str, message: str, value: str | None = None) -> None:
        """Note that the cell is odd."""
        shown = self.raw(column) if value is None else value
        self.faults.warn(self.berkas, self.baris, column, shown, message)

    def text(self, column: str, limit: int, *, required: bool = False) -> str:
        """A text of at most `limit` characters."""
        found = tidy(self.raw(column))
        if not found and required:
            self.fault(column, "Kosong. Lengkapi dahulu di SIASN atau di berkas ini.")
        if found.startswith(_FORMULA):
            self.fault(column, "Isi tampak seperti rumus. Hapus tanda =, @, atau + di depannya.")
        if len(found) > limit:
            self.fault(column, f"{len(found)} karakter. Paling panjang {limit} karakter.")
            return found[:limit]
        return found

    def date(self, column: str) -> dt.date | None:
        """A date, None when the cell is empty."""
        found = self.raw(column)
        if not found:
            return None
        date = iso_date(found)
        if date is None:
            self.fault(column, "Bukan tanggal. Tulis seperti 31-12-1990.")
        return date

    def year(self, column: str) -> int | None:
        """A year of 1900 to 2100, None when the cell is empty or 0."""
        found = self.raw(column)
        if found in {"", "0"}:
            return None
        if not (found.isascii() and found.isdigit()) or not 1900 <= int(found[:6]) <= 2100:
            self.fault(column, "Bukan tahun. Tulis empat angka, misalnya 2012.")
            return None
        return int(found)

    def choice(self, column: str, words: Mapping[str, E], remedy: str) -> E | None:
        """A word or code of a closed list, None when the cell is empty."""
        found = self.raw(column)
        if not found:
            return None
        member = words.get(found) or words.get(keyword(found))
        if member is None:
            self.fault(column, remedy)
        return member

    def nip(self, column: str) -> Nip | None:
        """The NIP of the row; a wrong one is told with its last four digits only."""
        found = self.raw(column)
        if not found:
            self.fault(column, "NIP kosong. Isi 18 angka NIP.")
            return None
        try:
            return Nip.parse(found)
        except ValueError as error:
            secret = sum(map(str.isdigit, found)) > 8
            self.fault(column, str(error), f"…{found[-4:]}" if secret else None)
            return None

    def email(self, column: str) -> str:
        """An address, empty when there is none; one that cannot be right is left out and told."""
        found = tidy(self.raw(column))
        if found and (len(found) > _LONGEST_EMAIL or not _EMAIL.fullmatch(found)):
            self.warn(column, "Bukan alamat surel, jadi tidak diambil.", "")
            return ""
        return found
