"""Requests a second of one worker process, and of the floor served by the same server, in turn."""

from __future__ import annotations

import http.client
import statistics
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

CLIENTS = 8
SECONDS = 4.0
TURNS = 3


@dataclass(frozen=True)
class Throughput:
    """Requests a second; medians of the turns."""

    portal: float
    floor: float
    errors: int

    @property
    def ratio(self) -> float:
        return self.portal / self.floor


def requests_per_second(port: int, path: str, cookie: str) -> tuple[float, int]:
    """Keep CLIENTS connections busy for SECONDS; returns the rate and the failed answers."""
    done = [0] * CLIENTS
    failed = [0] * CLIENTS
    until = time.monotonic() + SECONDS

    def client(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        while time.monotonic() < until:
            connection.request("GET", path, headers={"Cookie": cookie})
            answer = connection.getresponse()
            answer.read()
            done[number] += 1
            failed[number] += answer.status != 200
        connection.close()

    threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / (time.monotonic() - begun), sum(failed)


def compare(portal: tuple[int, str], floor: tuple[int, str], cookie: str) -> Throughput:
    """Portal and floor (port and address) by turns, after one turn of each that does not count."""
    own, bare, errors = [], [], 0
    for turn in range(TURNS + 1):
        rate, failed = requests_per_second(*portal, cookie)
        floor_rate, floor_failed = requests_per_second(*floor, cookie)
        errors += failed + floor_failed
        if turn:
            own.append(rate)
            bare.append(floor_rate)
    return Throughput(statistics.median(own), statistics.median(bare), errors)


def memory_mib(pid: int, kind: str) -> float:
    """Memory of a process in MiB: `Pss` (its share of what is shared counts) or `Rss`."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith(f"{kind}:"):
            return int(line.split()[1]) / 1024
    raise LookupError(pid)


def children_of(pid: int) -> list[int]:
    """Direct children of a process."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                stat = (entry / "stat").read_text()
                if int(stat.rpartition(")")[2].split()[1]) == pid:
                    found.append(int(entry.name))
    return found
