"""Pages level and legible, and a certificate of each layout through the whole reading."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from PIL import Image

from portal.documents.intake.assemble import Jpeg, assemble
from portal.documents.reading import preparation, read_isolated, reader, text
from portal.vocabulary import FileRole
from tests.support.certificate_sheet import fonts_missing
from tests.support.certificates import certificate
from tests.support.components import missing
from tests.support.photographs import as_jpeg, photograph
from tests.support.reading import outcome, shares

EXACT = ("nomor", "nip", "tanggal_mulai", "tanggal_selesai", "tanggal_sertifikat", "jp")


@pytest.fixture(scope="module")
def sheet() -> Image.Image:
    if fonts_missing():
        missing("fonts-liberation")
    return certificate(random.Random(5), 4).pages[0].resize((1000, 707))


@pytest.fixture
def tesseract() -> None:
    if text.engine() is None:
        missing("tesseract-ocr-ind")


def pdf_of(picture: Image.Image, folder: Path) -> Path:
    picture.convert("RGB").save(folder / "1.jpg")
    assemble([Jpeg(folder / "1.jpg", *picture.size, gray=False)], folder / "file.pdf")
    return folder / "file.pdf"


@pytest.mark.parametrize("angle", [-8.0, -2.5, 0.0, 4.0, 8.0])
@pytest.mark.parametrize("quarter", [0, 1])
def test_finds_how_a_page_lies(sheet: Image.Image, angle: float, quarter: int) -> None:
    lying = sheet.rotate(-90 * quarter, expand=True).rotate(
        -angle, expand=True, fillcolor="#554433"
    )

    found, slope = preparation.slope(preparation.flattened(lying))

    assert found == quarter
    assert abs(slope - angle) <= 0.75


def test_makes_the_paper_white_wherever_light_fell_on_it() -> None:
    ramp = Image.linear_gradient("L").resize((1600, 1600)).point(lambda value: 80 + value // 2)

    assert preparation.flattened(ramp).getextrema()[0] > 225


def test_takes_the_rules_of_a_table_away_and_leaves_the_words() -> None:
    page = Image.new("L", (600, 400), 255)
    page.paste(0, (50, 100, 550, 103))
    page.paste(0, (300, 20, 303, 380))
    page.paste(0, (400, 200, 430, 220))

    found = preparation.unruled(page)

    assert found.getbbox() is not None
    assert found.getpixel((200, 101)) == found.getpixel((301, 300)) == 255
    assert found.getpixel((415, 210)) == 0


def test_finds_the_paper_on_the_table() -> None:
    desk = Image.new("L", (800, 800), 120)
    desk.paste(255, (160, 160, 640, 640))

    assert preparation.sheet(desk).size == (480, 480)


def test_a_blank_page_is_whole() -> None:
    assert preparation.sheet(Image.new("L", (160, 160), 255)).size == (160, 160)


@pytest.mark.parametrize("size", [(1, 1), (3, 900), (900, 3)])
def test_odd_pages_break_nothing(size: tuple[int, int]) -> None:
    flat = preparation.flattened(Image.new("RGB", size, "white"))

    assert preparation.unruled(preparation.levelled(flat, *preparation.slope(flat))).size


def test_reads_codes_without_tesseract(
    sheet: Image.Image, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text, "engine", lambda: None)
    monkeypatch.setattr(text, "version", lambda: "")

    paper = reader.read_paper(pdf_of(sheet, tmp_path), 1, FileRole.SERTIFIKAT)

    assert len(paper.codes) == 1
    assert (paper.fields, paper.text) == ({}, "")
    assert paper.engine.startswith("zxing")


def test_a_broken_pdf_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "file.pdf").write_bytes(b"%PDF-1.4 nothing")

    assert read_isolated(tmp_path / "file.pdf", 1, FileRole.SERTIFIKAT) is None


def test_a_child_that_takes_too_long_is_ended(sheet: Image.Image, tmp_path: Path) -> None:
    assert read_isolated(pdf_of(sheet, tmp_path), 1, FileRole.SERTIFIKAT, wall_seconds=0.01) is None


def test_a_child_without_memory_ends_alone(sheet: Image.Image, tmp_path: Path) -> None:
    pdf = pdf_of(sheet, tmp_path)

    assert read_isolated(pdf, 1, FileRole.SERTIFIKAT, memory=64 * 1024 * 1024) is None


@pytest.mark.usefixtures("tesseract")
def test_a_child_reads_a_photo(sheet: Image.Image, tmp_path: Path) -> None:
    rng = random.Random(5)
    made = certificate(rng, 4)
    photo = photograph(made.pages[0], rng)
    (tmp_path / "1.jpg").write_bytes(as_jpeg(photo, rng))
    assemble([Jpeg(tmp_path / "1.jpg", *photo.size, gray=False)], tmp_path / "file.pdf")

    paper = read_isolated(
        tmp_path / "file.pdf", 1, FileRole.SERTIFIKAT, cpu_seconds=300, wall_seconds=600
    )

    assert paper is not None
    assert paper.codes == made.codes
    assert paper.fields["nip"] == made.truth["nip"]
    assert "tesseract" in paper.engine


@pytest.mark.usefixtures("tesseract", "sheet")
def test_each_layout_reads_as_well_as_ever() -> None:
    """Two clean ones and two photos; `make bench PART=baca` measures two hundred of each."""
    found = [outcome("jaga", number, ("clean", "photo")[number % 2]) for number in range(4)]

    sums = shares((one.truth, one.clean | one.photo) for one in found)

    right, printed = _exact(sums)
    assert right >= printed * 0.9, sums


def _exact(found: dict[str, tuple[int, int]]) -> tuple[int, int]:
    return sum(found[name][0] for name in EXACT), sum(found[name][1] for name in EXACT)
