"""Phones that lose their network in the middle of a request, and requests that are none."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator

import pytest
from gunicorn.glogging import Logger  # type: ignore[import-untyped]
from gunicorn.workers.gthread import TConn  # type: ignore[import-untyped]
from werkzeug.wrappers import Request, Response

from portal.launch import web_worker
from portal.launch.web_server import WebServer
from portal.launch.web_worker import WebWorker
from portal.settings import Settings
from tests.support.database import on_sqlite_alone

pytestmark = on_sqlite_alone


@Request.application
def reader(request: Request) -> Response:
    """Answers with what it was sent; bounded as every request of the portal."""
    request.max_content_length = 10_000
    return Response(request.get_data())


@pytest.fixture
def worker(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[WebWorker]:
    """A worker that is soon out of patience."""
    monkeypatch.setattr(web_worker, "PATIENCE", 0.02)
    server = WebServer(settings)
    made = WebWorker(0, os.getpid(), [], server, 30, server.cfg, Logger(server.cfg))
    made.wsgi = reader
    yield made
    made.tmp.close()


def answer(worker: WebWorker, sent: bytes) -> bytes:
    """What somebody is answered who sends this and then nothing more, and stays connected."""
    here, there = socket.socketpair()
    with here, there:
        here.sendall(sent)
        worker.handle(TConn(worker.cfg, there, ("127.0.0.1", 1), ("127.0.0.1", 80)))
        here.setblocking(False)
        try:
            return here.recv(65536)
        except BlockingIOError:
            return b""


def test_a_request_is_answered(worker: WebWorker) -> None:
    sent = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nhalo"

    assert answer(worker, sent).endswith(b"\r\n\r\nhalo")


def test_who_falls_silent_in_the_header_holds_no_thread(worker: WebWorker) -> None:
    assert answer(worker, b"GET / HTTP/1.1\r\nHost: a\r\n") == b""


def test_who_falls_silent_in_the_body_holds_no_thread(worker: WebWorker) -> None:
    sent = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4000\r\n\r\nhalo"

    assert answer(worker, sent).startswith(b"HTTP/1.1 400 ")


def test_silence_is_no_fault_in_the_log(
    worker: WebWorker, caplog: pytest.LogCaptureFixture
) -> None:
    worker.log.error_log.addHandler(caplog.handler)

    answer(worker, b"GET / HTTP/1.1\r\nHost: a\r\n")

    assert caplog.records == []


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET /dokumen?cari=" + b"x" * 9000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", b"414"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nCookie: x=" + b"y" * 9000 + b"\r\n\r\n", b"431"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -xyz\r\n\r\n", b"400"),
        (b"\x16\x03\x01xyz\r\n\r\n", b"400"),
    ],
)
def test_what_is_no_request_is_told_on_a_page(
    worker: WebWorker, sent: bytes, status: bytes
) -> None:
    told = answer(worker, sent)

    assert told.startswith(b"HTTP/1.1 " + status)
    assert b"Content-Security-Policy: default-src 'none'" in told
    assert b"Cache-Control: no-store" in told
    assert b"Permintaan tidak terbaca" in told
    assert b"xyz" not in told


def test_the_server_works_with_these_threads(settings: Settings) -> None:
    assert WebServer(settings).cfg.worker_class is WebWorker
