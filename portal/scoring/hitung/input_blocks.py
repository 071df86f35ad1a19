"""The input as blocks of whole lines, whatever the pieces in which it arrives."""

from __future__ import annotations

import codecs
from typing import BinaryIO, TypeAlias

LONGEST_LINE = 16 * 1024 * 1024
"""In bytes. A longer line is refused unread, so that one line cannot exhaust the memory."""

BLOCK_SIZE = 256 * 1024
"""Bytes that are asked for at a time."""

Block: TypeAlias = bytes | None
"""Whole lines; None for one that is too long."""


class Blocks:
    """Reads a stream; each read gives the lines that it completed, so nobody waits for a full
    block."""

    def __init__(self, source: BinaryIO) -> None:
        self.source = source
        self.ended = False
        self.taken = 0
        """Bytes read so far."""
        self._rest: list[bytes] = []
        """Pieces of the line that has begun."""
        self._begun = 0
        self._skipping = False
        self._first = True

    def read(self) -> list[Block]:
        """The lines that the next piece of input completes; waits for input where there is none."""
        piece = _read_some(self.source)
        self.taken += len(piece)
        if not piece:
            self.ended = True
            last = b"".join(self._rest)
            return [self._without_mark(last)] if last else []
        found: list[Block] = []
        if self._skipping:
            _, end, piece = piece.partition(b"\n")
            self._skipping = not end
        if self._begun + piece.find(b"\n") + 1 > LONGEST_LINE:
            piece = piece[piece.find(b"\n") + 1 :]
            self._forget()
            found.append(None)
        if cut := piece.rfind(b"\n") + 1:
            found.append(self._without_mark(b"".join([*self._rest, memoryview(piece)[:cut]])))
            self._forget()
        self._keep(piece[cut:])
        if self._begun > LONGEST_LINE:
            self._forget()
            self._skipping = True
            found.append(None)
        return found

    def _keep(self, piece: bytes) -> None:
        if piece and not self._skipping:
            self._rest.append(piece)
            self._begun += len(piece)

    def _forget(self) -> None:
        self._rest.clear()
        self._begun = 0

    def _without_mark(self, block: bytes) -> bytes:
        """The block; the first one without the mark that some editors put before UTF-8."""
        first, self._first = self._first, False
        return block.removeprefix(codecs.BOM_UTF8) if first else block


def _read_some(source: BinaryIO) -> bytes:
    """What is there, up to a block; waits only while there is nothing."""
    size = min(BLOCK_SIZE, LONGEST_LINE)
    read = getattr(source, "read1", source.read)
    piece: bytes = read(size)
    return piece
