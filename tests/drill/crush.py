"""Two hundred people hand in at the same moment; others go on reading their pages."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.drill import pictures
from tests.drill.phone import GaveUp, Paper, Phone
from tests.drill.scene import Scene

READ = ("/", "/skor", "/dokumen", "/notifikasi")
READERS = 2
REST = 0.15
"""Seconds between two pages of one reader."""
ALONE_SECONDS = 10.0
PATIENCE = 900.0
"""Seconds until a person stops waiting for a receipt."""
SIDE = 2000
"""Pixels of the long side, as the capture page sends pictures."""


@dataclass
class Outcome:
    """Receipts, and how long pages took alone and beside the crowd (seconds, p95)."""

    receipts: set[str] = field(default_factory=set)
    failures: list[str] = field(default_factory=list)
    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)
    """From the first step of each person to the receipt."""
    alone: list[float] = field(default_factory=list)
    beside: list[float] = field(default_factory=list)
    bad_pages: int = 0

    @property
    def slower(self) -> float:
        """p95 of the pages beside the crowd against p95 alone."""
        return p95(self.beside) / p95(self.alone)


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def crush(scene: Scene, *, alone_seconds: float = ALONE_SECONDS) -> Outcome:
    """Everybody but the readers hands in one photo at once, each logged in before."""
    outcome = Outcome()
    people = [Phone(scene.portal.url, nip) for nip in scene.nips]
    readers, phones = people[:READERS], people[READERS:]
    for phone in people:
        phone.login()
    _read_while(readers, outcome, outcome.alone, lambda: time.sleep(alone_seconds))
    _read_while(readers, outcome, outcome.beside, lambda: _everybody(phones, outcome))
    return outcome


def _everybody(phones: list[Phone], outcome: Outcome) -> None:
    papers = [Paper(pictures.photo(n, SIDE), f"Seminar ke-{n}") for n in range(len(phones))]
    begun = time.monotonic()

    def hand_in(phone: Phone, paper: Paper) -> None:
        try:
            outcome.receipts.add(phone.hand_in(paper, patience=PATIENCE))
            outcome.waits.append(time.monotonic() - begun)
        except GaveUp:
            outcome.failures.append(f"{phone.nip}: {phone.refusals[-1:]}")

    threads = [
        threading.Thread(target=hand_in, args=pair) for pair in zip(phones, papers, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    outcome.seconds = time.monotonic() - begun


def _read_while(
    readers: list[Phone], outcome: Outcome, times: list[float], act: Callable[[], None]
) -> None:
    """Readers turn their pages until the act is over."""
    over = threading.Event()

    def read(phone: Phone) -> None:
        turn = 0
        while not over.is_set():
            status, seconds = phone.get(READ[turn % len(READ)])
            times.append(seconds)
            outcome.bad_pages += status != 200
            turn += 1
            time.sleep(REST)

    threads = [threading.Thread(target=read, args=(phone,)) for phone in readers]
    for thread in threads:
        thread.start()
    try:
        act()
    finally:
        over.set()
        for thread in threads:
            thread.join()
