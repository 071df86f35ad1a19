"""What is wrong in a file: collected row by row, told all at once."""

from __future__ import annotations

from dataclasses import dataclass, field

from portal.errors import Rejected

KEPT = 500
"""Faults that are kept in full; of the others only the number is told."""
_SHOWN = 40
"""Longest piece of foreign input that a message repeats."""


def shown(value: str) -> str:
    """Foreign input made safe to repeat: one line, printable, short."""
    text = "".join(sign if sign.isprintable() else "�" for sign in value[: _SHOWN + 1])
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


@dataclass(frozen=True, slots=True)
class Fault:
    """One wrong cell, row or file. `nilai` is shortened, and masked where it is a NIP."""

    berkas: str
    baris: int | None
    kolom: str
    nilai: str
    pesan: str

    def __str__(self) -> str:
        place = self.berkas
        if self.baris is not None:
            place += f" baris {self.baris}"
        if self.kolom:
            place += f", kolom {self.kolom}"
        if self.nilai:
            place += f" (isi: {self.nilai})"
        return f"{place}: {self.pesan}"


class Refused(Rejected):
    """The import as a whole is refused; nothing was written."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        super().__init__(
            f"Impor dibatalkan: {faults.count} kesalahan. Tidak ada data yang berubah."
        )


@dataclass(slots=True)
class Faults:
    """Collects faults and warnings over all files of one import."""

    kept: list[Fault] = field(default_factory=list)
    count: int = 0
    warnings: list[Fault] = field(default_factory=list)
    warning_count: int = 0

    def add(self, berkas: str, baris: int | None, kolom: str, nilai: str, pesan: str) -> None:
        """Note a fault: the import will be refused."""
        self.count += 1
        if len(self.kept) < KEPT:
            self.kept.append(Fault(berkas, baris, kolom, shown(nilai), pesan))

    def warn(self, berkas: str, baris: int | None, kolom: str, nilai: str, pesan: str) -> None:
        """Note something odd that stops nothing."""
        self.warning_count += 1
        if len(self.warnings) < KEPT:
            self.warnings.append(Fault(berkas, baris, kolom, shown(nilai), pesan))

    def stop_if_any(self) -> None:
        """Raises Refused when something is wrong."""
        if self.count:
            raise Refused(self)
