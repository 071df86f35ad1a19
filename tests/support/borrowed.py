"""Databases of PostgreSQL that many tests use one after the other.

A new one costs the server 20 ms, more than most tests do. So its rows are put back instead; a test
that changed anything but rows leaves a database that nobody else gets.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, LiteralString

import psycopg
from psycopg import sql

FIRST_OF_OURS = 16384
"""Objects with a smaller number are PostgreSQL's own."""
CATALOGUE = """
    SELECT sum(x::bigint), count(*) FROM (
        SELECT xmin::text AS x FROM pg_class WHERE oid >= %(first)s
        UNION ALL SELECT xmin::text FROM pg_attribute WHERE attrelid >= %(first)s
        UNION ALL SELECT xmin::text FROM pg_constraint WHERE oid >= %(first)s
        UNION ALL SELECT xmin::text FROM pg_trigger WHERE oid >= %(first)s
        UNION ALL SELECT xmin::text FROM pg_proc WHERE oid >= %(first)s
    ) AS ours
"""
"""A number that changes with every table, column, constraint, trigger or function."""
OTHERS_AT_WORK = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
"""
NEXT = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
"""Number of the next transaction of the server that writes something."""
NOTHING_STAYED = f"""
    SELECT count(*) = 0 FROM generate_series(%(first)s::bigint, ({NEXT}) - 1) AS number
    WHERE pg_xact_status(number::text::xid8) <> 'aborted'
"""


@dataclass
class Borrowed:
    """A database and what it held when it was new; a schema of its own keeps the rows."""

    name: str
    _connection: psycopg.Connection = field(repr=False)
    _schema: object = field(default=None, repr=False)
    _first: int = field(default=0, repr=False)
    """Transactions before this one are of no interest any more."""
    _winding: sql.Composed = field(default_factory=lambda: sql.Composed([]), repr=False)
    """Puts the sequences back."""
    _everything: sql.Composed = field(default_factory=lambda: sql.Composed([]), repr=False)
    """Puts sequences and rows back."""

    @classmethod
    def of(cls, name: str, address: str) -> Borrowed:
        """Look at a new database; the connection stays open until `close`."""
        made = cls(name, psycopg.connect(address, autocommit=True))
        tables = made._names("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        filled = [name for name in tables if made._one(_about("SELECT EXISTS (TABLE {})", name))]
        made._connection.execute("CREATE SCHEMA kept")
        for table in filled:
            made._connection.execute(_about("CREATE TABLE kept.{0} AS TABLE public.{0}", table))
        winding = []
        for name in made._names("SELECT sequencename FROM pg_sequences"):
            value, called = made._row(_about("SELECT last_value, is_called FROM {}", name))
            winding.append(sql.SQL("SELECT setval({}, {}, {})").format(name, value, called))
        made._winding = sql.SQL("; ").join(winding)
        made._everything = sql.SQL("; ").join(
            [
                *winding,
                # Rows come and go past triggers and foreign keys: in any order, the audit too.
                sql.SQL("SET LOCAL session_replication_role = replica"),
                *(_about("DELETE FROM public.{}", name) for name in tables),
                *(_about("INSERT INTO public.{0} TABLE kept.{0}", name) for name in filled),
            ]
        )
        made._schema, made._first = made._catalogue(), made._one(NEXT)
        return made

    def restore(self) -> bool:
        """Make it as it was; False when it cannot be, for another schema or too few rights."""
        self._connection.execute(OTHERS_AT_WORK)
        # Many tests take everything back themselves; not so what a sequence gave out.
        untouched = self._one(NOTHING_STAYED, first=self._first)
        if not untouched and self._catalogue() != self._schema:
            return False
        try:
            with self._connection.transaction():
                self._connection.execute(self._winding if untouched else self._everything)
        except psycopg.errors.InsufficientPrivilege:
            return False
        self._first = self._one(NEXT)
        return True

    def close(self) -> None:
        self._connection.close()

    def _catalogue(self) -> object:
        return self._connection.execute(CATALOGUE, {"first": FIRST_OF_OURS}).fetchone()

    def _names(self, query: LiteralString) -> list[str]:
        return [name for (name,) in self._connection.execute(query)]

    def _one(self, query: LiteralString | sql.Composed, **values: object) -> Any:
        return self._row(query, **values)[0]

    def _row(self, query: LiteralString | sql.Composed, **values: object) -> tuple[Any, ...]:
        found = self._connection.execute(query, values or None).fetchone()
        assert found
        return found


def _about(words: LiteralString, table: str) -> sql.Composed:
    return sql.SQL(words).format(sql.Identifier(table))
