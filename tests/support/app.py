"""The application, and a browser without JavaScript that checks every page it sees."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from types import CodeType
from typing import Any

import pytest
from bs4 import Tag
from flask import Flask, session, url_for
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.test import TestResponse

from portal.accounts.models import LoginSession
from portal.accounts.tokens import digest, new_token
from portal.db import now
from portal.permissions import Actor
from portal.settings import Settings
from tests.support.cast import PASSWORD
from tests.support.faults import faults
from tests.support.page import Page, name_of, words_of

TOKEN = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+")
"""A signed value: the csrf_token."""
REDIRECTS = {301, 302, 303, 307, 308}


class Browser:
    """Fetches pages as a person would, cookies and CSRF tokens included.

    Every HTML answer is checked (tests.support.page.faults); `last` is the page on the screen.
    """

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()
        self.last: Page | None = None
        self._token: str | None = None
        self._known: dict[str, list[str]] = {}

    def login(self, actor: Actor, password: str = PASSWORD) -> Page:
        """Log in through the form; returns the page that opens."""
        self.get(path="/masuk")
        return self.submit("Masuk", nip=actor.nip, kata_sandi=password)

    def enter(self, actor: Actor) -> None:
        """Be logged in, without the pages of the login, which have tests of their own."""
        with self.app.extensions["database"].transaction() as session:
            token, moment = new_token(), now()
            session.add(
                LoginSession(
                    token_hash=digest(token),
                    akun_id=actor.akun_id,
                    dibuat=moment,
                    kedaluwarsa=moment + dt.timedelta(hours=1),
                    perangkat="Peramban uji",
                )
            )
        with self.client.session_transaction() as kept:
            kept.update(_user_id=token, _fresh=True, orang=actor.akun_id.hex)
        self.last = self._token = None

    def logout(self) -> None:
        """Forget the session without telling the portal, as a lost cookie does."""
        self.client = self.app.test_client()
        self.last = self._token = None

    def address(self, endpoint: str, **values: Any) -> str:
        with self.app.test_request_context():
            return url_for(endpoint, **values)

    def get(
        self,
        endpoint: str | None = None,
        *,
        path: str | None = None,
        expect: int = 200,
        htmx: bool = False,
        **values: Any,
    ) -> Page:
        """The page behind an endpoint (or a path), redirects followed; `expect` is its status."""
        target = path if path is not None else self.address(str(endpoint), **values)
        response = self.client.get(target, headers=_htmx(htmx))
        for _ in range(5):
            if response.status_code not in REDIRECTS or expect in REDIRECTS:
                break
            response = self.client.get(response.location)
        return self._arrive(response, expect)

    def post(
        self,
        endpoint: str | None = None,
        data: Mapping[str, Any] | None = None,
        *,
        path: str | None = None,
        expect: int = 303,
        htmx: bool = False,
        **values: Any,
    ) -> Page:
        """Send a form with a valid CSRF token; after a 303 returns the page that follows."""
        target = path if path is not None else self.address(str(endpoint), **values)
        fields = {"csrf_token": self._csrf_token(), **(data or {})}
        response = self.client.post(target, data=fields, headers=_htmx(htmx))
        assert response.status_code == expect, _surprise(response, expect)
        if expect in REDIRECTS:
            return self.get(path=response.location)
        return self._arrive(response, expect)

    def submit(self, button: str, *, expect: int = 303, **fields: Any) -> Page:
        """Press a button of the page on the screen, after filling `fields` of its form."""
        page = self._seen()
        for form in page.all("form"):
            for pressed in form.select("button, input[type=submit]"):
                if button in (name_of(pressed), pressed.get("value"), pressed.get("aria-label")):
                    return self._send(page, form, pressed, fields, expect)
        labels = page.texts("form button")
        raise AssertionError(f"no button {button!r} on {page.path}; there are {labels}")

    def _send(
        self, page: Page, form: Tag, pressed: Tag, fields: dict[str, Any], expect: int
    ) -> Page:
        data = _filled(form)
        if "csrf_token" in data:
            data["csrf_token"] = page.csrf_token
        unknown = set(fields) - {str(tag.get("name")) for tag in form.select("[name]")}
        assert not unknown, f"the form on {page.path} has no field {sorted(unknown)}"
        if pressed.get("name"):
            data[str(pressed["name"])] = str(pressed.get("value", ""))
        target = str(pressed.get("formaction") or form.get("action") or page.path)
        if str(form.get("method", "get")).lower() == "post":
            return self.post(path=target, data=data | fields, expect=expect)
        response = self.client.get(target, query_string=data | fields)
        return self._arrive(response, 200 if expect == 303 else expect)

    def faults_of(self, response: TestResponse) -> list[str]:
        """What is wrong with an answer of `client`; empty for a good page and for a file."""
        if response.mimetype != "text/html" or response.status_code in REDIRECTS:
            return []
        # A walk meets the same page of an error many times; only its token differs.
        source = TOKEN.sub("", response.get_data(as_text=True))
        if source not in self._known:
            self._known[source] = faults(Page.of(response), self.app)
        return self._known[source]

    def _csrf_token(self) -> str:
        """That of the last page, else one for this session as any page would hold it."""
        if self._token is None:
            with self.app.test_request_context(), self.client.session_transaction() as kept:
                if "csrf_token" in kept:
                    session["csrf_token"] = kept["csrf_token"]
                self._token = generate_csrf()
                kept["csrf_token"] = session["csrf_token"]
        return self._token

    def _seen(self) -> Page:
        assert self.last is not None, "no page is open"
        return self.last

    def _arrive(self, response: TestResponse, expect: int) -> Page:
        assert response.status_code == expect, _surprise(response, expect)
        page = Page.of(response)
        if response.mimetype == "text/html" and response.status_code not in REDIRECTS:
            wrong = faults(page, self.app)
            assert not wrong, f"{page.path} has faults:\n- " + "\n- ".join(wrong)
            self._token = page.csrf_token or self._token
            self.last = page
        response.close()
        return page


def _htmx(active: bool) -> dict[str, str]:
    return {"HX-Request": "true"} if active else {}


def _surprise(response: TestResponse, expect: int) -> str:
    page = Page.of(response)
    words = page.text[:600]
    return (
        f"{page.path} answered {response.status_code}, not {expect} ({response.location}): {words}"
    )


def _filled(form: Tag) -> dict[str, Any]:
    """What a browser would send for the form as it stands, buttons aside."""
    data: dict[str, Any] = {}
    for tag in form.select("input[name], select[name], textarea[name]"):
        if tag.has_attr("disabled"):
            continue
        name, kind = str(tag["name"]), str(tag.get("type", "text")).lower()
        if tag.name == "select":
            options = tag.select("option[selected]") or tag.select("option")[:1]
            data[name] = str(options[0].get("value", words_of(options[0]))) if options else ""
        elif tag.name == "textarea":
            data[name] = tag.get_text()
        elif kind in {"checkbox", "radio"}:
            if tag.has_attr("checked"):
                _put(data, name, str(tag.get("value", "on")))
        elif kind not in {"submit", "button", "reset", "image", "file"}:
            _put(data, name, str(tag.get("value", "")))
    return data


def _put(data: dict[str, Any], name: str, value: str) -> None:
    """A name that stands there several times is sent as often."""
    known = data.get(name, [])
    several = [*(known if isinstance(known, list) else [known]), value]
    data[name] = several if len(several) > 1 else value


class CompiledTemplates(BytecodeCache):
    """Every test has an application of its own; the templates are compiled once for all."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code:
            self._code[bucket.key, bucket.checksum] = bucket.code


@pytest.fixture(scope="session")
def compiled_templates() -> CompiledTemplates:
    return CompiledTemplates()


MakeApp = Callable[[Settings], Flask]


@pytest.fixture
def make_app(compiled_templates: CompiledTemplates) -> Iterator[MakeApp]:
    """Builds applications for settings of a test's own, and lets go of what they hold."""
    from portal.app import create_app  # here, so that tests of the engine start without the web

    made: list[Flask] = []

    def make(settings: Settings) -> Flask:
        app = create_app(settings)
        app.jinja_env.bytecode_cache = compiled_templates
        made.append(app)
        return app

    yield make
    for app in made:
        app.extensions["database"].dispose()
        app.extensions["queue"].close()


@pytest.fixture
def app(settings: Settings, make_app: MakeApp) -> Flask:
    """The portal on this test's own database and folder; CSRF protection stays on."""
    return make_app(settings)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Bare HTTP, for answers that are no pages."""
    return app.test_client()


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A browser without JavaScript that checks every page it sees."""
    return Browser(app)


@pytest.fixture
def second_browser(app: Flask) -> Browser:
    """Somebody else's browser at the same moment."""
    return Browser(app)
