"""Charts say the same in words and in picture, and need no style attribute."""

from __future__ import annotations

from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest

from portal.vocabulary import Dimensi
from portal.web import charts
from portal.web.charts import Slice

GURU = (
    Slice(Dimensi.KUALIFIKASI, Decimal(20), Decimal(25)),
    Slice(Dimensi.KOMPETENSI, Decimal(21), Decimal(40), Decimal(10)),
    Slice(Dimensi.KINERJA, Decimal(25), Decimal(30)),
    Slice(Dimensi.DISIPLIN, Decimal(5), Decimal(5)),
)


def picture(markup: object) -> ET.Element:
    return ET.fromstring(str(markup))


def test_a_ring_names_every_dimension_for_screen_readers() -> None:
    words = picture(charts.ring(GURU)).attrib["aria-label"]
    assert words == (
        "Kualifikasi 20 dari 25; Kompetensi 21 dari 40, bisa bertambah 10; "
        "Kinerja 25 dari 30; Disiplin 5 dari 5"
    )


def test_points_under_check_are_striped_on_the_ring() -> None:
    classes = [path.attrib["class"] for path in picture(charts.ring(GURU))]
    assert classes.count("kompetensi coming") == 1


def test_a_dimension_without_points_shows_only_its_track() -> None:
    empty = (Slice(Dimensi.KINERJA, Decimal(0), Decimal(30)),)
    assert [path.attrib["class"] for path in picture(charts.ring(empty))] == ["track"]


def test_a_full_dimension_has_nothing_to_come() -> None:
    full = (Slice(Dimensi.DISIPLIN, Decimal(5), Decimal(5), Decimal(2)),)
    assert [path.attrib["class"] for path in picture(charts.ring(full))] == ["track", "disiplin"]


def test_a_ring_without_dimensions_is_still_a_picture() -> None:
    assert len(picture(charts.ring(()))) == 0


@pytest.mark.parametrize(
    ("value", "maximum", "width"),
    [(21, 40, "52.5%"), (0, 40, "0.0%"), (60, 40, "100.0%"), (-3, 40, "0.0%"), (0, 0, "0.0%")],
)
def test_a_bar_never_leaves_its_place(value: int, maximum: int, width: str) -> None:
    solid = picture(charts.bar(value, maximum))[-1]
    assert solid.attrib["width"] == width


def test_a_bar_draws_pending_points_after_the_reached_ones() -> None:
    stripes = picture(charts.bar(Decimal(21), Decimal(40), Decimal(10)))[0]
    assert (stripes.attrib["x1"], stripes.attrib["x2"]) == ("52.5%", "77.5%")


def test_a_line_tells_its_values_in_words() -> None:
    drawing = picture(charts.line([("2025", Decimal(66)), ("2026", Decimal("71.5"))], "Riwayat"))
    assert drawing.attrib["aria-label"] == "Riwayat. 2025: 66,00; 2026: 71,50"


def test_a_line_of_one_year_is_one_point() -> None:
    drawing = picture(charts.line([("2026", Decimal(71))], "Riwayat"))
    assert len(drawing.findall("circle")) == 1


def test_a_line_of_nothing_is_nothing() -> None:
    assert charts.line([], "Riwayat") == ""


def test_names_of_points_are_escaped() -> None:
    assert "<b>" not in charts.line([("<b>", Decimal(1))], "<b>")


@pytest.mark.parametrize(
    ("points", "words"),
    [(Decimal("20.00"), "20"), (Decimal("22.5"), "22,50"), (Decimal("7.875"), "7,88"), (0, "0")],
)
def test_points_are_short_when_whole(points: Decimal | int, words: str) -> None:
    assert charts.short(points) == words


def test_no_chart_carries_a_style_attribute() -> None:
    drawings = charts.ring(GURU) + charts.bar(1, 2, 1) + charts.line([("a", Decimal(1))], "b")
    assert "style=" not in drawings
