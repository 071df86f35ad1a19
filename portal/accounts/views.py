"""The door: Masuk, Keluar, forgotten passwords, one-time codes, the notice at the first login."""

from __future__ import annotations

from functools import partial

import structlog
from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.access import (
    current_actor,
    forget,
    logged_in,
    optional_actor,
    public,
    ran_out,
    reading,
    requires,
    transaction,
)
from portal.accounts import (
    actions,
    admin_views,
    code_views,
    mobility_views,
    profile_views,
    role_views,
    throttle,
    tie_views,
    visitor,
)
from portal.accounts.blueprint import blueprint
from portal.accounts.forms import (
    ConsentForm,
    FirstPasswordForm,
    LoginForm,
    printable,
    refuse,
)
from portal.accounts.queries import own_account, own_person
from portal.db import now
from portal.errors import Rejected, Throttled
from portal.nip import Nip
from portal.permissions import Permission
from portal.web.fields import drawn
from portal.web.htmx import render

log = structlog.get_logger()
_BLANK = partial(LoginForm, formdata=None)
__all__ = [
    "admin_views",
    "blueprint",
    "code_views",
    "mobility_views",
    "profile_views",
    "role_views",
    "tie_views",
]


@blueprint.route("/masuk", methods=["GET", "POST"])
@public
def login() -> Response:
    """NIP and password. Who is logged in already goes on; every mismatch is told alike."""
    if request.method != "POST":
        return redirect(visitor.goal(_onward()), 303) if logged_in() else _login_page()
    form = LoginForm(lanjut=_onward())
    if not form.validate():
        return _login_page(form, 422)
    try:
        token = _enter(form)
    except Rejected as refusal:
        log.info("login_refused", nip=Nip(str(form.nip.data)).masked)
        refuse(form, refusal)
        return _login_page(form, 422)
    except Throttled as wait:
        return visitor.told_to_wait(_login_page, form, wait)
    visitor.welcome(token)
    onward = redirect(visitor.goal(form.lanjut.data), 303)
    return visitor.remember_device(onward, str(form.nip.data))


def _onward() -> str:
    return printable(request.args.get("lanjut"))


def _login_page(form: LoginForm | None = None, status: int = 200) -> Response:
    return render(
        "accounts/login.html",
        form=form,
        fields=drawn("accounts/_fields.html", "login", _BLANK, form),
        onward=form.lanjut.data if form else _onward(),
        ran_out=form is None and ran_out(),
        status=status,
    )


def _enter(form: LoginForm) -> str:
    """Count, compare, open a session – each in a transaction of its own: the count has to stay
    when the password is wrong, and no writer waits for the hash."""
    nip = str(form.nip.data)
    keys = visitor.keys(nip)
    with transaction() as session:
        throttle.count(session, keys, now())
    admitted = actions.check_password(
        reading(),
        nip,
        str(form.kata_sandi.data),
        visitor.password_hasher(),
        demo=visitor.settings().demo,
    )
    with transaction() as session:
        token = visitor.begin(session, admitted)  # the account before its counters, as with a code
        throttle.welcome(session, keys, visitor.address_key(), nip, now())
        return token


@blueprint.route("/keluar", methods=["GET", "POST"])
@public
def logout() -> Response:
    """End this session by POST; an opened address asks first, for a link must end nothing.

    Whoever is logged out already arrives at the same place.
    """
    actor = optional_actor()
    if request.method != "POST":
        if actor is None:
            return redirect(url_for("accounts.login"), 303)
        return render("accounts/logout.html", person=own_person(reading(), actor))
    token = visitor.own_token()
    if token:
        with transaction() as session:
            actions.end_session(session, token)
        forget()
    flash("Anda sudah keluar.", "ok")
    return redirect(url_for("accounts.login"), 303)


@blueprint.get("/sesi-berakhir")
@public
def session_ended() -> Response:
    """A form was sent after the session had ended: how to keep what was typed."""
    return render("accounts/session_ended.html")


@blueprint.route("/kata-sandi-baru", methods=["GET", "POST"])
@requires(Permission.PROFILE_OWN)
def new_password() -> Response:
    """Replace a first password that somebody else knows; nothing else opens before."""
    form = FirstPasswordForm(lanjut=_onward())
    if not own_account(reading(), current_actor()).wajib_ganti:
        return redirect(url_for("accounts.security"), 303)
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return render("accounts/new_password.html", form=form, status=status)
    try:
        token = visitor.replace_password(str(form.kata_sandi.data))
    except Rejected as refusal:
        refuse(form, refusal)
        return render("accounts/new_password.html", form=form, status=422)
    visitor.welcome(token)
    flash("Kata sandi baru tersimpan.", "ok")
    return redirect(visitor.goal(form.lanjut.data), 303)


@blueprint.route("/privasi", methods=["GET", "POST"])
@public
def privacy() -> Response:
    """The privacy notice (UU 27/2022): readable by everybody, confirmed at the first login."""
    actor, notice = optional_actor(), partial(render, "accounts/privacy.html")
    kept = visitor.settings()
    if actor is None and request.method == "POST":
        return redirect(url_for("accounts.session_ended"), 303)
    if actor is None:  # nothing to agree to: no form, and no cookie for it
        return notice(kept=kept, form=None, akun=None)
    form = ConsentForm(lanjut=_onward())
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        akun = own_account(reading(), actor)
        return notice(kept=kept, form=form, akun=akun, status=status)
    with transaction() as session:
        actions.accept_privacy(session, actor)
    return redirect(visitor.goal(form.lanjut.data), 303)
