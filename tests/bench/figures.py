"""Measured figures, their targets, and how they are printed and kept."""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
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
    """Everything that was measured, in order; sections become tables."""

    sections: dict[str, list[Figure]] = field(default_factory=dict)
    pages: list[dict[str, Any]] = field(default_factory=list)

    def add(self, section: str, *figures: Figure) -> None:
        """Keep the figures and print them at once."""
        if section not in self.sections:
            print(f"\n{section}", flush=True)
        self.sections.setdefault(section, []).extend(figures)
        for f in figures:
            line = f"  {f.mark or ' '} {f.name:<44} {short(f.value):>9} {f.unit:<12} {f.target}"
            print(line.rstrip() + (f"  ({f.note})" if f.note else ""), flush=True)

    def add_page(self, row: dict[str, Any]) -> None:
        """One line of the table of pages."""
        self.pages.append({k: round(v, 2) if isinstance(v, float) else v for k, v in row.items()})
        print("    " + "  ".join(f"{told(value):>6}" for value in row.values()), flush=True)

    @property
    def missed(self) -> list[str]:
        return [f"{f.name}: {short(f.value)} {f.unit}, target {f.target}" for f in self._targets()]

    def _targets(self) -> Iterable[Figure]:
        return (f for figures in self.sections.values() for f in figures if f.met is False)

    def write(self, method: str) -> None:
        """Keep the run in docs/."""
        when = dt.datetime.now(dt.UTC).date().isoformat()
        data = {
            "date": when,
            "machine": machine(),
            "sections": {
                name: [
                    {"name": f.name, "value": round(f.value, 3), "unit": f.unit}
                    | ({"target": f.target, "met": f.met} if f.target else {})
                    for f in figures
                ]
                for name, figures in self.sections.items()
            },
            "pages": self.pages,
        }
        JSON.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n")
        MARKDOWN.write_text(self._markdown(when, method))

    def _markdown(self, when: str, method: str) -> str:
        parts = [
            "# Benchmarks",
            f"Measured {when} by `make bench` on {sentence(machine())}.",
            method,
        ]
        for name, figures in self.sections.items():
            rows = [
                (f.name, f"{short(f.value)} {f.unit}", f.target, f.mark, f.note) for f in figures
            ]
            parts += [f"## {name}", grid(("", "value", "target", "", "remark"), rows)]
        if self.pages:
            columns = tuple(self.pages[0])
            rows = [tuple(told(value) for value in page.values()) for page in self.pages]
            parts += ["## Each page", grid(columns, rows)]
        return "\n\n".join(parts) + "\n"


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
