"""The XML inside an XLSX, read as a stream; a document type, and with it every entity, is
refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from xml.parsers import expat

from portal.imports.sheets.package import BROKEN
from portal.imports.sheets.refusal import Unreadable

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


@lru_cache(maxsize=256)
def local(name: str) -> str:
    """The name of an element or attribute without its prefix, which differs by program."""
    return name.rpartition(":")[2]


class Reader:
    """Feeds handlers with elements; whoever drives it decides when to go on."""

    def __init__(self, start: Start, end: End, text: Text) -> None:
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = start
        self._parser.EndElementHandler = end
        self._parser.CharacterDataHandler = text
        self._parser.StartDoctypeDeclHandler = _refuse

    def feed(self, chunk: bytes, *, last: bool = False) -> None:
        """Raises Unreadable for anything that is no well-formed XML without a document type."""
        try:
            self._parser.Parse(chunk, last)
        except expat.ExpatError as error:
            raise Unreadable(BROKEN) from error

    def feed_all(self, chunks: Iterable[bytes]) -> None:
        for chunk in chunks:
            self.feed(chunk)
        self.feed(b"", last=True)


def _refuse(*_declaration: object) -> None:
    raise Unreadable(BROKEN)
