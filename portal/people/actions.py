"""Acts on the records of people."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from portal import audit
from portal.db import now
from portal.people.models import Hukdis, Kinerja, Pendidikan, Pengembangan, Record
from portal.people.queries import records_of
from portal.permissions import Actor

ImportedRecord = Pendidikan | Pengembangan | Kinerja | Hukdis
History = Mapping[type[ImportedRecord], Sequence[Mapping[str, Any]]]
"""Per table of records the rows that a source gives; a table that is absent stays untouched."""


def take_history(
    session: Session,
    actor: Actor | None,
    histories: Mapping[uuid.UUID, History],
    at: dt.datetime | None = None,
) -> set[uuid.UUID]:
    """Bring the imported records of people to what the source says; returns whose changed.

    Only records of the source `riwayat` are touched, never those of approved documents. What
    such a document has proven already is not entered a second time: its hours would count twice.
    """
    changed: dict[uuid.UUID, set[str]] = {}
    for table in (Pendidikan, Pengembangan, Kinerja, Hukdis):
        wanted = {owner: given[table] for owner, given in histories.items() if table in given}
        present = records_of(session, table, "riwayat", wanted)
        proven = records_of(session, table, "portal", wanted)
        for owner, given in wanted.items():
            rows = _unproven(table, given, proven[owner])
            if _replace(session, table, owner, present[owner], rows, at or now()):
                changed.setdefault(owner, set()).add(table.__tablename__)
    for owner, tables in changed.items():
        audit.record(
            session, actor, "people:history-imported", owner, at=at, riwayat=sorted(tables)
        )
    return set(changed)


_SAME: dict[type[ImportedRecord], tuple[str, ...]] = {
    Pendidikan: ("tingkat", "tanggal_lulus"),
    Pengembangan: ("jenis", "tanggal_selesai", "jp"),
}
"""By what a line of a history is known to be the record of an approved document."""


def _unproven(
    table: type[ImportedRecord], rows: Sequence[Mapping[str, Any]], proven: Sequence[Record]
) -> list[Mapping[str, Any]]:
    """The rows that no approved document stands for; each document stands for one row."""
    names = _SAME.get(table)
    if names is None:
        return list(rows)
    known = Counter(tuple(getattr(record, name) for name in names) for record in proven)
    left = []
    for row in rows:
        key = tuple(row.get(name) for name in names)
        if known[key]:
            known[key] -= 1
        else:
            left.append(row)
    return left


def _replace(
    session: Session,
    table: type[ImportedRecord],
    owner: uuid.UUID,
    present: Sequence[Record],
    rows: Sequence[Mapping[str, Any]],
    at: dt.datetime,
) -> bool:
    same = len(present) == len(rows) and all(
        getattr(record, name) == value
        for record, row in zip(present, rows, strict=True)
        for name, value in row.items()
    )
    if same:
        return False
    for record in present:
        session.delete(record)
    session.add_all(
        table(pegawai_id=owner, sumber="riwayat", urutan=order, dicatat=at, **row)
        for order, row in enumerate(rows)
    )
    return True
