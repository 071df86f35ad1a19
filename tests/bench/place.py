"""A portal to measure: its folder, its people, logins for them, and its web server."""

from __future__ import annotations

import os
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import structlog
from flask import Flask

from portal import storage
from portal.app import create_app
from portal.db import Database
from portal.migrating import migrate
from portal.operations import observation
from portal.permissions import Actor
from portal.settings import Settings
from portal.verification.queueing import tallies
from tests.bench import data
from tests.support.app import Browser
from tests.support.cast import PASSWORD, Cast
from tests.support.components import child, free_port, wait_until
from tests.support.walk import Examples

RESTS = 4.0
"""Seconds in which a worker has started and done what was due."""
KEY = "kunci-untuk-pengukuran-saja-0123456789"


@dataclass(frozen=True)
class Place:
    """One filled portal; `app` is it in this process, with its logs thrown away."""

    folder: Path
    app: Flask
    cast: Cast
    shown: Examples

    @property
    def environment(self) -> dict[str, str]:
        """For processes that serve this portal."""
        return plain_environment() | {
            "PORTAL_MODE": "uji",
            "SECRET_KEY": KEY,
            "VAR_DIR": str(self.folder / "var"),
            "DATABASE_URL": self.app.extensions["settings"].database_url,
        }

    def cookie(self, actor: Actor | None) -> str:
        """Header of somebody who has logged in and opened a page; empty for nobody."""
        if actor is None:
            return ""
        browser = Browser(self.app)
        page = browser.client.get("/masuk").get_data(as_text=True)
        token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
        fields = {"csrf_token": token, "nip": actor.nip, "kata_sandi": PASSWORD}
        assert browser.client.post("/masuk", data=fields).status_code == 303
        browser.client.get("/")
        cookie = browser.client.get_cookie("sesi")
        assert cookie is not None
        return f"sesi={cookie.value}"

    @contextmanager
    def served(self, *command: str) -> Iterator[tuple[int, int]]:
        """Port and process id of a server for this portal; `command` is what Python runs."""
        port = free_port()
        environment = self.environment | {"PORT": str(port)}
        log = self.folder / "serve.log"
        with child([sys.executable, *command], env=environment, log=log) as process:
            wait_until(lambda: answers(port), process, log)
            yield port, process.pid

    @contextmanager
    def worker(self) -> Iterator[int]:
        """Process id of a worker at rest."""
        log = self.folder / "worker.log"
        program = [sys.executable, "-m", "portal", "worker"]
        with child(program, env=self.environment, log=log) as process:
            time.sleep(RESTS)
            assert process.poll() is None, log.read_text()
            yield process.pid


def build(folder: Path, *, people: int, documents: int, url: str = "") -> Place:
    """Migrate and fill a portal of this size, on SQLite unless `url` names an empty database."""
    folder.mkdir(parents=True)
    settings = Settings(
        mode="uji",
        secret_key=KEY,
        var_dir=folder / "var",
        database_url=url or f"sqlite:///{folder / 'portal.db'}",
        cheap_hashes=True,
    )
    database = Database(settings.database_url)
    migrate(database)
    store = storage.connect(settings)
    cast, shown = data.fill(database, store, people=people, documents=documents)
    tallies.compact(database)  # as the worker does each minute
    gather_statistics(database)
    database.dispose()
    throw_logs_away()
    return Place(folder, create_app(settings), cast, shown)


def gather_statistics(database: Database) -> None:
    """As the portal does each night, and PostgreSQL by itself after a while."""
    database.gather_statistics()
    if database.engine.dialect.name == "postgresql":
        with database.engine.begin() as connection:
            connection.exec_driver_sql("ANALYZE")


def throw_logs_away() -> None:
    """Lines are made as in production and written to nowhere."""
    observation.configure_logs()
    nowhere = Path(os.devnull).open("w")  # noqa: SIM115 -- as long as the process lives
    structlog.configure(logger_factory=structlog.WriteLoggerFactory(file=nowhere))


def plain_environment() -> dict[str, str]:
    """Nothing of the settings that this shell may hold."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}


def answers(port: int, path: str = "/healthz") -> bool:
    with (
        suppress(OSError),
        urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer,
    ):
        return bool(answer.status == 200)
    return False


def heaviest(app: Flask, addresses: Sequence[str], cookie: str) -> str | None:
    """Of these addresses the page with the most HTML; None when none is a page."""
    client = app.test_client(use_cookies=False)
    sizes = {}
    for address in addresses:
        answer = client.get(address, headers={"Cookie": cookie} if cookie else {})
        if answer.status_code == 200 and answer.mimetype == "text/html":
            sizes[address] = len(answer.data)
        answer.close()
    return max(sizes, key=lambda address: sizes[address], default=None)
