"""The door: who is asking, and may they. Everything is denied unless a view declares otherwise.

The only module that knows Flask-Login. Features hand in callables (see portal.app), so that this
layer knows none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

import structlog
from flask import Flask, Response, current_app, g, redirect, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from sqlalchemy.orm import Session

from portal.db import Database
from portal.errors import Forbidden, LoginNeeded
from portal.permissions import Actor, Permission

log = structlog.get_logger()
View = TypeVar("View", bound=Callable[..., Any])
PUBLIC = "public"
STRANGERS = 512 * 1024
"""Bytes that a form without login may have: names and passwords, never a file."""
CHUNK = 64 * 1024
READS_ONLY = (
    "Sejak pensiun, akun Anda hanya untuk membaca. Skor dan dokumen Anda tetap ada di Beranda."
)
_SESSION_KEY = "_user_id"
"""Where Flask-Login keeps the token in the signed cookie, also after the login has run out."""
_DECLARED = "access"
"""Name of the attribute in which a view keeps its declaration."""
_FOR_PROGRAMS = "for_programs"
"""The same for views that scripts read."""


@dataclass(frozen=True, eq=False)
class LoggedIn(UserMixin):
    """A person behind a valid session. `pending` is the endpoint to pass before anything else
    (a first password to change, the privacy notice)."""

    token: str
    actor: Actor
    pending: str | None = None
    shortcuts: bool = True

    def get_id(self) -> str:
        return self.token


def requires(permission: Permission) -> Callable[[View], View]:
    """Declare the permission of a view; without such a line a view answers 403 to everybody."""

    def declare(view: View) -> View:
        view.__dict__[_DECLARED] = permission
        return view

    return declare


def public(view: View) -> View:
    """Declare that a view needs no login."""
    view.__dict__[_DECLARED] = PUBLIC
    return view


def for_programs(*, largest: int) -> Callable[[View], View]:
    """Declare that a script reads the answers of a view: who is not let in is told by LoginNeeded
    instead of being led to a page. A request has at most `largest` bytes."""

    def declare(view: View) -> View:
        view.__dict__[_FOR_PROGRAMS] = largest
        return view

    return declare


def is_for_programs(app: Flask, endpoint: str) -> bool:
    """Whether the view of an endpoint speaks to scripts alone."""
    return _largest(app, endpoint) is not None


def _largest(app: Flask, endpoint: str) -> int | None:
    return cast("int | None", getattr(app.view_functions.get(endpoint), _FOR_PROGRAMS, None))


def declared_access(app: Flask, endpoint: str) -> str | None:
    """What the view of an endpoint declares: a permission, PUBLIC, or None (denied)."""
    if endpoint == "static":
        return PUBLIC
    return cast("str | None", getattr(app.view_functions.get(endpoint), _DECLARED, None))


def database() -> Database:
    return cast("Database", current_app.extensions["database"])


def reading() -> Session:
    """The request's session for queries, closed when the request ends."""
    if "reading" not in g:
        g.reading = database().reading()
    return cast("Session", g.reading)


@contextmanager
def transaction() -> Iterator[Session]:
    """A session for an act; commits at the end of the block. A read session that is open, or is
    opened meanwhile, keeps an older picture of the data and is therefore closed."""
    _close_reading(None)
    with database().transaction() as session:
        yield session
    _close_reading(None)


def current_actor() -> Actor:
    """Who is asking; raises Forbidden when nobody is logged in."""
    person = logged_in()
    if person is None:
        raise Forbidden
    return person.actor


def optional_actor() -> Actor | None:
    person = logged_in()
    return person.actor if person else None


def logged_in() -> LoggedIn | None:
    """The person behind the request's session, if there is one; looked up once a request."""
    if "person" not in g:
        person = current_user._get_current_object()
        g.person = person if person.is_authenticated else None
    return cast("LoggedIn | None", g.person)


def ran_out() -> bool:
    """Whether the browser was logged in and is so no longer: timed out, or ended elsewhere."""
    return _SESSION_KEY in session and logged_in() is None


def remember(person: LoggedIn) -> None:
    login_user(person)
    g.pop("person", None)


def forget() -> None:
    logout_user()
    g.pop("person", None)


def install(app: Flask, load: Callable[[Session, str], LoggedIn | None]) -> None:
    """Guard every request of `app`; `load` turns a session token into a person."""
    manager = LoginManager()
    manager.session_protection = None
    manager.init_app(app)
    manager.user_loader(lambda token: load(reading(), token))
    app.before_request(_guard)
    app.teardown_request(_close_reading)


def _guard() -> Response | None:
    endpoint = request.endpoint
    if endpoint is None:
        return None
    declared = declared_access(current_app, endpoint)
    if declared == PUBLIC:
        request.max_content_length = STRANGERS
        return None
    person = logged_in()
    if person is None:
        return _to_login(endpoint)
    if declared is None:
        log.error("undeclared_endpoint", endpoint=endpoint)
        raise Forbidden
    if not person.actor.may(Permission(declared)):
        raise Forbidden(READS_ONLY if person.actor.retired else None)
    if person.pending and endpoint not in {person.pending, "accounts.logout"}:
        return _to_pending(endpoint, person.pending)
    if (largest := _largest(current_app, endpoint)) is not None:
        request.max_content_length = largest
    return None


def _to_pending(endpoint: str, pending: str) -> Response:
    """Send to the step that is due before anything else, and from there to what was wanted."""
    if is_for_programs(current_app, endpoint):
        raise LoginNeeded("Buka portal dan selesaikan langkah yang diminta.", pending)
    reads = request.method in {"GET", "HEAD"} and request.path != "/"
    wanted = request.full_path.rstrip("?") if reads else None
    return cast("Response", redirect(url_for(pending, lanjut=wanted), 303))


def _to_login(endpoint: str) -> Response:
    """Send to the login page. An htmx call and a script are told in their own language; a form
    that was sent after the session had ended is answered by a page that explains how to keep the
    input."""
    sends = request.method not in {"GET", "HEAD"}
    if sends and ran_out():
        _read_to_the_end()
    htmx = request.headers.get("HX-Request") == "true"
    if is_for_programs(current_app, endpoint) and not htmx:
        raise LoginNeeded
    if sends:
        onward = url_for("accounts.session_ended")
    else:
        onward = url_for("accounts.login", lanjut=_page_asked_for())
    if htmx:
        return Response(status=401, headers={"HX-Redirect": onward})
    return cast("Response", redirect(onward, 303))


def _page_asked_for() -> str:
    """The address in the browser's bar; what htmx fetches into a page is none of its own."""
    shown = urlsplit(request.headers.get("HX-Current-URL", ""))
    asked = f"{shown.path}?{shown.query}" if shown.path else request.full_path
    return asked.rstrip("?")


def _read_to_the_end() -> None:
    """Take in what a form still sends, and keep nothing: a browser that is answered in the midst
    of a large photo shows a broken connection instead of the answer. For those whose login ran
    out; nobody reads what strangers send."""
    while request.stream.read(CHUNK):
        pass


def _close_reading(_error: BaseException | None) -> None:
    open_session = g.pop("reading", None)
    if open_session is not None:
        open_session.close()
