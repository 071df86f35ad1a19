"""A line to a server that can be cut and mended while a test goes on.

The servers of a run are shared; what breaks for one test is therefore the line, not the server.
"""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tests.support.components import free_port

CHUNK = 16 * 1024


class Line:
    """Forwards `port` of this machine to a server until it is cut."""

    def __init__(self, host: str, port: int) -> None:
        self._server = (host, port)
        self._ends: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._left: int | None = None
        self.port = free_port()
        self._open()

    def cut(self) -> None:
        """Nobody answers any more: open connections break, new ones are refused."""
        self._left = 0
        # A thread that waits in accept() keeps the port open; this wakes it.
        with suppress(OSError):
            self._entrance.shutdown(socket.SHUT_RDWR)
        self._accepting.join()  # from here on no connection is added
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self._entrance.close()
        self._ends, self._threads = [], []

    def cut_after(self, sent: int) -> None:
        """Break each connection once so many bytes have gone up through the line."""
        self._left = sent

    def mend(self) -> None:
        """The server is reached again, under the same address."""
        self.cut()
        self._left = None
        self._open()

    def _open(self) -> None:
        self._entrance = socket.create_server(("127.0.0.1", self.port))
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def _accept(self) -> None:
        with suppress(OSError):  # the line was cut
            while True:
                self._connect(self._entrance.accept()[0])

    def _connect(self, near: socket.socket) -> None:
        try:
            far = socket.create_connection(self._server)
        except OSError:
            near.close()
            return
        self._ends += [near, far]
        thread = threading.Thread(target=self._forward, args=(near, far), daemon=True)
        self._threads.append(thread)
        thread.start()

    def _forward(self, near: socket.socket, far: socket.socket) -> None:
        with near, far, suppress(OSError):
            while True:
                ready, _, _ = select.select([near, far], [], [])
                for end in ready:
                    data = end.recv(CHUNK)
                    if not data or not self._lets_through(end is near, len(data)):
                        return
                    (far if end is near else near).sendall(data)

    def _lets_through(self, upwards: bool, size: int) -> bool:
        if self._left is None:
            return True
        self._left -= size if upwards else 0
        return self._left > 0


@contextmanager
def line_to(host: str, port: int) -> Iterator[Line]:
    """A line that works, gone at the end of the block."""
    line = Line(host, port)
    try:
        yield line
    finally:
        line.cut()
