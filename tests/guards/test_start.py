"""`make run` on a machine where something is missing: one plain sentence and a failure."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from portal.settings import ROOT

TOOLS = ["bash", "cmp", "cp", "dirname", "env", "mkdir"]
OLD = "#!/bin/sh\nexit 1\n"
WITHOUT_VENV = '#!/bin/sh\ncase "$2" in *ensurepip*) exit 1 ;; esac\nexit 0\n'


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A copy of the start scripts, and a bin/ with the barest tools: no Python."""
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts", ignore=shutil.ignore_patterns("__*"))
    shutil.copy(ROOT / "requirements.lock", tmp_path)
    (tmp_path / "bin").mkdir()
    for tool in TOOLS:
        (tmp_path / "bin" / tool).symlink_to(str(shutil.which(tool)))
    return tmp_path


def start(machine: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [machine / "scripts" / "run"],
        env={"PATH": str(machine / "bin"), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def python(machine: Path, source: str, name: str = "python3") -> None:
    program = machine / "bin" / name
    program.write_text(source)
    program.chmod(0o755)


def sentence(result: subprocess.CompletedProcess[str]) -> str:
    assert result.returncode != 0
    assert len(result.stderr.splitlines()) == 1, result.stderr
    return result.stderr


def test_a_machine_without_python_is_told_what_to_install(machine: Path) -> None:
    assert "Python 3.11 sampai 3.13 tidak ditemukan" in sentence(start(machine))


def test_a_python_that_is_too_old_counts_as_none(machine: Path) -> None:
    python(machine, OLD)

    assert "Python 3.11 sampai 3.13 tidak ditemukan" in sentence(start(machine))


def test_a_python_without_venv_names_the_package(machine: Path) -> None:
    python(machine, WITHOUT_VENV)

    assert "sudo apt install python3-venv" in sentence(start(machine))


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1", "80 00", "8000;ls"])
def test_a_port_that_is_no_port_is_explained(machine: Path, port: str) -> None:
    assert "PORT harus angka 1 sampai 65535" in sentence(start(machine, PORT=port))


def test_a_port_in_use_is_named(machine: Path) -> None:
    venv = machine / ".venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").symlink_to(sys.executable)
    shutil.copy(machine / "requirements.lock", venv)

    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        assert f"Port {port} sedang dipakai program lain" in sentence(
            start(machine, PORT=str(port))
        )


def test_a_reset_refuses_settings_that_lead_outside_the_demo(machine: Path) -> None:
    result = subprocess.run(
        [machine / "scripts" / "reset-demo"],
        env={"PATH": str(machine / "bin"), "DATABASE_URL": "postgresql://x/y"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert "hanya menghapus data demo" in sentence(result)


def test_a_reset_refuses_while_a_portal_holds_the_data(machine: Path) -> None:
    (machine / "var").mkdir()
    (machine / "bin" / "find").symlink_to(str(shutil.which("find")))

    with (machine / "var" / "portal.db").open("w"):
        result = subprocess.run(
            [machine / "scripts" / "reset-demo"],
            env={"PATH": str(machine / "bin")},
            capture_output=True,
            text=True,
            check=False,
        )

    assert "Portal masih berjalan" in sentence(result)
    assert (machine / "var").exists()
