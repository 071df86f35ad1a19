"""Many processes that score blocks, and the one that hands the blocks out and keeps the order.

The parent never waits for one pipe alone, so nothing can lock up; and no more than a few blocks are
under way, so memory stays flat however unevenly the workers run.
"""

from __future__ import annotations

import fcntl
import os
import select
import signal
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

from portal.scoring.hitung.fast.scorer import BlockScorer, Outcome, Tally, too_long
from portal.scoring.hitung.input_blocks import BLOCK_SIZE, Blocks
from portal.scoring.hitung.worker import STOPPING, Answers, read_tally, request, serve

_PIPE_SIZE = 1024 * 1024
_BLOCKS_EACH = 3
"""Under way for each worker: one that it works on, one that waits for it, one that is told."""
_BYTES_UNDER_WAY = 8 * 1024 * 1024
"""Of all blocks together; a larger one goes alone."""


class WorkerLost(Exception):
    """A worker has ended before its work was done."""


class Worker:
    """One process, seen from the parent."""

    def __init__(self, scorer: BlockScorer, others: list[Worker]) -> None:
        theirs, self.requests = os.pipe()
        self.answers, back = os.pipe()
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
        try:
            self.pid = os.fork()
            if not self.pid:
                for worker in (self, *others):
                    worker.hang_up()  # an end kept open here would keep the others alive
                serve(scorer, theirs, back)
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)
        os.close(theirs)
        os.close(back)
        for end in (self.requests, self.answers):
            os.set_blocking(end, False)
            with suppress(OSError, AttributeError):  # larger pipes are a gift of Linux
                fcntl.fcntl(end, fcntl.F_SETPIPE_SZ, _PIPE_SIZE)
        self.numbers: deque[int] = deque()
        """Of the blocks that it has, in their order."""
        self.unsent: list[memoryview] = []
        self._answers = Answers(self.answers)

    def give(self, number: int, block: bytes) -> None:
        """Take on a block."""
        self.numbers.append(number)
        self.unsent += request(block)
        self.send()

    def send(self) -> None:
        """Pass on as much as its pipe takes."""
        try:
            while self.unsent:
                count = os.writev(self.requests, self.unsent)
                while self.unsent and count >= len(self.unsent[0]):
                    count -= len(self.unsent.pop(0))
                if count:
                    self.unsent[0] = self.unsent[0][count:]
        except BlockingIOError:
            pass
        except BrokenPipeError:
            raise WorkerLost from None

    def receive(self) -> list[tuple[int, Outcome]]:
        """The outcomes that its pipe completes, with the numbers of their blocks."""
        found = []
        try:
            while (outcome := self._answers.read()) is not None:
                found.append((self.numbers.popleft(), outcome))
        except EOFError:
            raise WorkerLost from None
        return found

    def hang_up(self) -> None:
        """Close both pipes; that ends the worker."""
        os.close(self.requests)
        os.close(self.answers)

    def wait(self) -> int:
        """Wait for its end; the exit status."""
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


class Pool:
    """Some workers; a context that ends all of them, whatever happens inside."""

    def __init__(self, scorer: BlockScorer, count: int) -> None:
        self._workers: list[Worker] = []
        self._most = _BLOCKS_EACH * count
        self._batch: list[bytes] = []
        self._given = 0
        """Number of the next block."""
        self._under_way: dict[int, int] = {}
        """Number and bytes of each block that is not told yet."""
        self._done: dict[int, Outcome] = {}
        try:
            for _ in range(count):
                self._workers.append(Worker(scorer, self._workers))
        except BaseException:
            self._kill()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            self._kill()
            return
        for worker in self._workers:
            worker.hang_up()
        statuses = [worker.wait() for worker in self._workers]
        if any(statuses):
            raise WorkerLost

    def run(self, blocks: Blocks, tell: Callable[[Outcome], None]) -> None:
        """Score the rest of the input; outcomes are told in the order of the lines.

        Raises WorkerLost when a worker ends too early, as one does that is out of memory.
        """
        told = 0
        source = blocks.source.fileno()
        while not blocks.ended or self._under_way:
            hungry = not blocks.ended and self._has_room()
            waiting = hungry and bool(self._batch)
            if self._attend(source if hungry else None, at_once=waiting):
                self._take(blocks)
            elif waiting:
                self._give()  # no more input for now: whoever writes it may wait for answers
            while told in self._done:
                tell(self._done.pop(told))
                del self._under_way[told]
                told += 1

    def tally(self) -> Tally:
        """What the workers have counted; they have no other work left."""
        for worker in self._workers:
            worker.give(self._given, b"")
            self._given += 1
        while len(self._done) < len(self._workers):
            self._attend(None)
        total = Tally()
        for outcome in self._done.values():
            total += read_tally(outcome.output)
        return total

    def _attend(self, source: int | None, *, at_once: bool = False) -> bool:
        """Move what can be moved, waiting until something can; whether there is input to read."""
        poll = select.poll()
        if source is not None:
            poll.register(source, select.POLLIN)
        for worker in self._workers:
            poll.register(worker.answers, select.POLLIN)
            if worker.unsent:
                poll.register(worker.requests, select.POLLOUT)
        ready = {end for end, _ in poll.poll(0 if at_once else None)}
        for worker in self._workers:
            if worker.requests in ready:
                worker.send()
            if worker.answers in ready:
                self._done.update(worker.receive())
        return source in ready

    def _has_room(self) -> bool:
        under_way = self._under_way
        return not under_way or (
            len(under_way) < self._most and sum(under_way.values()) < _BYTES_UNDER_WAY
        )

    def _take(self, blocks: Blocks) -> None:
        """Read once; small pieces are gathered to a block."""
        for block in blocks.read():
            if block is None:
                self._give()
                self._done[self._given] = too_long()
                self._under_way[self._given] = 0
                self._given += 1
            else:
                self._batch.append(block)
        if blocks.ended or sum(map(len, self._batch)) >= BLOCK_SIZE:
            self._give()

    def _give(self) -> None:
        """Hand what was gathered to the worker with the least to do."""
        if not self._batch:
            return
        block = b"".join(self._batch)
        self._batch.clear()
        worker = min(self._workers, key=lambda each: len(each.numbers))
        worker.give(self._given, block)
        self._under_way[self._given] = len(block)
        self._given += 1

    def _kill(self) -> None:
        for worker in self._workers:
            os.kill(worker.pid, signal.SIGKILL)
            worker.hang_up()
            worker.wait()
