"""Whole pieces of work: a photo, a batch computation, the demo, a second start."""

from __future__ import annotations

import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path

from portal.documents.intake import Limits, convert_isolated
from portal.settings import ROOT
from tests.bench.place import answers, plain_environment
from tests.scoring.engine import crowd
from tests.support.components import free_port
from tests.support.sample_files import twelve_megapixel_jpeg

PHOTOS = 7
LINES = 20_000


def photo_seconds() -> float:
    """Median time from a 12-megapixel JPEG to a checked PDF with its page pictures."""
    times = []
    with tempfile.TemporaryDirectory() as folder:
        photo = Path(folder) / "foto.jpg"
        photo.write_bytes(twelve_megapixel_jpeg())
        for number in range(PHOTOS):
            target = Path(folder) / str(number)
            target.mkdir()
            begun = time.perf_counter()
            convert_isolated([photo], Limits(), target)
            times.append(time.perf_counter() - begun)
    return statistics.median(times)


def people_per_second() -> float:
    """Speed of `hitung` over LINES random people, start of the program included."""
    seeded = random.Random(8)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "orang.jsonl"
        with source.open("w") as stream:
            for _ in range(LINES):
                stream.write(json.dumps(crowd.person(seeded, 2026), default=_number) + "\n")
        command = ["hitung", str(source), "--aturan", "bkn-2023", "--tahun", "2026"]
        command += ["--keluaran", f"{folder}/hasil.jsonl", "--galat", f"{folder}/galat.jsonl"]
        return LINES / _run(command, plain_environment())


def _number(value: object) -> float:
    assert isinstance(value, Decimal)
    return float(value)


def demo_seconds(folder: Path) -> float:
    """Time to fill an empty portal with the demo agency."""
    return _run(["demo"], plain_environment() | {"VAR_DIR": str(folder)})


def start_seconds(folder: Path) -> float:
    """Time of `make run` until the portal answers, over a folder that holds the demo."""
    port = free_port()
    begun = time.perf_counter()
    process = subprocess.Popen(
        [ROOT / "scripts" / "run"],
        env=plain_environment() | {"VAR_DIR": str(folder), "PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while not answers(port, "/readyz"):
            if process.poll() is not None:
                raise RuntimeError("the portal did not start")
            time.sleep(0.02)
        return time.perf_counter() - begun
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(60)


def _run(command: list[str], environment: dict[str, str]) -> float:
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "portal", *command],
        env=environment,
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return time.perf_counter() - begun
