"""A real clamd of the test run's own, with one signature: the test file of the EICAR."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from portal.documents.scanning import Scanner
from portal.errors import Unavailable
from tests.support.components import child, find, free_port, wait_until

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""Harmless, and known to every scanner under the sun."""
VIRUS = "Uji.Eicar.MD5.UNOFFICIAL"
_SIGNATURE = f"44d88612fea8a8f36de82e1278abb02f:{len(EICAR)}:Uji.Eicar.MD5\n"
STREAM_MAX = 1024 * 1024
"""Bytes after which this clamd breaks off; real ones take 100 MB."""


@contextmanager
def running_clamd(folder: Path) -> Iterator[tuple[str, str]]:
    """Its two addresses, tcp:// and unix://; skips (in CI: fails) without clamd."""
    port, socket = free_port(), folder / "clamd.sock"
    (folder / "uji.hdb").write_text(_SIGNATURE)
    config = folder / "clamd.conf"
    config.write_text(
        f"Foreground yes\nDatabaseDirectory {folder}\nTemporaryDirectory {folder}\n"
        f"LocalSocket {socket}\nTCPSocket {port}\nTCPAddr 127.0.0.1\n"
        f"StreamMaxLength {STREAM_MAX}\nMaxThreads 2\nReadTimeout 120\n"
        "ConcurrentDatabaseReload no\n"
    )
    log = folder / "clamd.log"
    command = [find("clamd", Path("/usr/sbin")), f"--config-file={config}"]
    with child(command, log=log) as process:
        url = f"tcp://127.0.0.1:{port}"

        def answers() -> bool:
            try:
                Scanner(url).ping()
            except Unavailable:
                return False
            return True

        wait_until(answers, process, log)
        yield url, f"unix://{socket}"


@pytest.fixture(scope="session")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Addresses of the scanner of this process."""
    with running_clamd(tmp_path_factory.mktemp("clamd")) as addresses:
        yield addresses
