"""Records of people, as their tables hold them: of each what scores and their reasons need.

A record is a row: the key of its owner, its own, and that of the document behind it (None without
one), all as text, followed by the columns of `_READ`. Words stay plain text and points whole
numbers: a million people have ten million records, and every object that nobody looks at takes a
microsecond.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    String,
    Text,
    and_,
    bindparam,
    cast,
    null,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session

from portal.db import Points
from portal.people.models import Hukdis, Kinerja, Pendidikan, Pengembangan


class Own(NamedTuple):
    """The records of one person, each list in its order."""

    pendidikan: Sequence[Any]
    pengembangan: Sequence[Any]
    kinerja: Sequence[Any]
    hukdis: Sequence[Any]


def of_each(session: Session, ids: Sequence[uuid.UUID]) -> list[Own]:
    """The records of these people, in their order; four queries whatever their number."""
    return _of_each(session, _OF_IDS, ids)


def of_each_with_origin(session: Session, ids: Sequence[uuid.UUID]) -> list[Own]:
    """The same; every record ends with `sumber` and `dicatat`."""
    return _of_each(session, _OF_IDS_WITH_ORIGIN, ids)


def between(session: Session, after: uuid.UUID, last: uuid.UUID) -> Callable[[str], Own]:
    """The records of everybody between two keys (the first left out), by the key as text that the
    database makes of it: a range of an index is read sooner than a thousand keys."""
    keys = {"after": after, "last": last}
    found = [_by_owner(session, statement, keys) for statement in _BETWEEN]
    return lambda key: _own(found, key)


def reference(record: Any) -> str:
    """What the engine carries along: the document behind a record, or the record itself."""
    kind, key = ("dokumen", record[2]) if record[2] else ("riwayat", record[1])
    return f"{kind}:{written(key)}"


def written(key: str) -> str:
    """A key in the usual form, whichever way the database puts it into text."""
    return key if len(key) > _HEX else str(uuid.UUID(key))


_HEX = 32
"""Length of a key without hyphens, as SQLite keeps it."""
_WORDS = {"tingkat", "jenis", "latihan_struktural", "predikat"}
"""Columns of closed lists."""
_READ: dict[FromClause, tuple[str, ...]] = {
    Pendidikan.__table__: ("tingkat", "tanggal_lulus", "tahun_lulus", "program_studi"),
    Pengembangan.__table__: (
        "jenis",
        "jp",
        "tanggal_selesai",
        "latihan_struktural",
        "nama",
        "nomor",
    ),
    Kinerja.__table__: ("tahun", "nilai", "predikat", "dinilai"),
    Hukdis.__table__: ("tingkat", "tmt", "akhir"),
}


def _statements(
    chosen: Callable[[Any], ColumnElement[bool]], *, origin: bool = False
) -> list[Select[Any]]:
    # Of the tables themselves: mapped columns pass through the session, row by row.
    return [
        select(
            cast(table.c.pegawai_id, Text),
            cast(table.c.id, Text),
            cast(table.c.get("document_id", null()), Text),
            *(_plain(table.c[name]) for name in names),
            *((table.c.sumber, table.c.dicatat) if origin else ()),
        )
        .where(chosen(table.c.pegawai_id))
        .order_by(table.c.pegawai_id, table.c.urutan, table.c.id)
        for table, names in _READ.items()
    ]


def _plain(column: ColumnElement[Any]) -> ColumnElement[Any]:
    if column.key in _WORDS:
        return type_coerce(column, String)
    return type_coerce(column, Integer) if isinstance(column.type, Points) else column


# Every hand-in and every item of the queue asks; a statement is dear to make.
_OF_IDS = _statements(lambda key: key.in_(bindparam("ids", expanding=True)))
_OF_IDS_WITH_ORIGIN = _statements(
    lambda key: key.in_(bindparam("ids", expanding=True)), origin=True
)
_BETWEEN = _statements(lambda key: and_(key > bindparam("after"), key <= bindparam("last")))


def _of_each(
    session: Session, statements: Sequence[Select[Any]], ids: Sequence[uuid.UUID]
) -> list[Own]:
    as_text = str if session.get_bind().dialect.name == "postgresql" else _hex
    found = [_by_owner(session, statement, {"ids": ids}) for statement in statements]
    return [_own(found, as_text(key)) for key in ids]


def _hex(key: uuid.UUID) -> str:
    return key.hex


def _by_owner(
    session: Session, statement: Select[Any], values: dict[str, Any]
) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for record in session.execute(statement, values).all():
        found[record[0]].append(record)
    return found


def _own(found: Sequence[dict[str, list[Any]]], key: str) -> Own:
    degrees, courses, results, punishments = (records.get(key, ()) for records in found)
    return Own(degrees, _each_paper_once(courses), results, punishments)


def _each_paper_once(courses: Sequence[Any]) -> Sequence[Any]:
    """Without imported courses that an approved document holds already: what the portal approved
    comes back with the next history from SIASN, and its JP must not be added twice."""
    approved = {_paper(course) for course in courses if course[2]} - {None}
    if not approved:
        return courses
    return [course for course in courses if course[2] or _paper(course) not in approved]


def _paper(course: Any) -> tuple[object, ...] | None:
    """What tells one certificate from another; None where it bears no number."""
    jenis, _, selesai, _, _, nomor = course[3:9]
    number = "".join(sign for sign in nomor.casefold() if sign.isalnum())
    return (jenis, selesai, number) if number else None
