"""Papers that a killed process left in the temporary folder do not stay there."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

import pytest
from flask import Flask

from portal.documents.intake import Limits
from portal.documents.intake.isolated import PREFIX
from portal.handin.uploads import STALE_SECONDS, Intake
from portal.storage.local import LocalStorage


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's temporary folder, for this test alone."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def left_behind(temporary: Path, age: float, prefix: str = PREFIX) -> Path:
    """A folder as a process leaves it that was killed `age` seconds ago."""
    folder = temporary / f"{prefix}abc123"
    folder.mkdir()
    (folder / "masuk-1").write_bytes(b"sertifikat seseorang")
    then = time.time() - age
    os.utime(folder, (then, then))
    return folder


def take_in_nothing(tmp_path: Path) -> None:
    Intake(LocalStorage(tmp_path / "objects"), Limits()).receive([])


def test_an_old_folder_is_removed_at_the_next_upload(temporary: Path, tmp_path: Path) -> None:
    old = left_behind(temporary, STALE_SECONDS + 60)

    take_in_nothing(tmp_path)

    assert not old.exists()


def test_a_folder_in_use_stays(temporary: Path, tmp_path: Path) -> None:
    young = left_behind(temporary, 5)

    take_in_nothing(tmp_path)

    assert young.exists()


def test_folders_of_other_programs_stay(temporary: Path, tmp_path: Path) -> None:
    foreign = left_behind(temporary, STALE_SECONDS + 60, prefix="lain-")

    take_in_nothing(tmp_path)

    assert foreign.exists()


def test_the_worker_looks_each_minute_even_when_nobody_sends(app: Flask, temporary: Path) -> None:
    folder = left_behind(temporary, STALE_SECONDS + 60)

    app.extensions["queue"].minute()

    assert not folder.exists()
