"""What the look promises in numbers: contrast, weight, and that nothing is referred to in vain."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from itertools import product
from pathlib import Path

import pytest

from portal.settings import HTMX_INTEGRITY, ROOT

STATIC = ROOT / "static"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
CSS = (STATIC / "css" / "portal.css").read_text()
LIGHT, DARK = (
    dict(re.findall(r"--([\w-]+): (#\w+)", block))
    for block in re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)[:2]
)
THEMES = {"light": LIGHT, "dark": LIGHT | DARK}

TONES = ("ok", "warn", "bad", "info", "brand")
TEXT = (
    *product(("ink", "ink-2"), ("card", "paper", "sunken", "brand-soft")),
    *product(("ink", "ink-2"), ("ok-soft", "warn-soft", "bad-soft", "info-soft")),
    *product(TONES, ("card", "paper")),
    *((tone, f"{tone}-soft") for tone in TONES),
    *product(("on-brand",), ("brand", "brand-deep")),
    *product(("on-tone",), ("ok", "bad")),
    ("gold-ink", "gold"),
)
DRAWN = (
    *product(("edge", "focus"), ("card", "paper")),
    *product(("kualifikasi", "kompetensi", "kinerja", "disiplin"), ("card", "track")),
    *product(("brand",), ("track", "gold")),
)


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("front", "back"), TEXT)
def test_text_has_the_contrast_of_wcag_aa(theme: str, front: str, back: str) -> None:
    tokens = THEMES[theme]
    assert contrast(tokens[front], tokens[back]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("front", "back"), DRAWN)
def test_edges_and_charts_can_be_told_apart(theme: str, front: str, back: str) -> None:
    tokens = THEMES[theme]
    assert contrast(tokens[front], tokens[back]) >= 3


def weight(*names: str) -> int:
    return sum(len(gzip.compress((STATIC / name).read_bytes())) for name in names)


def test_the_style_sheets_stay_under_12_kilobytes() -> None:
    assert weight("css/portal.css", "css/workbench.css") <= 12 * 1024


@pytest.mark.parametrize("script", sorted((STATIC / "js").glob("*.js")), ids=lambda p: p.name)
def test_own_javascript_of_a_page_stays_under_10_kilobytes(script: Path) -> None:
    names = {"js/portal.js", f"js/{script.name}"}
    assert weight(*names) <= 10 * 1024


def test_the_own_copy_of_htmx_is_the_file_that_the_cdn_serves() -> None:
    content = (STATIC / "vendor" / "htmx-2.0.11.min.js").read_bytes()
    digest = base64.b64encode(hashlib.sha384(content).digest()).decode()
    assert f"sha384-{digest}" == HTMX_INTEGRITY


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    sprite = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "img" / "icons.svg").read_text()))
    named = {
        icon
        for path in TEMPLATES
        for icon in re.findall(r'\bicon(?:_name)?(?:\(|=)"([\w-]+)"', path.read_text())
    }
    assert named - sprite == set()


def test_every_picture_of_the_manifest_exists() -> None:
    manifest = json.loads((STATIC / "manifest.webmanifest").read_text())
    assert [i["src"] for i in manifest["icons"] if not (STATIC / i["src"]).is_file()] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT / "templates")))
def test_no_template_needs_an_unsafe_policy(path: Path) -> None:
    source = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.DOTALL)
    assert not re.search(r"\sstyle=|<style|\son\w+=\"|<script>|javascript:", source)
