"""`make bench`: all but the drills, half an hour; `make bench PART="halaman hitung"`: parts."""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench import (
    advice,
    audit,
    capture,
    desk,
    duplicates,
    hitung,
    load,
    million,
    pages,
    place,
    processing,
    queue,
    reading,
    suite,
    wire,
    work,
)
from tests.bench.figures import Figure, Report
from tests.bench.pages import Facts, Timing, Visit
from tests.bench.place import Place
from tests.drill import tell as drills
from tests.drill.tell import DRILLS
from tests.support.chromium import executable

FEW: dict[str, Any] = {"people": 600, "documents": 400}
MANY: dict[str, Any] = {"people": 60_000, "documents": 100_000}
FEW_ROUNDS = 20
"""Of pages on the large portal, where their queries matter and their time is only told."""
RATIO = 2
"""Times its floor that a page may take."""
METHOD = """\
**Pages** are asked for over HTTP on one kept connection, from a gunicorn process with the default
threads. **The floor** of a page is a bare Flask application behind the same gunicorn settings: it
runs the very statements of that page through the same ORM and shows the same HTML through one flat
Jinja template, in which every text and every address is a variable. It has no login, session,
forms, headers, layout, macros, logs or compression. Portal and floor answer in turn; the ratio is
the median over the pairs. A page that asks the database nothing (login and its like) is held
against its floor as every other, and told in milliseconds too.

The large portal holds 60,000 people and 100,000 documents (15,000 in the queue), the small one
600 and 400, both on SQLite. Each address is opened once, by the first of anyone, ASN, verifikator,
admin and operator OPD who may; of several examples the heaviest stands for all.

**First load**: Chromium, 360×740, empty cache, slow 4G (150 ms, 1.6 Mbit/s), processor 4 × slower.
The CDN is answered from the portal's own copy of htmx and counted with its gzip size.

**Throughput**: one gunicorn process with the default threads serves the portal, another the floor,
by turns, 8 connections, on the same machine as the clients. Memory: PSS counts the share of what
processes share, RSS all of it."""


@dataclass(frozen=True)
class Measured:
    """One page on the small portal and on the large one."""

    visit: Visit
    few: Facts
    many: Facts
    timing: Timing
    crowded_ms: float

    @property
    def name(self) -> str:
        return f"{self.visit.rule} ({self.visit.who})"


PARTS: dict[str, tuple[str, ...]] = {
    "halaman": ("Pages",),
    "muat-awal": ("First load of Beranda on slow 4G",),
    "satu-proses": ("One web process",),
    "kerja": ("Work",),
    "hitung": ("hitung",),
    "sejuta": ("A million people on PostgreSQL",),
    "kembar": ("Twins among a million papers",),
    "antrean": (queue.SECTION,),
    "olah": (processing.SECTION,),
    "tangkap": (capture.SECTION,),
    "baca": (reading.SECTION,),
    "audit": (audit.SECTION,),
    "keputusan": (desk.SECTION,),
    "uji": (suite.SECTION,),
}
"""What can be measured by itself, and the sections that it fills."""


def main(folder: Path, wanted: Sequence[str]) -> Report:
    """Measure these parts, print them, keep them beside what was measured before."""
    report = Report.of_last_run()
    small = place.build(folder / "small", **FEW) if {*wanted} & {*SERVED} else None
    if "halaman" in wanted and small:
        large = place.build(folder / "large", **MANY)
        tell_pages(report, measure(small, large))
        report.add("Pages", *advice.figures(large))
    if "muat-awal" in wanted and small:
        tell_first_load(report, small)
    if "satu-proses" in wanted and small:
        tell_throughput(report, small)
    if "kerja" in wanted:
        tell_work(report, folder)
    for name, tell in ALONE.items():
        if name in wanted:
            tell(report, folder)
    for name in {*wanted} & {*DRILLS}:
        (folder / name).mkdir()
        DRILLS[name][1](report, folder / name)
    order = [section for part in PARTS.values() for section in part]
    order += [section for section, _ in DRILLS.values()]
    report.write(
        order,
        (
            METHOD,
            hitung.METHOD,
            million.METHOD,
            duplicates.METHOD,
            queue.METHOD,
            processing.METHOD,
            reading.METHOD,
            audit.METHOD,
            desk.METHOD,
            suite.METHOD,
            drills.METHOD,
        ),
    )
    print("\nMissed: " + ("; ".join(report.missed) or "nothing"))
    return report


ALONE: dict[str, Callable[[Report, Path], None]] = {
    "hitung": hitung.tell_hitung,
    "sejuta": million.tell,
    "kembar": duplicates.tell,
    "antrean": queue.tell,
    "olah": processing.tell,
    "tangkap": capture.tell,
    "baca": reading.tell,
    "audit": audit.tell,
    "keputusan": desk.tell,
    "uji": suite.tell,
}
"""Parts that need no portal but what they make themselves."""
SERVED = ("halaman", "muat-awal", "satu-proses")
"""Parts that ask a small portal for its pages."""


def measure(small: Place, large: Place) -> list[Measured]:
    """Every page; the same pages are opened on both portals."""
    chosen, crowded = pages.visits(small), pages.visits(large)
    assert [v.rule for v in chosen] == [v.rule for v in crowded]
    timings = pages.time_pages(small, chosen)
    late = pages.time_alone(large, crowded, FEW_ROUNDS)
    return [
        Measured(visit, pages.facts(small.app, visit), pages.facts(large.app, twin), timing, ms)
        for visit, twin, timing, ms in zip(chosen, crowded, timings, late, strict=True)
    ]


def tell_pages(report: Report, measured: list[Measured]) -> None:
    slow = max(measured, key=lambda page: page.timing.ratio)
    silent = max((p for p in measured if not p.few.queries), key=lambda p: p.timing.ms)
    late = max(measured, key=lambda page: page.crowded_ms)
    home = next(p for p in measured if p.visit.rule == "/" and p.visit.who == "ASN")
    unlike = [page.name for page in measured if page.few.queries != page.many.queries]
    ratios = [page.timing.ratio for page in measured]
    within = sum(ratio <= RATIO for ratio in ratios)
    report.add(
        "Pages",
        Figure("Beranda", home.timing.ms, "ms", note=f"floor {home.timing.floor_ms:.2f} ms"),
        Figure("Beranda against its floor", home.timing.ratio, "×", most=RATIO),
        Figure("median page against its floor", statistics.median(ratios), "×", most=RATIO),
        Figure("slowest page against its floor", slow.timing.ratio, "×", RATIO, note=slow.name),
        Figure("pages within 2 × their floor", within, "pages", note=f"of {len(ratios)}"),
        Figure("slowest page that asks nothing", silent.timing.ms, "ms", 2, note=silent.name),
        Figure("most queries of a page", max(p.few.queries for p in measured), "queries", 12),
        Figure("most queries at 60,000", max(p.many.queries for p in measured), "queries", 12),
        Figure("pages with other queries then", len(unlike), "pages", 0, note=" ".join(unlike)),
        Figure("slowest page at 60,000 people", late.crowded_ms, "ms", note=late.name),
        Figure("heaviest HTML, as sent", max(p.few.sent for p in measured) / 1024, "KB", 20),
    )
    report.forget_pages()
    for page in measured:
        report.add_page(
            {
                "page": page.visit.rule,
                "who": page.visit.who,
                "ms": page.timing.ms,
                "floor ms": page.timing.floor_ms,
                "ratio": page.timing.ratio,
                "queries": page.few.queries,
                "queries at 60,000": page.many.queries,
                "ms at 60,000": page.crowded_ms,
                "HTML KB": page.few.html / 1024,
                "sent KB": page.few.sent / 1024,
            }
        )


def tell_first_load(report: Report, small: Place) -> None:
    if executable() is None:
        print("\nNo Chromium: the first load is not measured.")
        return
    with small.served("-m", "portal", "serve") as (port, _):
        cookie = small.cookie(small.cast.sari)
        url = f"http://127.0.0.1:{port}"
        wire.first_load(url, "/", cookie)  # the first answers of a process are slower
        seen = wire.first_load(url, "/", cookie)
    others = [host for host in seen.third_parties if host != "cdn.jsdelivr.net"]
    report.add(
        "First load of Beranda on slow 4G",
        Figure("requests", seen.requests, "requests", most=8),
        Figure("over the wire", seen.kilobytes, "KB", most=60),
        Figure("largest contentful paint", seen.lcp_ms / 1000, "s", most=1.5),
        Figure("layout shift", seen.layout_shift, "", most=0),
        Figure("third parties but the CDN", len(others), "hosts", most=0, note=", ".join(others)),
        Figure("HTML", seen.html, "KB", most=20),
        Figure("CSS", seen.css, "KB", most=12),
        Figure("own JavaScript", seen.own_scripts, "KB", most=10),
    )


def tell_throughput(report: Report, small: Place) -> None:
    cookie = small.cookie(small.cast.sari)
    portal = small.served("-m", "portal", "serve")
    wanted = small.folder / "beranda.json"
    wanted.write_text(json.dumps([["/", cookie]]))
    floor = small.served("-m", "tests.bench.floor", str(wanted))
    with small.served("-m", "portal", "serve") as (_, pid):
        (web,) = load.children_of(pid)
        rest = {kind: load.memory_mib(web, kind) for kind in ("Pss", "Rss")}
    with portal as (port, pid), floor as (floor_port, _):
        speed = load.compare((port, "/"), (floor_port, "/0"), cookie)
        (web,) = load.children_of(pid)
        busy = load.memory_mib(web, "Pss")
    with small.worker() as pid:
        worker = {kind: load.memory_mib(pid, kind) for kind in ("Pss", "Rss")}
    report.add(
        "One web process",
        Figure("Beranda", speed.portal, "requests/s", note="aim 300"),
        Figure("against the floor", speed.ratio, "×", least=0.5, note=f"{speed.floor:.0f}/s"),
        Figure("failed answers", speed.errors, "answers", most=0),
        Figure("memory at rest, PSS", rest["Pss"], "MiB", most=120),
        Figure("memory at rest, RSS", rest["Rss"], "MiB", most=120),
        Figure("memory after the load, PSS", busy, "MiB", most=120),
        Figure("worker process, PSS", worker["Pss"], "MiB"),
        Figure("worker process, RSS", worker["Rss"], "MiB"),
    )


def tell_work(report: Report, folder: Path) -> None:
    demo = folder / "demo"
    report.add(
        "Work",
        Figure("a photo of 12 megapixels becomes a PDF (p50)", work.photo_seconds(), "s"),
        Figure("hitung", work.people_per_second(), "people/s", note="20,000 lines, start included"),
        Figure("demo agency", work.demo_seconds(demo), "s", most=25),
        Figure("second start until the portal answers", work.start_seconds(demo), "s", most=5),
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument(
        "part", nargs="*", choices=[[], *PARTS, *DRILLS], help="what; all but drills"
    )
    chosen = parser.parse_args().part or list(PARTS)
    with tempfile.TemporaryDirectory(prefix="portal-bench-", dir="/tmp") as place_for_all:
        Path(place_for_all).chmod(0o711)  # the user postgres has to pass
        told = main(Path(place_for_all), chosen)
    # A figure may lie beside its target on a slow machine; a drill has to be clean.
    sys.exit(bool(told.missed) and bool({*chosen} & {*DRILLS}))
