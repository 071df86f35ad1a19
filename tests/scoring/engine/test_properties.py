"""What holds for every person whatsoever, under both rule sets and every switch.

Only what an approval can add (degrees and development) is held to "never lowers". Two kinds of
fact do lower an index, as the rules want it: a punishment, and a later result of the same SKP year
(the latest `dinilai` wins, also when it is worse). Neither is ever approved in the portal; both
come with the history of the person.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.scoring.engine import kinerja
from portal.scoring.engine.advise import single_steps
from portal.scoring.engine.inputs import Kinerja, Person, parse_person
from portal.scoring.engine.result import Moment
from portal.scoring.engine.rules import load
from portal.scoring.engine.ruleset import RuleSet
from portal.scoring.engine.score import NotMeasured, Score, score
from portal.vocabulary import Dimensi, JenisPegawai, Kategori
from tests.scoring.engine import crowd
from tests.scoring.engine.builders import NEW, OLD

YEAR = 2024
SEEDS = st.integers(0, 2**32)
RULES = st.sampled_from(
    [
        OLD,
        NEW,
        load("pbkn8-2019", prorata=True),
        load("bkn-2023", prorata=False, kepemimpinan_lebih_tinggi=True),
    ]
)
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
def test_no_dimension_leaves_its_bounds(seed: int, rules: RuleSet) -> None:
    result = result_of(somebody(seed), rules)

    most = {"kualifikasi": 25, "kompetensi": 40, "kinerja": 30, "disiplin": 5}
    assert all(0 <= result.dimensi(name) <= most[name] for name in Dimensi)
    assert 0 <= result.total <= 100


@quick
@given(SEEDS, RULES, st.integers(0, 5), st.integers(0, 2000))
def test_more_jp_never_lowers_the_score(seed: int, rules: RuleSet, place: int, more: int) -> None:
    someone = somebody(seed)
    longer = tuple(
        replace(item, jp=item.jp + more) if index == place else item
        for index, item in enumerate(someone.pengembangan)
    )

    after = result_of(replace(someone, pengembangan=longer), rules)

    assert after.total >= result_of(someone, rules).total


@quick
@given(SEEDS, RULES, st.dates(dt.date(YEAR, 1, 1), dt.date(YEAR, 12, 31)), SEEDS)
def test_adding_evidence_never_lowers_the_running_score(
    seed: int, rules: RuleSet, today: dt.date, other: int
) -> None:
    someone, more = somebody(seed), somebody(other)
    richer = with_more_courses(with_more_degrees(someone, more), more)

    before = score(someone, rules, YEAR, as_of=today, provisional=True)
    after = score(richer, rules, YEAR, as_of=today, provisional=True)

    assert isinstance(before, Score)
    assert isinstance(after, Score)
    assert after.total >= before.total


@quick
@given(SEEDS, RULES, SEEDS)
def test_the_order_of_results_judged_on_different_days_does_not_matter(
    seed: int, rules: RuleSet, shuffle: int
) -> None:
    judged = [
        replace(item, dinilai=dt.date(YEAR + 1, 1, 1 + index))
        for index, item in enumerate(somebody(seed).kinerja)
    ]
    someone = replace(somebody(seed), kinerja=tuple(judged))
    random.Random(shuffle).shuffle(judged)

    other = replace(someone, kinerja=tuple(judged))

    assert result_of(other, rules).total == result_of(someone, rules).total


@quick
@given(SEEDS, RULES)
def test_every_lapse_is_the_end_of_a_year_not_before_the_measured_one(
    seed: int, rules: RuleSet
) -> None:
    for row in result_of(somebody(seed), rules).rincian:
        assert len(row.bukti_sampai) in {0, len(row.bukti)}
        for day in row.bukti_sampai:
            assert day is None or (day.year >= YEAR and (day.month, day.day) == (12, 31))


@pytest.mark.parametrize("rules", [OLD, NEW])
def test_every_hundredth_of_an_index_has_one_category_and_none_is_skipped(rules: RuleSet) -> None:
    found = [rules.kategori_of(Decimal(hundredth) / 100) for hundredth in range(10_001)]

    assert list(dict.fromkeys(found)) == list(reversed(Kategori))
    assert [found.count(kategori) for kategori in Kategori] == [901, 1000, 1000, 1000, 6100]


@pytest.mark.parametrize("rules", [OLD, NEW])
def test_every_hundredth_of_an_skp_has_points_that_never_fall(rules: RuleSet) -> None:
    someone, at = somebody(1), Moment.of(YEAR, None, provisional=False)
    found = [
        kinerja.row(replace(someone, kinerja=(Kinerja(YEAR, Decimal(n) / 100),)), rules, at)[0].poin
        for n in range(10_001)
    ]

    assert found == sorted(found)
    assert [found.count(Decimal(points)) for points in (1, 5, 15, 25, 30)] == [
        5100,
        1000,
        1500,
        1500,
        901,
    ]


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
