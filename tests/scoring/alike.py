"""The quick way through `hitung` held against the engine, line by line and byte by byte.

`python -m tests.scoring.alike [PEOPLE]` does it for so many people per rule set.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace

from portal.scoring.careful import Task, read_person, sentences, to_json
from portal.scoring.engine.inputs import InputErrors
from portal.scoring.engine.rules import load
from portal.scoring.fast.scorer import BlockScorer
from tests.scoring import strange_lines

LINES = 250
"""In one block."""
YEARS = {"pbkn8-2019": (2019, 2021, 2024), "bkn-2023": (2023, 2024, 2026)}
JF = ("Guru",)


@dataclass(frozen=True)
class Difference:
    """A block whose answers are not the engine's."""

    task: Task
    line: bytes
    engine: object
    quick: object


def tasks(rule_set: str) -> list[Task]:
    """Every way to measure: years, switches, provisional results."""
    ways = [
        {},
        {"prorata": True},
        {"prorata": False},
        {"kepemimpinan_lebih_tinggi": True, "jf_tanpa_diklat": JF},
    ]
    return [
        Task(load(rule_set, **switches), year, provisional)
        for year in YEARS[rule_set]
        for switches in ways
        for provisional in (False, True)
    ]


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
