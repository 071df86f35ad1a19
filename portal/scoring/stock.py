"""Writing stored scores and their changes by the thousand, on both databases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.scoring.pieces import (
    CAUSE,
    CHANGES,
    DIFFERENCE,
    OUTCOME,
    POST,
    STAMP,
    Piece,
    escaped,
)

Key = tuple[str, int]
"""A person and a year."""


@dataclass(frozen=True, slots=True)
class NewScore:
    """A row of "skor"."""

    pegawai_id: str
    tahun: int
    seen: str | None
    """When the row that it replaces was computed, as it was read; None where there was none."""
    stamp: Piece
    post: Piece
    outcome: Piece
    rincian: str
    tidak_dinilai: str


@dataclass(frozen=True, slots=True)
class NewChange:
    """A row of "perubahan_skor"."""

    id: str
    pegawai_id: str
    cause: Piece
    difference: Piece


_SCORE = ("pegawai_id", *STAMP, *POST, *OUTCOME, "rincian", "tidak_dinilai")
_CHANGE = ("id", "pegawai_id", *CAUSE, *DIFFERENCE)


def put_scores(session: Session, rows: Sequence[NewScore]) -> set[Key]:
    """Insert or replace rows of "skor".

    Returns the keys of rows that somebody else has written since they were read: those are newer
    and stay. SQLite, with its one writer at a time, knows no such row.
    """
    if not rows:
        return set()
    if session.get_bind().dialect.name == "postgresql":
        return _put_in_postgresql(session, rows)
    values = [
        (
            row.pegawai_id,
            *row.stamp.values,
            *row.post.values,
            *row.outcome.values,
            row.rincian,
            row.tidak_dinilai,
        )
        for row in rows
    ]
    session.connection().exec_driver_sql(_INSERT_OR_REPLACE, values)
    return set()


def add_changes(session: Session, rows: Sequence[NewChange]) -> None:
    """Add rows to "perubahan_skor"."""
    if not rows:
        return
    if session.get_bind().dialect.name == "postgresql":
        lines = [
            f"{row.id}\t{row.pegawai_id}\t{row.cause.line}\t{row.difference.line}\n" for row in rows
        ]
        _copy(session, CHANGES.name, _CHANGE, lines)
    else:
        values = [
            (row.id, row.pegawai_id, *row.cause.values, *row.difference.values) for row in rows
        ]
        session.connection().exec_driver_sql(_ADD, values)


def _marks(names: Sequence[str]) -> str:
    return ", ".join("?" for _ in names)


def _set(source: str) -> str:
    return ", ".join(f"{name} = {source}.{name}" for name in _SCORE if name not in _KEY)


_KEY = ("pegawai_id", "tahun")
_NAMES = ", ".join(_SCORE)
_INSERT_OR_REPLACE = (
    f"INSERT INTO skor ({_NAMES}) VALUES ({_marks(_SCORE)})"  # noqa: S608 -- names of columns
    f" ON CONFLICT ({', '.join(_KEY)}) DO UPDATE SET {_set('excluded')}"
)
_ADD = (
    f"INSERT INTO perubahan_skor ({', '.join(_CHANGE)})"  # noqa: S608 -- as above
    f" VALUES ({_marks(_CHANGE)})"
)
_STAGE = "skor_baru"
_SEEN = "terlihat"
_MAKE_STAGE = text(
    f"CREATE TEMPORARY TABLE IF NOT EXISTS {_STAGE} (LIKE skor, {_SEEN} timestamptz)"
    " ON COMMIT DELETE ROWS"
)
_SAME = f"skor.pegawai_id = {_STAGE}.pegawai_id AND skor.tahun = {_STAGE}.tahun"
_REPLACE = text(
    f"UPDATE skor SET {_set(_STAGE)} FROM {_STAGE}"  # noqa: S608 -- as above
    f" WHERE {_SAME} AND skor.dihitung = {_STAGE}.{_SEEN}"
)
_INSERT = text(
    f"INSERT INTO skor ({_NAMES}) SELECT {_NAMES} FROM {_STAGE}"  # noqa: S608 -- as above
    f" WHERE {_SEEN} IS NULL ON CONFLICT DO NOTHING"
)
_LATE = text(
    f"SELECT CAST({_STAGE}.pegawai_id AS text), {_STAGE}.tahun"  # noqa: S608 -- as above
    f" FROM {_STAGE} LEFT JOIN skor ON {_SAME}"
    " WHERE skor.xmin IS DISTINCT FROM pg_current_xact_id()::xid"
)
# A ledger is compressed before it is kept; the quicker way of the two, where the server knows it.
_COMPRESS_QUICKLY = text(
    "SELECT set_config(name, 'lz4', true) FROM pg_settings"
    " WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)"
)


def _put_in_postgresql(session: Session, rows: Sequence[NewScore]) -> set[Key]:
    session.execute(_COMPRESS_QUICKLY)
    session.execute(_MAKE_STAGE)
    lines = [
        f"{row.pegawai_id}\t{row.stamp.line}\t{row.post.line}\t{row.outcome.line}"
        f"\t{escaped(row.rincian)}\t{escaped(row.tidak_dinilai)}\t{row.seen or _NULL}\n"
        for row in rows
    ]
    _copy(session, _STAGE, (*_SCORE, _SEEN), lines)
    old = sum(1 for row in rows if row.seen)
    written = _count(session, _REPLACE) if old else 0
    written += _count(session, _INSERT) if old < len(rows) else 0
    if written == len(rows):
        return set()
    return {(pegawai_id, tahun) for pegawai_id, tahun in session.execute(_LATE)}


_NULL = "\\N"


def _count(session: Session, statement: Any) -> int:
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]


def _copy(session: Session, target: str, names: Iterable[str], lines: Sequence[str]) -> None:
    driver: Any = session.connection().connection.driver_connection
    with driver.cursor().copy(f"COPY {target} ({', '.join(names)}) FROM STDIN") as copy:
        copy.write("".join(lines))
