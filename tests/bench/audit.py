"""The chain over a million lines of the audit: sealing, looking through it, memory, tampering."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from portal.audit.sealing import seal_committed
from portal.db import Database, now
from portal.migrating import migrate
from tests.audit.tampering import tamper
from tests.bench import place
from tests.bench.duplicates import median
from tests.bench.figures import Figure, Report
from tests.bench.million import SETTINGS
from tests.support.postgres import running_postgres

SECTION = "A million lines of the audit"
FEW, MANY = 10_000, 1_000_000
YESTERDAY = dt.timedelta(days=1)
MIB = 1024
"""Kilobytes, in which the kernel tells a peak."""
METHOD = """\
**Audit**: a million lines (each about an item, with a note of 40 letters) are sealed by the run of
the worker's tick, then held against their chain by `python -m portal periksa-audit`, a process of
its own whose peak of memory is told by the kernel; the same with 10,000 lines is the measure of
what the process takes anyway. A tick with nothing new, and one with a single new line, is what
each minute costs (median of 30). At the end, in the midst, a line is changed, another deleted, and
a seal taken out, and the command has to name all three places."""
LINES = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT :low UNION ALL SELECT i + 1 FROM n WHERE i < :high) "
    "INSERT INTO audit (id, at, actor_name, action, subject_id, facts) "
    "SELECT i, datetime('2026-01-01', '+' || (i * 20) || ' seconds') || '.000000', 'Vera', "
    "'document:approved', printf('%032x', i), "
    "'{\"alasan\": \"Tanggal tidak terbaca pada lembar ' || i || '\"}' FROM n",
    "postgresql": "INSERT INTO audit (id, at, actor_name, action, subject_id, facts) "
    "SELECT i, timestamptz '2026-01-01 00:00Z' + i * interval '20 s', 'Vera', "
    "'document:approved', lpad(to_hex(i), 32, '0')::uuid, "
    "json_build_object('alasan', 'Tanggal tidak terbaca pada lembar ' || i) "
    "FROM generate_series(CAST(:low AS bigint), CAST(:high AS bigint)) AS i",
}


@dataclass(frozen=True)
class Run:
    """One call of the command."""

    seconds: float
    processor: float
    peak: int
    """KiB."""
    answer: str


def tell(report: Report, folder: Path) -> None:
    """Measure both databases."""
    for name, opened in (("SQLite", _sqlite(folder)), ("PostgreSQL", _postgresql(folder))):
        with opened as database:
            report.add(SECTION, *_figures(name, database, folder))


@contextmanager
def _sqlite(folder: Path) -> Iterator[Database]:
    path = folder / "audit.db"
    database = Database(f"sqlite:///{path}")
    yield database
    database.dispose()
    path.unlink()


@contextmanager
def _postgresql(folder: Path) -> Iterator[Database]:
    folder.chmod(0o755)  # the server runs as another user
    with running_postgres(SETTINGS, folder) as server, server.database() as name:
        database = Database(server.address(name))
        yield database
        database.dispose()


def _figures(name: str, database: Database, folder: Path) -> Iterator[Figure]:
    migrate(database)
    _fill(database, 1, FEW)
    seal_committed(database, at=now() - YESTERDAY)
    little = examine(database, folder).peak
    _fill(database, FEW + 1, MANY)
    begun = time.perf_counter()
    assert seal_committed(database, at=now() - YESTERDAY) == MANY - FEW
    taken = time.perf_counter() - begun
    yield Figure(f"{name}: sealing", taken, "s", note=f"{(MANY - FEW) / taken:.0f} lines a second")
    run = examine(database, folder)
    assert run.answer.endswith("Audit utuh.\n"), run.answer
    yield Figure(f"{name}: periksa-audit", run.seconds, "s")
    yield Figure(f"{name}: of its own processor", run.processor, "s", most=40)
    yield Figure(f"{name}: its peak of memory", run.peak / MIB, "MiB", most=160)
    more = (run.peak - little) / MIB
    yield Figure(f"{name}: of that for the lines", more, "MiB", most=24, note="against 10,000")
    yield from _ticks(name, database)
    yield _tampered(name, database, folder)


def _fill(database: Database, low: int, high: int) -> None:
    dialect = database.engine.dialect.name
    with database.transaction() as session:
        session.execute(text(LINES[dialect]), {"low": low, "high": high})
    place.gather_statistics(database)


def examine(database: Database, folder: Path) -> Run:
    """Run the command and watch it."""
    address = database.engine.url
    address = address.set(drivername=address.get_backend_name())
    environment = place.plain_environment() | {
        "PORTAL_MODE": "uji",
        "SECRET_KEY": place.KEY,
        "VAR_DIR": str(folder / "var"),
        "DATABASE_URL": address.render_as_string(hide_password=False),
    }
    begun = time.perf_counter()
    with (folder / "periksa.txt").open("w+") as answer:
        process = subprocess.Popen(
            [sys.executable, "-m", "portal", "periksa-audit"],
            env=environment,
            stdout=answer,
            stderr=subprocess.STDOUT,
        )
        peak, ended = 0, 0
        while not ended:
            peak = max(peak, _peak(process.pid))
            time.sleep(0.02)
            ended, _, used = os.wait4(process.pid, os.WNOHANG)
        process.returncode = 0
        answer.seek(0)
        seconds = time.perf_counter() - begun
        return Run(seconds, used.ru_utime + used.ru_stime, peak, answer.read())


def _peak(pid: int) -> int:
    """KiB; that of `wait4` begins with the size of the process that started it."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)


def _ticks(name: str, database: Database) -> Iterator[Figure]:
    """What a minute costs when all but an hour's lines were sealed before."""
    _write_one(database, MANY + 1)
    seal_committed(database)
    place.gather_statistics(database)
    idle = median(lambda: seal_committed(database))
    yield Figure(f"{name}: a tick without news", idle, "ms", most=20)
    number = iter(range(MANY + 2, MANY + 100))

    def one() -> None:
        _write_one(database, next(number))
        assert seal_committed(database) == 1

    yield Figure(f"{name}: a line and its seal", median(one), "ms")


def _write_one(database: Database, number: int) -> None:
    with database.transaction() as session:
        dialect = database.engine.dialect.name
        session.execute(text(LINES[dialect]), {"low": number, "high": number})


def _tampered(name: str, database: Database, folder: Path) -> Figure:
    tamper(
        database,
        "UPDATE audit SET actor_name = 'Bima' WHERE id = 400000",
        "DELETE FROM audit WHERE id = 500000",
        "DELETE FROM segel_audit WHERE urutan = 600000",
    )
    run = examine(database, folder)
    for words in ("Baris audit 400000 (", "Baris audit 500000 (", "Segel di tempat 600000 "):
        assert words in run.answer, run.answer
    return Figure(f"{name}: finding three faults among them", run.seconds, "s")
