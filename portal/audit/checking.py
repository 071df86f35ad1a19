"""Holding the audit against its chain, line by line, and saying where it was tampered with.

Reads in steps of bounded size; neither the number of lines nor that of faults changes the memory
that it takes. What is and is not provable stands in docs/decisions/0018-audit-chain.md.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import RowMapping, Select, exists, func, select
from sqlalchemy.orm import Session

from portal.audit import findings
from portal.audit.chain import BEGINNING, LATE, content_hash, seal_hash
from portal.audit.findings import Fault, Row
from portal.audit.sealing import LINE, NOTHING, SEAL, Head, horizon
from portal.db import Database

STEP = 2000
"""Lines that are read at once."""
UNREADABLE = (ValueError, msgspec.MsgspecError)
"""What reading a line raises that holds no JSON, moment or id."""
NUMBERS = 100_000
"""Numbers of lines among which those without a seal are looked for at once."""


@dataclass
class _Last:
    """What the next seal is held against."""

    urutan: int = 0
    hash: str = BEGINNING
    instead: str = ""
    """The hash that the seal before should have had, when it had another one."""
    newest: dt.datetime | None = None
    """The latest moment that a line so far carries."""
    run: dt.datetime | None = None
    """When the present run of the sealer began."""
    before: dt.datetime | None = None
    """When the run before it began."""


@dataclass
class Check:
    """What a look at the chain found besides its faults, filled while they are read."""

    begin: Head = NOTHING
    """Everything up to here was looked at before."""
    lines: int = 0
    head: Head = NOTHING
    unsealed: int = 0
    """Lines that wait for their seal."""
    oldest_unsealed: dt.datetime | None = None
    heads: int = 0
    """Heads kept elsewhere that the chain agrees with."""
    _last: _Last = field(default_factory=_Last)


def faults(
    database: Database,
    check: Check,
    heads: Sequence[Head] = (),
) -> Iterator[Fault]:
    """Every fault in the order of the chain, then lines that have no seal, then what differs from
    the `heads` kept elsewhere. `check` holds the counts once all were read."""
    with database.reading() as session:
        check._last = _last_of(session, check.begin)
    yield from _along(database, check)
    with database.reading() as session:
        yield from _inserted(session, check)
        yield from _unlike(session, check, sorted(heads, key=lambda one: one.urutan))


def _last_of(session: Session, begin: Head) -> _Last:
    """What the first seal after `begin` is held against."""
    statement = select(SEAL.c.disegel, LINE.c.at).join(LINE, LINE.c.id == SEAL.c.audit_id)
    found = session.execute(statement.where(SEAL.c.urutan == begin.urutan)).one_or_none()
    last = _Last(begin.urutan, begin.hash)
    if found:
        last.run, last.newest = found
    return last


def _along(database: Database, check: Check) -> Iterator[Fault]:
    """Each seal with its line and the seal before."""
    last = check._last
    while True:
        rows = _rows(database, last.urutan)
        for row in rows:
            yield from _look(last, row)
            check.lines += 1
        if len(rows) < STEP:
            break
    check.head = Head(last.urutan, last.hash)


def _rows(database: Database, after: int) -> Sequence[Row]:
    """The next seals with their lines. Where one cannot be read at all (SQLite takes any text for
    a moment or for JSON), each is read by itself, to know which."""
    with database.reading() as session:
        try:
            return session.execute(_step(after)).mappings().all()
        except UNREADABLE:
            seals = session.execute(
                select(SEAL).where(SEAL.c.urutan > after).order_by(SEAL.c.urutan).limit(STEP)
            )
            return [_row_of(session, seal) for seal in seals.mappings()]


def _row_of(session: Session, seal: RowMapping) -> Row:
    try:
        statement = _step(seal["urutan"] - 1).limit(1)
        return session.execute(statement).mappings().one()
    except UNREADABLE:
        return dict(seal) | dict.fromkeys((f"line_{column.name}" for column in LINE.columns), "?")


def _step(after: int) -> Select[Any]:
    return (
        select(SEAL, *(column.label(f"line_{column.name}") for column in LINE.columns))
        .outerjoin(LINE, LINE.c.id == SEAL.c.audit_id)
        .where(SEAL.c.urutan > after)
        .order_by(SEAL.c.urutan)
        .limit(STEP)
    )


def _look(last: _Last, row: Row) -> Iterator[Fault]:
    """One seal, its line, and whether it follows the one before."""
    place, gap = row["urutan"], row["urutan"] != last.urutan + 1
    if gap:
        yield findings.cut_out(last.urutan + 1, place - 1)
    line = {column.name: row[f"line_{column.name}"] for column in LINE.columns}
    gone = line["id"] is None
    unreadable = line["id"] == "?"
    isi = "" if gone or unreadable else content_hash(line)
    befores = [last.hash, last.instead]
    follows = gap or any(_fits(row, before, row["isi"]) for before in befores)
    resealed = not follows and bool(isi) and _fits(row, last.hash, isi)
    if gone:
        yield findings.deleted(row)
    elif resealed:
        yield findings.seal_changed(row)
    elif unreadable:
        yield findings.garbled(row)
    elif isi != row["isi"]:
        yield findings.changed(row, line)
    if not follows and not resealed:
        yield findings.unhinged(row)
    if isi:
        yield from _backdated(last, row, line)
    last.instead = "" if follows else _hash_of(row, last.hash, row["isi"])
    last.urutan, last.hash = place, row["hash"]


def _hash_of(row: Row, before: str, isi: str) -> str:
    return seal_hash(before, row["urutan"], row["audit_id"], row["disegel"], isi)


def _fits(row: Row, before: str, isi: str) -> bool:
    return bool(before) and _hash_of(row, before, isi) == row["hash"]


def _backdated(last: _Last, row: Row, line: dict[str, Any]) -> Iterator[Fault]:
    """A line that carries an older moment than what was sealed long before it. The first run of
    the sealer found lines of years and is believed."""
    if row["disegel"] != last.run:
        last.before, last.run = last.run, row["disegel"]
    at: dt.datetime = line["at"]
    if last.before and last.newest and at < min(last.before, last.newest) - LATE:
        yield findings.backdated(row, line, last.before)
    last.newest = max(last.newest or at, at)


def _inserted(session: Session, check: Check) -> Iterator[Fault]:
    """Lines without a seal: old numbers were put in later, young ones wait for the sealer."""
    past, newest = horizon(session), session.scalar(select(func.max(LINE.c.id))) or 0
    unsealed = ~exists().where(SEAL.c.audit_id == LINE.c.id)
    columns = (LINE.c.id, LINE.c.at, LINE.c.actor_name, LINE.c.action)
    for low in range(0, past, NUMBERS):
        among = LINE.c.id.between(low + 1, min(low + NUMBERS, past))
        for row in session.execute(
            select(*columns).where(among, unsealed).order_by(LINE.c.id)
        ).mappings():
            yield findings.slipped_in(row)
    for low in range(past, newest, NUMBERS):
        among = LINE.c.id.between(low + 1, low + NUMBERS)
        count, oldest = session.execute(
            select(func.count(), func.min(LINE.c.at)).where(among, unsealed)
        ).one()
        check.unsealed += count
        check.oldest_unsealed = check.oldest_unsealed or oldest


def _unlike(session: Session, check: Check, heads: Sequence[Head]) -> Iterator[Fault]:
    """Where the chain is another one than that of which the heads were kept."""
    sure = check.begin.urutan
    for kept in heads:
        stands = _hash_at(session, kept.urutan)
        if stands == kept.hash:
            check.heads += 1
            sure = max(sure, kept.urutan)
        elif stands is None and kept.urutan > check.head.urutan:
            yield findings.tail_gone(check.head.urutan, kept)
            return
        else:
            yield findings.broken_with(kept, stands, sure)
            return


def _hash_at(session: Session, urutan: int) -> str | None:
    return session.scalar(select(SEAL.c.hash).where(SEAL.c.urutan == urutan))
