"""Texts that many people share but for the names and keys of their evidence."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from typing import Any

from portal.scoring.pieces import json_text
from portal.scoring.records import written

KEY, DOCUMENT = 1, 2
"""Columns of every record that the ledger repeats; the third, of some, is its name."""
# Nobody can know it, so nothing that people write is ever taken for a mark. Longer than a key in
# any form, and so never turned into another.
_MARK = secrets.token_hex(20)
_SLOT = re.compile(rf"{_MARK}-(\d+)-(\d+)-")


def mark(index: int, column: int) -> str:
    """Stands in an example for what that column of the record of this index says."""
    return f"{_MARK}-{index}-{column}-"


def marks(index: int, from_document: bool) -> tuple[None, str, str | None]:
    """The first columns of an example: owner, key, document."""
    return None, mark(index, KEY), mark(index, DOCUMENT) if from_document else None


class Form:
    """JSON with gaps, each of which repeats a column of one of the records at hand."""

    __slots__ = ("_gaps", "_text")

    def __init__(self, told: object, *, without: str = "") -> None:
        """`told` is put into JSON; an end of that text can be left off."""
        text = json_text(told)
        if not text.endswith(without):
            raise ValueError(without)
        pieces = _SLOT.split(text.removesuffix(without))
        self._gaps = [
            (int(index), int(column), written if int(column) in {KEY, DOCUMENT} else _quoted)
            for index, column in zip(pieces[1::3], pieces[2::3], strict=True)
        ]
        texts = pieces[::3]
        self._text = (
            "%s".join(text.replace("%", "%%") for text in texts) if self._gaps else texts[0]
        )

    def of(self, records: Sequence[Any]) -> str:
        """The text of somebody with these records."""
        if not self._gaps:
            return self._text
        return self._text % tuple(
            [convert(records[index][column]) for index, column, convert in self._gaps]
        )


def _quoted(name: str) -> str:
    """A text as it stands in JSON, without the quotation marks around it."""
    return json_text(name)[1:-1]
