"""On which line of a TOML file a key stands; the library that reads the file does not tell.

It walks over a text that tomllib has accepted, so it may be simple.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterator

KeyPath = tuple[str | int, ...]
"""Keys and positions in lists from the top of the file: ("kinerja", "nilai", 3, "poin")."""

_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"""(?!")|\'\'\'.*?\'\'\'(?!\')|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.DOTALL
)
_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)+")
_KEY = re.compile(rf"[A-Za-z0-9_-]+|({_STRING.pattern})", re.DOTALL)
_SCALAR = re.compile(r"[^,\]}#\n]+")


def line_of(text: str, path: KeyPath) -> int | None:
    """Line of the value at the path, from 1; of the nearest table above it when it is not there,
    None when there is no such table either."""
    known = _Walk(text).lines
    while path and path not in known:
        path = path[:-1]
    return known.get(path)


class _Walk:
    def __init__(self, text: str) -> None:
        self.lines: dict[KeyPath, int] = {}
        self._text = text
        self._at = 0
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self._last: dict[KeyPath, int] = {}
        """Of each list of tables the index of its last one, to which later headers belong."""
        table: KeyPath = ()
        while self._skip():
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)

    def _skip(self) -> bool:
        """Go over white space and comments; False at the end."""
        if found := _SPACE.match(self._text, self._at):
            self._at = found.end()
        return self._at < len(self._text)

    def _note(self, path: KeyPath) -> None:
        self.lines.setdefault(path, bisect_right(self._starts, self._at))

    def _header(self) -> KeyPath:
        """`[a.b]` or `[[a.b]]`."""
        many = self._text.startswith("[[", self._at)
        self._at += 1 + many
        self._skip()
        path: KeyPath = ()
        keys = list(self._keys())
        for key in keys[:-1]:
            path = self._within((*path, key))
        path = (*path, keys[-1])
        if many:
            self._last[path] = self._last.get(path, -1) + 1
        path = self._within(path)
        self._note(path)
        self._at = self._text.index("]", self._at) + 1 + many
        return path

    def _within(self, path: KeyPath) -> KeyPath:
        self._note(path)
        return (*path, self._last[path]) if path in self._last else path

    def _keys(self) -> Iterator[str]:
        """A key, which may have parts."""
        while found := _KEY.match(self._text, self._at):
            yield str(tomllib.loads(f"key = {found[0]}")["key"]) if found[1] else found[0]
            self._at = found.end()
            self._skip()
            if self._text[self._at] == ".":
                self._at += 1
                self._skip()

    def _pair(self, table: KeyPath) -> None:
        """`key = value`."""
        path = table
        for key in self._keys():
            path = (*path, key)
            self._note(path)
        self._at = self._text.index("=", self._at) + 1
        self._skip()
        self._value(path)

    def _value(self, path: KeyPath) -> None:
        sign = self._text[self._at]
        if sign in "\"'":
            found = _STRING.match(self._text, self._at)
        elif sign in "[{":
            return self._list(path) if sign == "[" else self._inline(path)
        else:
            found = _SCALAR.match(self._text, self._at)
        self._at = found.end() if found else len(self._text)
        return None

    def _list(self, path: KeyPath) -> None:
        index = 0
        self._at += 1
        while self._skip() and self._text[self._at] != "]":
            self._note((*path, index))
            self._value((*path, index))
            index += 1
            self._comma()
        self._at += 1

    def _inline(self, path: KeyPath) -> None:
        self._at += 1
        while self._skip() and self._text[self._at] != "}":
            self._pair(path)
            self._comma()
        self._at += 1

    def _comma(self) -> None:
        if self._skip() and self._text[self._at] == ",":
            self._at += 1
