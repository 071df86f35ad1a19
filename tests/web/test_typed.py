"""What people type and paste becomes one clean line."""

from __future__ import annotations

import pytest

from portal.web.typed import clean, clean_lines


@pytest.mark.parametrize("pasted", ["\u200b", "\u00ad", "\u2060", "\ufeff", "\u200e", "\u200f"])
def test_drops_what_nobody_sees(pasted: str) -> None:
    assert clean(f"421/{pasted}0412{pasted}") == "421/0412"


def test_folds_line_breaks_and_spaces_that_do_not_break() -> None:
    assert clean("Bimtek\r\nKurikulum\xa0 Merdeka\t2026 ") == "Bimtek Kurikulum Merdeka 2026"


def test_keeps_letters_of_every_script_and_joined_pictures() -> None:
    name = "عبد الرحمن 👩🏽\u200d🏫"

    assert clean(name) == name


def test_several_lines_stay_several() -> None:
    assert clean_lines("satu \r\n\u200bdua") == "satu\ndua"
