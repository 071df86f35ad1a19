"""`hitung` at the scale of the nation, against json.loads and json.dumps of the same lines.

`python -m tests.bench.hitung [PEOPLE]` measures this part alone.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, BinaryIO

from portal.settings import ROOT
from tests.bench.figures import Figure, Report
from tests.bench.load import children_of, memory_mib
from tests.bench.place import plain_environment
from tests.scoring import alike

NATION = 5_200_000
WITH_REASONS = 500_000
FLOOR_LINES = 60_000
COMPARED = 100_000
"""People per rule set whose answers are held against the engine."""
PROGRAM = [sys.executable, "-m", "portal"]
HITUNG = [*PROGRAM, "hitung", "--aturan", "bkn-2023", "--tahun", "2026"]
_WATCH_EVERY = 0.1
_PIECE = 1 << 20
METHOD = """\
**hitung**: invented people of `contoh-pegawai`, about 540 bytes each, from a file to a file. The
floor is `json.dumps(json.loads(line))` over the same lines on one core, measured right before and
right after. Memory is the largest sum of PSS of all its processes. The bad line stands in the
middle of the nation; everything else must come out as without it, to the byte."""


@dataclass(frozen=True)
class Run:
    """One call of `hitung`."""

    people: int
    seconds: float
    floor: float
    """People per second that json alone reads and writes on one core."""
    pss_mib: float
    processor: float
    """Seconds of all its processes together."""

    @property
    def rate(self) -> float:
        return self.people / self.seconds

    @property
    def ratio(self) -> float:
        return self.rate / self.floor


def tell_hitung(report: Report, folder: Path, nation: int = NATION) -> None:
    """Measure everything about `hitung`, with gigabytes in the folder that are removed again."""
    source, output = folder / "orang.jsonl", folder / "hasil.jsonl"
    begun = time.perf_counter()
    _program("contoh-pegawai", str(nation), "--keluaran", str(source))
    generating = nation / (time.perf_counter() - begun)
    few = {count: part(source, count) for count in (10_000, 100_000, 1_000_000) if count < nation}
    growth = {count: timed(path, count, "--ringkas") for count, path in few.items()}
    full = timed(part(source, WITH_REASONS), WITH_REASONS)
    brief = growth[nation] = timed(source, nation, "--ringkas", "--keluaran", str(output))
    same = spoiled_alike(source, output)
    source.unlink()
    output.unlink()
    each = {count: 1e6 * run.seconds / count for count, run in growth.items()}
    told = ", ".join(f"{count:,}: {micros:.2f}" for count, micros in each.items())
    busy = f"with reasons {1e6 * full.processor / full.people:.1f}"
    compared = f"of {len(alike.YEARS) * COMPARED:,} people"
    report.add(
        "hitung",
        Figure("brief answers", brief.rate, "people/s", note=f"floor {brief.floor:.0f}/s"),
        Figure("brief answers against the floor", brief.ratio, "×", least=2.2),
        Figure("the nation, 5,200,000 people", NATION / brief.rate, "s", note="aim 20"),
        Figure("answers with reasons", full.rate, "people/s", note=f"floor {full.floor:.0f}/s"),
        Figure("answers with reasons against the floor", full.ratio, "×", least=0.8),
        Figure("memory of all processes, PSS", max(brief.pss_mib, full.pss_mib), "MiB", most=300),
        Figure("memory beyond that of 100,000", grown(growth), "MiB", most=50),
        Figure("time per person", each[nation], "µs", note=told),
        Figure("processor time per person", 1e6 * brief.processor / nation, "µs", note=busy),
        Figure("other answers beside one bad line", same, "lines", most=0),
        Figure("invented people", generating, "lines/s", least=200_000),
        Figure("answers unlike the engine's", unlike(), "blocks", 0, note=compared),
    )


def part(source: Path, count: int) -> Path:
    """The first people of a file as a file."""
    path = source.with_name(f"orang-{count}.jsonl")
    with source.open("rb") as lines, path.open("wb") as target:
        target.writelines(islice(lines, count))
    return path


def timed(source: Path, people: int, *options: str) -> Run:
    """Run `hitung` between two measurements of the floor."""
    before = floor(source)
    target = () if "--keluaran" in options else ("--keluaran", f"{source}.hasil")
    begun = time.perf_counter()
    process = subprocess.Popen(
        [*HITUNG, str(source), *options, *target], cwd=ROOT, env=plain_environment()
    )
    watch = Watch(process.pid)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    pss = watch.end()
    for path in target[1:]:
        Path(path).unlink()
    processor = used.ru_utime + used.ru_stime
    return Run(people, seconds, (before + floor(source)) / 2, pss, processor)


def floor(source: Path) -> float:
    """Lines per second of the standard json, reading and writing, on one core."""
    with source.open("rb") as stream:
        lines = list(islice(stream, FLOOR_LINES))
    begun = time.perf_counter()
    for line in lines:
        json.dumps(json.loads(line))
    return len(lines) / (time.perf_counter() - begun)


class Watch:
    """Looks at the memory of a process and its children until it is told to end."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._most = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()

    def _look(self) -> None:
        while not self._over.wait(_WATCH_EVERY):
            with suppress(OSError, LookupError):
                everybody = [self._pid, *children_of(self._pid)]
                self._most = max(self._most, sum(memory_mib(pid, "Pss") for pid in everybody))

    def end(self) -> float:
        """The most that was seen, in MiB."""
        self._over.set()
        self._thread.join()
        return self._most


def grown(growth: dict[int, Run]) -> float:
    """Memory of the largest run beyond that of the one with 100,000 people."""
    runs = [growth[count] for count in sorted(growth)]
    return max(runs[-1].pss_mib - runs[min(1, len(runs) - 1)].pss_mib, 0)


def spoiled_alike(source: Path, output: Path) -> int:
    """Lines of output that one bad line in the middle of the input changes."""
    with (
        source.open("rb") as stream,
        subprocess.Popen(
            [*HITUNG, "--ringkas"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            env=plain_environment(),
        ) as process,
    ):
        feeder = threading.Thread(target=_feed, args=(stream, process.stdin))
        feeder.start()
        assert process.stdout is not None
        found = _digest(process.stdout)
        said = process.stderr.read() if process.stderr else b""
        feeder.join()
    with output.open("rb") as whole:
        expected = _digest(whole)
    assert process.returncode == 1, said
    assert said.count(b"\n") == 1, said
    return 0 if found == expected else max(1, abs(found[1] - expected[1]))


def _feed(stream: BinaryIO, sink: IO[bytes]) -> None:
    half = os.fstat(stream.fileno()).st_size // 2
    while stream.tell() < half:
        sink.write(stream.read(_PIECE))
    sink.write(stream.readline() + b"x\n")
    while piece := stream.read(_PIECE):
        sink.write(piece)
    sink.close()


def _digest(stream: IO[bytes]) -> tuple[str, int]:
    digest, lines = hashlib.sha256(), 0
    while piece := stream.read(_PIECE):
        digest.update(piece)
        lines += piece.count(b"\n")
    return digest.hexdigest(), lines


def unlike() -> int:
    """Blocks in which the quick way and the engine differ."""
    with ProcessPoolExecutor(2) as pool:
        return sum(pool.map(_unlike, alike.YEARS))


def _unlike(rule_set: str) -> int:
    return sum(1 for _ in alike.differences(rule_set, COMPARED))


def _program(*arguments: str) -> None:
    subprocess.run([*PROGRAM, *arguments], cwd=ROOT, env=plain_environment(), check=True)


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else NATION
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as place:
        tell_hitung(Report(), Path(place), wanted)
