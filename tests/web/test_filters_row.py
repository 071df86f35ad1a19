"""The row of filters of a phone, in a real browser."""

from __future__ import annotations

from tests.support.browser import Chromium
from tests.web.pages import ORIGIN, document, opened

NUMBER = 9


def edges(chromium: Chromium, chosen: int) -> tuple[float, float]:
    """Left and right of the chosen filter of a row that is wider than the phone."""
    filters = "".join(
        f'<li><a href="/{number}"{" aria-current=true" if number == chosen else ""}>Nilai {number}'
        "</a></li>"
        for number in range(NUMBER)
    )
    with opened(chromium, document(f'<nav class="filters"><ul>{filters}</ul></nav>')) as page:
        page.set_viewport_size({"width": 360, "height": 740})
        page.goto(ORIGIN)
        box = page.locator("[aria-current]").bounding_box()
    assert box is not None
    return box["x"], box["x"] + box["width"]


def test_the_chosen_filter_stands_in_sight_though_it_is_the_last(chromium: Chromium) -> None:
    assert edges(chromium, NUMBER - 1)[1] <= 360


def test_the_first_filter_keeps_its_distance_from_the_edge(chromium: Chromium) -> None:
    assert edges(chromium, 0)[0] == 16
