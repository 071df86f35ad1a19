"""The jobs behind an import, for the worker."""

from __future__ import annotations

import uuid
from typing import Any

from portal.db import Database
from portal.imports import processing
from portal.imports.actions import READ, WRITE
from portal.imports.sheets import Limits
from portal.jobs import Queue
from portal.storage import Storage


def install(queue: Queue, database: Database, storage: Storage, limits: Limits) -> None:
    """Register both handlers."""

    def read(payload: dict[str, Any]) -> None:
        processing.preview(database, storage, limits, uuid.UUID(payload["import_id"]))

    def write(payload: dict[str, Any]) -> None:
        processing.apply(database, storage, limits, uuid.UUID(payload["import_id"]))

    queue.handle(READ, read)
    queue.handle(WRITE, write)
