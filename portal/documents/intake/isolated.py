"""The conversion in a process of its own: a file that breaks a decoder breaks only that."""

from __future__ import annotations

import dataclasses
import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from portal.documents.intake.limits import Limits
from portal.documents.intake.result import Converted
from portal.errors import Rejected, Unavailable
from portal.vocabulary import SignatureState

log = logging.getLogger(__name__)
PREFIX = "portal-berkas-"
"""Of temporary folders with papers in them; old ones are cleared away by whoever comes next."""
MEMORY = 1024 * 1024 * 1024
CPU_SECONDS = 20
WALL_SECONDS = 45.0
SHRINK_CPU_SECONDS = 60
SHRINK_WALL_SECONDS = 60.0
TOO_HEAVY = (
    "Berkas ini terlalu berat untuk diolah. "
    "Foto ulang dokumennya dengan resolusi lebih kecil, atau cetak ke PDF baru, lalu unggah lagi."
)
NO_ROOM = "Ruang kerja portal sedang penuh. Isian Anda tersimpan; coba lagi beberapa menit lagi."
_LOOK = re.compile(r"[0-9a-f]{16}", re.ASCII)
_ROOT = Path(__file__).resolve().parents[3]
_ENVIRONMENT = {
    "PATH": os.defpath,
    "LANG": "C.UTF-8",
    # One heap and one thread: each further one reserves address space that RLIMIT_AS counts.
    "MALLOC_ARENA_MAX": "1",
    "OMP_NUM_THREADS": "1",
}
"""Nothing of our own environment: the addresses and keys in it are no business of a decoder."""


def convert_isolated(
    paths: Sequence[Path],
    limits: Limits,
    workdir: Path,
    turns: Sequence[int] = (),
    *,
    memory: int = MEMORY,
    cpu_seconds: int = CPU_SECONDS,
    wall_seconds: float = WALL_SECONDS,
) -> Converted:
    """As `conversion.convert`, bounded in memory (bytes), processor time and real time.

    Raises Rejected, also when the child ran out of a bound or crashed. What the child says is
    checked: its files are looked for under fixed names, and hashed here.
    """
    answer = _ask(
        {
            "act": "convert",
            "paths": [str(path.resolve()) for path in paths],
            "limits": dataclasses.asdict(limits),
            "workdir": str(workdir.resolve()),
            "turns": list(turns),
            "memory": memory,
            "cpu_seconds": cpu_seconds,
        },
        wall_seconds,
    )
    return _outcome(answer, paths, limits, workdir)


def shrink_isolated(source: Path, target: Path, max_bytes: int) -> None:
    """As `shrink.shrink`, bounded as a conversion of many pages."""
    answer = _ask(
        {
            "act": "shrink",
            "source": str(source.resolve()),
            "target": str(target.resolve()),
            "max_bytes": max_bytes,
            "memory": MEMORY,
            "cpu_seconds": SHRINK_CPU_SECONDS,
        },
        SHRINK_WALL_SECONDS,
    )
    _told(answer)
    if not target.exists() or target.stat().st_size > max_bytes:
        raise Rejected(TOO_HEAVY)


def _ask(request: Mapping[str, Any], wall_seconds: float) -> bytes:
    """What the child says; raises Rejected when it broke or took too long."""
    try:
        child = subprocess.run(
            [sys.executable, "-m", "portal.documents.intake"],
            check=False,
            input=json.dumps(request).encode(),
            capture_output=True,
            cwd=_ROOT,
            env=_ENVIRONMENT,
            timeout=wall_seconds,
        )
    except subprocess.TimeoutExpired as error:
        raise Rejected(TOO_HEAVY) from error
    if child.returncode != 0:
        log.warning("intake child ended with %s: %s", child.returncode, fault_of(child.stderr))
        raise Rejected(TOO_HEAVY)
    return child.stdout


def _told(stdout: bytes) -> dict[str, Any]:
    """The answer; raises what it says instead of an outcome, or ValueError for nonsense."""
    answer = json.loads(stdout)
    if not isinstance(answer, dict):
        raise TypeError("no answer")
    if "rejected" in answer:
        raise Rejected(str(answer["rejected"]))
    if "unavailable" in answer:
        log.error("intake child could not write: %s", answer["unavailable"])
        raise Unavailable(NO_ROOM)
    return answer


def _outcome(stdout: bytes, paths: Sequence[Path], limits: Limits, workdir: Path) -> Converted:
    """Believe the child as little as possible."""
    try:
        answer = _told(stdout)
        pages, state = int(answer["pages"]), SignatureState(answer["signature"])
        if not 1 <= pages <= limits.max_pages:
            raise Rejected(TOO_HEAVY)
        dhash = _look(answer["dhash"])
        return Converted.collect(paths, workdir, pages=pages, signature=state, dhash=dhash)
    except (ValueError, TypeError, KeyError, FileNotFoundError) as error:
        log.exception("intake child answered nonsense")
        raise Rejected(TOO_HEAVY) from error


def _look(text: object) -> str:
    """What the child says about the first page; raises ValueError for anything else."""
    if not isinstance(text, str) or not _LOOK.fullmatch(text):
        raise ValueError("no look of a page")
    return text


def fault_of(stderr: bytes) -> str:
    """What ended a child: the name of the exception, never its message, which may quote the
    paper."""
    lines = stderr.decode(errors="replace").strip().splitlines()
    name = re.match(r"[A-Za-z_][\w.]{0,99}", lines[-1]) if lines else None
    return name[0] if name else "?"
