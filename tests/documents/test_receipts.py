"""Receipt numbers survive being read aloud and typed again."""

from __future__ import annotations

import re

import pytest

from portal.documents import receipts


def test_a_number_is_letter_digit_letter_then_two_groups_of_digits() -> None:
    assert re.fullmatch(r"[A-Z]\d[A-Z]-\d{3}-\d{2}", receipts.generate())


def test_fits_its_column() -> None:
    assert len(receipts.generate()) <= 12


def test_a_generated_number_is_read_back() -> None:
    numbers = [receipts.generate() for _ in range(200)]

    assert [receipts.parse(number) for number in numbers] == numbers


@pytest.mark.parametrize(
    "typed", ["k7m20491", "K7M 204 91", "k7m-204-91", "K7M.204.91", " K7M–204–91 "]
)
def test_reads_a_number_however_it_was_typed(typed: str) -> None:
    assert receipts.parse(typed) == "K7M-204-91"


@pytest.mark.parametrize(
    "typed", ["", "K7M-204-9", "0412/BPMP-KS/X/2026", "K7M-204-911", "٣7M-204-91"]
)
def test_anything_else_is_no_number(typed: str) -> None:
    assert receipts.parse(typed) is None


def test_one_wrong_character_is_found() -> None:
    digits, wrong = "0123456789", []
    for place, right in enumerate("K7M-204-91"):
        if right == "-":
            continue
        others = receipts.LETTERS if right in receipts.LETTERS else digits
        wrong += [
            "K7M-204-91"[:place] + other + "K7M-204-91"[place + 1 :]
            for other in others
            if other != right
        ]

    assert [receipts.parse(number) for number in wrong] == [None] * len(wrong)


def test_two_swapped_digits_are_found() -> None:
    assert receipts.parse("K7M-024-91") is None


def test_no_letter_looks_like_a_digit() -> None:
    assert set(receipts.LETTERS).isdisjoint("ILOQBGCDEPTV")
