"""A Redis server of the test run's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import redis

from tests.support.components import child, find, free_port, wait_until


@contextmanager
def running_redis(folder: Path) -> Iterator[str]:
    """Address of a fresh server that keeps nothing; skips (in CI: fails) without redis-server."""
    port = free_port()
    log = folder / "redis.log"
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    with (
        child([find("redis-server"), *options], log=log) as process,
        redis.Redis(port=port) as client,
    ):

        def answers() -> bool:
            with suppress(redis.ConnectionError):
                return bool(client.ping())
            return False

        wait_until(answers, process, log)
        yield f"redis://127.0.0.1:{port}/0"


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    """Address of an empty Redis, one per test."""
    with running_redis(tmp_path) as url:
        yield url
