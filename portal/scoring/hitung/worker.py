"""A process that scores blocks for its parent: what it does, and how the two talk.

It is a fork, so it begins with all that the parent has learned. It ends when its pipe of requests
does; none outlives a parent that is killed.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import struct
import traceback
from decimal import Decimal
from typing import NoReturn

from portal.scoring.hitung.fast.scorer import BlockScorer, Outcome, Tally
from portal.vocabulary import JenisPegawai

STOPPING = {signal.SIGINT, signal.SIGTERM}
"""Signals that a terminal or a service manager sends to parent and workers alike."""

_REQUEST = struct.Struct("<Q")
"""Bytes of the block; 0 asks for the tally."""
_ANSWER = struct.Struct("<QQQ")
"""Lines, bytes of the output, bytes of the faults."""
_AT_ONCE = 1024 * 1024
_FAULTY = 70
"""Exit status of a worker that met a fault of its own."""


def request(block: bytes) -> list[memoryview]:
    """A block as it is sent; an empty one asks for the tally."""
    return [memoryview(_REQUEST.pack(len(block))), memoryview(block)]


class Answers:
    """What comes back through a pipe that does not wait, read into its place without detours."""

    def __init__(self, end: int) -> None:
        self._end = end
        self._sizes: tuple[int, ...] = ()
        self._begin(_ANSWER.size)

    def read(self) -> Outcome | None:
        """The next answer when it is complete; raises EOFError when there will be none."""
        if not self._fill():
            return None
        if not self._sizes:
            self._sizes = _ANSWER.unpack(self._piece)
            self._begin(sum(self._sizes[1:]))
            return self.read()
        lines, size, _ = self._sizes
        whole = memoryview(self._piece)
        told = json.loads(bytes(whole[size:])) if whole[size:] else []
        self._sizes = ()
        self._begin(_ANSWER.size)
        return Outcome(lines, whole[:size], [(number, sentence) for number, sentence in told])

    def _begin(self, size: int) -> None:
        self._piece = bytearray(size)
        self._filled = 0

    def _fill(self) -> bool:
        """Whether the piece that is being read is complete."""
        while self._filled < len(self._piece):
            try:
                count = os.readv(self._end, [memoryview(self._piece)[self._filled :]])
            except BlockingIOError:
                return False
            if not count:
                raise EOFError
            self._filled += count
        return True


def read_tally(text: bytes | memoryview) -> Tally:
    """The tally of a worker."""
    return Tally(
        {
            (JenisPegawai(jenis), points and tuple(map(Decimal, points))): times
            for jenis, points, times in json.loads(bytes(text))
        }
    )


def serve(scorer: BlockScorer, requests: int, answers: int) -> NoReturn:
    """Answer block by block until there is nobody to ask; ends the process."""
    status = 0
    try:
        for number in STOPPING:
            signal.signal(number, signal.SIG_IGN)  # the parent decides when to stop
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)
        gc.freeze()
        scorer.forget_counts()
        while size := _read(requests, _REQUEST.size):
            _send(answers, _answer(scorer, _read(requests, *_REQUEST.unpack(size))))
    except (BrokenPipeError, MemoryError):
        status = _FAULTY  # the parent is gone, or tells what it means
    except BaseException:  # noqa: BLE001 -- a fork must never return into the code of its parent
        traceback.print_exc()
        status = _FAULTY
    finally:
        os._exit(status)


def _answer(scorer: BlockScorer, block: bytes) -> Outcome:
    return scorer.compute(block) if block else Outcome(0, _tally(scorer))


def _tally(scorer: BlockScorer) -> bytes:
    counted = [
        [jenis.value, points and [str(each) for each in points], times]
        for (jenis, points), times in scorer.tally().items()
    ]
    return json.dumps(counted).encode()


def _send(end: int, answer: Outcome) -> None:
    # Letters that UTF-8 cannot write may stand in a fault: JSON escapes them.
    faults = json.dumps(answer.faults).encode() if answer.faults else b""
    head = _ANSWER.pack(answer.lines, len(answer.output), len(faults))
    for piece in (head, answer.output, faults):
        view = memoryview(piece)
        while view:
            view = view[os.write(end, view) :]


def _read(end: int, size: int) -> bytes:
    """Exactly so many bytes; nothing at the end of the pipe."""
    pieces = []
    while size:
        piece = os.read(end, min(size, _AT_ONCE))
        if not piece:
            return b""
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)
