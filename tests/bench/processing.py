"""Making papers: how long a person waits for one, and how much memory its process takes."""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from portal.documents.intake import Limits, convert_isolated, shrink_isolated
from portal.settings import ROOT
from tests.bench.figures import Figure, Report

SECTION = "Papers"
ROUNDS = 30
SLOW_ROUNDS = 8
SIASN_BYTES = 1_000_000
METHOD = """\
**Papers** are made as the worker makes them, each in a process of its own (its start included):
decoded under limits, encoded anew, PDF, picture of each page, thumbnail, look of the first page.
The photo of 12 megapixels is a JPEG of about 4 MB with the grain of a sensor. Peak memory is the
largest resident set of these processes, asked for by a parent that is smaller than they are."""


def tell(report: Report, folder: Path) -> None:
    """Measure each kind of paper."""
    made = folder / "olah"
    made.mkdir()
    photo, heic, pdf, pages = _samples(made)
    jpeg = _measured([photo], ROUNDS)
    report.add(
        SECTION,
        Figure("photo of 12 megapixels, p50", jpeg.p50, "s", most=0.8, note=_size(photo)),
        Figure("photo of 12 megapixels, p95", jpeg.p95, "s"),
        Figure("photo of 12 megapixels, peak memory", jpeg.mebibytes, "MiB", most=250),
    )
    for name, paths in (
        ("HEIC of 12 megapixels", [heic]),
        ("PDF of 20 pages", [pdf]),
        ("20 photos from a phone, 2000 px", pages),
    ):
        taken = _measured(paths, SLOW_ROUNDS)
        report.add(
            SECTION,
            Figure(f"{name}, p50", taken.p50, "s", note=_size(*paths)),
            Figure(f"{name}, peak memory", taken.mebibytes, "MiB"),
        )
    report.add(SECTION, *_copies(pages, made))


def _copies(pages: Sequence[Path], folder: Path) -> list[Figure]:
    """The paper of twenty photos as SIASN takes it."""
    workdir = folder / "hasil"
    workdir.mkdir()
    paper = convert_isolated(pages, Limits(), workdir, cpu_seconds=80, wall_seconds=80).pdf
    target = folder / "siasn.pdf"
    times = []
    for _ in range(3):
        start = time.perf_counter()
        shrink_isolated(paper, target, SIASN_BYTES)
        times.append(time.perf_counter() - start)
    kilobytes = target.stat().st_size / 1000
    return [
        Figure("copy of it for SIASN, p50", statistics.median(times), "s", note=_size(paper)),
        Figure("copy of it for SIASN, size", kilobytes, "KB", most=SIASN_BYTES / 1000),
    ]


class Taken:
    """Seconds of each round, and the peak of all."""

    def __init__(self, seconds: Sequence[float], mebibytes: float) -> None:
        self.p50 = statistics.median(seconds)
        self.p95 = statistics.quantiles(seconds, n=20)[-1]
        self.mebibytes = mebibytes


def _measured(paths: Sequence[Path], rounds: int) -> Taken:
    """From a small parent: what a process held before it became the child counts as the child's."""
    command = [sys.executable, "-m", "tests.bench.processing", str(rounds), *map(str, paths)]
    done = subprocess.run(command, capture_output=True, check=True, cwd=ROOT)
    return Taken(**json.loads(done.stdout))


def _rounds(number: int, paths: Sequence[Path]) -> dict[str, object]:
    seconds = []
    for _ in range(number):
        with tempfile.TemporaryDirectory() as workdir:
            start = time.perf_counter()
            convert_isolated(paths, Limits(), Path(workdir), cpu_seconds=80, wall_seconds=80)
            seconds.append(time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return {"seconds": seconds, "mebibytes": peak}


def _samples(folder: Path) -> tuple[Path, Path, Path, list[Path]]:
    from PIL import Image  # here: the small parent needs no decoder

    from tests.support import sample_files

    size = sample_files.TWELVE_MEGAPIXELS
    grain = Image.effect_noise(size, 40).convert("RGB")
    photo = Image.blend(sample_files.certificate(size), grain, 0.2)
    small = photo.resize((2000, 1500))
    contents = {
        "foto.jpg": sample_files.encoded(photo, "JPEG", quality=88),
        "foto.heic": sample_files.heic(photo),
        "naskah.pdf": sample_files.pdf(20),
        **{f"{n:02}.jpg": sample_files.encoded(small, "JPEG", quality=80) for n in range(20)},
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    first, second, third, *pages = [folder / name for name in contents]
    return first, second, third, pages


def _size(*paths: Path) -> str:
    return f"{sum(path.stat().st_size for path in paths) / 1e6:.1f} MB"


if __name__ == "__main__":
    print(json.dumps(_rounds(int(sys.argv[1]), [Path(name) for name in sys.argv[2:]])))
