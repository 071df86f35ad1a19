"""The jobs behind an import, for the worker."""

from __future__ import annotations

import uuid
from contextlib import suppress
from typing import Any

from portal.db import Database
from portal.errors import Unavailable
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
        with suppress(Unavailable):  # the import stands, and the night makes up for it
            database.gather_statistics()

    queue.handle(READ, read)
    queue.handle(WRITE, write)
