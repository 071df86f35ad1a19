"""`make bench`: everything, about six minutes."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.bench import load, pages, place, wire, work
from tests.bench.figures import Figure, Report
from tests.bench.pages import Timing, Visit
from tests.bench.place import Place
from tests.support.chromium import executable

FEW = {"people": 600, "documents": 400}
MANY = {"people": 60_000, "documents": 100_000}
FEW_ROUNDS = 20
"""Of pages on the large portal, where their queries matter and their time is only told."""
METHOD = """\
**The floor** of a page is a bare Flask application that runs the very statements of that page
through the same ORM and returns the same bytes: no login, session, forms, headers, templates,
logs or compression. Portal and floor answer in turn in one process; the ratio is the median over
the pairs. The large portal holds 60,000 people and 100,000 documents (15,000 in the queue), the
small one 600 and 400. Pages are those of `tests/bench/pages.py`: each address once, by the first
of anyone, ASN, verifikator, admin and operator OPD who may open it, with the heaviest example.

**First load**: Chromium, 360×740, empty cache, slow 4G (150 ms, 1.6 Mbit/s), processor 4 × slower.
The CDN is answered from the portal's own copy of htmx and counted with its gzip size.

**Throughput**: one gunicorn process with the default threads serves the portal, another the floor,
by turns, 8 connections, on the same machine as the clients. Memory: PSS counts the share of what
processes share, RSS all of it."""


def main(folder: Path) -> None:
    report = Report()
    small = place.build(folder / "small", **FEW)
    visits = pages.visits(small)
    timings = [pages.measure(small.app, visit) for visit in visits]
    large = place.build(folder / "large", **MANY)
    crowded = {
        (timing.visit.who, timing.visit.rule): timing
        for timing in (pages.measure(large.app, v, FEW_ROUNDS) for v in pages.visits(large))
    }
    tell_pages(report, timings, crowded)
    tell_first_load(report, small)
    tell_throughput(report, small)
    tell_work(report, folder)
    report.write(METHOD)
    print("\nMissed: " + ("; ".join(report.missed) or "nothing"))


def tell_pages(
    report: Report, timings: list[Timing], crowded: dict[tuple[str, str], Timing]
) -> None:
    pairs = [(timing, crowded[timing.visit.who, timing.visit.rule]) for timing in timings]
    slowest = max(timings, key=lambda timing: timing.ratio)
    home = next(t for t in timings if t.visit.rule == "/" and t.visit.who == "ASN")
    unlike = [few.visit.rule for few, many in pairs if few.queries != many.queries]
    report.add(
        "Pages",
        Figure("Beranda", home.ms, "ms", note=f"floor {home.floor_ms:.2f} ms"),
        Figure("Beranda against its floor", home.ratio, "×", most=2),
        Figure("slowest page against its floor", slowest.ratio, "×", most=2, note=name(slowest.visit)),
        Figure("pages above 2 × their floor", sum(t.ratio > 2 for t in timings), "pages", most=0),
        Figure("most queries of a page", max(t.queries for t in timings), "queries", most=12),
        Figure("most queries at 60,000 people", max(m.queries for _, m in pairs), "queries", most=12),
        Figure("pages with other queries at 60,000", len(unlike), "pages", most=0, note=", ".join(unlike)),
        Figure("slowest page at 60,000 people", max(m.ms for _, m in pairs), "ms",
               note=name(max(crowded.values(), key=lambda t: t.ms).visit)),
        Figure("heaviest HTML, compressed", max(t.sent for t in timings) / 1024, "KB", most=20),
    )  # fmt: skip
    for few, many in pairs:
        row = {
            "page": few.visit.rule,
            "who": few.visit.who,
            "ms": few.ms,
            "floor ms": few.floor_ms,
            "ratio": few.ratio,
            "queries": few.queries,
            "queries at 60,000": many.queries,
            "ms at 60,000": many.ms,
            "HTML KB": few.html / 1024,
            "sent KB": few.sent / 1024,
        }
        report.pages.append({key: _rounded(value) for key, value in row.items()})
        mark = "✓" if few.ratio <= 2 and few.queries == many.queries <= 12 else "✗"
        print(
            f"  {mark} {few.visit.who:<13} {few.visit.rule:<52} {few.ms:6.2f} ms  ×{few.ratio:.2f}"
            f"  {few.queries:>2}/{many.queries:>2} queries  {many.ms:7.2f} ms  {few.sent / 1024:4.1f} KB"
        )


def _rounded(value: float | str) -> float | str:
    return value if isinstance(value, str) else round(value, 2)


def name(visit: Visit) -> str:
    return f"{visit.rule} ({visit.who})"


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
    floor = small.served("-m", "tests.bench.floor", "/", cookie)
    with small.served("-m", "portal", "serve") as (_, pid):
        (web,) = load.children_of(pid)
        rest = {kind: load.memory_mib(web, kind) for kind in ("Pss", "Rss")}
    with portal as (port, pid), floor as (floor_port, _):
        speed = load.compare(port, floor_port, "/", cookie)
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
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as place_for_all:
        main(Path(place_for_all))
    sys.exit(0)
