"""Typed values out of one JSON object, with every fault collected under the path of its field."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_SHOWN = 40
"""Longest piece of foreign input that a message repeats."""

LARGEST = 999_999_999
"""No number of the input is larger; far beyond any true JP, it keeps arithmetic small."""

_MOST = 100
"""So many faults of one input are noted; nobody reads more, and they would fill the memory."""

_DECIMALS = 40
"""No number of the input has more; an exponent of millions would take minutes to write out."""

E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class FieldError:
    """One fault: `field` is a path like `pengembangan[2].jp`, empty for the whole input."""

    field: str
    message: str


class InputErrors(ValueError):
    """An input that cannot be scored, with its faults (the first hundred of them)."""

    def __init__(self, errors: list[FieldError]) -> None:
        self.errors = errors
        super().__init__("; ".join(f"{error.field}: {error.message}" for error in errors))


def shown(value: object) -> str:
    """Foreign input made safe to repeat in a message: one line, printable, short."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "objek"
    if isinstance(value, list | tuple):
        return "daftar"
    text = repr(value[: _SHOWN + 1]) if isinstance(value, str) else str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


class Fields:
    """One object of the input. Reading a faulty field returns None and notes the fault."""

    def __init__(
        self, value: object, path: str, known: tuple[str, ...], errors: list[FieldError]
    ) -> None:
        self._path = path
        self._errors = errors
        self._values: Mapping[str, object] | None = None
        if not isinstance(value, Mapping):
            self._note(path, "harus berupa objek JSON {…}")
            return
        self._values = value
        for key in value:
            if key not in known:
                name = key if isinstance(key, str) and key.isidentifier() else shown(key)
                self.fault(name[:_SHOWN], f"kunci tidak dikenal; yang dikenal: {', '.join(known)}")

    @property
    def readable(self) -> bool:
        """Whether the input was an object at all."""
        return self._values is not None

    def fault(self, key: str, message: str) -> None:
        """Note that the field `key` of this object is wrong."""
        self._note(f"{self._path}.{key}" if self._path else key, message)

    def _note(self, path: str, message: str) -> None:
        if len(self._errors) < _MOST:
            self._errors.append(FieldError(path, message))

    def value(self, key: str, *, required: bool = False) -> object:
        """The raw value; JSON null equals absent."""
        if self._values is None:
            return None
        found = self._values.get(key)
        if found is None and required:
            self.fault(key, "wajib diisi")
        return found

    def choice(self, key: str, members: Mapping[str, E], *, required: bool = False) -> E | None:
        """A word of a closed list."""
        found = self.value(key, required=required)
        if found is None:
            return None
        member = members.get(found) if isinstance(found, str) else None
        if member is None:
            self.fault(key, f"{shown(found)} tidak dikenal; pilihannya: {', '.join(members)}")
        return member

    def code(self, key: str, codes: type[E], *, required: bool = False) -> E | None:
        """A number of a SIASN code list whose codes run from 1 without gaps."""
        number = self.integer(key, low=1, high=len(codes), required=required)
        return None if number is None else codes(str(number))

    def integer(
        self, key: str, *, low: int = 0, high: int = LARGEST, required: bool = False
    ) -> int | None:
        """A whole number from `low` to `high`; true and 24.0 are none."""
        found = self.value(key, required=required)
        if found is None:
            return None
        if isinstance(found, bool) or not isinstance(found, int):
            self.fault(key, f"harus bilangan bulat tanpa tanda kutip, bukan {shown(found)}")
            return None
        if not low <= found <= high:
            self.fault(key, f"harus antara {low} dan {high}")
            return None
        return found

    def number(self, key: str, *, high: int, remark: str = "") -> Decimal | None:
        """A number from 0 to `high`; `remark` ends the message of a number outside."""
        found = self.value(key)
        if found is None:
            return None
        if isinstance(found, bool) or not isinstance(found, int | float | Decimal):
            self.fault(key, f"harus angka tanpa tanda kutip, bukan {shown(found)}")
            return None
        number = Decimal(repr(found)) if isinstance(found, float) else Decimal(found)
        exponent = number.as_tuple().exponent
        if isinstance(exponent, str) or exponent < -_DECIMALS or not 0 <= number <= high:
            self.fault(key, f"harus angka antara 0 dan {high}{remark}")
            return None
        return number

    def date(self, key: str, *, required: bool = False) -> dt.date | None:
        """A date written YYYY-MM-DD."""
        found = self.value(key, required=required)
        if found is None:
            return None
        if isinstance(found, str) and _ISO_DATE.fullmatch(found):
            try:
                return dt.date.fromisoformat(found)
            except ValueError:
                self.fault(key, f"tanggal {found} tidak ada di kalender")
                return None
        self.fault(key, f"harus tanggal seperti 2021-05-04, bukan {shown(found)}")
        return None

    def items(self, key: str, known: tuple[str, ...]) -> Iterator[Fields]:
        """The objects of a list."""
        found = self.value(key)
        if found is None:
            return
        if not isinstance(found, list | tuple):
            self.fault(key, "harus berupa daftar […]")
            return
        for index, item in enumerate(found):
            yield Fields(item, f"{key}[{index}]", known, self._errors)
