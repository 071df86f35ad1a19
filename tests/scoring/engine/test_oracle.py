"""Engine and oracle agree on 20,000 random people per rule set; on 100,000 in `make oracle`."""

from __future__ import annotations

import os
import random

import pytest

from portal.scoring.engine.inputs import parse_person
from portal.scoring.engine.rules import load
from portal.scoring.engine.score import NotMeasured, format_points, score
from portal.vocabulary import Dimensi
from tests.scoring import oracle
from tests.scoring.engine import crowd

SHARES = 10
PER_SHARE = int(os.environ.get("ORACLE_PEOPLE", "20000")) // SHARES
YEAR = {"pbkn8-2019": 2021, "bkn-2023": 2024}


@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("aturan", YEAR)
def test_engine_and_oracle_agree(aturan: str, share: int) -> None:
    random_ = random.Random(f"{aturan} {share}")
    year = YEAR[aturan]
    # Each share plays the switches another way; half of them leave all as filed.
    sementara = share % 2 == 1
    prorata = {3: True, 7: False}.get(share)
    lebih_tinggi = share in {5, 7}
    rules = load(aturan, prorata=prorata, kepemimpinan_lebih_tinggi=lebih_tinggi)
    different = []
    for _ in range(PER_SHARE):
        someone = crowd.person(random_, year)
        expected = oracle.answer(
            someone, aturan, year, sementara=sementara, prorata=prorata, lebih_tinggi=lebih_tinggi
        )
        result = score(parse_person(someone), rules, year, provisional=sementara)
        if isinstance(result, NotMeasured):
            found = {"nip": someone["nip"], "diukur": False}
        else:
            found = {
                "nip": someone["nip"],
                "diukur": True,
                **{name.value: format_points(result.dimensi(name)) for name in Dimensi},
                "total": format_points(result.total),
                "kategori": result.kategori.value,
            }
        if found != expected:
            different.append((someone, found, expected))

    assert different[:1] == []
