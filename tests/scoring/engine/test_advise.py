from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from portal.scoring.engine.advise import best_of, single_steps, with_facts
from portal.scoring.engine.rules import load
from portal.vocabulary import (
    DocumentKind,
    Indikator,
    JenisPegawai,
    Kategori,
    KelompokJabatan,
    Tingkat,
)
from tests.scoring.engine.builders import GURU, NEW, OLD, course, degree, measured, person, skp

TODAY = dt.date(2026, 11, 22)
CPNS = person(jenis_pegawai=JenisPegawai.CPNS)


def test_with_a_seminar_waiting_the_teacher_is_advised_12_jp_of_teknis() -> None:
    steps = single_steps(GURU, NEW, 2026, as_of=TODAY)

    step = best_of([step for step in steps if step.indikator is not Indikator.SEMINAR])

    assert step is not None
    assert step.uraian == "Diklat teknis 12 JP lagi tahun ini"
    assert (step.gain, step.total_after, step.kategori_after) == (9, 80, Kategori.SEDANG)
    assert (step.jp, step.kind) == (12, DocumentKind.TEKNIS)


def test_without_anything_waiting_the_seminar_comes_first() -> None:
    step = best_of(single_steps(GURU, NEW, 2026, as_of=TODAY))

    assert step is not None
    assert (step.indikator, step.gain, step.total_after) == (Indikator.SEMINAR, 10, 81)


def test_further_facts_meet_the_provisional_skp() -> None:
    someone = replace(GURU, kinerja=(skp(2025, "Baik"),))

    after = measured(with_facts(someone, course(9, "2026-10-01")), NEW, 2026, provisional=True)

    assert after.total == 81


def test_who_is_not_measured_gets_no_advice() -> None:
    assert single_steps(CPNS, NEW, 2026) == []


def test_nothing_is_left_to_do_at_the_top() -> None:
    someone = person(
        pendidikan=(degree("S-3"),),
        pengembangan=(course(2), course(3, "2021-01-01", 20), course(9, "2021-01-01")),
        kinerja=(skp(2021, "Sangat Baik"),),
    )

    assert best_of(single_steps(someone, OLD, 2021)) is None


def test_steps_stand_in_order_of_effort() -> None:
    someone = person(KelompokJabatan.PENGAWAS, pendidikan=(degree("S-1"),))

    steps = single_steps(someone, OLD, 2021)

    assert [(step.indikator, step.gain) for step in steps] == [
        (Indikator.SEMINAR, 10),
        (Indikator.TEKNIS, 15),
        (Indikator.KEPEMIMPINAN, 15),
        (Indikator.PENDIDIKAN, 5),
    ]


def test_each_step_says_what_to_hand_in() -> None:
    someone = person(pendidikan=(degree("S-1"),))

    kinds = [step.kind for step in single_steps(someone, OLD, 2021)]

    assert kinds == [
        DocumentKind.SEMINAR,
        DocumentKind.TEKNIS,
        DocumentKind.FUNGSIONAL,
        DocumentKind.IJAZAH,
    ]


def test_leadership_advice_names_the_course_of_the_post() -> None:
    steps = single_steps(person(KelompokJabatan.PENGAWAS), OLD, 2021)

    assert "Diklat PKP / PIM IV" in [step.uraian for step in steps]


def test_a_person_without_any_hours_is_advised_the_whole_duty() -> None:
    steps = single_steps(person(), OLD, 2021)

    assert "Diklat teknis 20 JP tahun ini" in [step.uraian for step in steps]


@pytest.mark.parametrize(
    ("rules", "held", "required", "next_level"),
    [
        (OLD, "S-1", None, "S-2"),
        (OLD, "SLTA", None, "D-III"),
        (OLD, "S-2", None, "S-3"),
        (NEW, "S-1", Tingkat.S1, "Profesi"),
        (NEW, "SLTA", Tingkat.S1, "S-1"),
    ],
)
def test_the_nearest_degree_that_gains_is_advised(rules, held, required, next_level) -> None:
    someone = person(syarat_pendidikan=required, pendidikan=(degree(held),))

    (step,) = [s for s in single_steps(someone, rules, 2024) if s.kind is DocumentKind.IJAZAH]

    assert step.uraian == f"Lulus pendidikan {next_level}"


@pytest.mark.parametrize(("rules", "held"), [(OLD, "S-3"), (NEW, "S-2")])
def test_no_degree_is_advised_when_none_gains(rules, held: str) -> None:
    someone = person(syarat_pendidikan=Tingkat.S1, pendidikan=(degree(held),))

    kinds = [step.kind for step in single_steps(someone, rules, 2024)]

    assert DocumentKind.IJAZAH not in kinds


def test_who_has_no_diploma_on_record_is_asked_for_it_first() -> None:
    step = best_of(single_steps(person(), OLD, 2021))

    assert step is not None
    assert step.uraian == "Unggah ijazah yang sudah Anda miliki"


def test_a_target_prefers_the_step_that_reaches_it_alone() -> None:
    someone = person(pendidikan=(degree("S-1"),), kinerja=(skp(2021, "Sangat Baik"),))

    step = best_of(single_steps(someone, OLD, 2021), Decimal(65))

    assert step is not None
    assert (step.indikator, step.total_after) == (Indikator.TEKNIS, 65)


def test_a_target_out_of_reach_leaves_the_easiest_step() -> None:
    step = best_of(single_steps(GURU, NEW, 2026), Decimal(100))

    assert step is not None
    assert step.indikator is Indikator.SEMINAR


def test_equal_effort_prefers_the_higher_gain() -> None:
    text = "pbkn8-2019"
    someone = person(KelompokJabatan.PENGAWAS, pendidikan=(degree("S-1"),))

    gains = [step.gain for step in single_steps(someone, load(text), 2021)]

    assert gains == [10, 15, 15, 5]


def test_every_gain_is_the_difference_of_two_scores() -> None:
    before = measured(GURU, NEW, 2026).total

    assert all(step.total_after - before == step.gain > 0 for step in single_steps(GURU, NEW, 2026))


def test_a_spared_functional_post_is_not_advised_the_course() -> None:
    rules = load("bkn-2023", jf_tanpa_diklat=["guru"])
    someone = person(jabatan="Guru Ahli Muda")

    kinds = [step.kind for step in single_steps(someone, rules, 2024)]

    assert DocumentKind.FUNGSIONAL not in kinds
