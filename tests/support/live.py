"""A portal that really runs: web server and worker as processes of their own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page

from portal.db import Database
from portal.migrating import migrate
from portal.permissions import Actor
from portal.settings import Settings
from portal.storage import Storage, connect
from tests.support.cast import PASSWORD, Cast, assemble
from tests.support.components import child, free_port, wait_until
from tests.support.postgres import PostgresServer

if TYPE_CHECKING:
    from scripts.rgw_local import Credentials


@dataclass
class LivePortal:
    """A running portal with the cast inside; `url` has no slash at the end."""

    url: str
    environment: Mapping[str, str] = field(repr=False)
    folder: Path
    database: Database
    cast: Cast
    _stack: ExitStack = field(repr=False)
    _web: subprocess.Popen[bytes] | None = None
    _worker: subprocess.Popen[bytes] | None = None

    @property
    def storage(self) -> Storage:
        """The objects of this portal, beside its processes."""
        return connect(Settings.from_env(self.environment))

    def start_web(self) -> None:
        self._web = self._start("serve")
        wait_until(self._answers, self._web, self.folder / "serve.log")

    def start_worker(self) -> None:
        self._worker = self._start("worker")

    def kill_web(self) -> None:
        """The web process dies in the middle of its work."""
        _kill(self._web)

    def kill_worker(self) -> None:
        """The worker dies in the middle of its work."""
        _kill(self._worker)

    def web_processes(self) -> list[int]:
        """Numbers of the web server and of its children."""
        assert self._web is not None
        own = str(self._web.pid)
        groups = ((path, _group_of(path)) for path in Path("/proc").glob("[0-9]*"))
        return [int(path.name) for path, group in groups if group == own]

    def open(self, page: Page, path: str) -> None:
        """Show an address of this portal in a real browser."""
        page.goto(f"{self.url}{path}")

    def login(self, page: Page, actor: Actor) -> None:
        """Log in through the form, as a person does."""
        self.open(page, "/masuk")
        page.get_by_label("NIP", exact=True).fill(actor.nip)
        page.get_by_label("Kata sandi", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Masuk", exact=True).click()
        page.wait_for_url(lambda address: "/masuk" not in address)

    def _start(self, command: str) -> subprocess.Popen[bytes]:
        log = self.folder / f"{command}.log"
        program = [sys.executable, "-m", "portal", command]
        return self._stack.enter_context(child(program, env=self.environment, log=log))

    def _answers(self) -> bool:
        return answers(self.url)


def answers(url: str) -> bool:
    """Whether a portal is ready at this moment, with everything that it needs."""
    refused = (OSError, HTTPException)  # the second when it ends in the middle of its answer
    with suppress(*refused), urllib.request.urlopen(f"{url}/readyz", timeout=30) as answer:
        return bool(answer.status == 200)
    return False


def _kill(process: subprocess.Popen[bytes] | None) -> None:
    assert process is not None
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _group_of(process: Path) -> str:
    """Process group of an entry in /proc; empty when the process has ended meanwhile."""
    with suppress(OSError):
        return (process / "stat").read_text().rpartition(")")[2].split()[2]
    return ""


@contextmanager
def running_portal(folder: Path, **settings: str) -> Iterator[LivePortal]:
    """Start web and worker on a free port with the cast in the database; stop them at the end."""
    port = free_port()
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment = {
        **kept,
        "PORTAL_MODE": "uji",
        "VAR_DIR": str(folder / "var"),
        "DATABASE_URL": f"sqlite:///{folder / 'portal.db'}",
        "PORT": str(port),
        **settings,
    }
    database = Database(environment["DATABASE_URL"])
    try:
        migrate(database)
        with database.transaction() as session:
            cast = assemble(session)
        with ExitStack() as stack:
            url = f"http://127.0.0.1:{port}"
            live = LivePortal(url, environment, folder, database, cast, stack)
            live.start_worker()
            live.start_web()
            yield live
    finally:
        database.dispose()


@pytest.fixture
def live_portal(tmp_path: Path) -> Iterator[LivePortal]:
    """As `make run` starts it: SQLite, local folder, jobs in SQLite."""
    with running_portal(tmp_path) as live:
        yield live


@pytest.fixture
def live_production(
    tmp_path: Path, postgres: PostgresServer, redis_url: str, bucket: Credentials
) -> Iterator[LivePortal]:
    """The components of production: PostgreSQL, Redis, and a real S3 (Ceph RGW)."""
    with (
        postgres.database() as name,
        running_portal(
            tmp_path,
            DATABASE_URL=postgres.address(name),
            REDIS_URL=redis_url,
            OBJECT_STORE_URL=bucket.url,
        ) as live,
    ):
        yield live
