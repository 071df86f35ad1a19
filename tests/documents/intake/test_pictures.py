"""Photos become upright, clean pages."""

from __future__ import annotations

import io

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from portal.documents.intake import Converted
from portal.documents.look import ALIKE, distance
from tests.documents.intake.conftest import Convert
from tests.support import hostile_files as hostile
from tests.support import sample_files as sample

TURNED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""How the sensor saw an upright certificate when the phone noted this orientation."""


def embedded(converted: Converted, page: int = 0) -> Image.Image:
    """The picture inside the PDF."""
    with pikepdf.open(converted.pdf) as pdf:
        (stream,) = pdf.pages[page].get_images().values()
        return Image.open(io.BytesIO(stream.read_raw_bytes()))


def is_red(picture: Image.Image, x: float, y: float) -> bool:
    red, green, blue = picture.convert("RGB").getpixel(
        (int(picture.width * x), int(picture.height * y))
    )
    return red > 150 and green < 90 and blue < 90


@pytest.mark.parametrize("content", [sample.jpeg(), sample.png(), sample.webp(), sample.heic()])
def test_takes_every_kind_that_phones_write(take: Convert, content: bytes) -> None:
    assert is_red(embedded(take(content)), 0.05, 0.05)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_turns_the_photo_as_the_phone_noted(take: Convert, orientation: int) -> None:
    seen = sample.certificate((800, 566))
    turn = TURNED[orientation]
    if turn is not None:
        seen = seen.transpose(turn)

    picture = embedded(take(sample.jpeg(seen, orientation=orientation)))

    assert (picture.size, is_red(picture, 0.05, 0.05)) == ((800, 566), True)


def test_the_preview_stands_upright_too(take: Convert) -> None:
    seen = sample.certificate((800, 566)).transpose(Image.Transpose.ROTATE_90)

    converted = take(sample.jpeg(seen, orientation=6))

    with Image.open(converted.previews[0]) as preview:
        assert preview.size == (800, 566)


@pytest.mark.parametrize("trace", [b"Exif", b"GPS", b"Merek Ponsel", b"rahasia di komentar"])
def test_forgets_where_and_with_what_it_was_taken(take: Convert, trace: bytes) -> None:
    converted = take(sample.jpeg(gps=True))

    files = [converted.pdf, converted.thumbnail, *converted.previews]
    assert not any(trace in path.read_bytes() for path in files)


def test_forgets_colour_profiles(take: Convert) -> None:
    content = sample.encoded(sample.certificate(), "PNG", icc_profile=b"profil rahasia" * 50)

    with Image.open(take(content).previews[0]) as preview:
        assert "icc_profile" not in preview.info


@pytest.mark.parametrize("place", ["exif", "comment", "text", "behind"])
def test_no_script_in_a_photo_survives(take: Convert, place: str) -> None:
    converted = take(hostile.photo_with_script(place))

    files = [converted.pdf, converted.thumbnail, *converted.previews]
    assert not any(hostile.SCRIPT in path.read_bytes() for path in files)


def test_a_program_behind_the_photo_is_gone(take: Convert) -> None:
    assert b"PK\x03\x04" not in take(sample.jpeg() + hostile.JAR).pdf.read_bytes()


def test_broken_exif_is_no_reason_to_refuse(take: Convert) -> None:
    content = sample.jpeg().replace(b"Exif\0\0MM\0*", b"Exif\0\0XX\xff\xff")

    assert take(content).pages == 1


@pytest.mark.parametrize(
    "picture",
    [
        sample.certificate().convert("CMYK"),
        sample.certificate().convert("L"),
    ],
    ids=["CMYK", "grey"],
)
def test_takes_jpegs_of_other_colours(take: Convert, picture: Image.Image) -> None:
    assert embedded(take(sample.jpeg(picture))).mode in {"RGB", "L"}


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA"])
def test_takes_pngs_of_other_colours(take: Convert, mode: str) -> None:
    content = sample.png(sample.certificate().convert(mode))

    assert embedded(take(content)).mode in {"RGB", "L"}


def test_takes_sixteen_bits_a_pixel(take: Convert) -> None:
    grey = Image.new("I;16", (400, 300), 0xC000)

    assert embedded(take(sample.png(grey))).getpixel((200, 150)) == pytest.approx(0xC0, abs=2)


def test_what_is_transparent_becomes_paper(take: Convert) -> None:
    content = sample.png(Image.new("RGBA", (400, 300), (0, 0, 0, 0)))

    assert embedded(take(content)).getpixel((200, 150)) == (255, 255, 255)


def test_a_transparent_palette_becomes_paper(take: Convert) -> None:
    picture = Image.new("P", (400, 300), 0)
    content = sample.encoded(picture, "PNG", transparency=0)

    assert embedded(take(content)).getpixel((200, 150)) == (255, 255, 255)


def test_a_photo_keeps_enough_pixels_to_read(take: Convert) -> None:
    assert max(embedded(take(sample.twelve_megapixel_jpeg())).size) in range(2000, 2401)


def test_a_small_photo_is_not_blown_up(take: Convert) -> None:
    assert embedded(take(sample.png(Image.new("RGB", (300, 200))))).size == (300, 200)


def test_a_line_of_pixels_survives(take: Convert) -> None:
    assert take(sample.png(Image.new("RGB", (1, 9000)))).pages == 1


def test_the_preview_fits_a_screen(take: Convert) -> None:
    with Image.open(take(sample.twelve_megapixel_jpeg()).previews[0]) as preview:
        assert (preview.format, max(preview.size)) == ("WEBP", 1400)


def test_the_thumbnail_fits_a_list(take: Convert) -> None:
    with Image.open(take(sample.jpeg()).thumbnail) as thumbnail:
        assert (thumbnail.format, max(thumbnail.size)) == ("WEBP", 320)


def test_several_photos_become_the_pages_of_one_pdf(take: Convert) -> None:
    converted = take(sample.jpeg(), sample.png(), sample.webp())

    with pikepdf.open(converted.pdf) as pdf:
        assert (len(pdf.pages), converted.pages, len(converted.previews)) == (3, 3, 3)


def test_photos_keep_their_order(take: Convert) -> None:
    first = Image.new("RGB", (100, 100), "red")
    second = Image.new("RGB", (100, 100), "blue")

    converted = take(sample.png(first), sample.png(second))

    assert [is_red(embedded(converted, page), 0.5, 0.5) for page in (0, 1)] == [True, False]


@pytest.mark.parametrize(
    ("turn", "corner"),
    [(0, (0.05, 0.05)), (90, (0.95, 0.05)), (180, (0.95, 0.95)), (270, (0.05, 0.95))],
)
def test_turns_the_page_as_the_person_wished(
    take: Convert, turn: int, corner: tuple[float, float]
) -> None:
    assert is_red(embedded(take(sample.jpeg(), turns=[turn])), *corner)


def test_the_preview_is_turned_with_the_page(take: Convert) -> None:
    converted = take(sample.jpeg(), turns=[90])

    assert converted.sizes == [(990, 1400)]


def test_the_look_is_that_of_the_turned_page(take: Convert) -> None:
    upright, turned = take(sample.jpeg()).dhash, take(sample.jpeg(), turns=[180]).dhash

    assert distance(upright, turned) > ALIKE


def test_pages_of_pdfs_and_photos_follow_each_other(take: Convert) -> None:
    converted = take(sample.jpeg(), sample.pdf(2), sample.png())

    with pikepdf.open(converted.pdf) as pdf:
        sizes = [round(float(page.mediabox[2])) for page in pdf.pages]
    assert (sizes, converted.pages, converted.signed) == ([842, 595, 595, 842], 4, False)


def test_the_same_mixture_gives_the_same_pdf(take: Convert) -> None:
    contents = (sample.pdf(), sample.jpeg())

    assert take(*contents).sha256_stored == take(*contents).sha256_stored


@pytest.mark.parametrize(("size", "page"), [((800, 566), (842, 595)), ((566, 800), (595, 842))])
def test_pages_are_a4_turned_like_the_photo(
    take: Convert, size: tuple[int, int], page: tuple[int, int]
) -> None:
    converted = take(sample.png(Image.new("RGB", size)))

    document = pypdfium2.PdfDocument(converted.pdf)
    measured = tuple(round(side) for side in document[0].get_size())
    document.close()
    assert measured == page


def test_leaves_only_the_outcome_behind(take: Convert) -> None:
    converted = take(sample.jpeg(), sample.jpeg())

    assert sorted(path.name for path in converted.pdf.parent.iterdir()) == [
        "file.pdf",
        "page-001.webp",
        "page-002.webp",
        "thumbnail.webp",
    ]


def test_the_same_photo_gives_the_same_pdf(take: Convert) -> None:
    content = sample.jpeg()

    assert take(content).sha256_stored == take(content).sha256_stored


def test_several_photos_have_one_fingerprint_in_order(take: Convert) -> None:
    one, two = sample.jpeg(), sample.png()

    assert take(one, two).fingerprint != take(two, one).fingerprint


def test_takes_sixty_megapixels(take: Convert) -> None:
    content = sample.encoded(Image.new("L", (9000, 6600), 200), "JPEG")

    assert take(content).pages == 1
