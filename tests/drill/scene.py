"""The portal of a drill: PostgreSQL, Redis, a Ceph gateway of its own, two web workers, a crowd."""

from __future__ import annotations

import os
import signal
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import insert

from portal.accounts.models import Akun
from portal.people.models import Pegawai
from scripts import rgw_local
from scripts.rgw_local import Credentials
from tests.bench import data
from tests.support.components import free_port, missing
from tests.support.live import LivePortal, running_portal
from tests.support.postgres import running_postgres
from tests.support.redis import running_redis


@dataclass
class Store:
    """A gateway that can be killed and started again; the disk file below it stays."""

    folder: Path
    port: int
    credentials: Credentials

    def kill(self) -> None:
        """The gateway dies in the middle of its work."""
        with suppress(ProcessLookupError):
            os.kill(int((self.folder / "rgw.pid").read_text()), signal.SIGKILL)

    def start(self) -> None:
        rgw_local.start(self.folder, self.port)


@dataclass(frozen=True)
class Scene:
    """A running portal, its store, and the numbers of those who hand in."""

    portal: LivePortal
    store: Store
    nips: list[str]


@contextmanager
def running(folder: Path, people: int) -> Iterator[Scene]:
    """Start everything with `people` more than the cast; stop and forget it at the end."""
    if tools := rgw_local.missing_tools():
        missing(f"Ceph RGW ({', '.join(tools)})")
    store_folder, port = folder / "s3", free_port()
    credentials = rgw_local.start(store_folder, port)
    try:
        with (
            running_postgres() as postgres,
            postgres.database() as name,
            running_redis(folder) as redis,
            running_portal(
                folder,
                DATABASE_URL=postgres.address(name),
                REDIS_URL=redis,
                OBJECT_STORE_URL=credentials.url,
                WEB_PROCESSES="2",
            ) as portal,
        ):
            store = Store(store_folder, port, credentials)
            yield Scene(portal, store, _crowd(portal, people))
    finally:
        rgw_local.stop(store_folder)


def _crowd(portal: LivePortal, people: int) -> list[str]:
    ids = [uuid.uuid4() for _ in range(people)]
    rows = list(data.crowd(portal.cast, ids, [portal.cast.units.smpn.id]))
    with portal.database.transaction() as session:
        session.execute(insert(Pegawai), rows)
        session.execute(insert(Akun), list(data.accounts(ids)))
    return [str(row["nip"]) for row in rows]
