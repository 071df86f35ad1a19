"""The sizes of page pictures, which pages reserve before the pictures arrive."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from portal.documents.intake import Limits
from portal.documents.intake.conversion import convert
from portal.documents.intake.result import picture_size
from tests.support import sample_files


@pytest.mark.parametrize("size", [(1, 1), (1400, 990), (333, 1399)])
def test_the_header_tells_the_size_of_a_picture(tmp_path: Path, size: tuple[int, int]) -> None:
    path = tmp_path / "page.webp"
    Image.new("RGB", size, "white").save(path, "WEBP", quality=70)
    assert picture_size(path) == size


@pytest.mark.parametrize("content", [b"", b"RIFF", b"x" * 30, b"RIFF\x00\x00\x00\x00WEBPVP8X" * 3])
def test_anything_else_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "page.webp"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"page\.webp"):
        picture_size(path)


def test_a_conversion_knows_the_size_of_every_page(tmp_path: Path) -> None:
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(sample_files.pdf(2))
    work = tmp_path / "work"
    work.mkdir()
    converted = convert([paper], Limits(), work)
    shown = []
    for path in converted.previews:
        with Image.open(path) as picture:
            shown.append(picture.size)
    assert converted.sizes == shown
