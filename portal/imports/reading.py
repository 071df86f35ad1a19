"""One pass over a file: every row gets its fate, in batches of bounded size."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from sqlalchemy.orm import Session

from portal.imports import columns
from portal.imports.columns import Line, Sheet
from portal.imports.kinds import Fate, Kind, Message, Order, Taken
from portal.imports.sheets import Limits

BATCH = 500


@dataclass
class Tally:
    """How many rows met which fate."""

    fates: Counter[Fate] = field(default_factory=Counter)
    warnings: int = 0

    def add(self, taken: Sequence[Taken]) -> None:
        self.fates.update(one.fate for one in taken)
        self.warnings += sum(1 for one in taken for message in one.messages if not message.galat)

    @property
    def changes(self) -> int:
        """Rows that write something."""
        return self.fates[Fate.BARU] + self.fates[Fate.BERUBAH] + self.fates[Fate.LAMA]

    def as_data(self) -> dict[str, int]:
        return {**{fate.value: self.fates[fate] for fate in Fate}, "peringatan": self.warnings}


class File:
    """An opened file of a kind; the stream stays the caller's."""

    def __init__(self, stream: BinaryIO, kind: Kind, order: Order, limits: Limits) -> None:
        """Find the header and look through all rows once. Raises Unreadable: from here on the
        file is known to be readable to its end."""
        self.kind, self.order = kind, order
        self.sheet: Sheet = columns.find(stream, kind.columns, limits)
        self.total = 0
        self._places: dict[Hashable, list[int]] = {}
        first: dict[Hashable, int] = {}
        for line in self.sheet.lines():
            self.total += 1
            key = kind.key(order, line)
            if key is None:
                continue
            if key in first:
                self._places.setdefault(key, [first[key]]).append(line.baris)
            else:
                first[key] = line.baris

    def batches(self, *, skip: int = 0) -> Iterator[list[Line]]:
        """The rows after the first `skip`."""
        lines = itertools.islice(self.sheet.lines(), skip, None)
        while batch := list(itertools.islice(lines, BATCH)):
            yield batch

    def take(self, session: Session, lines: Sequence[Line], *, write: bool) -> list[Taken]:
        """The fate of each line, in their order. Of rows that say two things of one person none
        is taken: which is right, only the sender knows."""
        twice = [self._places.get(self.kind.key(self.order, line)) for line in lines]
        single = [line for line, places in zip(lines, twice, strict=True) if not places]
        taken = iter(self.kind.take(session, self.order, single, write=write))
        return [
            _twice(line, places) if places else next(taken)
            for line, places in zip(lines, twice, strict=True)
        ]


def _twice(line: Line, places: Sequence[int]) -> Taken:
    rows = ", ".join(map(str, places[:5])) + (" …" if len(places) > 5 else "")
    text = f"NIP dan tahun yang sama ada di baris {rows}. Sisakan satu yang benar."
    secret = line.raw("nip")[-4:]
    return Taken(Fate.GALAT, (Message(line.baris, "nip", f"…{secret}", text),))
