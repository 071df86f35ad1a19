"""The child process of `read_isolated`: one request as JSON on stdin, one answer on stdout."""

from __future__ import annotations

import dataclasses
import json
import os
import resource
import sys
from pathlib import Path

from portal.errors import Rejected
from portal.vocabulary import FileRole

NICE = 10
"""Behind the making of papers, which somebody waits for."""


def main() -> int:
    """Bound itself and what it starts, then read; a status other than 0 means that it broke."""
    request = json.load(sys.stdin)
    _bound(request["memory"], request["cpu_seconds"])
    from portal.documents.reading.reader import read_paper

    try:
        paper = read_paper(Path(request["pdf"]), request["pages"], FileRole(request["role"]))
    except Rejected:
        answer: dict[str, object] = {"unreadable": True}
    else:
        answer = dataclasses.asdict(paper)
    json.dump(answer, sys.stdout)
    return 0


def _bound(memory: int, cpu_seconds: int) -> None:
    """Before a byte of the paper is read; what is started from here inherits it."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (memory // 4, memory // 4))
    os.nice(NICE)


if __name__ == "__main__":
    sys.exit(main())
