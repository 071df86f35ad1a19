"""Finding and starting the real components that tests run against."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import NoReturn

import pytest

from portal.settings import ROOT

PATIENCE = 120.0
"""Seconds until a component that does not answer counts as broken, however busy the machine is."""


def missing(what: str) -> NoReturn:
    """Skip the test that needs `what`, or fail it where everything has to be there (CI=true)."""
    sentence = f"{what} is not installed; `make test` says how to get it"
    if os.environ.get("CI") == "true":
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence)


def find(program: str, *folders: Path) -> str:
    """Path of a program, also outside PATH; skips or fails when it is missing."""
    for folder in folders:
        if (folder / program).is_file():
            return str(folder / program)
    return shutil.which(program) or missing(program)


def fast_folder() -> Path:
    """Memory where there is plenty: a new database takes 15 ms there, 300 ms on a busy disk.

    Either path is short, as the path of a socket has to be. Tests start programs that they write,
    which containers forbid in their memory.
    """
    memory = Path("/dev/shm")
    plenty = memory.is_dir() and shutil.disk_usage(memory).free > 2 * 1024**3
    if not plenty or os.statvfs(memory).f_flag & os.ST_NOEXEC:
        return Path("/tmp")
    return memory if os.access(memory, os.W_OK) else Path("/tmp")


PORTS = range(20_000, 32_000)
"""Below those that the system hands out by itself, and may before a program takes them."""
SHARE = 100
"""Ports of one process of the tests."""
_claims: list[socket.socket] = []
"""Names that the system forgets when the process ends, however it ends."""


@cache
def _ports_of(pid: int) -> Iterator[int]:
    """Those that no other process of any tests on this machine is given, again and again."""
    for begin in PORTS[::SHARE]:
        claim = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            claim.bind(f"\0portal-uji-{begin}")
        except OSError:
            claim.close()
            continue
        _claims.append(claim)
        return itertools.cycle(range(begin, begin + SHARE))
    raise RuntimeError("too many tests run on this machine")


def free_port() -> int:
    """A port that nobody uses, and that no other test is given before it comes to be used."""
    for port in itertools.islice(_ports_of(os.getpid()), SHARE):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("no port is free")


@contextmanager
def child(
    command: Sequence[str | Path],
    *,
    user: str | None = None,
    env: Mapping[str, str] | None = None,
    log: Path,
    sign: signal.Signals = signal.SIGTERM,
) -> Iterator[subprocess.Popen[bytes]]:
    """A process that ends by `sign` with the block, and with the test run when that is killed."""
    prefix: list[str] = []
    if setpriv := shutil.which("setpriv"):
        prefix = [setpriv, "--pdeathsig", "KILL"]
        if user and os.getuid() == 0:
            prefix += ["--reuid", user, "--regid", user, "--clear-groups"]
        prefix.append("--")
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*prefix, *map(str, command)],
            env=env,
            cwd="/" if user else ROOT,
            start_new_session=True,  # Ctrl+C of the test run reaches it through `stop` alone
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        yield process
    finally:
        stop(process, sign)


def stop(process: subprocess.Popen[bytes], sign: signal.Signals = signal.SIGTERM) -> None:
    """End a child, politely first; does nothing when it has ended."""
    if process.poll() is None:
        process.send_signal(sign)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait for a started component; shows its log when it ends or stays silent."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        if ready():
            return
        time.sleep(0.02)
    raise RuntimeError(
        f"{process.args!r} did not start:\n{log.read_text(errors='replace')[-2000:]}"
    )
