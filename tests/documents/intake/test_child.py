"""The program that the child runs, here without being a child."""

from __future__ import annotations

import dataclasses
import io
import json
import resource
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from portal.documents.intake import Limits
from portal.documents.intake.__main__ import NICE, main
from portal.documents.look import dhash
from portal.vocabulary import SignatureState
from tests.support import sample_files as sample

Ask = Callable[[bytes, Path], dict[str, object]]
MEMORY = 999_999_999
NICENESS = -1


@pytest.fixture
def bounds(monkeypatch: pytest.MonkeyPatch) -> dict[int, tuple[int, int]]:
    """What the program asks the system for, without getting it."""
    asked: dict[int, tuple[int, int]] = {}
    monkeypatch.setattr(resource, "setrlimit", asked.__setitem__)
    monkeypatch.setattr("os.nice", lambda less: asked.setdefault(NICENESS, (less, less)))
    return asked


@pytest.fixture
def ask(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    bounds: dict[int, tuple[int, int]],
) -> Ask:
    """The answer to a request about this content."""

    def act(content: bytes, workdir: Path) -> dict[str, object]:
        path = tmp_path / "in"
        path.write_bytes(content)
        request = {
            "act": "convert",
            "paths": [str(path)],
            "limits": dataclasses.asdict(Limits()),
            "workdir": str(workdir),
            "memory": MEMORY,
            "turns": [],
            "cpu_seconds": 7,
        }
        monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(request)))
        assert main() == 0
        answer: dict[str, object] = json.loads(capsys.readouterr().out)
        return answer

    return act


def test_tells_pages_and_signature(ask: Ask, tmp_path: Path) -> None:
    answer = ask(sample.signed_pdf(), tmp_path)

    assert (answer["pages"], answer["signature"]) == (1, SignatureState.TAK_TERBACA)


def test_tells_the_look_of_the_first_page(ask: Ask, tmp_path: Path) -> None:
    assert ask(sample.jpeg(), tmp_path)["dhash"] == dhash(sample.certificate())


def test_tells_a_refusal(ask: Ask, tmp_path: Path) -> None:
    assert str(ask(b"teks", tmp_path)["rejected"]).startswith("Jenis berkas ini tidak dikenali")


def test_tells_that_it_could_not_write(ask: Ask, tmp_path: Path) -> None:
    assert "tiada" in str(ask(sample.pdf(), tmp_path / "tiada")["unavailable"])


@pytest.mark.parametrize(
    ("bound", "value"),
    [
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, 7),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, MEMORY // 4),
        (NICENESS, NICE),
    ],
)
def test_bounds_itself(
    ask: Ask, bounds: dict[int, tuple[int, int]], tmp_path: Path, bound: int, value: int
) -> None:
    ask(sample.pdf(), tmp_path)

    assert bounds[bound] == (value, value)
