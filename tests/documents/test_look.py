"""The look of a page: alike after a new photo, unlike for another paper."""

from __future__ import annotations

import io
import random

import pytest
from PIL import Image, ImageEnhance, ImageFilter

from portal.documents import look
from tests.support.sample_files import certificate


def resaved(picture: Image.Image) -> Image.Image:
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=30)
    return Image.open(target)


@pytest.fixture(scope="module")
def paper() -> Image.Image:
    return certificate((800, 566))


@pytest.mark.parametrize(
    "change",
    [
        resaved,
        lambda paper: paper.resize((400, 283)),
        lambda paper: paper.filter(ImageFilter.GaussianBlur(3)),
        lambda paper: ImageEnhance.Brightness(paper).enhance(0.7),
        lambda paper: paper.rotate(1, fillcolor="#fdfbf4"),
        lambda paper: paper.crop((8, 8, 792, 558)),
        lambda paper: paper.convert("L"),
    ],
    ids=["saved again", "smaller", "blurred", "darker", "turned a little", "cut", "grey"],
)
def test_another_picture_of_the_paper_looks_alike(change, paper: Image.Image) -> None:  # type: ignore[no-untyped-def]
    assert look.distance(look.dhash(paper), look.dhash(change(paper))) <= look.ALIKE


def test_another_paper_looks_different(paper: Image.Image) -> None:
    other = paper.transpose(Image.Transpose.ROTATE_180)

    assert look.distance(look.dhash(paper), look.dhash(other)) > look.ALIKE


def test_a_transparent_place_is_paper() -> None:
    ink = Image.new("RGBA", (90, 80), (0, 0, 0, 0))
    ink.paste("black", (0, 0, 30, 80))
    paper = Image.new("RGB", (90, 80), "white")
    paper.paste("black", (0, 0, 30, 80))

    assert look.dhash(ink) == look.dhash(paper)


def test_an_empty_page_tells_nothing(paper: Image.Image) -> None:
    empty = look.dhash(Image.new("RGB", (60, 84), "white"))

    assert (look.is_telling(empty), look.is_telling(look.dhash(paper))) == (False, True)


def test_the_thirds_are_the_whole_look() -> None:
    first, second, third = look.thirds("fffffc0000000001")

    assert (first, second, third) == (2**22 - 1, 0, 1)


def test_whatever_differs_in_eight_bits_is_a_neighbour_in_one_third() -> None:
    dice = random.Random(8)
    for _ in range(300):
        bits = dice.getrandbits(64)
        other = bits
        for place in dice.sample(range(64), look.ALIKE):
            other ^= 1 << place
        pairs = zip(look.thirds(f"{bits:016x}"), look.thirds(f"{other:016x}"), strict=True)
        assert any(
            theirs in look.neighbours(own, width)
            for (own, theirs), width in zip(pairs, look.WIDTHS, strict=True)
        )


@pytest.mark.parametrize(("width", "number"), [(22, 254), (21, 232)])
def test_the_neighbours_are_all_values_within_two_bits(width: int, number: int) -> None:
    found = look.neighbours(5, width)

    assert len(set(found)) == number
    assert all((value ^ 5).bit_count() <= look.NEAR and value < 2**width for value in found)
