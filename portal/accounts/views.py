"""The door: Masuk, Keluar, forgotten passwords, one-time codes, the notice at the first login."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from portal.access import (
    current_actor,
    forget,
    logged_in,
    optional_actor,
    public,
    reading,
    requires,
    transaction,
)
from portal.accounts import actions, admin_views, codes, mailer, profile_views, throttle, visitor
from portal.accounts.blueprint import blueprint
from portal.accounts.forms import (
    ConsentForm,
    FirstPasswordForm,
    ForgotForm,
    LoginForm,
    RedeemForm,
    refuse,
)
from portal.accounts.models import Akun
from portal.accounts.queries import own_account
from portal.db import now
from portal.errors import Rejected, Throttled
from portal.permissions import Permission
from portal.web.htmx import render

__all__ = ["admin_views", "blueprint", "profile_views"]


@blueprint.route("/masuk", methods=["GET", "POST"])
@public
def login() -> Response:
    """NIP and password. Who is logged in already goes on; every mismatch is told alike."""
    form = LoginForm(lanjut=request.args.get("lanjut", ""))
    if request.method == "GET" and logged_in():
        return redirect(visitor.goal(form.lanjut.data), 303)
    if not form.validate_on_submit():
        return render("accounts/login.html", form=form, status=422 if form.is_submitted() else 200)
    try:
        token = _enter(form)
    except Rejected as refusal:
        refuse(form, refusal)
        return render("accounts/login.html", form=form, status=422)
    except Throttled as wait:
        return _told_to_wait("accounts/login.html", form, wait)
    visitor.welcome(token)
    onward = redirect(visitor.goal(form.lanjut.data), 303)
    return visitor.remember_device(onward, str(form.nip.data))


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
        throttle.forget(session, keys[:1])
        throttle.forgive(session, keys[1:])
        return visitor.begin(session, admitted)


def _told_to_wait(template: str, form: FlaskForm, wait: Throttled, **context: Any) -> Response:
    refuse(form, Rejected(wait.message))
    response = render(template, form=form, status=429, **context)
    response.headers["Retry-After"] = str(wait.retry_after)
    return response


@blueprint.post("/keluar")
@public
def logout() -> Response:
    """End this session; whoever is logged out already arrives at the same place."""
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


@blueprint.route("/lupa-kata-sandi", methods=["GET", "POST"])
@public
def forgot() -> Response:
    """Ask for a code by e-mail. The answer is the same for every NIP."""
    form = ForgotForm()
    by_mail = visitor.settings().smtp_url is not None
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return render("accounts/forgot.html", form=form, by_mail=by_mail, status=status)
    try:
        with transaction() as session:
            throttle.count(session, [visitor.address_key()], now())
            if by_mail:
                mailer.request_code(session, str(form.nip.data))
    except Throttled as wait:
        return _told_to_wait("accounts/forgot.html", form, wait, by_mail=by_mail)
    visitor.wake_worker()
    return redirect(url_for("accounts.forgot_sent"), 303)


@blueprint.get("/lupa-kata-sandi/terkirim")
@public
def forgot_sent() -> Response:
    """What happens next, whoever asked."""
    return render("accounts/forgot_sent.html", by_mail=visitor.settings().smtp_url is not None)


@blueprint.route("/kode", methods=["GET", "POST"])
@public
def redeem() -> Response:
    """A one-time code opens the account: choose a password and be logged in."""
    form = RedeemForm()
    if not form.validate_on_submit():
        return render("accounts/redeem.html", form=form, status=422 if form.is_submitted() else 200)
    try:
        token = _redeem(form)
    except Rejected as refusal:
        refuse(form, refusal)
        return render("accounts/redeem.html", form=form, status=422)
    except Throttled as wait:
        return _told_to_wait("accounts/redeem.html", form, wait)
    visitor.welcome(token)
    return visitor.remember_device(redirect(url_for("home.index"), 303), str(form.nip.data))


def _redeem(form: RedeemForm) -> str:
    """As `_enter`: a miss stays counted, a code is spent only together with a good password."""
    nip, password = str(form.nip.data), str(form.kata_sandi.data)
    settings = visitor.settings()
    keys = [throttle.person(nip, "kode"), visitor.address_key()]
    with transaction() as session:
        throttle.count(session, keys, now())
    with transaction() as session:
        code = codes.find(
            session, nip, str(form.kode.data), settings.secret_key, demo=settings.demo
        )
        if code is not None:
            throttle.forgive(session, keys)
    if code is None:
        raise Rejected(codes.REFUSAL)
    akun = reading().get_one(Akun, code.akun_id)
    actions.check_choice(akun.pegawai, password)
    new_hash = visitor.password_hasher().hash(password)
    with transaction() as session:
        codes.use(session, code)
        actions.set_password(session, akun.id, new_hash)
        throttle.forget(session, [keys[0], throttle.person(nip)])
        return visitor.begin(session, actions.Admitted(akun.id, None))


@blueprint.route("/kata-sandi-baru", methods=["GET", "POST"])
@requires(Permission.PROFILE_OWN)
def new_password() -> Response:
    """Replace a first password that somebody else knows; nothing else opens before."""
    form = FirstPasswordForm()
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
    return redirect(url_for("home.index"), 303)


@blueprint.route("/privasi", methods=["GET", "POST"])
@public
def privacy() -> Response:
    """The privacy notice (UU 27/2022): readable by everybody, confirmed at the first login."""
    actor = optional_actor()
    if actor is None and request.method == "POST":
        return redirect(url_for("accounts.session_ended"), 303)
    akun = own_account(reading(), actor) if actor else None
    form = ConsentForm()
    if actor is None or not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return render("accounts/privacy.html", form=form, akun=akun, status=status)
    with transaction() as session:
        actions.accept_privacy(session, actor)
    return redirect(url_for("home.index"), 303)
