"""Converting bytes: in this process where nothing can burst, in a bounded child where it can."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from portal.documents.intake import Converted, Limits, convert_isolated
from portal.documents.intake.conversion import convert

Convert = Callable[..., Converted]
PATIENT = {"cpu_seconds": 300, "wall_seconds": 600}
"""What others do on this machine, and how slow it is, is no fault of a file."""


def _written(folder: Path, contents: tuple[bytes, ...]) -> tuple[list[Path], Path]:
    paths = []
    for number, content in enumerate(contents):
        paths.append(folder / f"in-{number}")
        paths[-1].write_bytes(content)
    workdir = folder / "out"
    workdir.mkdir(exist_ok=True)
    return paths, workdir


@pytest.fixture
def take(tmp_path: Path) -> Convert:
    """Convert these contents, in this order."""

    def act(
        *contents: bytes,
        limits: Limits = Limits(),  # noqa: B008  frozen
        turns: Sequence[int] = (),
    ) -> Converted:
        paths, workdir = _written(tmp_path, contents)
        return convert(paths, limits, workdir, turns)

    return act


@pytest.fixture
def take_isolated(tmp_path: Path) -> Convert:
    """The same in a child process; `bounds` are those of convert_isolated."""

    def act(*contents: bytes, limits: Limits = Limits(), **bounds: int) -> Converted:  # noqa: B008
        paths, workdir = _written(tmp_path, contents)
        return convert_isolated(paths, limits, workdir, **PATIENT | bounds)

    return act
