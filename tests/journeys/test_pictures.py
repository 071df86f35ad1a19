"""The pictures of the README: they are there, small, and every screen has all of its own."""

from __future__ import annotations

import re

from PIL import Image

from portal.settings import ROOT
from scripts import shots

FOLDER = ROOT / "docs" / "gambar"
README = (ROOT / "README.md").read_text()
USUAL_BYTES = 22_000
"""Of one picture, on average: those of the desk with a paper weigh more, most weigh less."""


def test_the_readme_shows_only_pictures_that_exist() -> None:
    shown = re.findall(r"docs/gambar/[\w.-]+", README)
    assert shown
    assert [name for name in shown if not (ROOT / name).is_file()] == []


def test_every_screen_stands_in_each_size_and_theme() -> None:
    wanted = {
        f"{screen.name}-{width}-{theme}"
        for screen in shots.SCREENS
        for width, _ in shots.SIZES
        for theme in shots.THEMES
    }
    assert {path.stem for path in FOLDER.glob("*.webp")} == wanted


def test_a_picture_is_as_wide_as_its_name_says() -> None:
    for path in FOLDER.glob("*.webp"):
        with Image.open(path) as picture:
            assert f"-{picture.width}-" in path.name


def test_the_pictures_stay_small() -> None:
    sizes = [path.stat().st_size for path in FOLDER.glob("*.webp")]
    assert sum(sizes) / len(sizes) < USUAL_BYTES
