"""What the web edge knows of a visitor: address, browser, known devices, where to go next."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Callable
from typing import TypeVar, cast
from urllib.parse import unquote

from flask import current_app, request, session, url_for
from flask_wtf import FlaskForm
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response

from portal import access
from portal.accounts import actions, queries, throttle
from portal.accounts.actions import Admitted
from portal.accounts.forms import refuse
from portal.accounts.passwords import Hasher, hasher
from portal.accounts.presence import person_of_session
from portal.accounts.tokens import device_name, new_code
from portal.errors import Rejected, Throttled
from portal.jobs import Queue
from portal.settings import Settings

Form = TypeVar("Form", bound=FlaskForm)
COOKIE = "perangkat"
KEPT = dt.timedelta(days=180)
PEOPLE_PER_DEVICE = 5
"""Colleagues who share one phone or counter PC."""
UNSAFE = re.compile(r"[\\\x00-\x20\x7f]")
NOT_A_GOAL = frozenset(
    {
        "accounts.login",
        "accounts.logout",
        "accounts.session_ended",
        "accounts.new_password",
        "accounts.privacy",
        "static",
    }
)


def settings() -> Settings:
    return cast("Settings", current_app.extensions["settings"])


def password_hasher() -> Hasher:
    return hasher(cheap=settings().cheap_hashes)


def lifetime() -> dt.timedelta:
    """How long a login holds."""
    return dt.timedelta(hours=settings().session_hours)


def device() -> str:
    return device_name(request.user_agent.string)


def own_token() -> str:
    """The session token of this browser, "" when nobody is logged in."""
    person = access.logged_in()
    return person.token if person else ""


def keys(nip: str) -> list[throttle.Key]:
    """What a login attempt counts for. On a device that has seen this person's login before it
    counts apart, and for nothing else: a stranger who guesses elsewhere, or at the same address,
    cannot keep the owner out."""
    known = _known_devices().get(_mark(nip))
    if known:
        return [throttle.person(nip, device=known)]
    return [throttle.person(nip), address_key()]


def address_key() -> throttle.Key:
    return throttle.address(request.remote_addr or "")


def letters_key() -> throttle.Key:
    """What a request for a code by e-mail counts for."""
    return throttle.letters_to(request.remote_addr or "")


def begin(writing: Session, admitted: Admitted) -> str:
    """Open a session for this browser in place of the one it has; returns the token."""
    return actions.open_session(
        writing, admitted, device=device(), lifetime=lifetime(), old_token=own_token()
    )


def welcome(token: str) -> None:
    """Bind this browser to a session that was just opened and committed.

    The CSRF token stays when the same person comes back, so that a form which was left open can
    still be sent; for another person it is renewed, and the old form is refused.
    """
    person = person_of_session(access.reading(), token, demo=settings().demo)
    if person is None:
        return
    if session.get("orang") != person.actor.akun_id.hex:
        session.clear()  # nothing that the one before left behind, a note or a code
        session["orang"] = person.actor.akun_id.hex
    access.remember(person)


def remember_device(response: Response, nip: str) -> Response:
    """Mark this browser as one on which the person has logged in."""
    mark = _mark(nip)
    known = _known_devices()
    own = known.pop(mark, None) or new_code()
    kept = dict(list(known.items())[-(PEOPLE_PER_DEVICE - 1) :]) | {mark: own}
    response.set_cookie(
        COOKIE,
        _signer().dumps(kept),
        max_age=KEPT,
        httponly=True,
        samesite="Lax",
        secure=settings().production,
    )
    return response


def replace_password(password: str) -> str:
    """Change the password of the person who is logged in; returns the token of the new session.

    Raises Rejected when the choice is weak or the one in use.
    """
    actor, crypt = access.current_actor(), password_hasher()
    akun = queries.own_account(access.reading(), actor)
    actions.check_choice(akun.pegawai, password)
    if crypt.matches(akun.kata_sandi, password):
        raise Rejected("Ini kata sandi yang sekarang. Pilih yang lain.", field="kata_sandi")
    new_hash = crypt.hash(password)
    with access.transaction() as writing:
        actions.change_password(writing, actor, akun.kata_sandi, new_hash)
        return begin(writing, Admitted(akun.id, None))


def told_to_wait(page: Callable[[Form, int], Response], form: Form, wait: Throttled) -> Response:
    """The page of a form again with the sentence that says until when to wait (429)."""
    refuse(form, Rejected(wait.message))
    response = page(form, 429)
    response.headers["Retry-After"] = str(wait.retry_after)
    return response


def wake_worker() -> None:
    """After a commit that left a job behind."""
    cast("Queue", current_app.extensions["queue"]).wake()


def _mark(nip: str) -> str:
    return hashlib.sha256(nip.encode()).hexdigest()[:16]


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(settings().secret_key, salt=COOKIE)


def _known_devices() -> dict[str, str]:
    try:
        found = _signer().loads(request.cookies.get(COOKIE, ""))
    except BadSignature:
        return {}
    return found if isinstance(found, dict) else {}


def goal(text: str | None) -> str:
    """Where to go after the login: a page of this portal that `text` names, else Beranda."""
    home = url_for("home.index")
    if not text or len(text) > 1000 or not text.startswith("/"):
        return home
    path = text.partition("?")[0]
    plain = unquote(unquote(path))
    if "//" in plain or UNSAFE.search(text) or "\\" in plain:
        return home
    try:
        endpoint, _ = current_app.url_map.bind("").match(plain, method="GET")
    except (NotFound, MethodNotAllowed, RequestRedirect, HTTPException):
        return home
    return home if endpoint in NOT_A_GOAL else text
