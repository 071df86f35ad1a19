"""The histogram: bars, words, and nothing where there is nothing."""

from __future__ import annotations

from bs4 import BeautifulSoup, Tag

from portal.web.histogram import Bar, histogram


def drawn(*bars: Bar) -> Tag:
    found = BeautifulSoup(str(histogram(bars, "Selisih", "orang")), "html.parser").svg
    assert found
    return found


def bar(edge: str, count: int) -> Bar:
    return Bar(edge, f"sampai {edge}", count, "up")


def test_without_bars_nothing_is_drawn() -> None:
    assert histogram([], "Selisih", "orang") == ""


def test_the_words_name_every_bar_that_holds_somebody() -> None:
    svg = drawn(bar("0", 12345), bar("+1", 0), bar("+2", 7))

    assert svg["aria-label"] == "Selisih: sampai 0 12.345 orang; sampai +2 7 orang"


def test_heights_are_in_proportion() -> None:
    low, high = (float(str(rect["height"])) for rect in drawn(bar("a", 50), bar("b", 100))("rect"))

    assert abs(low * 2 - high) < 0.2


def test_a_single_person_among_very_many_stays_visible() -> None:
    one, _ = drawn(bar("a", 1), bar("b", 5_000_000))("rect")

    assert float(str(one["height"])) >= 2


def test_large_counts_fit_above_their_bar() -> None:
    counts = [text.text for text in drawn(bar("a", 1234), bar("b", 45_678))("text", class_=None)]

    assert counts == ["1,2rb", "45rb"]


def test_nothing_leaves_the_picture() -> None:
    svg = drawn(*(bar(str(n), n) for n in range(13)))

    assert all(
        float(str(rect["x"])) >= 0 and float(str(rect["x"])) + float(str(rect["width"])) <= 360
        for rect in svg("rect")
    )


def test_labels_are_escaped() -> None:
    assert "<b>" not in str(histogram([Bar("<b>", "<b>", 1, "same")], "<b>", "<b>"))
