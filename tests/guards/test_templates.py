"""Every template, also those that no test opens."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from jinja2 import StrictUndefined
from jinja2.meta import find_undeclared_variables

from portal.settings import ROOT
from tests.support.database import on_sqlite_alone

TEMPLATES = sorted(
    str(path.relative_to(ROOT / "templates")) for path in (ROOT / "templates").rglob("*.html")
)
FORBIDDEN = {
    "a style attribute": re.compile(r"<[^>{]*\sstyle="),
    "an event attribute": re.compile(r"<[^>{]*\son[a-z]+="),
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>"),
    "a style element": re.compile(r"<style\b"),
    "unescaped output": re.compile(r"\|\s*safe\b|autoescape false"),
}


@on_sqlite_alone
def test_every_template_compiles(app: Flask) -> None:
    for name in TEMPLATES:
        app.jinja_env.get_template(name)


@on_sqlite_alone
def test_an_unknown_name_in_a_template_is_an_error(app: Flask) -> None:
    assert app.jinja_env.undefined is StrictUndefined


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_holds_nothing_that_the_csp_refuses(name: str) -> None:
    source = re.sub(r"\{#.*?#\}", "", (ROOT / "templates" / name).read_text(), flags=re.DOTALL)

    assert [fault for fault, pattern in FORBIDDEN.items() if pattern.search(source)] == []


UNCHANGING = {
    part
    for name in TEMPLATES
    for part in re.findall(r'unchanging\("([^"]+)"\)', (ROOT / "templates" / name).read_text())
}


@on_sqlite_alone
@pytest.mark.parametrize("name", sorted(UNCHANGING))
def test_a_part_that_is_drawn_once_holds_nothing_of_a_request(app: Flask, name: str) -> None:
    asked = find_undeclared_variables(app.jinja_env.parse((ROOT / "templates" / name).read_text()))

    assert asked <= {"asset", "url_for", "htmx_url", "htmx_integrity"}


def test_every_template_is_used() -> None:
    sources = [*(ROOT / "portal").rglob("*.py"), *(ROOT / "templates").rglob("*.html")]
    text = "\n".join(path.read_text() for path in sources)

    assert [
        name for name in TEMPLATES if name not in text and name.split("/")[-1] not in text
    ] == []
