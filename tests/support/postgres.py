"""A PostgreSQL server of the test run's own: one per worker process, gone afterwards.

Debian's binaries refuse to run as root, so root hands them to the user `postgres`. Nothing has
to survive a crash here, hence no fsync. TEST_DATABASE_URL names another server to use instead.
"""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from portal.db import Database
from portal.migrating import migrate
from tests.support.borrowed import Borrowed
from tests.support.components import PATIENCE, child, fast_folder, find, wait_until
from tests.support.warm import SharedPostgres

QUICK = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "listen_addresses=",
    "dynamic_shared_memory_type=mmap",  # inside the folder, so that a killed run leaves nothing
    "shared_buffers=48MB",
    "max_connections=60",
)


@dataclass
class PostgresServer:
    """Where the server answers; `url` has a hole for the name of a database."""

    url: str
    goes_too: bool = False
    """Whether the server ends with the tests, and with it all that it holds."""
    _over: list[str] = field(default_factory=list, repr=False)
    """Databases that nobody needs any more."""
    _control: psycopg.Connection | None = field(default=None, repr=False)
    _numbers: Iterator[int] = field(default_factory=itertools.count, repr=False)
    _lent: dict[str, list[Borrowed]] = field(default_factory=dict, repr=False)

    def address(self, database: str) -> str:
        return self.url.format(database=database)

    @contextmanager
    def lent(self, template: str) -> Iterator[str]:
        """Name of a database as the template is; afterwards the next test gets it."""
        free = self._lent.setdefault(template, [])
        if not free:
            name = self._create(template)
            free.append(Borrowed.of(name, self.address(name)))
        database = free.pop()
        yield database.name
        if database.restore():
            free.append(database)
        else:
            database.close()
            self._over.append(database.name)

    @contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """Name of a new database that nobody uses after the block."""
        name = self._create(template)
        try:
            yield name
        finally:
            self._over.append(name)

    def _create(self, template: str) -> str:
        SharedPostgres.hang_up()  # a template in use cannot be copied
        self._drop_what_is_over()
        name = f"portal_{os.getpid()}_{next(self._numbers)}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return name

    def _drop_what_is_over(self) -> None:
        """Later than it was over: the server waits 100 ms for a connection that just closed."""
        while self._over:
            self._run(f'DROP DATABASE "{self._over.pop()}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        if self._control is None:
            self._control = psycopg.connect(self.address("postgres"), autocommit=True)
        self._control.execute(statement.encode())

    def close(self) -> None:
        """Let go of the databases that were lent and of all connections."""
        SharedPostgres.hang_up()
        for database in itertools.chain(*self._lent.values()):
            database.close()
            self._over.append(database.name)
        if not self.goes_too:
            self._drop_what_is_over()
        if self._control is not None:
            self._control.close()


def _sweep(place: Path) -> None:
    """Remove what test runs that were killed left behind; their number is in the name."""
    for folder in place.glob("pg-*-*"):
        number = folder.name.split("-")[1]
        if number.isdigit() and not Path("/proc", number).exists():
            shutil.rmtree(folder, ignore_errors=True)


def binaries() -> list[Path]:
    """Folders in which Debian keeps the programs, newest first."""
    return sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


@contextmanager
def running_postgres(
    settings: Sequence[str] = QUICK, place: Path | None = None
) -> Iterator[PostgresServer]:
    """Start a server on a unix socket; skips (in CI: fails) when PostgreSQL is missing."""
    postgres = find("postgres", *binaries())
    place = place or fast_folder()
    _sweep(place)
    folder = Path(tempfile.mkdtemp(prefix=f"pg-{os.getpid()}-", dir=place))
    try:
        user = "postgres" if os.getuid() == 0 else None
        if user:
            shutil.chown(folder, user, user)
        data = folder / "data"
        initdb = ["--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8"]
        command: list[str | Path]
        command = [Path(postgres).with_name("initdb"), *initdb, "--locale=C.UTF-8", "-D", data]
        log = folder / "log"
        with child(command, user=user, log=log) as process:
            if process.wait(PATIENCE) != 0:
                raise RuntimeError(f"initdb failed:\n{log.read_text()}")
        options = [part for option in settings for part in ("-c", option)]
        command = [postgres, "-D", data, "-k", folder, *options]
        address = f"postgresql://postgres@/{{database}}?host={folder}"
        server = PostgresServer(address, goes_too=True)

        def answers() -> bool:
            with suppress(psycopg.OperationalError):
                psycopg.connect(server.address("postgres")).close()
                return True
            return False

        # SIGINT: end at once, also when somebody forgot to close a connection.
        with child(command, user=user, log=log, sign=signal.SIGINT) as process:
            wait_until(answers, process, log)
            with closing(server):
                yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """The server of this worker process, or the one that TEST_DATABASE_URL names."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        before, _, after = url.rpartition("/")
        _, mark, query = after.partition("?")
        with closing(PostgresServer(f"{before}/{{database}}{mark}{query}")) as server:
            yield server
        return
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres: PostgresServer) -> Iterator[str]:
    """Name of a migrated, empty database to clone."""
    with postgres.database() as name:
        database = Database(postgres.address(name))
        migrate(database)
        database.dispose()
        yield name
