"""A small, real S3 for one machine: Ceph's RADOS Gateway with one monitor and one disk file.

    python scripts/rgw_local.py start DIR --port N     prints the OBJECT_STORE_URL
    python scripts/rgw_local.py stop DIR

For tests and for trying the production set-up, never for real data: one copy, in one folder.
No root needed. Debian: apt-get install --no-install-recommends ceph-mon ceph-osd ceph-common
radosgw. A folder that was used before starts again with its objects.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import boto3
from botocore.config import Config

TOOLS = ("ceph", "ceph-authtool", "ceph-mon", "ceph-osd", "monmaptool", "radosgw", "radosgw-admin")
BUCKET = "portal"
START_SECONDS = 120.0
TEMPLATE = Path(__file__).with_name("rgw_local.conf")


class StartError(RuntimeError):
    """The store did not start; the message names the step and the end of its log."""


@dataclass(frozen=True)
class Credentials:
    """How to reach a running store."""

    endpoint: str
    access_key: str
    secret_key: str
    bucket: str = BUCKET

    @property
    def url(self) -> str:
        """As the setting OBJECT_STORE_URL wants it."""
        scheme, host = self.endpoint.split("://")
        return f"{scheme}://{self.access_key}:{self.secret_key}@{host}/{self.bucket}"


def missing_tools() -> list[str]:
    """Programs of Ceph that are not installed."""
    return [tool for tool in TOOLS if shutil.which(tool) is None]


def free_port() -> int:
    """A port that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(folder: Path, port: int) -> Credentials:
    """Start the store on 127.0.0.1:`port` with its data in `folder`; waits until it answers.

    Raises StartError, after stopping what had started.
    """
    folder = folder.resolve()
    keys = folder / "credentials.json"
    try:
        if not keys.exists():
            _create(folder)
        _launch(folder, "mon", "ceph-mon", "-i", "a")
        _launch(folder, "osd", "ceph-osd", "-i", "0")
        fresh = not keys.exists()
        if fresh:
            _create_user(folder, keys)
        frontend = f"beast endpoint=127.0.0.1:{port} tcp_nodelay=1"
        _launch(folder, "rgw", "radosgw", "-n", "client.rgw.a", f"--rgw-frontends={frontend}")
        credentials = Credentials(f"http://127.0.0.1:{port}", **json.loads(keys.read_text()))
        _wait_for_answer(folder, credentials)
        create_bucket(credentials)
    except BaseException:
        stop(folder)
        raise
    return credentials


def stop(folder: Path) -> None:
    """Stop what `start` started in this folder; its data stay."""
    folder = folder.resolve()
    for name in ("rgw", "osd", "mon"):
        pid_file = folder / f"{name}.pid"
        if pid_file.exists():
            _end(int(pid_file.read_text()), folder)
            pid_file.unlink(missing_ok=True)


def create_bucket(credentials: Credentials) -> None:
    """Make the bucket that the credentials name; again = no change."""
    client = boto3.client(
        "s3",
        endpoint_url=credentials.endpoint,
        aws_access_key_id=credentials.access_key,
        aws_secret_access_key=credentials.secret_key,
        region_name="us-east-1",
        config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 5}),
    )
    client.create_bucket(Bucket=credentials.bucket)
    client.close()


def answers(credentials: Credentials) -> bool:
    """Whether the store speaks HTTP at this moment."""
    connection = http.client.HTTPConnection(credentials.endpoint.removeprefix("http://"), timeout=5)
    try:
        connection.request("GET", "/")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    else:
        return True
    finally:
        connection.close()


def _create(folder: Path) -> None:
    """A new cluster: configuration, keys, the empty monitor and the empty disk."""
    if folder.exists():  # half made by a start that was interrupted
        shutil.rmtree(folder)
    for name in ("run", "log", "crash", "mon", "osd", "rgw"):
        (folder / name).mkdir(parents=True)
    fsid, osd_uuid, mon_port = uuid.uuid4(), uuid.uuid4(), free_port()
    conf = TEMPLATE.read_text().format(fsid=fsid, mon_port=mon_port, dir=folder)
    (folder / "ceph.conf").write_text(conf)
    _create_keys(folder / "keyring")
    monmap = str(folder / "monmap")
    address = f"[v2:127.0.0.1:{mon_port}]"
    _run(folder, "monmaptool", "--create", "--fsid", str(fsid), "--addv", "a", address, monmap)
    _run(folder, "ceph-mon", "-i", "a", "--mkfs", "--monmap", monmap)
    _launch(folder, "mon", "ceph-mon", "-i", "a")
    _run(folder, "ceph", "osd", "new", str(osd_uuid))
    _run(folder, "ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", str(osd_uuid))
    _run(folder, "ceph", "auth", "import", "-i", str(folder / "keyring"))
    _run(folder, "ceph", "osd", "crush", "add", "osd.0", "1.0", "root=default", "host=localhost")


def _create_keys(keyring: Path) -> None:
    caps = {
        "mon.": {"mon": "allow *"},
        "client.admin": {"mon": "allow *", "osd": "allow *", "mgr": "allow *"},
        "client.rgw.a": {"mon": "allow rw", "osd": "allow rwx"},
        "osd.0": {"mon": "allow profile osd", "osd": "allow *"},
    }
    keyring.touch(mode=0o600)
    for entity, rights in caps.items():
        options = [part for area, right in rights.items() for part in ("--cap", area, right)]
        command = ["ceph-authtool", str(keyring), "--gen-key", "-n", entity, *options]
        subprocess.run(command, check=True, capture_output=True)


def _create_user(folder: Path, keys: Path) -> None:
    """The one account of the store; writing the keys down completes the cluster."""
    pair = {"access_key": secrets.token_hex(10), "secret_key": secrets.token_hex(20)}
    options = (f"--access-key={pair['access_key']}", f"--secret-key={pair['secret_key']}")
    identity = ("user", "create", "--uid=portal", "--display-name=Portal")
    _run(folder, "radosgw-admin", *identity, *options)
    keys.touch(mode=0o600)
    keys.write_text(json.dumps(pair))


def _run(folder: Path, program: str, *arguments: str) -> None:
    """One step of the set-up, with the folder's configuration; raises StartError."""
    command = [program, "-c", str(folder / "ceph.conf"), *arguments]
    if program == "monmaptool":  # knows no configuration
        command = [program, *arguments]
    try:
        done = subprocess.run(
            command, check=False, capture_output=True, text=True, timeout=START_SECONDS
        )
    except subprocess.TimeoutExpired:
        raise StartError(f"{program}: no answer within {START_SECONDS:.0f} s") from None
    if done.returncode:
        raise StartError(f"{' '.join([program, *arguments[:2]])}: {done.stderr[-800:]}")


def _launch(folder: Path, name: str, program: str, *arguments: str) -> None:
    """Start a daemon in the background unless it runs already."""
    pid_file = folder / f"{name}.pid"
    if pid_file.exists() and _is_ours(int(pid_file.read_text()), folder):
        return
    command = [program, "-f", "-c", str(folder / "ceph.conf"), *arguments]
    with (folder / "log" / f"{name}.out").open("ab") as output:
        daemon = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
    pid_file.write_text(str(daemon.pid))
    while daemon.poll() is None and not _is_ours(daemon.pid, folder):
        time.sleep(0.01)  # its command line appears a moment after the process
    # Outlives this program on purpose: `stop` ends it by the number written down.
    daemon.returncode = 0


def _wait_for_answer(folder: Path, credentials: Credentials) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if answers(credentials):
            return
        for name in ("mon", "osd", "rgw"):
            if not _is_ours(int((folder / f"{name}.pid").read_text()), folder):
                raise StartError(f"{name} ended: {_tail(folder / 'log' / f'{name}.out')}")
        time.sleep(0.05)
    raise StartError(f"no answer from {credentials.endpoint} within {START_SECONDS:.0f} s")


def _tail(log: Path) -> str:
    return log.read_text(errors="replace")[-800:] if log.exists() else "(no log)"


def _is_ours(pid: int, folder: Path) -> bool:
    """Whether the process still runs and is a daemon of this folder, not a later namesake."""
    with suppress(ChildProcessError):  # collect it when it was started by this very process
        os.waitpid(pid, os.WNOHANG)
    with suppress(OSError):
        return str(folder / "ceph.conf").encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False


def _end(pid: int, folder: Path) -> None:
    for sign in (signal.SIGTERM, signal.SIGKILL):
        deadline = time.monotonic() + 15
        if _is_ours(pid, folder):
            os.kill(pid, sign)
        while _is_ours(pid, folder) and time.monotonic() < deadline:
            time.sleep(0.05)


def main() -> int:
    """The command line; exit status 1 with one sentence when the store cannot start."""
    parser = argparse.ArgumentParser(description="S3 lokal untuk mencoba, bukan produksi.")
    parser.add_argument("act", choices=("start", "stop"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, default=8480)
    parser.add_argument("--json", action="store_true", help="cetak kunci sebagai JSON")
    options = parser.parse_args()
    if options.act == "stop":
        stop(options.folder)
        return 0
    if missing := missing_tools():
        print(f"Belum terpasang: {', '.join(missing)}.", file=sys.stderr)
        return 1
    try:
        credentials = start(options.folder, options.port)
    except StartError as error:
        print(f"Penyimpanan S3 lokal tidak mau menyala. {error}", file=sys.stderr)
        return 1
    print(json.dumps(asdict(credentials)) if options.json else credentials.url)
    return 0


if __name__ == "__main__":
    sys.exit(main())
