"""Reading the tables of a rule set file; the first fault ends the reading with a clear sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")


class RuleSetError(ValueError):
    """A rule set that cannot be used; the message names the place in the file."""


class Table:
    """One TOML table, of which every key must be read; `close` refuses the others."""

    def __init__(self, value: object, path: str = "") -> None:
        if not isinstance(value, Mapping):
            raise RuleSetError(f"{path}: harus berupa tabel")
        self._values = value
        self.path = path
        self._read: set[str] = set()

    def at(self, key: str) -> str:
        """Path of a key, for messages."""
        return f"{self.path}.{key}" if self.path else key

    def has(self, key: str) -> bool:
        """Whether an optional key is there."""
        return key in self._values

    def value(self, key: str, kind: type[T], what: str) -> T:
        """The value of a key that must be there and of the kind."""
        self._read.add(key)
        if key not in self._values:
            raise RuleSetError(f"{self.at(key)}: tidak ada")
        found = self._values[key]
        # A bool is an int for Python, not for a rule set.
        if not isinstance(found, kind) or (isinstance(found, bool) and kind is not bool):
            raise RuleSetError(f"{self.at(key)}: harus {what}")
        return found

    def text(self, key: str) -> str:
        return self.value(key, str, "teks")

    def flag(self, key: str) -> bool:
        return self.value(key, bool, "true atau false")

    def whole(self, key: str, *, low: int, high: int) -> int:
        """A whole number from `low` to `high`."""
        found = self.value(key, int, "bilangan bulat")
        if not low <= found <= high:
            raise RuleSetError(f"{self.at(key)}: harus antara {low} dan {high}")
        return found

    def points(self, key: str, maks: Decimal) -> Decimal:
        """A number from 0 to `maks`."""
        found = Decimal(self.value(key, int | Decimal, "angka"))  # type: ignore[arg-type]
        if not found.is_finite() or not 0 <= found <= maks:
            raise RuleSetError(f"{self.at(key)}: {found} di luar 0 sampai maksimum {maks}")
        return found

    def items(self, key: str) -> list[object]:
        return self.value(key, list, "daftar")

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, none twice."""
        found = self.items(key)
        if not all(isinstance(item, str) and item for item in found):
            raise RuleSetError(f"{self.at(key)}: harus daftar teks")
        return self._unique(key, [str(item) for item in found])

    def members(self, key: str, members: type[E]) -> tuple[E, ...]:
        """A list of words (or SIASN numbers) of a closed list, none twice."""
        return self._unique(key, [self._member(key, item, members) for item in self.items(key)])

    def table(self, key: str) -> Table:
        """The table under a key."""
        self._read.add(key)
        if key not in self._values:
            raise RuleSetError(f"{self.at(key)}: tidak ada")
        return Table(self._values[key], self.at(key))

    def mapping(self, members: type[E], read: Callable[[Table, str], T]) -> dict[E, T]:
        """This table as a mapping from every member of a closed list."""
        found = {member: read(self, member.value) for member in members}
        self.close()
        return found

    def some(self, members: type[E], read: Callable[[Table, str], T]) -> dict[E, T]:
        """This table as a mapping from some members of a closed list, in the order of the file."""
        return {self._member(key, key, members): read(self, key) for key in self._values}

    def member(self, key: str, members: type[E]) -> E:
        """A word (or SIASN number) of a closed list."""
        self._read.add(key)
        return self._member(key, self._values.get(key), members)

    def close(self) -> None:
        """Refuse keys that nobody read."""
        unknown = [key for key in self._values if key not in self._read]
        if unknown:
            raise RuleSetError(f"{self.at(unknown[0])}: kunci tidak dikenal")

    def _member(self, key: str, found: object, members: type[E]) -> E:
        try:
            return members(str(found))
        except ValueError:
            raise RuleSetError(f"{self.at(key)}: {found!r} tidak dikenal") from None

    def _unique(self, key: str, found: list[T]) -> tuple[T, ...]:
        if len(set(found)) < len(found):
            raise RuleSetError(f"{self.at(key)}: ada yang tertulis dua kali")
        return tuple(found)
