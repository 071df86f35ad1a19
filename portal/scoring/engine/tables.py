"""Reading the tables of a rule set file; the first fault ends the reading with a clear sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from portal.scoring.engine.toml_lines import KeyPath

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")
_PLACES = 2
"""Decimals that points may have: with them every share of a yearly duty stays exact."""
_MOST = 200
"""Entries of a list of texts."""


class RuleSetError(ValueError):
    """A rule set that cannot be used; the message names the place in the file."""

    def __init__(self, message: str, where: KeyPath = ()) -> None:
        self.where = where
        super().__init__(f"{shown(where)}: {message}" if where else message)


def shown(where: KeyPath) -> str:
    """A path as people write it: kinerja.nilai[3].poin."""
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in where]
    return "".join(parts).removeprefix(".")


class Table:
    """One TOML table, of which every key must be read; `close` refuses the others."""

    def __init__(self, value: object, where: KeyPath = ()) -> None:
        if not isinstance(value, Mapping):
            raise RuleSetError("harus berupa tabel", where)
        self._values = value
        self._tables: dict[str, Table] = {}
        self.where = where
        self._read: set[str] = set()

    def at(self, *keys: str | int) -> KeyPath:
        """KeyPath of something below, for messages."""
        return (*self.where, *keys)

    def has(self, key: str) -> bool:
        """Whether an optional key is there."""
        return key in self._values

    def value(self, key: str, kind: type[T], what: str) -> T:
        """The value of a key that must be there and of the kind."""
        self._read.add(key)
        if key not in self._values:
            raise RuleSetError("tidak ada", self.at(key))
        found = self._values[key]
        # A bool is an int for Python, not for a rule set.
        if not isinstance(found, kind) or (isinstance(found, bool) and kind is not bool):
            raise RuleSetError(f"harus {what}", self.at(key))
        return found

    def text(self, key: str, *, longest: int = 1000) -> str:
        """One line of text."""
        found = self.value(key, str, "teks")
        if not found.isprintable() or len(found) > longest:
            raise RuleSetError(f"harus satu baris, paling panjang {longest} huruf", self.at(key))
        return found

    def flag(self, key: str) -> bool:
        return self.value(key, bool, "true atau false")

    def whole(self, key: str, *, low: int, high: int) -> int:
        """A whole number from `low` to `high`."""
        found = self.value(key, int, "bilangan bulat")
        if not low <= found <= high:
            raise RuleSetError(f"harus antara {low} dan {high}", self.at(key))
        return found

    def points(self, key: str, maks: Decimal) -> Decimal:
        """A number from 0 to `maks` with at most two decimals."""
        found = Decimal(self.value(key, int | Decimal, "angka"))  # type: ignore[arg-type]
        if not found.is_finite() or not 0 <= found <= maks:
            raise RuleSetError(f"{_short(found)} di luar 0 sampai maksimum {maks}", self.at(key))
        exponent = found.as_tuple().exponent
        if isinstance(exponent, int) and exponent < -_PLACES:
            raise RuleSetError(f"paling banyak {_PLACES} angka di belakang koma", self.at(key))
        return found

    def items(self, key: str) -> list[object]:
        return self.value(key, list, "daftar")

    def tables(self, key: str) -> list[Table]:
        """The tables of a list."""
        return [Table(item, self.at(key, n)) for n, item in enumerate(self.items(key))]

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of short texts, none twice."""
        found = self.items(key)
        for index, item in enumerate(found):
            if not isinstance(item, str) or not 0 < len(item) <= _MOST or not item.isprintable():
                raise RuleSetError("harus daftar teks", self.at(key, index))
        if len(found) > _MOST:
            raise RuleSetError(f"paling banyak {_MOST} teks", self.at(key))
        return _unique([str(item) for item in found], self.at(key))

    def members(self, key: str, members: type[E]) -> tuple[E, ...]:
        """A list of words (or SIASN numbers) of a closed list, none twice."""
        return _unique(_members(self.items(key), members, self.at(key)), self.at(key))

    def groups(self, key: str, members: type[E]) -> list[tuple[E, ...]]:
        """A list of such lists, no word in two of them."""
        groups: list[tuple[E, ...]] = []
        for index, group in enumerate(self.items(key)):
            where = self.at(key, index)
            if not isinstance(group, list):
                raise RuleSetError("harus daftar", where)
            found = _unique(_members(group, members, where), where)
            if any(word in other for word in found for other in groups):
                raise RuleSetError("ada yang tertulis dua kali", where)
            groups.append(found)
        return groups

    def table(self, key: str) -> Table:
        """The table under a key; the same one each time."""
        self._read.add(key)
        if key not in self._values:
            raise RuleSetError("tidak ada", self.at(key))
        if key not in self._tables:
            self._tables[key] = Table(self._values[key], self.at(key))
        return self._tables[key]

    def mapping(self, members: type[E], read: Callable[[Table, str], T]) -> dict[E, T]:
        """This table as a mapping from every member of a closed list."""
        found = {member: read(self, member.value) for member in members}
        self.close()
        return found

    def some(self, members: type[E], read: Callable[[Table, str], T]) -> dict[E, T]:
        """This table as a mapping from some members of a closed list, in the order of the file."""
        unread = [key for key in self._values if key not in self._read]
        return {_member(key, members, self.at(key)): read(self, key) for key in unread}

    def member(self, key: str, members: type[E]) -> E:
        """A word (or SIASN number) of a closed list."""
        self._read.add(key)
        if key not in self._values:
            raise RuleSetError("tidak ada", self.at(key))
        return _member(self._values[key], members, self.at(key))

    def close(self) -> None:
        """Refuse keys that nobody read."""
        unknown = [key for key in self._values if key not in self._read]
        if unknown:
            raise RuleSetError("kunci tidak dikenal", self.at(unknown[0]))


def _members(found: Sequence[object], members: type[E], where: KeyPath) -> list[E]:
    return [_member(item, members, (*where, index)) for index, item in enumerate(found)]


def _member(found: object, members: type[E], where: KeyPath) -> E:
    try:
        return members(str(found))
    except ValueError:
        raise RuleSetError(f"{_short(found)} tidak dikenal", where) from None


def _unique(found: list[T], where: KeyPath) -> tuple[T, ...]:
    for index, item in enumerate(found):
        if item in found[:index]:
            raise RuleSetError("ada yang tertulis dua kali", (*where, index))
    return tuple(found)


def _short(found: object) -> str:
    """Foreign input made safe to repeat in a message."""
    text = repr(found) if isinstance(found, str) else str(found)
    return text if len(text) <= 40 else f"{text[:40]}…"
