"""Whichever web process a collector meets tells what all of them have answered."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

THREE_PROCESSES = """
import os, sys
from pathlib import Path
from portal.settings import Settings, share_numbers

if sys.argv[1]:
    share_numbers(Path(sys.argv[1]))
from portal.app import create_app

def answer(times):
    client = create_app(Settings.from_env()).test_client()
    for _ in range(times):
        client.get("/healthz")
    return client

for times in (2, 3):
    child = os.fork()
    if not child:
        answer(times)
        os._exit(0)
    os.waitpid(child, 0)
print(answer(4).get("/metrics").text)
"""


@pytest.mark.parametrize(("shared", "counted"), [(True, 9.0), (False, 4.0)])
def test_processes_count_together_when_they_share_a_folder(
    tmp_path: Path, *, shared: bool, counted: float
) -> None:
    folder = tmp_path / "angka"
    folder.mkdir()
    told = subprocess.run(
        [sys.executable, "-c", THREE_PROCESSES, str(folder) if shared else ""],
        env={"VAR_DIR": str(tmp_path), "PORTAL_MODE": "uji"},
        check=True,
        capture_output=True,
        text=True,
    ).stdout

    line = 'portal_requests_total{endpoint="operations.healthz",status="200"}'
    assert f"{line} {counted}" in told
    assert "portal_request_seconds_bucket" in told
