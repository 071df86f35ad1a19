"""The quick way through `hitung` answers as the engine does, byte for byte."""

from __future__ import annotations

import random

import pytest

from portal.scoring.engine.rules import load
from portal.scoring.hitung.careful import Task
from portal.scoring.hitung.fast.scorer import BlockScorer
from tests.scoring import alike, strange_lines

SHARES = 2
PER_SHARE = 700
"""`make bench` compares 100,000 for each rule set."""


@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("rule_set", alike.YEARS)
def test_the_quick_way_and_the_engine_agree(rule_set: str, share: int) -> None:
    assert next(alike.differences(rule_set, PER_SHARE, share), None) is None


def test_the_lines_that_are_compared_are_of_every_kind() -> None:
    """Otherwise the test above would prove little."""
    seeded = random.Random(1)
    scorer = BlockScorer(Task(load("bkn-2023"), 2024))

    outcome = scorer.compute(strange_lines.text(seeded, 2024, 3000))

    told = " ".join(sentence for _, sentence in outcome.faults)
    kinds = ["dua kali", "tidak dikenal", "bukan JSON", "bukan UTF-8", "wajib diisi", "18 angka"]
    kinds += ["tanggal seperti", "di kalender", "harus angka", "bilangan bulat", "antara"]
    assert [kind for kind in kinds if kind not in told] == []
    assert outcome.output.count(b"\n") > 2700
