"""Writing stored scores and their changes by the thousand, on both databases."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import Dialect, Table, insert, text
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from portal.scoring.models import ScoreChange, StoredScore

SCORES = cast("Table", StoredScore.__table__)
CHANGES = cast("Table", ScoreChange.__table__)
Key = tuple[uuid.UUID, int]
"""A person and a year."""
Values = Mapping[str, Any]
_SEEN = "terlihat"
"""Beside each new row: when the row that it replaces was computed, as it was read."""


def put_scores(session: Session, rows: Sequence[tuple[Values, Any]]) -> set[Key]:
    """Insert or replace rows of "skor"; each comes with the `dihitung` of the row that was read,
    None where there was none.

    Returns the keys that were written. A row that somebody else has written since it was read is
    newer and stays; SQLite, with its one writer at a time, knows no such row.
    """
    if not rows:
        return set()
    if session.get_bind().dialect.name == "postgresql":
        return _put_in_postgresql(session, rows)
    statement = sqlite_insert(SCORES)
    replaced = {c.name: statement.excluded[c.name] for c in SCORES.c if not c.primary_key}
    session.execute(
        statement.on_conflict_do_update(index_elements=SCORES.primary_key, set_=replaced),
        [row for row, _ in rows],
    )
    return {(row["pegawai_id"], row["tahun"]) for row, _ in rows}


def add_changes(session: Session, rows: Sequence[Values]) -> None:
    """Add rows to "perubahan_skor"."""
    if not rows:
        return
    if session.get_bind().dialect.name == "postgresql":
        _copy(session, CHANGES.name, CHANGES, ((row, None) for row in rows))
    else:
        session.execute(insert(CHANGES), list(rows))


_STAGE = "skor_baru"
_NAMES = ", ".join(c.name for c in SCORES.c)
_UPDATED = ", ".join(f"{c.name} = baru.{c.name}" for c in SCORES.c if not c.primary_key)
_MAKE_STAGE = text(
    f"CREATE TEMPORARY TABLE IF NOT EXISTS {_STAGE} (LIKE skor, {_SEEN} timestamptz)"
    " ON COMMIT DELETE ROWS"
)
_REPLACE = text(
    f"UPDATE skor SET {_UPDATED} FROM {_STAGE} AS baru"  # noqa: S608 -- names of columns
    " WHERE skor.pegawai_id = baru.pegawai_id AND skor.tahun = baru.tahun"
    f" AND skor.dihitung = baru.{_SEEN} RETURNING skor.pegawai_id, skor.tahun"
)
_INSERT = text(
    f"INSERT INTO skor ({_NAMES}) SELECT {_NAMES} FROM {_STAGE}"  # noqa: S608 -- as above
    f" WHERE {_SEEN} IS NULL ON CONFLICT DO NOTHING RETURNING pegawai_id, tahun"
)


def _put_in_postgresql(session: Session, rows: Sequence[tuple[Values, Any]]) -> set[Key]:
    session.execute(_MAKE_STAGE)
    _copy(session, f"{_STAGE}", SCORES, rows, _SEEN)
    written: set[Key] = set()
    for statement in (_REPLACE, _INSERT):
        written.update((row.pegawai_id, row.tahun) for row in session.execute(statement))
    return written


def _copy(
    session: Session,
    target: str,
    table: Table,
    rows: Iterable[tuple[Values, Any]],
    *further: str,
) -> None:
    """COPY, the quickest way into PostgreSQL; values pass the types of the table's columns.

    With a name in `further` the second value of each row goes into that column.
    """
    connection = session.connection()
    columns = _columns(table, connection.dialect)
    names = ", ".join([*(name for name, _ in columns), *further])
    driver: Any = connection.connection.driver_connection
    with driver.cursor().copy(f"COPY {target} ({names}) FROM STDIN") as copy:
        for row, last in rows:
            values = [to(row[name]) if to else row[name] for name, to in columns]
            copy.write_row([*values, last] if further else values)


@cache
def _columns(table: Table, dialect: Dialect) -> list[tuple[str, Callable[[Any], Any] | None]]:
    """Columns with what turns a value into the database's own."""
    return [(c.name, c.type.dialect_impl(dialect).bind_processor(dialect)) for c in table.c]
