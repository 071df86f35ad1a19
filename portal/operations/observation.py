"""Logs with a request id, masked NIPs and addresses, and the numbers under /metrics."""

from __future__ import annotations

import logging
import re
import sys
import time
import uuid
from collections.abc import MutableMapping
from typing import Any

import structlog
from flask import Flask, Response, g, request

from portal.operations.metrics import Numbers

log = structlog.get_logger()
_NIP = re.compile(r"(?<!\d)\d{8} ?\d{6} ?(\d) ?(\d{3})(?!\d)")
"""As stored, or in the groups in which people write it."""
_ADDRESS = re.compile(r"[^\s@<>()\[\]{},;'\"/]{1,64}@(?=[\w-])")
"""Of somebody whom a mail server refused: what stands before the host."""
_SHORTEST_NIP = 10**17
_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}", re.ASCII)


def mask_nip(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Leave only the last four digits of anything that looks like a NIP, and the host of what looks
    like an e-mail address, however deep it lies."""
    for key, value in event.items():
        event[key] = _masked(value)
    return event


def _masked(value: Any) -> Any:
    match value:
        case str():
            return _ADDRESS.sub("…@", _NIP.sub(r"…\1\2", value))
        case bool() | float() | None:
            return value
        case int():
            return value if abs(value) < _SHORTEST_NIP else _masked(str(value))
        case dict():
            return {_masked(key): _masked(part) for key, part in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_masked(part) for part in value]
        case _:
            return _masked(str(value))


def configure_logs() -> None:
    """One JSON object a line on standard error, whoever logs: the portal or a library."""
    about: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    written: list[structlog.typing.Processor] = [
        structlog.processors.format_exc_info,
        mask_nip,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
    structlog.configure(
        processors=[*about, *written],
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    libraries = logging.StreamHandler(sys.stderr)
    libraries.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *written],
            foreign_pre_chain=about,
        )
    )
    logging.basicConfig(handlers=[libraries], level=logging.WARNING, force=True)


def install(app: Flask) -> None:
    numbers = app.extensions["metrics"] = Numbers()

    @app.before_request
    def begin() -> None:
        given = request.headers.get("X-Request-ID", "")
        g.request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        g.started = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def end(response: Response) -> Response:
        endpoint = request.endpoint or "unknown"
        duration = time.perf_counter() - g.get("started", time.perf_counter())
        numbers.count(endpoint, response.status_code, duration)
        response.headers["X-Request-ID"] = g.get("request_id", "")
        if endpoint not in {"static", "operations.healthz", "operations.readyz"}:
            # The path alone: a query string may hold a NIP or a name that was searched for.
            log.info(
                "request",
                method=request.method,
                path=request.path,
                status=response.status_code,
                ms=round(duration * 1000, 1),
            )
        return response
