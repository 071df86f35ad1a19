"""The threads that answer: gunicorn's, which silence holds up only for a while."""

from __future__ import annotations

import logging
import socket
import struct
from typing import Any

from gunicorn.http.errors import (  # type: ignore[import-untyped]
    LimitRequestHeaders,
    LimitRequestLine,
    ParseException,
)
from gunicorn.util import write_nonblock  # type: ignore[import-untyped]
from gunicorn.workers.gthread import TConn, ThreadWorker  # type: ignore[import-untyped]

from portal.settings import ROOT
from portal.web import security

PATIENCE = 30.0
"""Seconds without a byte, either way. A phone that loses its network says no goodbye: each would
keep its thread for good, and the eighth the whole portal."""
_STATUS = {LimitRequestLine: "414 URI Too Long", LimitRequestHeaders: "431 Too Large"}


class WebWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types
    """Takes the class from `WebServer`, whose settings it reads."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.log.error_log.addFilter(_is_no_silence)

    def handle(self, conn: TConn) -> Any:
        """As gunicorn does, with an end to every wait."""
        length = struct.pack("ll", *divmod(round(PATIENCE * 1_000_000), 1_000_000))
        for way in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            conn.sock.setsockopt(socket.SOL_SOCKET, way, length)
        return super().handle(conn)

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: Exception) -> None:
        """What never became a request gets a page of ours, which repeats nothing of it."""
        if not isinstance(exc, ParseException) or req is not None:
            super().handle_error(req, client, addr, exc)
            return
        self.log.info("Unreadable request: %s", type(exc).__name__)
        page = (ROOT / "templates" / "errors" / "400.html").read_bytes()
        head = {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Length": str(len(page)),
            "Connection": "close",
            "Cache-Control": "no-store",
            **security.headers(self.app.settings),
        }
        lines = [f"HTTP/1.1 {_STATUS.get(type(exc), '400 Bad Request')}"]
        lines += [f"{name}: {value}" for name, value in head.items()]
        try:
            write_nonblock(client, "\r\n".join([*lines, "", ""]).encode("latin-1") + page)
        except OSError:
            self.log.debug("Nobody heard it.")


def _is_no_silence(record: logging.LogRecord) -> bool:
    """A connection that was given up is no fault to look into."""
    return not (record.exc_info and isinstance(record.exc_info[1], BlockingIOError))
