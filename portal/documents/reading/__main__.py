"""The child process of `read_isolated`: one request as JSON on stdin, one answer on stdout."""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path

from portal.documents.intake.__main__ import bound
from portal.errors import Rejected
from portal.vocabulary import FileRole

NICE = 10
"""Behind the making of papers, which somebody waits for."""


def main() -> int:
    """Bound itself and what it starts, then read; a status other than 0 means that it broke."""
    request = json.load(sys.stdin)
    bound(request["memory"], request["cpu_seconds"], NICE)
    from portal.documents.reading.reader import read_paper

    try:
        paper = read_paper(Path(request["pdf"]), request["pages"], FileRole(request["role"]))
    except Rejected:
        answer: dict[str, object] = {"unreadable": True}
    else:
        answer = dataclasses.asdict(paper)
    json.dump(answer, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
