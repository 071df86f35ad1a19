"""What Safari and Firefox draw otherwise than the browser of the tests, where that can be seen."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from portal.settings import ROOT
from tests.support.browser import Chromium
from tests.web.pages import ORIGIN, document, opened

SHEETS = sorted((ROOT / "static" / "css").glob("*.css"))
CONTROLS = (
    '<div class="field"><select id="pilih"><option>Pilih jenis</option></select></div>'
    '<div class="field"><input type="date" id="hari"></div>'
    '<div class="field"><input type="search" id="cari"></div>'
)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_what_safari_selects_is_told_by_its_own_name_too(sheet: Path) -> None:
    text = sheet.read_text()
    assert len(re.findall(r"[{\s]user-select", text)) == text.count("-webkit-user-select")


def test_controls_are_drawn_by_the_portal_and_not_by_the_phone(chromium: Chromium) -> None:
    """iOS widens empty dates and rounds searches, macOS shades lists: all but in our own dress."""
    with opened(chromium, document(CONTROLS)) as page:
        page.goto(ORIGIN)
        dress = page.locator("select, input").evaluate_all(
            "all => all.map(one => getComputedStyle(one).appearance)"
        )
    assert dress == ["none"] * 3


def test_a_list_still_shows_that_it_opens(chromium: Chromium) -> None:
    with opened(chromium, document(CONTROLS)) as page:
        page.goto(ORIGIN)
        arrow = page.locator("select").evaluate("one => getComputedStyle(one).backgroundImage")
    assert "gradient" in arrow
