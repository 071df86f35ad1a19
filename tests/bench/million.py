"""Scores of a million people computed anew on PostgreSQL, while the portal serves its pages."""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.bench import load, place
from tests.bench.figures import Figure, Report
from tests.bench.pages import Client
from tests.bench.place import Place
from tests.support.cast import TODAY
from tests.support.postgres import running_postgres

SETTINGS = (
    "shared_buffers=2GB",
    "max_wal_size=8GB",
    "checkpoint_timeout=15min",
    "maintenance_work_mem=512MB",
    "wal_compression=on",
    "listen_addresses=",
)
"""A server with memory that keeps what it is told: fsync and full pages are on."""
WATCHED = (("/", "sari"), ("/skor", "sari"), ("/dokumen", "sari"), ("/verifikasi", "vera"))
"""Pages that are asked for all the while, and by whom."""
ROUNDS = 20
PAUSE = 0.25
"""Seconds between two pages: four people who look at their screens, not a load of its own."""


PEOPLE = 1_000_000
METHOD = """\
**A million people on PostgreSQL**: `hitung-ulang --tahun` on both cores, first into an empty table
of scores, then over all rows again; pages of the portal are asked for all the while from the same
machine, by turns, and compared with the same pages alone right before. The server keeps fsync and
full pages on. Memory is the largest sum of PSS of the processes that compute."""


@dataclass(frozen=True)
class Run:
    """What `hitung-ulang` did, and what the pages felt of it."""

    seconds: float
    memory_mib: float
    alone_ms: dict[str, float]
    beside_ms: dict[str, float]

    @property
    def slowest_page(self) -> tuple[str, float]:
        """The page that slowed down most, and how many times."""
        ratios = {path: self.beside_ms[path] / self.alone_ms[path] for path in self.alone_ms}
        return max(ratios.items(), key=lambda found: found[1])


def tell(report: Report, folder: Path, people: int = PEOPLE) -> None:
    """Measure everything about the scores of so many people."""
    with crowded(folder / "sejuta", people) as built:
        first, again = recompute(built), recompute(built)
    slowed = [run.slowest_page for run in (first, again)]
    pages = ", ".join(f"{path} {again.alone_ms[path]:.1f} ms" for path in again.alone_ms)
    report.add(
        "A million people on PostgreSQL",
        Figure("first scores", first.seconds, "s", most=120, note=f"{people:,} people"),
        Figure("all scores anew", again.seconds, "s", most=120),
        Figure("people a second", people / again.seconds, "people/s"),
        Figure(
            "slowest page beside it",
            max(ratio for _, ratio in slowed),
            "×",
            most=2,
            note=", ".join(path for path, _ in slowed),
        ),
        Figure("memory of all processes, PSS", max(first.memory_mib, again.memory_mib), "MiB"),
        Figure("Beranda alone", again.alone_ms["/"], "ms", note=pages),
    )


@contextmanager
def crowded(folder: Path, people: int) -> Iterator[Place]:
    """A portal on PostgreSQL with the cast, some items, and a crowd of this size."""
    folder.mkdir()
    folder.parent.chmod(0o755)  # the server runs as another user
    with running_postgres(SETTINGS, folder) as server, server.database() as name:
        address = server.address(name)
        built = place.build(folder / "portal", people=600, documents=400, url=address)
        _crowd(address, built, people)
        yield built


def _crowd(address: str, built: Place, people: int) -> None:
    units = built.cast.units
    ids = ", ".join(f"'{unit.id}'" for unit in (units.smpn, units.kesehatan, units.pendidikan))
    values = {
        "people": str(people),
        "year": str(TODAY.year),
        "instansi": f"'{units.instansi_id}'::uuid",
        "units": f"ARRAY[{ids}]::uuid[]",
    }
    text = Path(__file__).with_name("crowd.sql").read_text()
    script = re.sub(r"(?<!:):([a-z]+)", lambda name: values[name[1]], text)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(script.encode())
        connection.execute("VACUUM ANALYZE")


def recompute(built: Place) -> Run:
    """Time the pages alone, then the command with the pages beside it."""
    command = [sys.executable, "-m", "portal", "hitung-ulang", "--tahun", str(TODAY.year)]
    with built.served("-m", "portal", "serve") as (port, _):
        clients = {
            path: Client(port, path, built.cookie(getattr(built.cast, name)))
            for path, name in WATCHED
        }
        alone = _medians(clients, rounds=ROUNDS)
        begun = time.monotonic()
        with subprocess.Popen(command, env=built.environment, stdout=subprocess.DEVNULL) as work:
            beside, memory = _beside(clients, work)
        taken = time.monotonic() - begun
    assert work.returncode == 0, "hitung-ulang failed"
    return Run(taken, memory, alone, beside)


def _medians(clients: dict[str, Client], rounds: int) -> dict[str, float]:
    times: dict[str, list[float]] = {path: [] for path in clients}
    for _ in range(rounds):
        _ask(clients, times)
    return {path: statistics.median(found) for path, found in times.items()}


def _beside(
    clients: dict[str, Client], work: subprocess.Popen[bytes]
) -> tuple[dict[str, float], float]:
    """Medians while the work goes on, and the most memory of its processes (PSS, MiB)."""
    times: dict[str, list[float]] = {path: [] for path in clients}
    memory = 0.0
    while work.poll() is None:
        _ask(clients, times)
        with suppress(OSError):  # a process may end at this very moment
            pids = [work.pid, *load.children_of(work.pid)]
            memory = max(memory, sum(load.memory_mib(pid, "Pss") for pid in pids))
    return {path: statistics.median(found) for path, found in times.items()}, memory


def _ask(clients: dict[str, Client], times: dict[str, list[float]]) -> None:
    for path, client in clients.items():
        times[path].append(client.ms())
        time.sleep(PAUSE)
