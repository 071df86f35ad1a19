"""The portal as in production, all on one machine: PostgreSQL, Redis, a real S3 (Ceph RGW).

    scripts/produksi-lokal [--folder DIR]        PORT=8123 moves it, WEB_PROCESSES=2 is the default

The same code as `make run`, only settings differ: two web processes and a worker that hold no
state of their own. For trying and measuring; real installations run each part where it belongs.
The data stay in the folder, so a second start is quick and goes on where the first one ended.
Ctrl+C stops everything. PORTAL_MODE=produksi starts without the demo agency.
"""

from __future__ import annotations

import argparse
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import FrameType

import psycopg
import redis

from scripts import rgw_local

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60.0
STOP_SECONDS = 60.0
DATABASE = "portal"
LONGEST_SOCKET = 100
"""Bytes; the system allows 107 for the path of a unix socket."""


class StartError(RuntimeError):
    """A part did not start; the message is a sentence for the person at the terminal."""


@contextmanager
def running(
    name: str,
    command: list[str],
    folder: Path,
    *,
    ready: Callable[[], bool],
    stop: signal.Signals = signal.SIGTERM,
) -> Iterator[subprocess.Popen[bytes]]:
    """One component as a child, waited for until it is `ready`, stopped gracefully at the end."""
    log = folder / f"{name}.log"
    with log.open("ab") as output:
        child = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl+C reaches it through `end` alone, after the portal
        )
    try:
        deadline = time.monotonic() + START_SECONDS
        while not ready():
            if child.poll() is not None or time.monotonic() > deadline:
                raise StartError(f"{name} tidak mau menyala; lihat {log}.")
            time.sleep(0.1)
        yield child
    finally:
        end(child, stop)


def end(child: subprocess.Popen[bytes], sign: signal.Signals = signal.SIGTERM) -> int:
    """Stop a child and wait for it, impatiently at last; returns its exit status."""
    if child.poll() is None:
        child.send_signal(sign)
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
    return child.wait()


def find(program: str, package: str) -> str:
    """Path of a program, also where Debian hides those of PostgreSQL; raises StartError."""
    hidden = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), reverse=True)
    found = str(hidden[0]) if hidden else shutil.which(program)
    if not found:
        raise StartError(f"{program} belum terpasang. Pasang dulu: sudo apt install {package}")
    return found


def tied(*prefix: str) -> list[str]:
    """Beginning of a command that ends with this program, even when that is killed."""
    if not shutil.which("setpriv"):  # part of util-linux; without it a kill -9 leaves orphans
        return []
    return ["setpriv", "--pdeathsig=TERM", *prefix, "--"]


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """Address of the database, made at the first start. The server refuses to run as root."""
    server, make = find("postgres", "postgresql"), find("initdb", "postgresql")
    lower = tied()
    if os.getuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
        lower = tied("--reuid=postgres", "--regid=postgres", "--clear-groups")
        if subprocess.run([*lower, "test", "-w", str(folder)], check=False).returncode:
            raise StartError(
                f"PostgreSQL tidak dapat membuka {folder}. Pilih tempat yang boleh dibaca "
                "pengguna postgres: scripts/produksi-lokal --folder /var/tmp/portal-produksi"
            )
    data = folder / "data"
    if not (data / "PG_VERSION").exists():
        options = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8"]
        subprocess.run(
            [*lower, make, *options, "-D", str(data)], check=True, capture_output=True, cwd=folder
        )
    address = f"postgresql://postgres@/{{}}?host={folder}"

    def ready() -> bool:
        with suppress(psycopg.OperationalError):
            psycopg.connect(address.format("postgres")).close()
            return True
        return False

    place = ["-D", str(data), "-k", str(folder), "-c", "listen_addresses="]
    with running("postgres", [*lower, server, *place], folder, ready=ready, stop=signal.SIGINT):
        with (
            suppress(psycopg.errors.DuplicateDatabase),
            psycopg.connect(address.format("postgres"), autocommit=True) as connection,
        ):
            connection.execute(f"CREATE DATABASE {DATABASE}")
        yield address.format(DATABASE)


@contextmanager
def job_store(folder: Path) -> Iterator[str]:
    """Address of Redis, on a socket in the folder."""
    path = folder / "redis.sock"
    path.unlink(missing_ok=True)

    def ready() -> bool:
        with suppress(redis.ConnectionError), redis.Redis(unix_socket_path=str(path)) as client:
            return bool(client.ping())
        return False

    options = ["--port", "0", "--unixsocket", str(path), "--dir", str(folder)]
    command = [*tied(), find("redis-server", "redis-server"), *options]
    with running("redis", command, folder, ready=ready):
        yield f"unix://{path}"


@contextmanager
def object_store(folder: Path) -> Iterator[str]:
    """Setting OBJECT_STORE_URL of a Ceph gateway."""
    if tools := rgw_local.missing_tools():
        packages = "ceph-mon ceph-osd ceph-common radosgw"
        raise StartError(f"{tools[0]} belum terpasang. Pasang dulu: sudo apt install {packages}")
    rgw_local.stop(folder)  # what a start that was killed has left behind
    try:
        yield rgw_local.start(folder, rgw_local.free_port()).url
    finally:
        rgw_local.stop(folder)


def secret_of(folder: Path) -> str:
    """Made once: sessions outlive a restart."""
    path = folder / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text()


def part(folder: Path, name: str) -> Path:
    """A folder below, for one component."""
    made = folder / name
    made.mkdir(exist_ok=True)
    return made


def refuse_taken_port(port: str) -> None:
    """Said before the components start; the portal itself looks again."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except (OSError, ValueError, OverflowError):
            raise StartError(
                f"Port {port} tidak dapat dipakai. Pakai yang lain: "
                "PORT=8123 scripts/produksi-lokal"
            ) from None


def run(folder: Path) -> int:
    """Everything, until Ctrl+C, SIGTERM or the end of the portal; returns its exit status."""
    port = os.environ.get("PORT") or "8000"
    refuse_taken_port(port)
    folder.mkdir(parents=True, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise StartError(f"Folder {folder} milik pengguna lain. Pilih --folder lain.")
    folder.chmod(0o711)  # the user postgres has to get to its own part
    with ExitStack() as stack:
        settings = {
            "PORT": port,
            "PORTAL_MODE": os.environ.get("PORTAL_MODE") or "demo",
            "SECRET_KEY": secret_of(folder),
            "VAR_DIR": str(part(folder, "var")),
            "PUBLIC_URL": os.environ.get("PUBLIC_URL") or f"http://127.0.0.1:{port}",
            "WEB_PROCESSES": os.environ.get("WEB_PROCESSES") or "2",
            "DATABASE_URL": stack.enter_context(postgres(part(folder, "postgres"))),
            "REDIS_URL": stack.enter_context(job_store(part(folder, "redis"))),
            "OBJECT_STORE_URL": stack.enter_context(object_store(folder / "s3")),
        }
        print(f"PostgreSQL, Redis, dan S3 berjalan di {folder}.", flush=True)
        command = [*tied(), sys.executable, "-m", "portal", "jalankan"]
        portal = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | settings, start_new_session=True
        )
        stack.callback(end, portal)
        return portal.wait()


def default_folder() -> Path:
    """Beside the other data; root takes a place that the user postgres can reach as well."""
    if os.getuid() == 0:
        return Path("/var/tmp/portal-produksi")  # noqa: S108 -- made by root, writable to root
    return ROOT / "var" / "produksi-lokal"


def interrupt(_signal: int, _frame: FrameType | None) -> None:
    """Ctrl+C and SIGTERM alike, once: a second one must not disturb the stopping."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt


def main() -> int:
    """The command line; exit status 1 with one sentence when a part cannot start."""
    parser = argparse.ArgumentParser(description="Portal seperti produksi di satu mesin.")
    parser.add_argument("--folder", type=Path, default=default_folder(), help="tempat data")
    folder = parser.parse_args().folder.resolve()
    if len(os.fsencode(folder)) > LONGEST_SOCKET - len("/postgres/.s.PGSQL.5432"):
        print(f"Nama folder {folder} terlalu panjang. Pilih --folder lain.", file=sys.stderr)
        return 1
    signal.signal(signal.SIGINT, interrupt)
    signal.signal(signal.SIGTERM, interrupt)
    try:
        return run(folder)
    except (StartError, rgw_local.StartError) as error:
        print(error, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        print(f"{error.cmd[-1]} gagal: {(error.stderr or b'').decode()[-500:]}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Berhenti. Data tetap tersimpan.", flush=True)
        return 0


if __name__ == "__main__":
    sys.exit(main())
