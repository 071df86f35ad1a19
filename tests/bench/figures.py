"""Measured figures, their targets, and how they are printed and kept."""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from portal.settings import ROOT

MARKDOWN = ROOT / "docs" / "bench.md"
JSON = ROOT / "docs" / "bench.json"


@dataclass(frozen=True)
class Figure:
    """One number; `most` or `least` is its target, neither means that it is only told."""

    name: str
    value: float
    unit: str
    most: float | None = None
    least: float | None = None
    note: str = ""

    @property
    def met(self) -> bool | None:
        if self.most is None and self.least is None:
            return None
        too_much = self.most is not None and self.value > self.most
        too_little = self.least is not None and self.value < self.least
        return not (too_much or too_little)

    @property
    def target(self) -> str:
        if self.most is not None:
            return f"≤ {short(self.most)}"
        return f"≥ {short(self.least)}" if self.least is not None else ""

    @property
    def mark(self) -> str:
        return {True: "✓", False: "✗", None: ""}[self.met]


@dataclass
class Report:
    """Everything that was measured; sections become tables. What a run did not measure again
    stands as the last run left it, with that run's date."""

    sections: dict[str, list[Figure]] = field(default_factory=dict)
    dates: dict[str, str] = field(default_factory=dict)
    pages: list[dict[str, Any]] = field(default_factory=list)
    fresh: set[str] = field(default_factory=set)
    """Sections of this run."""

    @classmethod
    def of_last_run(cls) -> Report:
        """What docs/ holds; empty before the first run."""
        if not JSON.exists():
            return cls()
        data = json.loads(JSON.read_text())
        sections = data["sections"]
        return cls(
            {
                name: [Figure(**figure) for figure in found["figures"]]
                for name, found in sections.items()
            },
            {name: found["date"] for name, found in sections.items()},
            data["pages"],
        )

    def add(self, section: str, *figures: Figure) -> None:
        """Keep the figures and print them at once."""
        if section not in self.fresh:
            print(f"\n{section}", flush=True)
            self.fresh.add(section)
            self.sections[section] = []
            self.dates[section] = today()
        self.sections[section].extend(figures)
        for f in figures:
            line = f"  {f.mark or ' '} {f.name:<44} {short(f.value):>9} {f.unit:<12} {f.target}"
            print(line.rstrip() + (f"  ({f.note})" if f.note else ""), flush=True)

    def add_page(self, row: dict[str, Any]) -> None:
        """One line of the table of pages; call `forget_pages` before the first."""
        self.pages.append({k: round(v, 2) if isinstance(v, float) else v for k, v in row.items()})
        print("    " + "  ".join(f"{told(value):>6}" for value in row.values()), flush=True)

    def forget_pages(self) -> None:
        self.pages = []

    @property
    def missed(self) -> list[str]:
        return [f"{f.name}: {short(f.value)} {f.unit}, target {f.target}" for f in self._targets()]

    def _targets(self) -> Iterable[Figure]:
        return (
            f
            for name, figures in self.sections.items()
            if name in self.fresh
            for f in figures
            if f.met is False
        )

    def write(self, order: Iterable[str], methods: Iterable[str]) -> None:
        """Keep the run in docs/, the sections in this order; others are forgotten."""
        kept = [name for name in order if name in self.sections]
        data = {
            "machine": machine(),
            "sections": {
                name: {
                    "date": self.dates[name],
                    "figures": [_plain(f) for f in self.sections[name]],
                }
                for name in kept
            },
            "pages": self.pages,
        }
        JSON.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n")
        MARKDOWN.write_text(self._markdown(kept, methods))

    def _markdown(self, kept: Iterable[str], methods: Iterable[str]) -> str:
        parts = ["# Benchmarks", f"Measured by `make bench` on {sentence(machine())}.", *methods]
        for name in kept:
            rows = [
                (f.name, f"{short(f.value)} {f.unit}", f.target, f.mark, f.note)
                for f in self.sections[name]
            ]
            head = grid(("", "value", "target", "", "remark"), rows)
            parts += [f"## {name}", f"Measured {self.dates[name]}.", head]
        if self.pages:
            columns = tuple(self.pages[0])
            rows = [tuple(told(value) for value in page.values()) for page in self.pages]
            parts += ["## Each page", grid(columns, rows)]
        return "\n\n".join(parts) + "\n"


def today() -> str:
    return dt.datetime.now(dt.UTC).date().isoformat()


def _plain(figure: Figure) -> Mapping[str, Any]:
    """What differs from the defaults of a figure, so that it can be read back."""
    values = asdict(figure) | {"value": round(figure.value, 3)}
    return {name: value for name, value in values.items() if value not in (None, "")} | {
        "unit": figure.unit
    }


def grid(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table; addresses keep their angle brackets."""
    head = list(columns)
    told_rows = ([cell.replace("<", "&lt;") for cell in row] for row in rows)
    lines = [head, ["---"] * len(head), *told_rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def told(value: float | str) -> str:
    return value if isinstance(value, str) else short(value)


def short(value: float) -> str:
    if value == int(value):
        return str(int(value))
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def machine() -> dict[str, Any]:
    """What the figures depend on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    model = "unknown processor"
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = " ".join(line.partition(":")[2].split())
            break
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "memory_gib": round(memory, 1),
        "python": platform.python_version(),
        "system": platform.system(),
        "load": round(os.getloadavg()[0], 1) if sys.platform != "win32" else 0,
    }


def sentence(facts: dict[str, Any]) -> str:
    return (
        f"{facts['cores']} cores ({facts['processor']}), {facts['memory_gib']} GiB, "
        f"Python {facts['python']} (load average at the end: {facts['load']})"
    )
