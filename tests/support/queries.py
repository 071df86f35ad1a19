"""Counting what a request asks of the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event

WRITES = ("INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "ALTER", "TRUNCATE")


@contextmanager
def statements(source: Flask | Engine) -> Iterator[list[str]]:
    """Every SQL statement sent inside the block, in order; transaction marks are not counted."""
    engine: Engine = source.extensions["database"].engine if isinstance(source, Flask) else source
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.lstrip().upper().startswith(("PRAGMA", "BEGIN", "SAVEPOINT", "RELEASE")):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def writes(seen: list[str]) -> list[str]:
    """Those of the statements that change something."""
    return [statement for statement in seen if statement.lstrip().upper().startswith(WRITES)]
