"""A parsed page, and what every page of the portal has to be (design.md §5, architecture.md)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import html5lib
from bs4 import BeautifulSoup, Tag
from bs4.builder import HTML5TreeBuilder
from flask import Flask
from html5lib.constants import E as HTML5_ERRORS
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

ENGLISH = re.compile(
    r"\b(the|is|are|was|were|be|been|this|that|these|those|you|your|please|must|should|cannot"
    r"|can't|not|and|with|from|found|invalid|required|field|missing|failed|click|here|choose"
    r"|submit|cancel|delete|search|username|password|sign in|log ?in|log ?out|upload|download"
    r"|loading|next|previous|save|close|error|warning|success)\b",
    re.IGNORECASE,
)
"""Words that no Indonesian sentence of the portal holds. Names of courses are marked lang="en"
or translate="no" where people typed them."""
LEAKS = re.compile(
    r"\b(None|undefined|null|NaN)\b|<[\w.]+ object at|datetime\.|UUID\(|Decimal\(|\{\{|\{%"
    r"|&(amp|lt|gt|quot|#\d+);"
)
"""What a template shows when it prints an object instead of words, or escapes twice."""
WORDED = ("aria-label", "placeholder", "title", "alt", "aria-description", "data-confirm")
REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns")
UNLABELLED_TYPES = {"hidden", "submit", "button", "reset", "image"}


class _Html5(HTML5TreeBuilder):
    """Builds the tree and keeps what html5lib found wrong with the source."""

    errors: list[tuple[tuple[int, int], str, dict[str, object]]]

    def feed(self, markup: str | bytes) -> None:
        parser = html5lib.HTMLParser(tree=self.create_treebuilder)
        self.underlying_builder.parser = parser
        parser.parse(markup).original_encoding = None
        self.underlying_builder.parser = None
        self.errors = parser.errors


@dataclass(frozen=True)
class Page:
    """One answer of the portal. `soup` is the parsed HTML; text has its white space folded."""

    status: int
    path: str
    headers: dict[str, str] = field(repr=False)
    html: str = field(repr=False)
    soup: BeautifulSoup = field(repr=False)
    parse_errors: tuple[str, ...] = ()

    @classmethod
    def of(cls, response: TestResponse) -> Page:
        html = response.get_data(as_text=True)
        builder = _Html5()
        soup = BeautifulSoup(html, builder=builder)
        errors = [
            f"line {line}: {HTML5_ERRORS.get(code, code) % data}"
            for (line, _), code, data in builder.errors
            if is_whole(html) or "doctype" not in code
        ]
        return cls(
            status=response.status_code,
            path=response.request.full_path.rstrip("?"),
            headers=dict(response.headers),
            html=html,
            soup=soup,
            parse_errors=tuple(errors),
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
        found = self.soup.select_one('input[name="csrf_token"]')
        if found:
            return str(found["value"])
        header = re.search(r'"X-CSRFToken":\s*"([^"]+)"', self.html)
        return header[1] if header else None


def is_whole(html: str) -> bool:
    return html.lstrip()[:15].lower().startswith(("<!doctype", "<html"))


def words_of(tag: Tag | BeautifulSoup) -> str:
    return " ".join(tag.get_text(" ").split())


def name_of(tag: Tag) -> str:
    """The words that a screen reader says for a button: without its decorations."""
    hidden = {id(text) for part in tag.select('[aria-hidden="true"]') for text in part.strings}
    return " ".join(" ".join(text for text in tag.strings if id(text) not in hidden).split())


def faults(page: Page, app: Flask) -> list[str]:
    """Everything that is wrong with the page, in sentences; empty for a good one."""
    found = [f"HTML5: {error}" for error in page.parse_errors]
    if page.is_whole:
        found += _frame(page)
        found += _headers(page)
        found += _references(page)
    for check in (_ids, _inline_code, _labels, _forms, _language):
        found += check(page)
    found += _addresses(page, app)
    return found


def _frame(page: Page) -> Iterator[str]:
    headings = page.soup.select("h1")
    title = words_of(page.soup.title) if page.soup.title else ""
    if page.soup.html is None or page.soup.html.get("lang") != "id":
        yield 'lang="id" is missing on <html>'
    if len(headings) != 1:
        yield f"{len(headings)} h1 instead of one"
    elif not page.h1 or not title.startswith(page.h1):
        yield f"title {title!r} does not start with the h1 {page.h1!r}"
    if not page.soup.select('meta[name="viewport"]'):
        yield "no viewport"
    if len(page.soup.select("main")) != 1:
        yield "there has to be exactly one <main>"
    levels = [int(tag.name[1]) for tag in page.soup.select("h1, h2, h3, h4, h5, h6")]
    if any(after > before + 1 for before, after in pairwise(levels)):
        yield f"a level of headings is skipped: {levels}"


def _headers(page: Page) -> Iterator[str]:
    policy = page.headers.get("Content-Security-Policy", "")
    if "default-src 'none'" not in policy or "unsafe" in policy or "*" in policy:
        yield f"Content-Security-Policy is weak: {policy!r}"
    if page.headers.get("X-Content-Type-Options") != "nosniff":
        yield "nosniff is missing"
    if "no-store" not in page.headers.get("Cache-Control", ""):
        yield "a page may be kept by a shared phone (no-store is missing)"


def _ids(page: Page) -> Iterator[str]:
    counts = Counter(str(tag["id"]) for tag in page.soup.select("[id]"))
    yield from (f"id {name!r} stands {n} times" for name, n in counts.items() if n > 1)


def _references(page: Page) -> Iterator[str]:
    known = {str(tag["id"]) for tag in page.soup.select("[id]")}
    for name in REFERENCES:
        for tag in page.soup.select(f"[{name}]"):
            for target in str(tag[name]).split():
                if target not in known:
                    yield f'<{tag.name} {name}="{target}"> points to nothing'
    for tag in page.soup.select('a[href^="#"]'):
        if str(tag["href"])[1:] not in known:
            yield f"link {tag['href']} leads nowhere"


def _inline_code(page: Page) -> Iterator[str]:
    for tag in page.soup.find_all(True):
        bad = [name for name in tag.attrs if name == "style" or name.startswith("on")]
        yield from (f"<{tag.name} {name}=…> is refused by the CSP" for name in bad)
        if tag.name == "style" or (tag.name == "script" and not tag.get("src")):
            yield f"inline <{tag.name}> is refused by the CSP"
        if any(str(value).lower().startswith("javascript:") for value in tag.attrs.values()):
            yield f"<{tag.name}> has a javascript: address"


def _labels(page: Page) -> Iterator[str]:
    labelled = {str(tag["for"]) for tag in page.soup.select("label[for]")}
    for tag in page.soup.select("input, select, textarea"):
        if str(tag.get("type", "text")).lower() in UNLABELLED_TYPES:
            continue
        named = tag.get("aria-label") or tag.get("aria-labelledby")
        if not (named or tag.get("id") in labelled or tag.find_parent("label")):
            yield f"<{tag.name} name={tag.get('name')!r}> has no label"
    for tag in page.soup.select("button, a[href], summary"):
        pictures = [image for image in tag.select("img[alt]") if image["alt"]]
        named = tag.get("aria-label") or tag.get("aria-labelledby") or tag.select("svg[aria-label]")
        if not (words_of(tag) or named or pictures):
            yield f"<{tag.name}> says nothing: {str(tag)[:80]}"
    yield from (f"{tag} has no alt" for tag in page.soup.select("img:not([alt])"))


def _forms(page: Page) -> Iterator[str]:
    for form in page.soup.select("form"):
        method = str(form.get("method", "get")).lower()
        tokens = form.select('input[name="csrf_token"]')
        if method == "post" and len(tokens) != 1:
            yield f"POST form {form.get('action')!r} holds {len(tokens)} csrf_token"
        if method == "get" and tokens:
            yield f"GET form {form.get('action')!r} would show its csrf_token in the address"
        if form.select('input[type="file"]') and form.get("enctype") != "multipart/form-data":
            yield f"form {form.get('action')!r} takes a file without multipart/form-data"


def _language(page: Page) -> Iterator[str]:
    body = page.soup.body or page.soup
    foreign = 'script, style, code, [lang="en"], [translate="no"], textarea'
    skipped = {id(tag) for outer in body.select(foreign) for tag in [outer, *outer.find_all(True)]}
    for text in body.find_all(string=True):
        if id(text.parent) in skipped:
            continue
        yield from _foreign_words(str(text))
    for tag in body.find_all(True):
        if id(tag) not in skipped:
            for name in WORDED:
                yield from _foreign_words(str(tag.get(name, "")))


def _foreign_words(text: str) -> Iterator[str]:
    if match := ENGLISH.search(text):
        yield f"English {match[0]!r} in {text.strip()[:80]!r}"
    if match := LEAKS.search(text):
        yield f"{match[0]!r} shows through in {text.strip()[:80]!r}"


def _addresses(page: Page, app: Flask) -> Iterator[str]:
    router = app.url_map.bind("localhost")

    def leads_somewhere(address: str, method: str) -> bool:
        path = urlsplit(address).path or page.path.partition("?")[0]
        if path.startswith("/static/"):
            return (Path(str(app.static_folder)) / path.removeprefix("/static/")).is_file()
        try:
            router.match(path, method=method)
        except RequestRedirect:
            return False
        except HTTPException:
            return False
        return True

    yield from _dead(page, leads_somewhere)


def _dead(page: Page, leads_somewhere: Callable[[str, str], bool]) -> Iterator[str]:
    wanted = [(tag, str(tag["href"]), "GET") for tag in page.soup.select("a[href], link[href]")]
    wanted += [(tag, str(tag["src"]), "GET") for tag in page.soup.select("[src]")]
    wanted += [
        (form, str(form.get("action", "")), str(form.get("method", "get")).upper())
        for form in page.soup.select('form:not([method="dialog"])')
    ]
    for name, method in (("hx-get", "GET"), ("hx-post", "POST")):
        wanted += [(tag, str(tag[name]), method) for tag in page.soup.select(f"[{name}]")]
    for tag, address, method in wanted:
        if address.startswith(("#", "mailto:", "tel:", "data:", "blob:")):
            continue
        if urlsplit(address).netloc:
            yield f"<{tag.name}> leads out of the portal: {address}"
        elif not leads_somewhere(address, method):
            yield f"<{tag.name}> leads nowhere: {method} {address}"
