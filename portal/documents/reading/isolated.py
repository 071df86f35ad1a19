"""The reading in a process of its own: a paper that breaks a decoder breaks only that."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

from portal.documents.intake.isolated import MEMORY, fault_of
from portal.documents.reading.result import Paper
from portal.vocabulary import FileRole

log = logging.getLogger(__name__)
CPU_SECONDS = 30
"""Of the child, and of each program that it starts."""
WALL_SECONDS = 75.0
_ROOT = Path(__file__).resolve().parents[3]
_ENVIRONMENT = {
    "PATH": os.defpath,
    "LANG": "C.UTF-8",
    "MALLOC_ARENA_MAX": "1",
}
"""Nothing of our own environment: the addresses and keys in it are no business of a decoder."""


def read_isolated(
    pdf: Path,
    pages: int,
    role: FileRole,
    *,
    memory: int = MEMORY,
    cpu_seconds: int = CPU_SECONDS,
    wall_seconds: float = WALL_SECONDS,
) -> Paper | None:
    """As `reader.read_paper`, bounded in memory (bytes), processor time and real time.

    None when nothing could be read: the child ran out of a bound, crashed, or gave up.
    """
    request = {
        "pdf": str(pdf.resolve()),
        "pages": pages,
        "role": role.value,
        "memory": memory,
        "cpu_seconds": cpu_seconds,
    }
    answer = _ask(json.dumps(request).encode(), wall_seconds)
    try:
        said = json.loads(answer) if answer else {"unreadable": True}
        return None if "unreadable" in said else Paper.of(said)
    except (ValueError, TypeError, KeyError):
        log.exception("reading child answered nonsense")
        return None


def _ask(request: bytes, wall_seconds: float) -> bytes:
    """What the child said; nothing when it broke. What it has started dies with it."""
    with subprocess.Popen(
        [sys.executable, "-m", "portal.documents.reading"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=_ROOT,
        env=_ENVIRONMENT,
        start_new_session=True,
    ) as child:
        try:
            said, complaint = child.communicate(request, wall_seconds)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, 9)
            child.communicate()
            log.warning("reading child took too long")
            return b""
    if child.returncode != 0:
        log.warning("reading child ended with %s: %s", child.returncode, fault_of(complaint))
        return b""
    return said
