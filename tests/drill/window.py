"""A browser without pictures: opens pages of a running portal and sends the forms on them.

It is for programs that start by the dozen, and therefore knows nothing of the portal but its HTML.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urlencode

import urllib3

FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
SECONDS = 30.0
"""Without an answer for so long a request counts as lost."""
NOBODY = 0
"""Status of a request that nobody answered."""
DONE = frozenset({200, 204, 303})
"""What was asked for has happened: the next page is here, or it is told where it is."""


@dataclass
class Form:
    """A form as it stood on a page: where it goes, and what it would send as it stands."""

    action: str = ""
    method: str = "get"
    values: list[tuple[str, str]] = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)
    """The values of each select and checkbox, but for the empty one."""

    def value(self, name: str) -> str:
        return next((value for key, value in self.values if key == name), "")


@dataclass
class Page:
    """An answer. `path` is what the address bar shows, `location` where the answer leads on."""

    status: int
    path: str
    text: str
    seconds: float
    location: str = ""

    @cached_property
    def forms(self) -> list[Form]:
        return [_read(source) for source in FORM.findall(self.text)]

    def form(self, ending: str) -> Form | None:
        """The first POST form whose address, without its question, ends so."""
        for form in self.forms:
            if form.method == "post" and form.action.partition("?")[0].endswith(ending):
                return form
        return None

    def links(self, pattern: re.Pattern[str]) -> list[str]:
        """Every address that the pattern finds, once each, in the order of the page."""
        return [unescape(found) for found in dict.fromkeys(pattern.findall(self.text))]


class _Reader(HTMLParser):
    """Fills a form from its source, buttons aside, as a browser would send it."""

    def __init__(self, form: Form) -> None:
        super().__init__()
        self.form = form
        self._select = ""
        self._chosen: str | None = None
        self._area = ""
        self._words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        act = getattr(self, f"_open_{tag}", None)
        if act is not None:
            act(said)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self._select:
            self.form.values.append((self._select, self._chosen or ""))
            self._select, self._chosen = "", None
        if tag == "textarea" and self._area:
            self.form.values.append((self._area, "".join(self._words)))
            self._area, self._words = "", []

    def handle_data(self, data: str) -> None:
        if self._area:
            self._words.append(data)

    def _open_form(self, said: dict[str, str]) -> None:
        self.form.action = said.get("action", "")
        self.form.method = said.get("method", "get").lower()

    def _open_input(self, said: dict[str, str]) -> None:
        name, kind = said.get("name", ""), said.get("type", "text").lower()
        value = said.get("value", "on" if kind in {"checkbox", "radio"} else "")
        if not name or "disabled" in said or kind in {"submit", "button", "reset", "file"}:
            return
        if kind in {"checkbox", "radio"}:
            self.form.choices.setdefault(name, []).append(value)
            if "checked" not in said:
                return
        self.form.values.append((name, value))

    def _open_select(self, said: dict[str, str]) -> None:
        self._select = said.get("name", "")

    def _open_option(self, said: dict[str, str]) -> None:
        value = said.get("value", "")
        if self._select and value:
            self.form.choices.setdefault(self._select, []).append(value)
        if self._chosen is None or "selected" in said:
            self._chosen = value

    def _open_textarea(self, said: dict[str, str]) -> None:
        self._area = said.get("name", "")


def _read(source: str) -> Form:
    form = Form()
    reader = _Reader(form)
    reader.feed(source)
    reader.close()
    return form


@dataclass
class Window:
    """One person's browser. Cookies are kept; nothing is repeated by itself. `part` is the id of
    the element that htmx replaces with the answer to a form; without it there is no JavaScript."""

    url: str
    nip: str
    password: str
    part: str = ""
    _http: urllib3.PoolManager = field(
        default_factory=lambda: urllib3.PoolManager(retries=False, timeout=SECONDS, maxsize=2),
        repr=False,
    )
    _cookies: dict[str, str] = field(default_factory=dict, repr=False)

    def login(self) -> bool:
        """Through the form, as a person does; False when it did not work."""
        form = self.open("/masuk").form("/masuk")
        if form is None:
            return False
        return self.send(form, nip=self.nip, kata_sandi=self.password).status == 303

    def open(self, path: str) -> Page:
        """Ask for a page; redirections are followed."""
        page = self._ask("GET", path)
        for _ in range(4):
            if page.status not in {301, 302, 303}:
                break
            page = self._ask("GET", page.location)
        return page

    def send(self, form: Form, **values: str | list[str]) -> Page:
        """Send a form with these values in place of its own; the answer itself, not followed."""
        fields = [(name, value) for name, value in form.values if name not in values]
        for name, value in values.items():
            fields += [(name, one) for one in (value if isinstance(value, list) else [value])]
        return self._ask("POST", form.action, urlencode(fields))

    def _ask(self, method: str, path: str, body: str | None = None) -> Page:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            if self.part:
                headers |= {"HX-Request": "true", "HX-Target": self.part}
        begun = time.perf_counter()
        try:
            answer = self._http.request(
                method, self.url + path, body=body, headers=headers, redirect=False
            )
        except urllib3.exceptions.HTTPError:
            return Page(NOBODY, path, "", time.perf_counter() - begun)
        taken = time.perf_counter() - begun
        for cookie in answer.headers.getlist("Set-Cookie"):
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        text = answer.data.decode(errors="replace") if _is_page(answer) else ""
        said = answer.headers
        pushed = said.get("HX-Push-Url", "")
        onward = said.get("Location") or said.get("HX-Redirect") or ""
        shown = pushed if pushed.startswith("/") else path
        return Page(answer.status, shown, text, taken, onward)


def _is_page(answer: urllib3.BaseHTTPResponse) -> bool:
    return answer.headers.get("Content-Type", "").startswith("text/html")
