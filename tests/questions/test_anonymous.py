"""Nobody stays in words that everybody may read."""

from __future__ import annotations

import pytest

from portal.questions.anonymous import person_in, without_people

NAMES = ["Sari Wulandari", "Vera Anggraini"]
NIP = "198704122010012015"


@pytest.mark.parametrize(
    "text",
    [
        f"NIP saya {NIP}.",
        "NIP 19870412 201001 2 015",
        "1987-0412-2010-0120-15",
        "１９８７０４１２２０１００１２０１５",
        f"{NIP[:9]}\u200b{NIP[9:]}",
        "123456789012345678",
        "NIK 3171234567890123",
    ],
)
def test_a_number_of_a_person_is_found(text: str) -> None:
    assert person_in(text, NAMES) is not None


@pytest.mark.parametrize(
    "text",
    [
        "Nomor 421.3/0187/BPMP/2026 tanggal 12-10-2026",
        "Tahun 2021 2022 2023 2024 2025 dihitung",
        "Telepon 0812 3456 7890",
        "Angka 12345678901234567890123",
        "20 JP, 15 poin",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert person_in(text, NAMES) is None
    assert without_people(text, NAMES) == text


@pytest.mark.parametrize(
    "text",
    [
        "Kepada Sari Wulandari",
        "sari   wulandari",
        "SARI WULANDARI",
        "Bu Sari, silakan",
        "WULANDARI",
        "S\u200bari",
        "Sari_Wulandari",
        "Ｓａｒｉ",
        "Salam, Vera",
    ],
)
def test_a_name_is_found(text: str) -> None:
    assert person_in(text, NAMES) is not None


@pytest.mark.parametrize("text", ["sari pati buah", "Kesarian", "Sarinah", "Verakah"])
def test_words_that_only_look_like_a_part_of_a_name_stay(text: str) -> None:
    assert person_in(text, NAMES) is None


def test_a_month_may_be_named_while_somebody_is_called_so() -> None:
    assert person_in("dua bulan", ["Bulan Purnama"]) is None
    assert person_in("Bulan bertanya", ["Bulan Purnama"]) == "Bulan"


def test_names_without_letters_find_nothing() -> None:
    assert person_in("Apa pun", ["", "…", "  ", "A"]) is None


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"Saya Sari Wulandari, NIP {NIP}.", "Saya pegawai, NIP (NIP)."),
        ("Bu Sari menunggu Vera", "Bu pegawai menunggu pegawai"),
        ("Apa kabar 👩🏽‍🏫?", "Apa kabar 👩🏽‍🏫?"),
    ],
)
def test_a_first_draft_has_nobody_in_it(text: str, left: str) -> None:
    draft = without_people(text, NAMES)

    assert draft == left
    assert person_in(draft, NAMES) is None
