"""Files of imports against their rows, for the reconciliation and the sweep."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.imports.models import Import
from portal.storage import ObjectInfo, Storage, keys


def listed(storage: Storage) -> list[ObjectInfo]:
    """Every object of an import."""
    return list(storage.iterate("imports/"))


def orphaned(
    session: Session, objects: Collection[ObjectInfo], moment: dt.datetime, age: dt.timedelta
) -> Iterator[str]:
    """Keys of objects older than `age` that no import knows."""
    known: set[str] = set()
    for import_id, key in session.execute(select(Import.id, Import.kunci_objek)):
        known |= {key, keys.import_messages(import_id)}
    for info in objects:
        if info.key not in known and moment - info.modified > age:
            yield info.key


def without_file(session: Session, objects: Collection[ObjectInfo]) -> Iterator[str]:
    """Imports whose file is gone."""
    there = {info.key for info in objects}
    for import_id, key in session.execute(select(Import.id, Import.kunci_objek)):
        if key not in there:
            yield str(import_id)
