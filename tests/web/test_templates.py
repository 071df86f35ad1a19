"""What the portal draws in place of its libraries, and how it must look."""

from __future__ import annotations

from functools import cache

import pytest
from flask import Flask
from jinja2 import pass_context, pass_environment
from jinja2.environment import Environment
from jinja2.runtime import Context
from markupsafe import Markup

from portal.web.templates import attributes
from tests.support.database import on_sqlite_alone

ATTRIBUTES: dict[str, tuple[dict[str, object], str]] = {
    "text and numbers, sorted": (
        {"name": "jp", "value": 8, "id": "x"},
        'id="x" name="jp" value="8"',
    ),
    "names that Python reserves": ({"class_": "wide", "for_": "jp"}, 'class="wide" for="jp"'),
    "hyphens": (
        {"data_act": "x", "aria_labelled_by": "y", "hx-get": "/"},
        'aria-labelled-by="y" data-act="x" hx-get="/"',
    ),
    "switches": ({"checked": True, "readonly": False, "required": True}, "checked required"),
    "an empty value": ({"value": ""}, 'value=""'),
    "nothing": ({}, ""),
    "hostile values": (
        {"value": "\"><script>alert(1)</script>'&"},
        'value="&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&#39;&amp;"',
    ),
    "markup with a quote": ({"title": Markup('a"b')}, 'title="a&quot;b"'),
}


@pytest.mark.parametrize(("given", "written"), ATTRIBUTES.values(), ids=ATTRIBUTES.keys())
def test_attributes_of_a_control_are_written_as_the_library_would(
    given: dict[str, object], written: str
) -> None:
    assert attributes(**given) == written


@pass_context
def with_context(context: Context, word: str) -> str:
    return f"{context['given']} {word}"


@pass_environment
def with_environment(environment: Environment, word: str) -> str:
    return f"{environment.trim_blocks} {word}"


class Object:
    def method(self, word: str) -> str:
        return f"method {word}"

    def __call__(self, word: str) -> str:
        return f"object {word}"


CALLS: dict[str, tuple[object, str]] = {
    "a function": (lambda word: f"function {word}", "function x"),
    "a function that remembers": (cache(lambda word: f"cache {word}"), "cache x"),
    "a method": (Object().method, "method x"),
    "an object": (Object(), "object x"),
    "a class": (str, "x"),
    "a function that asks for the context": (with_context, "here x"),
    "a function that asks for the environment": (with_environment, "True x"),
}


@on_sqlite_alone
@pytest.mark.parametrize(("called", "answer"), CALLS.values(), ids=CALLS.keys())
def test_a_template_calls_whatever_the_library_would(
    app: Flask, called: object, answer: str
) -> None:
    template = app.jinja_env.from_string("{% for _ in [0] %}{{ called('x') }}{% endfor %}")

    assert template.render(called=called, given="here") == answer


@on_sqlite_alone
def test_a_macro_and_its_caller_are_called(app: Flask) -> None:
    source = "{% macro m(a) %}{{ a }}{{ caller() }}{% endmacro %}{% call m('<') %}!{% endcall %}"

    assert app.jinja_env.from_string(source).render() == "&lt;!"
