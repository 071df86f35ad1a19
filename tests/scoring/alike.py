"""The quick way through `hitung` held against the engine, line by line and byte by byte.

`python -m tests.scoring.alike [PEOPLE]` does it for so many people per rule set.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from portal.scoring.engine.inputs import InputErrors
from portal.scoring.engine.rules import RuleSet, load, load_text
from portal.scoring.hitung.careful import Task, read_person, sentences, to_json
from portal.scoring.hitung.fast.scorer import BlockScorer
from portal.settings import ROOT
from tests.scoring import strange_lines

LINES = 250
"""In one block."""
YEARS: dict[str, tuple[int, ...]] = {}
YEARS |= {"pbkn8-2019": (2019, 2021, 2024), "bkn-2023": (2023, 2024, 2026)}
YEARS[OTHER := "lain"] = (2022, 2025)
JF = ("Guru",)
CHANGES = {
    "jp_wajib = 20": "jp_wajib = 16",
    "jendela_tahun = 0": "jendela_tahun = 3",
    "jendela_tahun = 1\n": "jendela_tahun = 2\n",
    "jendela_tahun = 2\n": "jendela_tahun = 4\n",
    "teknis = 22.5, seminar = 17.5": "teknis = 22.4, seminar = 17.6",
    '"D-IV" = 15': '"D-IV" = 14.33',
    "di_atas = 25": "di_atas = 24.13",
    "{ dari = 76, poin = 25 }": "{ dari = 90.99, poin = 27.5 },\n  { dari = 76, poin = 25 }",
    "ringan = 3": "ringan = 2.05",
    '"PNS", "PPPK"]': '"CPNS", "PPPK"]',
}
"""To a rule set with other windows, with points that round, and parts of JP with four decimals."""


@dataclass(frozen=True)
class Difference:
    """A block whose answers are not the engine's."""

    task: Task
    line: bytes
    engine: object
    quick: object


def tasks(rule_set: str) -> list[Task]:
    """Every way to measure: years, switches, provisional results."""
    ways: list[dict[str, Any]] = [
        {},
        {"prorata": True},
        {"prorata": False},
        {"kepemimpinan_lebih_tinggi": True, "jf_tanpa_diklat": JF},
    ]
    return [
        Task(rules(rule_set, **switches), year, provisional)
        for year in YEARS[rule_set]
        for switches in ways
        for provisional in (False, True)
    ]


def rules(rule_set: str, **switches: Any) -> RuleSet:
    """A rule set that ships, or one that is like none of them."""
    if rule_set != OTHER:
        return load(rule_set, **switches)
    text = (ROOT / "portal/scoring/rules/bkn-2023.toml").read_text(encoding="utf-8")
    for old, new in CHANGES.items():
        assert old in text, old
        text = text.replace(old, new)
    return load_text(text, **switches)


def differences(rule_set: str, people: int, seed: int = 0) -> Iterator[Difference]:
    """Where the two ways part, for `people` of all ways to measure together."""
    seeded = random.Random(f"{rule_set} {seed}")
    # Scorers live on from block to block, so that what they remember is tried as well.
    scorers = [(task, *both(task)) for task in tasks(rule_set)]
    for turn in range(-(-people // LINES)):
        task, *quick = scorers[turn % len(scorers)]
        text = strange_lines.text(seeded, task.year + seeded.choice([0, 0, 0, 1]), LINES)
        expected = engine(task, text)
        for scorer, answers in zip(quick, expected.answers, strict=True):
            outcome = scorer.compute(text)
            if (outcome.output, list(outcome.faults)) != (b"".join(answers), expected.faults):
                yield first_difference(task, text)


def both(task: Task) -> tuple[BlockScorer, BlockScorer]:
    """A scorer for brief answers and one with reasons."""
    return BlockScorer(replace(task, brief=True)), BlockScorer(replace(task, brief=False))


@dataclass
class Expected:
    """What the careful reader and the engine make of some lines."""

    answers: tuple[list[bytes], list[bytes]]
    """Brief ones, and those with reasons."""
    faults: list[tuple[int, str]]


def engine(task: Task, text: bytes) -> Expected:
    """Line by line, as slowly as it takes."""
    ways = [replace(task, brief=True), replace(task, brief=False)]
    expected = Expected(([], []), [])
    *lines, last = text.split(b"\n")
    for number, line in enumerate([*(line + b"\n" for line in lines), last], 1):
        if not line or line.isspace():
            continue
        try:
            person = read_person(line)
        except InputErrors as error:
            expected.faults += [(number, told) for told in sentences(error.errors)]
            continue
        result = task.score(person)
        for way, answers in zip(ways, expected.answers, strict=True):
            answers.append(to_json(way.answer(person.nip, result)) + b"\n")
    return expected


def first_difference(task: Task, text: bytes) -> Difference:
    """The first line that is answered differently when it stands alone."""
    for line in text.split(b"\n"):
        expected = engine(task, line + b"\n")
        for scorer, answers in zip(both(task), expected.answers, strict=True):
            outcome = scorer.compute(line + b"\n")
            found = (outcome.output, list(outcome.faults))
            if found != (b"".join(answers), expected.faults):
                return Difference(task, line, expected, found)
    return Difference(task, text, "the block as a whole", "differs")


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    for name in YEARS:
        print(name, next(differences(name, wanted), f"{wanted} people are answered alike"))
