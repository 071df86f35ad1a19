"""A real S3 for the tests: one Ceph RGW of this machine, shared by all workers and test runs.

Starting one takes seconds, so whoever comes first starts it and the last one out stops it; a
bucket per process, emptied after each test, keeps them apart. Users are counted by process
number, and the dead are struck off: a killed run leaves nothing that the next one does not clear
away.
"""

from __future__ import annotations

import dataclasses
import fcntl
import functools
import json
import os
import shutil
import socket
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest

from scripts import rgw_local
from scripts.rgw_local import Credentials, StartError
from tests.support.components import PATIENCE, free_port, missing

HOME = Path(tempfile.gettempdir()) / f"portal-rgw-{os.getuid()}"
CLUSTER = HOME / "cluster"
USERS = HOME / "users.json"
ENOUGH = 512 * 1024 * 1024
"""Bytes on disk after which the store begins afresh; deleted objects free their space late."""


@contextmanager
def _locked() -> Iterator[None]:
    HOME.mkdir(mode=0o700, exist_ok=True)
    if HOME.stat().st_uid != os.getuid():
        raise RuntimeError(f"{HOME} belongs to somebody else")
    with (HOME / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _users() -> dict[str, list[int]]:
    """Address of the running store → numbers of the living processes that use it."""
    users = json.loads(USERS.read_text()) if USERS.exists() else {}
    return {url: [pid for pid in pids if _alive(pid)] for url, pids in users.items()}


def _alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def _acquire() -> Credentials:
    with _locked():
        for endpoint, pids in _users().items():
            credentials = _known(endpoint)
            if credentials and _serves(credentials):
                USERS.write_text(json.dumps({endpoint: [*pids, os.getpid()]}))
                return credentials
        credentials = _start()
        USERS.write_text(json.dumps({credentials.endpoint: [os.getpid()]}))
        return credentials


def _serves(credentials: Credentials) -> bool:
    """Whether the store is there. One that is only slow is waited for: others are at work in it,
    and would lose it under their hands."""
    address = urlsplit(credentials.endpoint)
    deadline = time.monotonic() + PATIENCE
    while not rgw_local.answers(credentials):
        try:
            socket.create_connection((address.hostname, address.port), PATIENCE).close()
        except OSError:
            return False
        if time.monotonic() > deadline:
            return False
        time.sleep(0.5)
    return True


def _known(endpoint: str) -> Credentials | None:
    keys = CLUSTER / "credentials.json"
    return Credentials(endpoint, **json.loads(keys.read_text())) if keys.exists() else None


def _start() -> Credentials:
    """Start on the old data when there are any; on fresh ones when that fails."""
    rgw_local.stop(CLUSTER)
    try:
        return rgw_local.start(CLUSTER, free_port())
    except StartError:
        shutil.rmtree(CLUSTER, ignore_errors=True)
        return rgw_local.start(CLUSTER, free_port())


def _release() -> None:
    with _locked():
        users = _users()
        for pids in users.values():
            if os.getpid() in pids:
                pids.remove(os.getpid())
        USERS.write_text(json.dumps(users))
        if not any(users.values()):
            rgw_local.stop(CLUSTER)
            block = CLUSTER / "osd" / "block"
            if block.exists() and block.stat().st_blocks * 512 > ENOUGH:
                shutil.rmtree(CLUSTER)


@contextmanager
def running_rgw() -> Iterator[Credentials]:
    """Keys of the shared store; skips (in CI: fails) when Ceph is missing."""
    if tools := rgw_local.missing_tools():
        missing(f"Ceph RGW ({', '.join(tools)})")
    credentials = _acquire()
    try:
        yield credentials
    finally:
        _release()


@contextmanager
def started_beside(items: Sequence[pytest.Item]) -> Iterator[None]:
    """Start the store in the background when one of these tests asks for it: they come later and
    find it running. Whatever goes wrong, the tests that need it meet it themselves."""
    asked = any("rgw" in getattr(item, "fixturenames", ()) for item in items)
    if not asked or rgw_local.missing_tools():
        yield
        return
    starting = ThreadPoolExecutor(1)
    started = starting.submit(_acquire)
    try:
        yield
    finally:
        starting.shutdown()
        if started.exception() is None:
            _release()


@functools.cache
def _buckets(credentials: Credentials) -> Any:
    """Making a client takes longer than making a bucket: once per store."""
    return boto3.resource(
        "s3",
        endpoint_url=credentials.endpoint,
        aws_access_key_id=credentials.access_key,
        aws_secret_access_key=credentials.secret_key,
        region_name="us-east-1",
    )


@pytest.fixture(scope="session")
def rgw() -> Iterator[Credentials]:
    """The store, running."""
    with running_rgw() as credentials:
        yield credentials


@pytest.fixture(scope="session")
def own_bucket(rgw: Credentials) -> Iterator[Credentials]:
    """A bucket of this process, which alone puts things into it."""
    bucket = _buckets(rgw).Bucket(f"uji-{uuid.uuid4()}")
    bucket.create()
    yield dataclasses.replace(rgw, bucket=bucket.name)
    bucket.objects.all().delete()  # what a killed portal had begun may have arrived late
    bucket.delete()


@pytest.fixture
def bucket(rgw: Credentials, own_bucket: Credentials) -> Iterator[Credentials]:
    """An empty bucket for each test; `bucket.url` is the setting OBJECT_STORE_URL."""
    yield own_bucket
    _buckets(rgw).Bucket(own_bucket.bucket).objects.all().delete()
