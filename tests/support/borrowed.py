"""Databases of PostgreSQL that many tests use one after the other.

A new one costs the server 20 ms, more than most tests do. So its rows are put back instead; a test
that changed anything but rows leaves a database that nobody else gets.
"""

from __future__ import annotations

from dataclasses import dataclass, field

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


@dataclass
class Borrowed:
    """A database and what it held when it was new."""

    name: str
    _connection: psycopg.Connection = field(repr=False)
    _schema: object = field(default=None, repr=False)
    _rows: dict[str, bytes] = field(default_factory=dict, repr=False)
    _sequences: dict[str, tuple[int, bool]] = field(default_factory=dict, repr=False)
    _emptying: sql.Composable | None = field(default=None, repr=False)

    @classmethod
    def of(cls, name: str, address: str) -> Borrowed:
        """Look at a new database; the connection stays open until `close`."""
        made = cls(name, psycopg.connect(address, autocommit=True))
        made._schema = made._catalogue()
        tables = made._names("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for table in tables:
            if rows := made._copy_out(table):
                made._rows[table] = rows
        for sequence in made._names("SELECT sequencename FROM pg_sequences"):
            asked = sql.SQL("SELECT last_value, is_called FROM {}").format(sql.Identifier(sequence))
            found = made._connection.execute(asked).fetchone()
            assert found
            made._sequences[sequence] = found
        delete = sql.SQL("DELETE FROM {}")
        made._emptying = sql.SQL("; ").join(delete.format(sql.Identifier(name)) for name in tables)
        return made

    def restore(self) -> bool:
        """Make it as it was; False when it cannot be, for another schema or too few rights."""
        self._connection.execute(OTHERS_AT_WORK)
        if self._catalogue() != self._schema:
            return False
        try:
            with self._connection.transaction():
                # Rows come and go past triggers and foreign keys: in any order, the audit too.
                self._connection.execute("SET LOCAL session_replication_role = replica")
                if self._emptying:
                    self._connection.execute(self._emptying)
                for table, rows in self._rows.items():
                    self._copy_in(table, rows)
                for sequence, (value, called) in self._sequences.items():
                    self._connection.execute("SELECT setval(%s, %s, %s)", (sequence, value, called))
        except psycopg.errors.InsufficientPrivilege:
            return False
        return True

    def close(self) -> None:
        self._connection.close()

    def _catalogue(self) -> object:
        return self._connection.execute(CATALOGUE, {"first": FIRST_OF_OURS}).fetchone()

    def _names(self, query: str) -> list[str]:
        return [name for (name,) in self._connection.execute(query)]  # type: ignore[call-overload]

    def _copy_out(self, table: str) -> bytes:
        statement = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))
        with self._connection.cursor().copy(statement) as copy:
            return b"".join(bytes(part) for part in copy)

    def _copy_in(self, table: str, rows: bytes) -> None:
        statement = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))
        with self._connection.cursor().copy(statement) as copy:
            copy.write(rows)
