"""Whatever is wrong with a file of rules, the message names the file and the line."""

from __future__ import annotations

import re
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.scoring.engine.rules import RuleSetError
from portal.scoring.engine.schema import read
from portal.scoring.engine.toml_lines import line_of
from portal.settings import ROOT

TEXTS = {
    name: (ROOT / "portal" / "scoring" / "rules" / f"{name}.toml").read_text(encoding="utf-8")
    for name in ("pbkn8-2019", "bkn-2023")
}
PLACE = re.compile(r"aturan\.toml, baris (\d+): \S")
VALUE = re.compile(r'(?<== )(?:"[^"\n]*"|[\d.]+|true|false|\[[^\[\]\n]*\])(?=[ ,\n])')
"""A value on one line."""


def line_of_refusal(text: str) -> int | None:
    """The line that the refusal names; None for a file that is fine."""
    message = ""
    try:
        read(text, "aturan.toml")
    except RuleSetError as error:
        message = str(error)
    found = PLACE.match(message)
    assert bool(message) == bool(found), message
    return int(found[1]) if found else None


@pytest.mark.parametrize("name", TEXTS)
def test_the_line_of_every_value_of_another_type_is_named(name: str) -> None:
    text = TEXTS[name]
    wrong = {}
    for found in VALUE.finditer(text):
        other = "1979-05-27" if found[0] != "[]" else "[1]"
        changed = text[: found.start()] + other + text[found.end() :]
        expected = text.count("\n", 0, found.start()) + 1
        if (told := line_of_refusal(changed)) != expected:
            wrong[expected] = told

    assert wrong == {}


@pytest.mark.parametrize("name", TEXTS)
def test_every_line_that_is_left_out_is_refused_with_a_line_or_not_needed(name: str) -> None:
    lines = TEXTS[name].splitlines(keepends=True)

    for index in range(len(lines)):
        line_of_refusal("".join(lines[:index] + lines[index + 1 :]))


@pytest.mark.parametrize("name", TEXTS)
def test_an_unknown_key_is_refused_on_its_line_wherever_it_stands(name: str) -> None:
    lines = TEXTS[name].splitlines(keepends=True)
    headers = [n for n, line in enumerate(lines) if line.startswith("[")]

    told = [
        line_of_refusal("".join([*lines[: n + 1], "asing = 1\n", *lines[n + 1 :]])) for n in headers
    ]

    assert told == [n + 2 for n in headers]


@given(
    st.sampled_from(sorted(TEXTS)),
    st.integers(0, 9000),
    st.integers(0, 12),
    st.text("=\"[]{}#\n\\.,'0-x ", max_size=6),
)
def test_any_piece_that_is_replaced_is_read_or_refused_with_a_line(
    name: str, start: int, length: int, put: str
) -> None:
    text = TEXTS[name]
    changed = text[:start] + put + text[start + length :]

    told = line_of_refusal(changed)

    assert told is None or 1 <= told <= changed.count("\n") + 1


def test_a_file_that_ends_too_early_names_its_last_line() -> None:
    assert line_of_refusal('id = "x"\nnama = """\nlagi') in {2, 3}


def test_windows_line_ends_count_once() -> None:
    text = TEXTS["bkn-2023"].replace('"S-2" = 20', '"S-2" = 99')

    assert line_of_refusal(text.replace("\n", "\r\n")) == line_of_refusal(text)


EVERYTHING = '''# comment with [brackets] and "quotes"
title = "a = [1, 2] # no comment"
"quoted \\"key\\"" = 'literal \\ string'
a.b.c = 1
long = """
[not.a.table]
x = 1 \\""" still
""""
multi = \'\'\'
y = 2
\'\'\'
list = [ 1, # one
  { x = 1, "y z" = [10, 20] },
  [ "deep",
    [ 3.5, 1979-05-27 07:32:00Z ] ],
]

[ table . "sub table" ]
key = { inner = { deepest = true } , other = -inf }
[[items]]
name = "first"
[items.detail]
size = 1
[[items]]
name = "second"
  [[items.parts]]
  part = 1
  [[items.parts]]
  part = 2
[items.detail]
size = 2
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 2),
        (('quoted "key"',), 3),
        (("a",), 4),
        (("a", "b", "c"), 4),
        (("long",), 5),
        (("multi",), 9),
        (("list", 0), 12),
        (("list", 1, "x"), 13),
        (("list", 1, "y z", 1), 13),
        (("list", 2, 0), 14),
        (("list", 2, 1, 1), 15),
        (("table", "sub table"), 18),
        (("table", "sub table", "key", "inner", "deepest"), 19),
        (("table", "sub table", "key", "other"), 19),
        (("items",), 20),
        (("items", 0, "name"), 21),
        (("items", 0, "detail", "size"), 23),
        (("items", 1), 24),
        (("items", 1, "parts", 0, "part"), 27),
        (("items", 1, "parts", 1, "part"), 29),
        (("items", 1, "detail"), 30),
        (("items", 1, "detail", "size"), 31),
        (("items", 1, "detail", "missing"), 30),
        (("table", "sub table", "missing", 3), 18),
        (("missing",), None),
        ((), None),
    ],
)
def test_every_form_of_toml_has_its_line(path: tuple[str | int, ...], line: int | None) -> None:
    tomllib.loads(EVERYTHING)

    assert line_of(EVERYTHING, path) == line


@given(st.recursive(
    st.one_of(st.integers(-5, 5), st.booleans(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.text(min_size=1, max_size=4), inner, max_size=3),
    ),
    max_leaves=12,
))  # fmt: skip
def test_every_value_of_any_file_is_found(value: object) -> None:
    text = f"# x\nkey = {_toml(value)}\nafter = 1\n"
    tomllib.loads(text)

    assert all(line_of(text, path) == 2 for path in _paths(value, ("key",)))
    assert line_of(text, ("after",)) == 3


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return (
            '"' + "".join(f"\\U{ord(letter):08x}" for letter in value if letter.isprintable()) + '"'
        )
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, dict):
        named = {_toml(key): _toml(item) for key, item in value.items()}
        return "{" + ", ".join(f"{key} = {item}" for key, item in named.items()) + "}"
    return str(value)


def _paths(value: object, path: tuple[str | int, ...]) -> list[tuple[str | int, ...]]:
    below: list[tuple[str | int, object]] = []
    if isinstance(value, list):
        below = list(enumerate(value))
    found = [path]
    for key, item in below:
        found += _paths(item, (*path, key))
    return found
