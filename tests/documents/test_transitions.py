"""The life of an item, written out here once more as design.md §2 tells it."""

from __future__ import annotations

from itertools import product

import pytest

from portal.documents.transitions import Act, acts_from, target
from portal.vocabulary import DocumentState

S = DocumentState
FLAGS = list(product((False, True), repeat=2))
"""second_round, objected"""

DESIGN = """
    Draf                     | Ajukan           | Diajukan
    Diajukan                 | Ambil            | Diperiksa
    Diajukan                 | Batalkan         | Dibatalkan
    Diperiksa                | Lepas            | Diajukan
    Diperiksa                | Setujui          | Disetujui
    Diperiksa                | Setujui pertama  | Menunggu pemeriksa kedua
    Diperiksa                | Kembalikan       | Perlu perbaikan
    Diperiksa                | Tolak            | Ditolak
    Menunggu pemeriksa kedua | Ambil            | Diperiksa
    Perlu perbaikan          | Ajukan ulang     | Diajukan
    Perlu perbaikan          | Batalkan         | Dibatalkan
    Disetujui                | Cabut            | Dicabut
    Ditolak                  | Ajukan keberatan | Diajukan
    Disetujui                | Urungkan         | Diperiksa
    Menunggu pemeriksa kedua | Urungkan         | Diperiksa
    Perlu perbaikan          | Urungkan         | Diperiksa
    Ditolak                  | Urungkan         | Diperiksa
    Dicabut                  | Urungkan         | Disetujui
"""
STATES = {state.label: state for state in S}
ACTS: dict[str, Act] = {act.label: act for act in Act if act is not Act.SETUJUI_PERTAMA}
ACTS["Setujui pertama"] = Act.SETUJUI_PERTAMA


def expected(
    state: DocumentState, act: Act, *, second_round: bool, objected: bool
) -> DocumentState | None:
    """What the table of design.md says, with its two conditions in plain words."""
    rows = [[cell.strip() for cell in line.split("|")] for line in DESIGN.strip().splitlines()]
    table = {(STATES[a], ACTS[b]): STATES[c] for a, b, c in rows}
    if (state, act) == (S.DIPERIKSA, Act.LEPAS) and second_round:
        return S.MENUNGGU_KEDUA
    if act is Act.SETUJUI_PERTAMA and second_round:
        return None
    if act is Act.KEBERATAN and objected:
        return None
    return table.get((state, act))


@pytest.mark.parametrize(("second_round", "objected"), FLAGS)
@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("state", S)
def test_every_state_answers_every_act_as_the_design_says(
    state: DocumentState, act: Act, second_round: bool, objected: bool
) -> None:
    led_to = target(state, act, second_round=second_round, objected=objected)

    assert led_to == expected(state, act, second_round=second_round, objected=objected)


@pytest.mark.parametrize(("second_round", "objected"), FLAGS)
@pytest.mark.parametrize("state", S)
def test_the_possible_acts_are_those_with_a_target(
    state: DocumentState, second_round: bool, objected: bool
) -> None:
    possible = acts_from(state, second_round=second_round, objected=objected)

    assert possible == {
        act
        for act in Act
        if act is not Act.URUNGKAN
        and target(state, act, second_round=second_round, objected=objected)
    }


def test_only_what_a_decision_led_to_can_be_undone() -> None:
    assert {state for state in S if target(state, Act.URUNGKAN)} == {
        S.DISETUJUI,
        S.MENUNGGU_KEDUA,
        S.PERLU_PERBAIKAN,
        S.DITOLAK,
        S.DICABUT,
    }


def test_nothing_follows_a_cancelled_a_revoked_and_a_twice_refused_item() -> None:
    assert [state for state in S if not acts_from(state, objected=True)] == [
        S.DITOLAK,
        S.DIBATALKAN,
        S.DICABUT,
    ]


def test_an_approval_can_only_be_revoked() -> None:
    assert acts_from(S.DISETUJUI) == {Act.CABUT}


def test_a_first_refusal_is_not_the_end() -> None:
    assert acts_from(S.DITOLAK) == {Act.KEBERATAN}


def test_a_decision_is_only_possible_while_the_item_is_held() -> None:
    decisions = {Act.SETUJUI, Act.SETUJUI_PERTAMA, Act.KEMBALIKAN, Act.TOLAK}

    assert [state for state in S if acts_from(state) & decisions] == [S.DIPERIKSA]
