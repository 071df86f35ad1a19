"""Everything that could still be done, and that gains add up."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given

from portal.scoring.engine.inputs import Person
from portal.scoring.engine.options import Option, Standing, all_options, with_facts
from portal.scoring.engine.rules import load, load_text
from portal.scoring.engine.ruleset import RuleSet
from portal.settings import ROOT
from portal.vocabulary import Indikator, JenisPegawai, KelompokJabatan, Tingkat
from tests.scoring.engine.builders import GURU, NEW, OLD, course, degree, measured, person, skp
from tests.scoring.engine.test_properties import RULES, SEEDS, YEAR, quick, somebody

TODAY = dt.date(2026, 11, 22)


def standing(someone: Person, rules: RuleSet = NEW, year: int = 2026) -> Standing:
    found = Standing.of(someone, rules, year)
    assert found is not None
    return found


def options(someone: Person, rules: RuleSet = NEW, year: int = 2026) -> list[Option]:
    return [option for group in all_options(standing(someone, rules, year)) for option in group]


def gains(someone: Person, indikator: Indikator, rules: RuleSet = NEW) -> dict[str, Decimal]:
    return {o.pilihan: o.gain for o in options(someone, rules) if o.indikator is indikator}


@quick
@given(SEEDS, RULES, SEEDS)
def test_the_gains_of_any_choice_add_up_to_what_the_engine_says(
    seed: int, rules: RuleSet, choice: int
) -> None:
    someone, random_ = somebody(seed), random.Random(choice)
    now = Standing.of(someone, rules, YEAR)
    assert now is not None
    chosen = [
        random_.choice(group) for group in all_options(now) if group and random_.random() < 0.7
    ]

    after = measured(with_facts(someone, [option.fact for option in chosen]), rules, YEAR)

    assert after.total - now.now.total == sum(option.gain for option in chosen)


@quick
@given(SEEDS, RULES)
def test_every_option_gains_and_has_a_name_of_its_own(seed: int, rules: RuleSet) -> None:
    found = options(somebody(seed), rules, YEAR)

    assert all(option.gain > 0 for option in found)
    assert len({option.kunci for option in found}) == len(found)


@quick
@given(SEEDS, RULES)
def test_groups_stand_from_the_least_effort_to_the_most(seed: int, rules: RuleSet) -> None:
    groups = all_options(standing(somebody(seed), rules, YEAR))

    assert [g[0].upaya for g in groups] == sorted(g[0].upaya for g in groups)


def test_who_is_not_measured_stands_nowhere() -> None:
    assert Standing.of(person(jenis_pegawai=JenisPegawai.CPNS), NEW, 2026) is None


def test_in_proportion_every_missing_hour_is_an_option() -> None:
    found = gains(GURU, Indikator.TEKNIS)

    assert list(found) == [str(jp) for jp in range(9, 21)]
    assert (found["9"], found["20"]) == (Decimal("0.75"), 9)


def test_without_proportion_only_the_whole_duty_is_one() -> None:
    someone = person(pengembangan=(course(3, "2026-02-01", 8),))

    assert gains(someone, Indikator.TEKNIS, OLD) == {"20": 15}


def test_an_hour_option_says_how_many_are_still_to_collect() -> None:
    found = {o.pilihan: (o.jp, o.uraian) for o in options(GURU) if o.jp}

    assert found["20"] == (12, "Diklat teknis 12 JP lagi tahun ini")


def test_every_higher_degree_that_gains_is_an_option() -> None:
    someone = person(pendidikan=(degree("SLTA"),))

    assert gains(someone, Indikator.PENDIDIKAN, OLD) == {
        "D-III": 5,
        "S-1": 10,
        "D-IV": 10,
        "Profesi": 10,
        "S-2": 15,
        "Spesialis": 15,
        "S-3": 20,
        "Subspesialis": 20,
    }


def test_a_higher_degree_weighs_more() -> None:
    found = [o for o in options(GURU) if o.indikator is Indikator.PENDIDIKAN]

    assert [(o.pilihan, o.bobot) for o in found][::2] == [
        ("Profesi", 24),
        ("Spesialis", 28),
        ("Subspesialis", 32),
    ]


def test_every_better_predicate_is_an_option() -> None:
    someone = replace(GURU, kinerja=(skp(2026, "Butuh Perbaikan"),))

    found = [o for o in options(someone) if o.indikator is Indikator.KINERJA]

    assert [(o.pilihan, o.gain, o.bobot) for o in found] == [
        ("Baik", 10, 4),
        ("Sangat Baik", 15, 5),
    ]


def test_a_better_predicate_takes_the_place_of_the_provisional_one() -> None:
    someone = replace(GURU, kinerja=(skp(2025, "Baik"),))
    now = Standing.of(someone, NEW, 2026, as_of=TODAY, provisional=True)
    assert now is not None

    found = [o for group in all_options(now) for o in group if o.indikator is Indikator.KINERJA]

    assert [(o.kunci, o.gain) for o in found] == [("kinerja:Sangat Baik", 5)]


def test_the_diploma_at_hand_is_the_one_that_the_post_requires() -> None:
    someone = person(syarat_pendidikan=Tingkat.S1)

    found = [o for o in options(someone, OLD) if o.indikator is Indikator.PENDIDIKAN]

    assert [(o.pilihan, o.gain, o.bobot) for o in found[:2]] == [("S-1", 15, 0), ("S-2", 20, 28)]


def test_of_who_holds_nothing_known_the_lowest_level_is_at_hand() -> None:
    found = [o for o in options(person(), OLD) if o.indikator is Indikator.PENDIDIKAN]

    assert [(o.pilihan, o.bobot) for o in found[:2]] == [("SD", 0), ("SLTA", 28)]


def test_nobody_without_a_diploma_is_offered_one_worth_nothing() -> None:
    text = (ROOT / "portal" / "scoring" / "rules" / "pbkn8-2019.toml").read_text()
    rules = load_text(text.replace("kosong = 0\npasal", "kosong = 25\npasal", 1))

    assert gains(person(), Indikator.PENDIDIKAN, rules) == {}


def test_a_leadership_course_is_that_of_the_post() -> None:
    (option,) = [
        o
        for o in options(person(KelompokJabatan.PENGAWAS))
        if o.indikator is Indikator.KEPEMIMPINAN
    ]

    assert (option.kunci, option.uraian) == ("kepemimpinan:2", "Diklat PKP / PIM IV")


def test_a_spared_post_has_no_course_to_take() -> None:
    rules = load("bkn-2023", jf_tanpa_diklat=["guru"])

    assert gains(person(jabatan="Guru Ahli Muda"), Indikator.FUNGSIONAL, rules) == {}


def test_an_indicator_that_no_kind_feeds_has_no_option() -> None:
    text = (ROOT / "portal" / "scoring" / "rules" / "bkn-2023.toml").read_text()
    rules = load_text(text.replace("jenis = [2]", "jenis = []").replace("[9, 4,", "[9, 2, 4,"))

    assert gains(person(), Indikator.FUNGSIONAL, rules) == {}


@pytest.mark.parametrize("rules", [OLD, NEW])
def test_at_the_top_there_is_nothing_left(rules: RuleSet) -> None:
    someone = person(
        pendidikan=(degree("S-3"),),
        pengembangan=(course(2), course(3, "2021-01-01", 20), course(9, "2021-01-01")),
        kinerja=(skp(2021, "Sangat Baik"),),
    )

    assert options(someone, rules, 2021) == []
