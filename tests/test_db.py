"""What a failing statement says ends in the log, where nobody's data belong; what SQLite knows of
its tables."""

from __future__ import annotations

import sqlite3

import psycopg
import pytest
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError, OperationalError
from structlog.testing import capture_logs

from portal.db import Database
from portal.errors import Unavailable
from portal.people.models import Pegawai
from tests.support.cast import Cast
from tests.support.database import on_sqlite_alone


def test_a_failing_statement_tells_no_values(database: Database, cast: Cast) -> None:
    with pytest.raises(IntegrityError) as caught, database.transaction() as session:
        session.add(
            Pegawai(
                instansi_id=cast.sari.instansi_id,
                opd_id=None,
                nip="198704122010012099",
                nama="Nama Rahasia",
                jenis_pegawai="PNS",
                kelompok_jabatan="pelaksana",
                jabatan="Analis",
            )
        )
    # PostgreSQL itself repeats the row in its detail; what SQLAlchemy adds must not.
    assert "[parameters:" not in str(caught.value)


@on_sqlite_alone
def test_a_connection_that_is_open_reads_the_new_statistics(database: Database) -> None:
    def fill(alike: str, different: str) -> None:
        rows = "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 500) SELECT {} FROM n"
        with database.engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM hal")
            values = rows.format(f"1 AS {alike}, i AS {different}")
            connection.exec_driver_sql(f"INSERT INTO hal ({alike}, {different}) {values}")
        database.gather_statistics()

    with database.engine.begin() as connection:
        for sql in ("TABLE hal (a, b)", "INDEX hal_a ON hal (a)", "INDEX hal_b ON hal (b)"):
            connection.exec_driver_sql(f"CREATE {sql}")

    plans = []
    with database.engine.connect() as other:
        for alike, different in ("ab", "ba"):
            fill(alike, different)
            asked = f"SELECT '{alike}' FROM hal WHERE a = 1 AND b = 1"
            other.exec_driver_sql(asked).all()  # an explanation alone looks at no schema
            plans.append(other.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}").one()[3])
            other.rollback()

    assert plans == [f"SEARCH hal USING INDEX hal_{each} ({each}=?)" for each in "ba"]


@on_sqlite_alone
def test_an_empty_partial_index_is_known_as_empty(database: Database) -> None:
    database.gather_statistics()

    with database.engine.connect() as connection:
        kept = connection.exec_driver_sql(
            "SELECT stat FROM sqlite_stat1 WHERE idx = 'ix_document_queue_of_objections'"
        )
        assert kept.scalar_one() == "1 1"


@on_sqlite_alone
def test_statistics_wait_for_a_writer_only_so_long(database: Database) -> None:
    def impatient(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute("PRAGMA busy_timeout=1")

    event.listen(database.engine, "checkout", impatient)
    with database.transaction() as writing:
        writing.connection()
        with pytest.raises(Unavailable):
            database.gather_statistics()


def test_the_operator_reads_why_a_transaction_was_refused(database: Database) -> None:
    refused = OperationalError("INSERT", {}, Exception("database or disk is full"))

    with capture_logs() as logs, pytest.raises(Unavailable), database.transaction():
        raise refused

    assert [(line["event"], line["cause"]) for line in logs] == [
        ("database_away", "database or disk is full")
    ]


def test_a_server_whose_machine_is_gone_is_soon_called_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The system alone would wait for a quarter of an hour, and every thread of the web with it."""
    asked: dict[str, object] = {}

    def note(**options: object) -> None:
        asked.update(options)
        raise psycopg.OperationalError("kept from connecting")

    monkeypatch.setattr(psycopg, "connect", note)
    database = Database("postgresql://portal@127.0.0.1/portal")
    with pytest.raises(OperationalError), database.engine.connect():
        pass

    assert asked["tcp_user_timeout"] == 10_000
    assert asked["keepalives_idle"] == 10
