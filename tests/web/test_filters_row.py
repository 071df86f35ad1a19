"""The row of filters of a phone, in a real browser."""

from __future__ import annotations

from tests.support.browser import Chromium
from tests.web.pages import ORIGIN, document, opened

ROW = (
    '<nav class="filters"><ul>'
    + "".join(f'<li><a href="/{number}">Pilihan ke-{number}</a></li>' for number in range(8))
    + '<li><a href="/9" aria-current="true">Statistik</a></li></ul></nav>'
)


def test_the_chosen_filter_stands_in_sight_though_it_is_the_last(chromium: Chromium) -> None:
    with opened(chromium, document(ROW)) as page:
        page.set_viewport_size({"width": 360, "height": 740})
        page.goto(ORIGIN)
        box = page.locator("[aria-current]").bounding_box()

    assert box is not None
    assert box["x"] + box["width"] <= 360
