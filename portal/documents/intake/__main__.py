"""The child process of `convert_isolated`: one request as JSON on stdin, one answer on stdout."""

from __future__ import annotations

import json
import os
import resource
import sys
from pathlib import Path
from typing import Any

from portal.documents.intake.limits import Limits
from portal.errors import Rejected

NICE = 5
"""Pages that people open go first."""


def main() -> int:
    """Bound itself, then act; an exit status other than 0 means that it broke."""
    request = json.load(sys.stdin)
    bound(request["memory"], request["cpu_seconds"])
    try:
        answer = _ACTS[request["act"]](request)
    except Rejected as refusal:
        answer = {"rejected": refusal.message}
    except OSError as failure:  # the disk is full or read-only: no fault of the file
        answer = {"unavailable": str(failure)}
    json.dump(answer, sys.stdout)
    return 0


def _convert(request: dict[str, Any]) -> dict[str, object]:
    from portal.documents.intake.conversion import convert

    converted = convert(
        [Path(path) for path in request["paths"]],
        Limits(**request["limits"]),
        Path(request["workdir"]),
        request["turns"],
    )
    return {
        "pages": converted.pages,
        "signature": converted.signature,
        "dhash": converted.dhash,
    }


def _shrink(request: dict[str, Any]) -> dict[str, object]:
    from portal.documents.intake.shrink import shrink

    shrink(Path(request["source"]), Path(request["target"]), request["max_bytes"])
    return {}


_ACTS = {"convert": _convert, "shrink": _shrink}


def bound(memory: int, cpu_seconds: int, nice: int = NICE) -> None:
    """Before a byte of the files is read: address space, time, no core dump with papers in it."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (memory // 4, memory // 4))
    os.nice(nice)


if __name__ == "__main__":
    sys.exit(main())
