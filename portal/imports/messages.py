"""What there is to say about rows: the first on the page, all of them in a CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import asdict
from tempfile import TemporaryFile
from typing import Any, BinaryIO

from portal.imports.kinds import Message, Taken

SHOWN = 100
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Messages:
    """Collects messages without keeping them in memory; close it after use."""

    def __init__(self) -> None:
        self.count = 0
        self.first: list[dict[str, Any]] = []
        self._file = TemporaryFile()  # noqa: SIM115 -- lives as long as this collection
        # The mark tells Excel that the letters are UTF-8; `;` is what it expects in Indonesia.
        self._text = io.TextIOWrapper(self._file, "utf-8-sig", newline="")
        self._writer = csv.writer(self._text, delimiter=";")
        self._writer.writerow(["baris", "kolom", "isi", "jenis", "pesan"])

    def add(self, taken: Iterable[Taken]) -> None:
        for one in taken:
            for message in one.messages:
                self._add(message)

    def _add(self, message: Message) -> None:
        self.count += 1
        if len(self.first) < SHOWN:
            self.first.append(asdict(message))
        kind = "galat" if message.galat else "peringatan"
        row = [message.baris, message.kolom, message.isi, kind, message.pesan]
        self._writer.writerow([_harmless(str(cell)) for cell in row])

    def stream(self) -> BinaryIO:
        """Everything so far, from its beginning."""
        self._text.flush()
        self._file.seek(0)
        return self._file

    def close(self) -> None:
        self._text.close()


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
