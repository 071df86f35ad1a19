"""The components of production on one machine: PostgreSQL, Redis, a real S3, two webs, a worker.

    scripts/produksi-lokal [--port 8100] [--folder DIR]

For trying and measuring; real installations run each part where it belongs. The data stay in the
folder, so a second start is quick and finds what the first one left. Ctrl+C stops everything.
PORTAL_MODE=produksi scripts/produksi-lokal starts without the demo agency.
"""

from __future__ import annotations

import argparse
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psycopg
import redis

from scripts import rgw_local

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60.0
DATABASE = "portal"


class StartError(RuntimeError):
    """A part did not start; the message is a sentence for the person at the terminal."""


@contextmanager
def running(
    name: str,
    command: list[str],
    folder: Path,
    *,
    ready: Callable[[], bool],
    env: dict[str, str] | None = None,
    stop: signal.Signals = signal.SIGTERM,
) -> Iterator[subprocess.Popen[bytes]]:
    """One part as a child, waited for until it is `ready`, stopped gracefully at the end."""
    log = folder / f"{name}.log"
    with log.open("ab") as output:
        child = subprocess.Popen(
            command,
            cwd=ROOT if env else folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + START_SECONDS
        while not ready():
            if child.poll() is not None or time.monotonic() > deadline:
                raise StartError(f"{name} tidak mau menyala; lihat {log}.")
            time.sleep(0.1)
        yield child
    finally:
        if child.poll() is None:
            child.send_signal(stop)
        child.wait()


def find(program: str, package: str) -> str:
    """Path of a program, also where Debian hides those of PostgreSQL; raises StartError."""
    hidden = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), reverse=True)
    found = str(hidden[0]) if hidden else shutil.which(program)
    if not found:
        raise StartError(f"{program} belum terpasang. Pasang dulu: sudo apt install {package}")
    return found


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """Address of the database, made at the first start. The server refuses to run as root."""
    lower: list[str] = []
    if os.getuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
        lower = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]
    data = folder / "data"
    if not (data / "PG_VERSION").exists():
        options = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8"]
        initdb = [*lower, find("initdb", "postgresql"), *options, "-D", str(data)]
        subprocess.run(initdb, check=True, capture_output=True, cwd=folder)
    server = f"postgresql://postgres@/{{}}?host={folder}"

    def ready() -> bool:
        with suppress(psycopg.OperationalError):
            psycopg.connect(server.format("postgres")).close()
            return True
        return False

    place = ["-D", str(data), "-k", str(folder), "-c", "listen_addresses="]
    command = [*lower, find("postgres", "postgresql"), *place]
    with running("postgres", command, folder, ready=ready, stop=signal.SIGINT):
        with (
            suppress(psycopg.errors.DuplicateDatabase),
            psycopg.connect(server.format("postgres"), autocommit=True) as connection,
        ):
            connection.execute(f"CREATE DATABASE {DATABASE}")
        yield server.format(DATABASE)


@contextmanager
def job_store(folder: Path) -> Iterator[str]:
    """Address of Redis, on a socket in the folder."""
    socket = folder / "redis.sock"

    def ready() -> bool:
        with suppress(redis.ConnectionError), redis.Redis(unix_socket_path=str(socket)) as client:
            return bool(client.ping())
        return False

    options = ["--port", "0", "--unixsocket", str(socket), "--dir", str(folder)]
    command = [find("redis-server", "redis-server"), *options]
    with running("redis", command, folder, ready=ready):
        yield f"unix://{socket}"


@contextmanager
def object_store(folder: Path, port: int) -> Iterator[str]:
    """Setting OBJECT_STORE_URL of a Ceph gateway."""
    if tools := rgw_local.missing_tools():
        packages = "ceph-mon ceph-osd ceph-common radosgw"
        raise StartError(f"{tools[0]} belum terpasang. Pasang dulu: sudo apt install {packages}")
    try:
        yield rgw_local.start(folder, port).url
    finally:
        rgw_local.stop(folder)


def secret_of(folder: Path) -> str:
    """Made once: sessions outlive a restart, and both web processes read each other's."""
    path = folder / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text()


def portal(folder: Path, port: int, env: dict[str, str], stack: ExitStack) -> list[str]:
    """Start two webs and the worker on what runs already; returns the addresses."""
    python = [sys.executable, "-m", "portal"]
    subprocess.run([*python, "migrate"], check=True, env=env, cwd=ROOT)
    if env["PORTAL_MODE"] == "demo":
        subprocess.run([*python, "demo"], check=True, env=env, cwd=ROOT)
    stack.enter_context(running("worker", [*python, "worker"], folder, ready=lambda: True, env=env))
    addresses = []
    for number in (port, port + 1):
        address = f"http://127.0.0.1:{number}"

        def ready(address: str = address) -> bool:
            with suppress(OSError), urllib.request.urlopen(f"{address}/readyz") as answer:
                return bool(answer.status == 200)
            return False

        own = env | {"PORT": str(number)}
        web = running(f"web-{number}", [*python, "serve"], folder, ready=ready, env=own)
        stack.enter_context(web)
        addresses.append(address)
    return addresses


def part(folder: Path, name: str) -> Path:
    """A folder below, for one component."""
    made = folder / name
    made.mkdir(exist_ok=True)
    return made


def run(folder: Path, port: int) -> None:
    """Everything, until Ctrl+C or SIGTERM."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        env = os.environ | {
            "PORTAL_MODE": os.environ.get("PORTAL_MODE") or "demo",
            "SECRET_KEY": secret_of(folder),
            "VAR_DIR": str(part(folder, "var")),
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
            "DATABASE_URL": stack.enter_context(postgres(part(folder, "postgres"))),
            "REDIS_URL": stack.enter_context(job_store(part(folder, "redis"))),
            "OBJECT_STORE_URL": stack.enter_context(object_store(part(folder, "s3"), port + 2)),
        }
        for address in portal(folder, port, env, stack):
            print(f"Portal berjalan di {address}", flush=True)
        print(f"PostgreSQL, Redis, dan S3 di {folder}. Ctrl+C untuk berhenti.", flush=True)
        signal.pause()


def main() -> int:
    """The command line; exit status 1 with one sentence when a part cannot start."""
    default = Path(tempfile.gettempdir()) / f"portal-produksi-{os.getuid()}"
    parser = argparse.ArgumentParser(description="Komponen produksi di satu mesin, untuk mencoba.")
    parser.add_argument("--port", type=int, default=8100)
    parser.add_argument("--folder", type=Path, default=default)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # both stop what has started
    try:
        run(options.folder.resolve(), options.port)
    except (StartError, rgw_local.StartError) as error:
        print(error, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        print(f"{error.cmd[-1]} gagal: {(error.stderr or b'').decode()[-500:]}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Berhenti.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
