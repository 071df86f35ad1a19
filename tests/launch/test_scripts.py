"""What `make` calls before the portal itself: written for somebody who has only the README."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from portal.settings import ROOT
from tests.support.components import find


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the script and an environment whose Python says yes to everything."""
    (tmp_path / "scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "ensure-venv", tmp_path / "scripts")
    (tmp_path / "requirements.lock").write_text("pustaka==1\n")
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\nexit 0\n")
    python.chmod(0o755)
    return tmp_path


def test_a_second_install_in_the_same_folder_waits_for_the_first(checkout: Path) -> None:
    find("flock")
    folder = os.open(checkout, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        second = subprocess.Popen(
            [checkout / "scripts" / "ensure-venv", "run"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert second.stdout
        assert second.stdout.readline().startswith("Menunggu pemasangan lain")
        assert not (checkout / ".venv" / "requirements.lock").exists()
    finally:
        os.close(folder)
    told, _ = second.communicate(timeout=60)

    assert told.startswith("Memasang pustaka dari requirements.lock")
    assert second.returncode == 0
    assert (checkout / ".venv" / "requirements.lock").exists()
