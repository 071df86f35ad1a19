"""A large agency for measurements: the people of the demo many times over, in bulk."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator
from typing import Any, cast

from sqlalchemy import FromClause, Table, func, insert, select
from sqlalchemy.orm import Session

from portal.db import Base, Database
from portal.demo.data import table
from portal.people.models import Hukdis, Kinerja, Pegawai, Pendidikan, Pengembangan
from portal.scoring.models import StoredScore

_ROWS = 5000
"""Written at a time."""
_FIXED = len(table("agency")["akun"]) + len(table("agency")["tokoh"])
"""People of the table stay unique."""


Copies = list[tuple[uuid.UUID, uuid.UUID, int]]
"""Whose copy, the id of the copy, its number."""


def multiply(database: Database, count: int) -> None:
    """Copy people with their records and scores until the agency has `count` of them.

    Copies share names and figures with their model; number and ids are their own.
    """
    with database.transaction() as session:
        present = session.scalar(select(func.count()).select_from(Pegawai)) or 0
        models = session.scalars(select(Pegawai.id).order_by(Pegawai.nip)).all()[_FIXED:]
        copies = [
            (model, uuid.uuid4(), number)
            for number, model in zip(range(present, count), itertools.cycle(models), strict=False)
        ]
        _copy_people(session, copies)
        for mapped in (Pendidikan, Pengembangan, Kinerja, Hukdis, StoredScore):
            _copy_records(session, mapped, copies)


def _copy_people(session: Session, copies: Copies) -> None:
    rows = {row["id"]: dict(row) for row in _rows(session, Pegawai.__table__)}
    _write(
        session,
        Pegawai.__table__,
        (
            # Ten digits behind the birth date, counted on: no number of the demo looks like it.
            rows[model]
            | {"id": own, "siasn_id": None, "nip": f"{rows[model]['nip'][:8]}{number:010}"}
            for model, own, number in copies
        ),
    )


def _copy_records(session: Session, mapped: type[Base], copies: Copies) -> None:
    source = mapped.__table__
    by_person: dict[uuid.UUID, list[dict[str, Any]]] = {}
    for row in _rows(session, source):
        by_person.setdefault(row["pegawai_id"], []).append(row)
    fresh = {"document_id": None} if "document_id" in source.c else {}
    _write(
        session,
        source,
        (
            row | fresh | {"pegawai_id": own} | ({"id": uuid.uuid4()} if "id" in source.c else {})
            for model, own, _ in copies
            for row in by_person.get(model, ())
        ),
    )


def _rows(session: Session, source: FromClause) -> Iterator[dict[str, Any]]:
    for row in session.execute(select(source)).mappings():
        yield {column.name: row[column] for column in source.columns}


def _write(session: Session, target: FromClause, rows: Iterator[dict[str, Any]]) -> None:
    while batch := list(itertools.islice(rows, _ROWS)):
        session.execute(insert(cast("Table", target)), batch)
