"""Engine, declarative base, transactions. SQLite and PostgreSQL run the same code."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any

import msgspec
import structlog
from sqlalchemy import DateTime, Engine, Enum, Integer, MetaData, create_engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeDecorator

from portal.errors import Unavailable

log = structlog.get_logger()
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


_SOON_AWAY = {
    "connect_timeout": 5,
    "tcp_user_timeout": 10_000,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}
"""A server that is silent, or whose machine is gone, is called away after seconds (the second in
milliseconds); left to itself the system would wait for a quarter of an hour."""


class UtcDateTime(TypeDecorator[dt.datetime]):
    """An aware moment; SQLite keeps no zone, so it is stored and returned as UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Any) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        value = value.astimezone(dt.UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: dt.datetime | None, dialect: Any) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class Points(TypeDecorator[Decimal]):
    """A decimal number with at most four places, kept as an integer of ten-thousandths.

    Exact on both databases (SQLite has no decimals), and sums and means stay exact in SQL.
    """

    impl = Integer
    cache_ok = True
    SCALE = 10_000

    def process_bind_param(self, value: Decimal | None, dialect: Any) -> int | None:
        return None if value is None else _scaled(value)

    def process_result_value(self, value: int | None, dialect: Any) -> Decimal | None:
        return None if value is None else _unscaled(value)


# A few hundred different points stand in a million rows.
@lru_cache(4096)
def _scaled(value: Decimal) -> int:
    return int((Decimal(value) * Points.SCALE).to_integral_exact())


@lru_cache(4096)
def _unscaled(value: int) -> Decimal:
    return Decimal(value) / Points.SCALE


def code(words: type[StrEnum]) -> Enum:
    """Column type of a closed list: its values as text, checked by SQLAlchemy on the way in."""
    return Enum(
        words,
        native_enum=False,
        create_constraint=False,
        length=30,
        values_callable=lambda members: [member.value for member in members],
        validate_strings=True,
    )


class Base(DeclarativeBase):
    """Base of every table."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {dt.datetime: UtcDateTime()}


def new_id() -> uuid.UUID:
    """A random id: nothing about people or volumes can be read from it."""
    return uuid.uuid4()


def now() -> dt.datetime:
    """The present moment in UTC; screens turn it into the agency's time zone."""
    return dt.datetime.now(dt.UTC)


def _to_json(value: object) -> str:
    """Text of a JSON column; several times as quick as the standard library."""
    return msgspec.json.encode(value).decode()


def _sqlite_pragmas(connection: Any, _record: Any) -> None:
    # The driver must not open transactions by itself: "BEGIN IMMEDIATE" below decides.
    connection.isolation_level = None
    cursor = connection.cursor()
    # A writer waits for another one as long as the driver does: 5 s, or what the address says
    # ("sqlite:///portal.db?timeout=20").
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        "synchronous=NORMAL",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _sqlite_begin(connection: Any) -> None:
    # A deferred transaction that turns into a writer fails at once when another one writes;
    # writers therefore queue at the door, readers never wait (WAL).
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


# A partial index that is empty gets no line, and would be taken for half of its table.
_EMPTY_INDEXES = """
    INSERT INTO sqlite_stat1 (tbl, idx, stat)
    SELECT tbl_name, name, '1 1' FROM sqlite_schema
    WHERE type = 'index' AND sql LIKE '% WHERE %'
    AND name NOT IN (SELECT idx FROM sqlite_stat1 WHERE idx IS NOT NULL)
"""
_STATISTICS = (
    "PRAGMA analysis_limit=1000",
    # Made anew, so that connections which are open read the new numbers.
    "DROP TABLE IF EXISTS sqlite_stat1",
    "ANALYZE",
    _EMPTY_INDEXES,
    "ANALYZE sqlite_schema",
)


class Database:
    """One engine and its two kinds of sessions: reads, and transactions that write."""

    def __init__(self, url: str, *, pool_size: int = 8) -> None:
        if url.startswith("postgresql://"):
            url = "postgresql+psycopg" + url[len("postgresql") :]
        # Whatever fails is logged with its traceback; the values in it are people's data.
        options: dict[str, Any] = {"hide_parameters": True}
        if url.startswith("postgresql"):
            options |= {
                "pool_size": pool_size,
                "max_overflow": 4,
                "pool_pre_ping": True,
                "connect_args": _SOON_AWAY,
            }
        options |= {"json_serializer": _to_json, "json_deserializer": msgspec.json.decode}
        self.engine: Engine = create_engine(url, **options)
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine, "connect", _sqlite_pragmas)
            event.listen(self.engine, "begin", _sqlite_begin)
        self._reads = sessionmaker(self.engine, expire_on_commit=False, autoflush=False)
        self._writes = sessionmaker(
            self.engine.execution_options(writes=True), expire_on_commit=False
        )

    def reading(self) -> Session:
        """A session for queries; the caller closes it. Nothing is committed through it."""
        return self._reads()

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """All or nothing: commits at the end of the block, rolls back when it raises.

        Raises Unavailable when the database is locked or does not answer.
        """
        try:
            with self._writes() as session, session.begin():
                yield session
        except OperationalError as error:
            log.warning("database_away", cause=str(error.orig))
            raise Unavailable from error

    def gather_statistics(self) -> None:
        """Let SQLite's planner know how full the tables are; PostgreSQL keeps count by itself.

        For after much was written at once, and for each night. It looks at a thousand rows of
        each index, so it takes no longer when there are a million. Raises Unavailable as a
        transaction does; the old numbers then stay.
        """
        if self.engine.dialect.name != "sqlite":
            return
        try:
            with self.engine.execution_options(writes=True).begin() as connection:
                for statement in _STATISTICS:
                    connection.exec_driver_sql(statement)
        except OperationalError as error:
            raise Unavailable from error

    def dispose(self) -> None:
        self.engine.dispose()
