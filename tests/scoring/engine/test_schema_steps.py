"""`[langkah]` of a rule set file: effort in classes and in weights."""

from __future__ import annotations

from decimal import Decimal

import pytest

from portal.scoring.engine.rules import RuleSetError, load_text
from portal.settings import ROOT
from portal.vocabulary import Indikator
from tests.scoring.engine.builders import NEW, OLD

TEXT = (ROOT / "portal" / "scoring" / "rules" / "pbkn8-2019.toml").read_text()


@pytest.mark.parametrize("rules", [OLD, NEW])
def test_a_step_weighs_once_and_for_each_unit_of_it(rules) -> None:
    assert rules.bobot[Indikator.TEKNIS].of(12) == Decimal("2.2")


@pytest.mark.parametrize("rules", [OLD, NEW])
def test_seminar_is_lightest_and_a_degree_heaviest(rules) -> None:
    order = sorted(rules.bobot, key=lambda name: rules.bobot[name].of(1))

    assert (order[0], order[-1]) == (Indikator.SEMINAR, Indikator.PENDIDIKAN)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "seminar = { sekali = 1,",
            "seminar = { sekali = 2,",
            "bobot.teknis: lebih ringan",
        ),
        ("seminar = { sekali = 1,", "seminar = { sekali = -1,", "langkah.bobot.seminar.sekali"),
        ("satuan = 0.1 }", "satuan = nan }", "langkah.bobot.teknis.satuan"),
        ("satuan = 0.1 }", "satuan = 0.1, x = 1 }", "langkah.bobot.teknis.x: kunci tidak dikenal"),
        ("[langkah.bobot]", "[langkah.bobot]\ndisiplin = 1", "langkah.bobot.disiplin"),
        ("kinerja = { sekali = 3, satuan = 1 }", "", "langkah.bobot.kinerja: tidak ada"),
        ('["kinerja"], ', "", "langkah.upaya: kinerja tidak ada"),
    ],
)
def test_what_does_not_add_up_is_refused(old: str, new: str, message: str) -> None:
    assert TEXT.count(old) == 1

    with pytest.raises(RuleSetError, match=message):
        load_text(TEXT.replace(old, new))
