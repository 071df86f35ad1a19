"""What holds for every person whatsoever."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.scoring.engine.advise import single_steps
from portal.scoring.engine.inputs import Person, parse_person
from portal.scoring.engine.ruleset import RuleSet
from portal.scoring.engine.score import NotMeasured, Score, score
from portal.vocabulary import Dimensi, JenisPegawai
from tests.scoring.engine import crowd
from tests.scoring.engine.builders import NEW, OLD

YEAR = 2024
SEEDS = st.integers(0, 2**32)
RULES = st.sampled_from([OLD, NEW])
quick = settings(max_examples=150, deadline=None, derandomize=True, database=None)


def somebody(seed: int) -> Person:
    """A random PNS, who is measured under every rule set."""
    found = parse_person(crowd.person(random.Random(seed), YEAR))
    return replace(found, jenis_pegawai=JenisPegawai.PNS)


def result_of(someone: Person, rules: RuleSet) -> Score:
    found = score(someone, rules, YEAR)
    assert not isinstance(found, NotMeasured)
    return found


@quick
@given(SEEDS, RULES)
def test_the_dimensions_add_up_to_the_total(seed: int, rules: RuleSet) -> None:
    result = result_of(somebody(seed), rules)

    assert sum(result.dimensi(name) for name in Dimensi) == result.total


@quick
@given(SEEDS, RULES)
def test_the_rows_of_a_dimension_add_up_to_it(seed: int, rules: RuleSet) -> None:
    result = result_of(somebody(seed), rules)

    for name in Dimensi:
        rows = [row.poin for row in result.rincian if row.dimensi is name]
        assert sum(rows, Decimal(0)) == result.dimensi(name)


@quick
@given(SEEDS, RULES)
def test_no_row_exceeds_its_maximum(seed: int, rules: RuleSet) -> None:
    assert all(0 <= row.poin <= row.maks for row in result_of(somebody(seed), rules).rincian)


@quick
@given(SEEDS, RULES)
def test_each_development_item_is_evidence_or_explained_exactly_once(
    seed: int, rules: RuleSet
) -> None:
    someone = somebody(seed)
    result = result_of(someone, rules)

    told = [left.index for left in result.tidak_dihitung]
    for row in result.rincian:
        if row.dimensi is Dimensi.KOMPETENSI:
            told += [*row.bukti, *(left.index for left in row.tidak_dihitung)]
    assert sorted(told) == list(range(len(someone.pengembangan)))


@quick
@given(SEEDS, RULES, SEEDS)
def test_the_order_of_degrees_courses_and_punishments_does_not_matter(
    seed: int, rules: RuleSet, shuffle: int
) -> None:
    someone = somebody(seed)
    random_ = random.Random(shuffle)

    def mixed(items: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(random_.sample(items, len(items)))

    other = replace(
        someone,
        pendidikan=mixed(someone.pendidikan),
        pengembangan=mixed(someone.pengembangan),
        hukdis=mixed(someone.hukdis),
    )

    assert result_of(other, rules).total == result_of(someone, rules).total


def with_more_degrees(someone: Person, other: Person) -> Person:
    return replace(someone, pendidikan=someone.pendidikan + other.pendidikan)


def with_more_courses(someone: Person, other: Person) -> Person:
    return replace(someone, pengembangan=someone.pengembangan + other.pengembangan)


@pytest.mark.parametrize("more", [with_more_degrees, with_more_courses])
@quick
@given(seed=SEEDS, rules=RULES, other=SEEDS)
def test_adding_evidence_never_lowers_the_score(
    more: Callable[[Person, Person], Person], seed: int, rules: RuleSet, other: int
) -> None:
    someone = somebody(seed)

    after = result_of(more(someone, somebody(other)), rules)

    assert after.total >= result_of(someone, rules).total


@quick
@given(SEEDS, RULES, SEEDS)
def test_a_punishment_never_raises_the_score(seed: int, rules: RuleSet, other: int) -> None:
    someone = somebody(seed)
    punished = replace(someone, hukdis=someone.hukdis + somebody(other).hukdis)

    assert result_of(punished, rules).total <= result_of(someone, rules).total


@quick
@given(SEEDS, RULES)
def test_every_step_of_advice_gains(seed: int, rules: RuleSet) -> None:
    someone = somebody(seed)
    before = result_of(someone, rules).total

    assert all(
        step.gain > 0 and step.total_after == before + step.gain
        for step in single_steps(someone, rules, YEAR)
    )


@quick
@given(SEEDS, RULES)
def test_every_reason_is_one_plain_sentence_or_more(seed: int, rules: RuleSet) -> None:
    for row in result_of(somebody(seed), rules).rincian:
        assert row.alasan[0].isupper() or row.alasan[0].isdigit()
        assert row.penjelasan.endswith(".")
        assert "None" not in row.penjelasan
