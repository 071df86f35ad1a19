"""What every page of the portal has to be (design.md §5, architecture.md)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

from bs4 import Tag
from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from tests.support.page import Page, words_of

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
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
SPOKEN_CONTROLS = ("button", "summary", "a")
NOT_PROSE = ("script", "style", "code", "textarea")


class Elements:
    """The elements of a page in their order, walked once for all checks."""

    def __init__(self, page: Page) -> None:
        self.all: list[Tag] = page.soup.find_all(True)
        self._by_name: dict[str, list[Tag]] = {}
        self._by_attribute: dict[str, list[Tag]] = {}
        for tag in self.all:
            self._by_name.setdefault(tag.name, []).append(tag)
            for attribute in tag.attrs:
                self._by_attribute.setdefault(attribute, []).append(tag)

    def named(self, *names: str) -> list[Tag]:
        """Elements with one of these names; those of several names in the order of the page."""
        if len(names) == 1:
            return self._by_name.get(names[0], [])
        return [tag for tag in self.all if tag.name in names]

    def having(self, attribute: str, *names: str) -> list[Tag]:
        """Elements with the attribute, of any or one of these names."""
        found = self._by_attribute.get(attribute, [])
        return [tag for tag in found if tag.name in names] if names else found

    def ids(self) -> set[str]:
        return {str(tag["id"]) for tag in self.having("id")}


def faults(page: Page, app: Flask) -> list[str]:
    """Everything that is wrong with the page, in sentences; empty for a good one."""
    elements = Elements(page)
    found = [f"HTML5: {error}" for error in page.parse_errors]
    if page.is_whole:
        found += _frame(page, elements)
        found += _headers(page)
        found += _references(elements)
    for check in (_ids, _inline_code, _labels, _spoken, _forms):
        found += check(elements)
    found += _language(page)
    found += _addresses(page, elements, app)
    return found


def _frame(page: Page, elements: Elements) -> Iterator[str]:
    headings = elements.named("h1")
    title = words_of(page.soup.title) if page.soup.title else ""
    if page.soup.html is None or page.soup.html.get("lang") != "id":
        yield 'lang="id" is missing on <html>'
    if len(headings) != 1:
        yield f"{len(headings)} h1 instead of one"
    elif not page.h1 or not title.startswith(page.h1):
        yield f"title {title!r} does not start with the h1 {page.h1!r}"
    if not any(tag["name"] == "viewport" for tag in elements.having("name", "meta")):
        yield "no viewport"
    if len(elements.named("main")) != 1:
        yield "there has to be exactly one <main>"
    levels = [int(tag.name[1]) for tag in elements.named(*HEADINGS)]
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


def _ids(elements: Elements) -> Iterator[str]:
    counts = Counter(str(tag["id"]) for tag in elements.having("id"))
    yield from (f"id {name!r} stands {n} times" for name, n in counts.items() if n > 1)


def _references(elements: Elements) -> Iterator[str]:
    known = elements.ids()
    for name in REFERENCES:
        for tag in elements.having(name):
            for target in str(tag[name]).split():
                if target not in known:
                    yield f'<{tag.name} {name}="{target}"> points to nothing'
    for tag in elements.having("href", "a"):
        if str(tag["href"]).startswith("#") and str(tag["href"])[1:] not in known:
            yield f"link {tag['href']} leads nowhere"


def _inline_code(elements: Elements) -> Iterator[str]:
    for tag in elements.all:
        bad = [name for name in tag.attrs if name == "style" or name.startswith("on")]
        yield from (f"<{tag.name} {name}=…> is refused by the CSP" for name in bad)
        if tag.name == "style" or (tag.name == "script" and not tag.get("src")):
            yield f"inline <{tag.name}> is refused by the CSP"
        if any(str(value).lower().startswith("javascript:") for value in tag.attrs.values()):
            yield f"<{tag.name}> has a javascript: address"


def _labels(elements: Elements) -> Iterator[str]:
    labelled = {str(tag["for"]) for tag in elements.having("for", "label")}
    for tag in elements.named("input", "select", "textarea"):
        if str(tag.get("type", "text")).lower() in UNLABELLED_TYPES:
            continue
        named = tag.get("aria-label") or tag.get("aria-labelledby")
        if not (named or tag.get("id") in labelled or tag.find_parent("label")):
            yield f"<{tag.name} name={tag.get('name')!r}> has no label"


def _spoken(elements: Elements) -> Iterator[str]:
    for tag in elements.named(*SPOKEN_CONTROLS):
        if tag.name == "a" and not tag.has_attr("href"):
            continue
        named = tag.get("aria-label") or tag.get("aria-labelledby") or words_of(tag)
        if not (named or _speaking_pictures(tag)):
            yield f"<{tag.name}> says nothing: {str(tag)[:80]}"
    yield from (f"{tag} has no alt" for tag in elements.named("img") if not tag.has_attr("alt"))


def _speaking_pictures(tag: Tag) -> bool:
    return any(
        picture.get("alt") if picture.name == "img" else picture.has_attr("aria-label")
        for picture in tag.find_all(["img", "svg"])
    )


def _forms(elements: Elements) -> Iterator[str]:
    for form in elements.named("form"):
        method = str(form.get("method", "get")).lower()
        inputs = form.find_all("input")
        tokens = [tag for tag in inputs if tag.get("name") == "csrf_token"]
        if method == "post" and len(tokens) != 1:
            yield f"POST form {form.get('action')!r} holds {len(tokens)} csrf_token"
        if method == "get" and tokens:
            yield f"GET form {form.get('action')!r} would show its csrf_token in the address"
        takes_files = any(str(tag.get("type", "")).lower() == "file" for tag in inputs)
        if takes_files and form.get("enctype") != "multipart/form-data":
            yield f"form {form.get('action')!r} takes a file without multipart/form-data"


def _language(page: Page) -> Iterator[str]:
    yield from _foreign_below(page.soup.body or page.soup)


def _foreign_below(tag: Tag) -> Iterator[str]:
    """English in the words and attributes of an element, but for the parts marked as foreign."""
    if tag.name in NOT_PROSE or tag.get("lang") == "en" or tag.get("translate") == "no":
        return
    for name in WORDED:
        if name in tag.attrs:
            yield from _foreign_words(str(tag[name]))
    for part in tag.contents:
        if isinstance(part, Tag):
            yield from _foreign_below(part)
        elif words := str(part).strip():
            yield from _foreign_words(words)


def _foreign_words(text: str) -> Iterator[str]:
    if match := ENGLISH.search(text):
        yield f"English {match[0]!r} in {text.strip()[:80]!r}"
    if match := LEAKS.search(text):
        yield f"{match[0]!r} shows through in {text.strip()[:80]!r}"


def _addresses(page: Page, elements: Elements, app: Flask) -> Iterator[str]:
    router = app.url_map.bind("localhost")

    @cache
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

    yield from _dead(elements, leads_somewhere)


def _dead(elements: Elements, leads_somewhere: Callable[[str, str], bool]) -> Iterator[str]:
    wanted = [(tag, str(tag["href"]), "GET") for tag in elements.having("href", "a", "link")]
    wanted += [(tag, str(tag["src"]), "GET") for tag in elements.having("src")]
    wanted += [
        (form, str(form.get("action", "")), str(form.get("method", "get")).upper())
        for form in elements.named("form")
        if form.get("method") != "dialog"
    ]
    for name, method in (("hx-get", "GET"), ("hx-post", "POST")):
        wanted += [(tag, str(tag[name]), method) for tag in elements.having(name)]
    for tag, address, method in wanted:
        if address.startswith(("#", "mailto:", "tel:", "data:", "blob:")):
            continue
        if urlsplit(address).netloc:
            yield f"<{tag.name}> leads out of the portal: {address}"
        elif not leads_somewhere(address, method):
            yield f"<{tag.name}> leads nowhere: {method} {address}"
