"""A parsed page."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

import html5lib
from bs4 import BeautifulSoup, Tag
from bs4.builder._html5lib import HTML5TreeBuilder
from html5lib.constants import E as HTML5_ERRORS
from werkzeug.test import TestResponse

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"|"X-CSRFToken":\s*"([^"]+)"')
HIDDEN = "csrf"


class _Html5(HTML5TreeBuilder):
    """Builds the tree and keeps what html5lib found wrong with the source."""

    errors: list[tuple[tuple[int, int], str, dict[str, object]]]

    def feed(self, markup: str | bytes) -> None:
        # A method that makes the tree, where html5lib's types ask for a class.
        parser = html5lib.HTMLParser(tree=self.create_treebuilder)  # type: ignore[arg-type]
        self.underlying_builder.parser = parser
        parser.parse(markup).original_encoding = None
        self.underlying_builder.parser = None
        self.errors = parser.errors


@dataclass(frozen=True)
class Page:
    """One answer of the portal; text has its white space folded.

    `soup` is the parsed HTML, for reading alone: pages that differ by nothing but their csrf_token
    share one, and the token is not in it.
    """

    status: int
    path: str
    headers: dict[str, str] = field(repr=False)
    html: str = field(repr=False)
    soup: BeautifulSoup = field(repr=False)
    parse_errors: tuple[str, ...] = ()

    @classmethod
    def of(cls, response: TestResponse) -> Page:
        html = response.get_data(as_text=True)
        token = _token_in(html)
        soup, errors = _parsed(html.replace(f'"{token}"', f'"{HIDDEN}"') if token else html)
        return cls(
            status=response.status_code,
            path=response.request.full_path.rstrip("?"),
            headers=dict(response.headers),
            html=html,
            soup=soup,
            parse_errors=errors,
        )

    @property
    def is_whole(self) -> bool:
        """False for a part that htmx asked for."""
        return is_whole(self.html)

    @property
    def h1(self) -> str:
        found = self.soup.find("h1")
        return words_of(found) if found else ""

    @property
    def text(self) -> str:
        """All visible words of the page."""
        return words_of(self.soup.body or self.soup)

    def one(self, selector: str) -> Tag:
        """The only element that fits the CSS selector."""
        found = self.soup.select(selector)
        assert len(found) == 1, f"{len(found)} elements for {selector!r} on {self.path}"
        return found[0]

    def all(self, selector: str) -> list[Tag]:
        return list(self.soup.select(selector))

    def texts(self, selector: str) -> list[str]:
        return [words_of(tag) for tag in self.soup.select(selector)]

    def link(self, words: str) -> str:
        """Address behind the first link with these words."""
        for tag in self.soup.select("a[href]"):
            if words in (words_of(tag), str(tag.get("aria-label", ""))):
                return str(tag["href"])
        raise AssertionError(f"no link {words!r} on {self.path}; there are {self.texts('a[href]')}")

    @property
    def csrf_token(self) -> str | None:
        return _token_in(self.html)


@lru_cache(256)
def _parsed(html: str) -> tuple[BeautifulSoup, tuple[str, ...]]:
    """The tree and what is wrong with the source; tests open the same few pages again and again."""
    builder = _Html5(store_line_numbers=False)  # nobody asks; the errors have theirs
    soup = BeautifulSoup(html, builder=builder)
    errors = (
        f"line {line}: {HTML5_ERRORS.get(code, code) % data}"
        for (line, _), code, data in builder.errors
        if is_whole(html) or "doctype" not in code
    )
    return soup, tuple(errors)


def _token_in(html: str) -> str | None:
    found = TOKEN.search(html)
    return found and (found[1] or found[2])


def is_whole(html: str) -> bool:
    return html.lstrip()[:15].lower().startswith(("<!doctype", "<html"))


def words_of(tag: Tag | BeautifulSoup) -> str:
    return " ".join(tag.get_text(" ").split())


def name_of(tag: Tag) -> str:
    """The words that a screen reader says for a button: without its decorations."""
    hidden = {id(text) for part in tag.select('[aria-hidden="true"]') for text in part.strings}
    return " ".join(" ".join(text for text in tag.strings if id(text) not in hidden).split())
