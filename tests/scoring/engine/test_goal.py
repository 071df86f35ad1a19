"""The goal seeker against brute force: every set of options, each scored anew by the engine."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.scoring.engine.goal import Way, cheapest, highest
from portal.scoring.engine.inputs import Person
from portal.scoring.engine.options import Option, Standing, all_options, with_facts
from portal.scoring.engine.rules import load_text
from portal.scoring.engine.ruleset import RuleSet
from portal.settings import ROOT
from portal.vocabulary import Indikator
from tests.scoring.engine.builders import GURU, NEW, OLD, measured
from tests.scoring.engine.test_properties import RULES, SEEDS, YEAR, somebody

GOALS = st.one_of(
    st.sampled_from([Decimal(cut) for cut in (61, 71, 81, 91, 100)]),
    st.integers(0, 10_000).map(lambda hundredths: Decimal(hundredths) / 100),
)
some = settings(max_examples=30, deadline=None, derandomize=True, database=None)


def way(someone: Person, rules: RuleSet, goal: Decimal | int, year: int = YEAR) -> Way:
    standing = Standing.of(someone, rules, year)
    assert standing is not None
    return cheapest(all_options(standing), standing.now.total, Decimal(goal))


def every_set(someone: Person, rules: RuleSet) -> list[tuple[tuple[Option, ...], Decimal]]:
    """All sets with the index after them, as the engine computes it."""
    standing = Standing.of(someone, rules, YEAR)
    assert standing is not None
    found = []
    for picked in product(*([None, *group] for group in all_options(standing))):
        steps = tuple(option for option in picked if option)
        after = measured(with_facts(someone, [step.fact for step in steps]), rules, YEAR)
        found.append((steps, after.total))
    return found


def cost(steps: tuple[Option, ...], total: Decimal) -> tuple[Decimal, int, Decimal]:
    return sum((step.bobot for step in steps), Decimal(0)), len(steps), -total


@some
@given(SEEDS, RULES, st.lists(GOALS, min_size=4, max_size=4))
def test_no_set_is_cheaper_and_none_goes_higher(
    seed: int, rules: RuleSet, goals: list[Decimal]
) -> None:
    someone = somebody(seed)
    standing = Standing.of(someone, rules, YEAR)
    assert standing is not None
    sets = every_set(someone, rules)
    most = max(total for _, total in sets)

    assert highest(all_options(standing), standing.now.total) == most
    for goal in goals:
        best = min(cost(*found) for found in sets if found[1] >= min(goal, most))
        answer = way(someone, rules, goal)

        assert cost(answer.steps, answer.total) == best
        assert answer.reached is (most >= goal)


def test_two_light_steps_are_taken_before_a_heavy_one() -> None:
    answer = way(GURU, NEW, 90, 2026)

    assert [step.kunci for step in answer.steps] == ["seminar", "teknis:20"]
    assert (answer.total, answer.bobot) == (90, Decimal("3.2"))


def test_no_more_hours_than_the_goal_needs() -> None:
    answer = way(GURU, NEW, 85, 2026)

    assert [step.kunci for step in answer.steps] == ["seminar", "teknis:14"]


def test_a_greedy_choice_would_cost_more() -> None:
    """The seminar alone is lightest, but beside it 79 would need hours that alone suffice."""
    text = (ROOT / "portal" / "scoring" / "rules" / "bkn-2023.toml").read_text()
    rules = load_text(text.replace("teknis = 15, seminar = 10", "teknis = 21, seminar = 4"))
    start = measured(GURU, rules, 2026).total

    answer = way(GURU, rules, start + 12, 2026)

    assert [step.kunci for step in answer.steps] == ["teknis:20"]


def test_who_is_there_already_needs_nothing() -> None:
    assert way(GURU, NEW, 71, 2026) == Way((), Decimal(71), reached=True)


def test_out_of_reach_the_highest_is_told() -> None:
    text = (ROOT / "portal" / "scoring" / "rules" / "bkn-2023.toml").read_text()
    rules = load_text(text.replace("di_atas = 25", "di_atas = 24"))

    answer = way(GURU, rules, 100, 2026)

    assert (answer.reached, answer.total) == (False, 99)
    assert [step.indikator for step in answer.steps] == [
        Indikator.SEMINAR,
        Indikator.TEKNIS,
        Indikator.KINERJA,
        Indikator.PENDIDIKAN,
    ]


def test_without_any_option_the_start_is_the_highest() -> None:
    assert cheapest((), Decimal(95), Decimal(96)) == Way((), Decimal(95), reached=False)


def test_of_equals_the_first_is_taken() -> None:
    answer = way(GURU, NEW, 100, 2026)

    assert answer.steps[-1].kunci == "pendidikan:Profesi"


@pytest.mark.parametrize("rules", [OLD, NEW])
def test_the_answer_does_not_depend_on_the_order_of_the_groups(rules: RuleSet) -> None:
    standing = Standing.of(GURU, rules, 2026)
    assert standing is not None
    groups = all_options(standing)

    def keys(way: Way) -> set[str]:
        return {step.kunci for step in way.steps}

    assert keys(cheapest(groups, standing.now.total, Decimal(93))) == keys(
        cheapest(groups[::-1], standing.now.total, Decimal(93))
    )
