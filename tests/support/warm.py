"""What every application and every engine of a process may share without anybody noticing.

A test has an application and a database of its own, and so pays for a start that a portal pays for
once in weeks. SQLAlchemy compiles the same statements again for every engine, Werkzeug the same
addresses for every application. Here both are made once per process, as in a running portal.
"""

from __future__ import annotations

import sqlite3
from copy import deepcopy
from operator import attrgetter
from typing import Any, ClassVar, cast
from weakref import WeakKeyDictionary

import sqlalchemy
from flask import Flask
from psycopg import Connection, OperationalError
from psycopg.pq import TransactionStatus
from sqlalchemy import Engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from werkzeug.routing import Map, Rule, RuleFactory

from portal import db

PATIENCE = 60_000
"""Milliseconds that a writer of SQLite waits for the others; on a busy machine eight of a test
need more than the portal gives them."""


class _Shared:
    """One object for all engines of a kind; compiled statements are kept by dialect."""

    statements: ClassVar[dict[Any, Any]]
    _only: ClassVar[Any] = None
    _made: ClassVar[dict[str, Any] | None] = None
    _knows_its_server = False

    def __new__(cls, **_options: Any) -> Any:
        if cls._only is None:
            cls._only, cls.statements = super().__new__(cls), {}
        return cls._only

    def __init__(self, **options: Any) -> None:
        if self._made is None:
            type(self)._made = options
            super().__init__(**options)
        assert options == self._made, "engines of one kind are made alike"

    def initialize(self, connection: sqlalchemy.Connection) -> None:
        """Ask the server about itself; all databases of a run are on one."""
        if not self._knows_its_server:
            super().initialize(connection)  # type: ignore[misc]
            self._knows_its_server = True

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        engine.update_execution_options(compiled_cache=cls.statements)


class SharedSqlite(_Shared, SQLiteDialect_pysqlite):
    supports_statement_cache = True


class SharedPostgres(_Shared, PGDialect_psycopg):
    """Hands connections on as well: a new one costs the server 9 ms."""

    supports_statement_cache = True
    _idle: ClassVar[dict[str, list[Connection[Any]]]] = {}
    _targets: ClassVar[WeakKeyDictionary[Connection[Any], str]] = WeakKeyDictionary()

    def connect(self, *arguments: Any, **named: Any) -> Any:
        target = repr([(key, value) for key, value in named.items() if key != "context"])
        idle = self._idle.get(target, [])
        while idle:
            connection = idle.pop()
            if _answers(connection):
                return connection
            connection.close()
        connection = cast("Connection[Any]", super().connect(*arguments, **named))
        self._targets[connection] = target
        return connection

    def do_close(self, dbapi_connection: Any) -> None:
        if dbapi_connection.info.transaction_status is TransactionStatus.IDLE:
            target = self._targets[dbapi_connection]
            self._idle.setdefault(target, []).append(dbapi_connection)
        else:
            dbapi_connection.close()

    @classmethod
    def hang_up(cls) -> None:
        """Close what nobody uses."""
        for idle in cls._idle.values():
            while idle:
                idle.pop().close()


def _answers(connection: Connection[Any]) -> bool:
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except OperationalError:
        return False
    return True


class SharedMap(Map):
    """Addresses sorted and compiled once for all applications that have the same.

    It waits until somebody asks for an address: what is found then depends on nothing but the
    rules, so a second application with the same rules takes what the first one made.
    """

    _made: ClassVar[dict[Any, Map]] = {}

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._options = options
        self._own: list[Rule] = []

    def add(self, rulefactory: RuleFactory) -> None:
        self._own += rulefactory.get_rules(self)
        self._remap = True

    def update(self) -> None:
        if not self._remap:
            return
        key = (tuple(map(_words, self._own)), repr(self._options), *self.converters.items())
        if key not in self._made:
            made = Map(**self._options)
            made.converters = self.converters
            for rule in self._own:
                made.add(deepcopy(rule))  # its own stay as said, for more may be added to them
            made.update()
            self._made[key] = made
        self._matcher = self._made[key]._matcher
        self._rules_by_endpoint = self._made[key]._rules_by_endpoint
        self._remap = False


_SAID = attrgetter(
    *("rule", "endpoint", "provide_automatic_options", "subdomain", "host", "build_only"),
    *("strict_slashes", "merge_slashes", "redirect_to", "alias", "websocket"),
)


def _words(rule: Rule) -> tuple[object, ...]:
    """All that was said of an address."""
    return _SAID(rule), frozenset(rule.methods or ()), repr(rule.defaults)


_usual = db._sqlite_pragmas


def _patient(connection: sqlite3.Connection, _record: object) -> None:
    _usual(connection, _record)
    connection.execute(f"PRAGMA busy_timeout={PATIENCE}")


db._sqlite_pragmas = _patient
registry.register("sqlite", __name__, "SharedSqlite")
registry.register("postgresql.psycopg", __name__, "SharedPostgres")
# Typed as Map itself, not as a kind of it.
Flask.url_map_class = SharedMap  # type: ignore[assignment]
