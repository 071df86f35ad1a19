"""How long the tests themselves take, browsers and drills left out."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from portal.settings import ROOT
from tests.bench.figures import Figure, Report

SECTION = "Tests without a browser"
MAIN_JOB = Path(__file__).with_name("main_job.txt")
"""Test files of the main job (score, hand-in, verification), for which the target was set."""
PASSED = re.compile(r"(\d+) passed")
METHOD = """\
**Tests without a browser**: `scripts/test` with two processes, drills left out: those of the main
job (tests/bench/main_job.txt), for which 60 s were asked, then all there are. Processor time holds
that of programs that tests start, but for servers that outlive their parent."""


def tell(report: Report, _folder: Path) -> None:
    """Run the tests of the main job, then all."""
    main_job = MAIN_JOB.read_text().split()
    report.add(SECTION, *_figures("main job", main_job, 60), *_figures("all", ["tests"], None))


def _figures(name: str, chosen: Sequence[str], most: float | None) -> list[Figure]:
    before, begun = _processor(), time.monotonic()
    command = [ROOT / "scripts/test", "-q", "-m", "not browser and not drill", *chosen]
    env = os.environ | {"TEST_PROCESSES": "2"}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    taken, busy = time.monotonic() - begun, _processor() - before
    found = PASSED.search(done.stdout)
    if done.returncode or not found:
        sys.exit(f"tests failed:\n{done.stdout[-4000:]}")
    number = int(found[1])
    return [
        Figure(f"{name}: {number:,} tests", taken, "s", most=most),
        Figure(f"{name}: processor of a test", busy / number * 1000, "ms"),
    ]


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
