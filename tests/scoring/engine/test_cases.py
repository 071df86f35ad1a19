"""The shared cases: each key of the expected result must be equal."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from portal.scoring.engine.inputs import parse_person
from portal.scoring.engine.rules import load
from portal.scoring.engine.score import NotMeasured, format_points, score
from portal.vocabulary import Dimensi
from tests.scoring import oracle

LINES = (Path(__file__).parent.parent / "cases.jsonl").read_text(encoding="utf-8").splitlines()
CASES = [json.loads(line, parse_float=Decimal) for line in LINES]


@pytest.mark.parametrize("case", CASES)
def test_the_engine_answers_the_case(case: dict[str, Any]) -> None:
    result = score(parse_person(case["input"]), load(case["aturan"]), case["tahun"])

    if isinstance(result, NotMeasured):
        assert case["hasil"] == {"nip": case["input"]["nip"], "diukur": False}
        return
    assert case["hasil"] == {
        "nip": case["input"]["nip"],
        "diukur": True,
        **{name.value: format_points(result.dimensi(name)) for name in Dimensi},
        "total": format_points(result.total),
        "kategori": result.kategori,
    }


@pytest.mark.parametrize("case", CASES)
def test_the_oracle_answers_the_case(case: dict[str, Any]) -> None:
    assert oracle.answer(case["input"], case["aturan"], case["tahun"]) == case["hasil"]
